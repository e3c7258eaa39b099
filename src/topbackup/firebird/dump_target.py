"""Where a dump comes out, as its reader sees it: a pipe (FIFO on Linux, named pipe on Windows) or a temporary file."""

import sys
from pathlib import Path
from typing import Protocol

BLOCK = 1 << 20  # bytes read at once: as large as an ordinary Linux user may make a pipe


class DumpTarget(Protocol):
    """Made before gbak starts, closed whatever happens; nothing of it is left on disk then."""

    @property
    def path(self) -> str:
        """What gbak is told to write to."""

    @property
    def bytes_seen(self) -> int:
        """Bytes of the dump that have come out of gbak so far: the sign of life."""

    def read(self, timeout: float) -> bytes:
        """The next bytes; none where none came within `timeout` seconds, or where no writer is there."""

    def writer_ended(self) -> None:
        """gbak has ended: what is not written by now never will be."""

    def close(self) -> None:
        """Let go. A server that still writes gets an error, one that waits to open goes on; neither hangs."""


def make_pipe(folder: Path, database: Path) -> DumpTarget:
    """The kind of pipe that this system has. database: whose server is to write to it."""
    if sys.platform == "win32":
        from topbackup.firebird.named_pipe import NamedPipe  # noqa: PLC0415 - needs pywin32

        return NamedPipe()
    else:  # noqa: RET505 - the form that a type checker for win32 skips
        from topbackup.firebird.fifo import Fifo  # noqa: PLC0415 - needs POSIX

        return Fifo(folder, database)


def release_pipes(folder: Path) -> None:
    """Free whoever still waits to write into a pipe whose reader died. A named pipe of Windows dies with its reader."""
    if sys.platform != "win32":
        from topbackup.firebird.fifo import release  # noqa: PLC0415 - needs POSIX

        for path in folder.glob("*"):
            if path.is_fifo():
                release(path)
