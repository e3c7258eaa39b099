"""The watch on the database, by itself."""

import queue
from collections.abc import Callable

import pytest

from topbackup.agent.parts import Registration
from topbackup.agent.watch import Watch
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.problems import FIREBIRD_UNREACHABLE


def _away() -> Registration:
    raise OperationFailed(FIREBIRD_UNREACHABLE, "loja")


def _spoiled() -> Registration:
    raise ZeroDivisionError


@pytest.mark.parametrize(("read", "code"), [(_away, "TB-FB-INACESSIVEL"), (_spoiled, "TB-INTERNO")])
def test_the_first_reading_is_over_before_anybody_is_told_of_it(read: Callable[[], Registration], code: str) -> None:
    """Who is told wakes the agent's turn: one that found nothing looked at yet would wait for half a minute."""
    told: queue.Queue[tuple[TopBackupError | None, bool, bool]] = queue.Queue()
    watch = Watch(read, lambda _: None, lambda error: told.put((error, watch.looked, watch.healthy)))
    watch.start()
    try:
        error, looked, healthy = told.get(timeout=10)
    finally:
        watch.close()
    assert error is not None
    assert error.code == code
    assert (looked, healthy) == (True, False)
