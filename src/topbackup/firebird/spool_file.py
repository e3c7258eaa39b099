"""A temporary file that the server writes a dump into, for where no pipe works; deleted whatever happens."""

import os
import time
import uuid
from pathlib import Path

from topbackup.firebird.dump_target import BLOCK
from topbackup.firebird.server_account import let_server_write

_LOOK_AGAIN = 0.02  # seconds: a look at the file's size costs nothing beside a dump


class SpoolFile:
    """Read only when it is whole: gbak on Windows opens its target for itself alone."""

    def __init__(self, folder: Path, database: Path) -> None:
        self._path = folder / f"{uuid.uuid4().hex}.fbk"
        os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        let_server_write(self._path, database)
        self._descriptor: int | None = None

    @property
    def path(self) -> str:
        return str(self._path)

    @property
    def bytes_seen(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    def read(self, timeout: float) -> bytes:
        """Nothing while gbak still writes."""
        if self._descriptor is None:
            time.sleep(min(timeout, _LOOK_AGAIN))
            return b""
        return os.read(self._descriptor, BLOCK)

    def writer_ended(self) -> None:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._path.unlink(missing_ok=True)
