"""A FIFO that the server (or gbak) writes a dump into: no byte of it touches a disk."""

import contextlib
import os
import select
import sys
import uuid
from pathlib import Path

from topbackup.firebird.dump_target import BLOCK
from topbackup.firebird.server_account import let_server_write

assert sys.platform != "win32", "chosen by dump_target.make_pipe"

import fcntl  # noqa: E402 - POSIX alone, below the check so that type checkers elsewhere skip it


def release(path: Path) -> None:
    """Take a FIFO away. A server that waits to open it, for a reader that is gone, would wait for ever: opened once
    more and closed, it goes on, and finds that nobody reads."""
    with contextlib.suppress(FileNotFoundError):  # gbak removes its target itself when it fails
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))
        path.unlink()


class Fifo:
    """Open for reading from the start: a server that opens it for writing never has to wait for us."""

    def __init__(self, folder: Path, database: Path) -> None:
        self._path = folder / f"{uuid.uuid4().hex}.fbk"
        os.mkfifo(self._path, 0o600)
        let_server_write(self._path, database)
        self._descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        if sys.platform == "linux":
            with contextlib.suppress(OSError):  # over the user's pipe quota: the default 64 KiB do, a little slower
                fcntl.fcntl(self._descriptor, fcntl.F_SETPIPE_SZ, BLOCK)
        self._seen = 0
        self._poll = select.poll()
        self._poll.register(self._descriptor, select.POLLIN)

    @property
    def path(self) -> str:
        return str(self._path)

    @property
    def bytes_seen(self) -> int:
        return self._seen

    def read(self, timeout: float) -> bytes:
        # Before the first writer poll() just waits; after the last one it returns at once, and read() gives b"".
        if not self._poll.poll(timeout * 1000):
            return b""
        block = os.read(self._descriptor, BLOCK)
        self._seen += len(block)
        return block

    def writer_ended(self) -> None:
        """Nothing to do: the pipe itself tells its end."""

    def close(self) -> None:
        os.close(self._descriptor)
        release(self._path)
