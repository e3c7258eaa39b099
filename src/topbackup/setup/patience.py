"""A time limit around what has none of its own: a network folder that hangs keeps its thread, and nobody else."""

import threading
import time
from collections.abc import Callable

from topbackup.cancellation import Cancellation
from topbackup.errors import OperationFailed
from topbackup.problems import TRIAL_CANCELLED, TRIAL_TIMEOUT

_LOOK_EVERY = 0.05  # seconds


def within[T](seconds: float, cancel: Cancellation, work: Callable[[], T], what: str) -> T:
    """What `work` gives or raises. Past the limit, or when cancelled, it is left to itself in its thread.

    what: names it in the error. Raises OperationFailed with TRIAL_TIMEOUT or TRIAL_CANCELLED.
    """
    results: list[T] = []
    errors: list[BaseException] = []
    ended = threading.Event()

    def body() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            errors.append(error)
        finally:
            ended.set()

    threading.Thread(target=body, name="teste", daemon=True).start()
    deadline = time.monotonic() + seconds
    while not ended.wait(_LOOK_EVERY):
        if cancel.is_set():
            raise OperationFailed(TRIAL_CANCELLED, what)
        if time.monotonic() > deadline:
            raise OperationFailed(TRIAL_TIMEOUT, f"{what}: {seconds:g} s")
    if errors:
        raise errors[0]
    return results[0]
