"""One run at a time for each database, across all processes of this machine. The lock of a dead one is free."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from topbackup.errors import Busy
from topbackup.problems import RUN_BUSY


@contextmanager
def run_lock(folder: Path, name: str, *, once: bool = False) -> Iterator[None]:
    """Hold the name, or raise Busy at once. name: of a database, in the one spelling that the journal keeps.

    once: the name will not be used again, so that its file may go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / (hashlib.sha256(name.encode()).hexdigest()[:16] + ".lock")
    lock = FileLock(file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy(RUN_BUSY, name) from None
    try:
        yield
    finally:
        lock.release()
        if once:
            file.unlink(missing_ok=True)
