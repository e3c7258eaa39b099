"""One run at a time for each database, across all processes of this machine. The lock of a dead one is free."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from topbackup.errors import Busy
from topbackup.problems import RUN_BUSY


@contextmanager
def run_lock(folder: Path, database: str) -> Iterator[None]:
    """Hold the database, or raise Busy at once. database: one spelling for one database, as the journal keeps it."""
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(database.encode()).hexdigest()[:16] + ".lock"
    lock = FileLock(folder / name)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy(RUN_BUSY, database) from None
    try:
        yield
    finally:
        lock.release()
