"""One run at a time for each database, across all processes of this machine. The lock of a dead one is free."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from topbackup.errors import Busy, OperationFailed
from topbackup.places import own_folder
from topbackup.problems import HOME_UNWRITABLE, RUN_BUSY
from topbackup.system_words import system_words


@contextmanager
def run_lock(folder: Path, name: str, *, once: bool = False) -> Iterator[None]:
    """Hold the name, or raise Busy at once (OperationFailed where nothing can be written).

    name: of a database, in the one spelling that the journal keeps. once: the name will not be used
    again, so that its file may go.
    """
    file = folder / (hashlib.sha256(name.encode()).hexdigest()[:16] + ".lock")
    lock = FileLock(file)
    try:
        own_folder(folder)
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy(RUN_BUSY, name) from None
    except OSError as error:
        raise OperationFailed(HOME_UNWRITABLE, f"{folder}: {system_words(error)}") from error
    try:
        yield
    finally:
        lock.release()
        if once:
            file.unlink(missing_ok=True)
