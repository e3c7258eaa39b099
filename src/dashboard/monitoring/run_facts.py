"""A row of LOG_BACKUPS as topcore's type: what the pages that judge runs in Python go by.

The card's status is kept in SQL, by state/row_rules.py; a property test holds the two together.
"""

from datetime import datetime
from typing import Any

from dashboard.monitoring.wall_time import usable
from topcore.health import RunFact
from topcore.tables import Proof, RunStatus

LETTERS = tuple(status.value for status in RunStatus)


def fact_of(
    *,
    status: Any,
    started_at: datetime | None,
    received_at: datetime | None,
    error_code: Any,
    proven: Any,
    next_due: datetime | None,
    size_bytes: Any,
) -> RunFact | None:
    """The columns as the database gave them: letters may be any. None for what proves nothing: an unknown letter, or
    no usable start.
    """
    began = usable(started_at)
    if status not in LETTERS or began is None:
        return None
    return RunFact(
        began,
        usable(received_at) or began,
        RunStatus(status),
        error_code is not None,
        _proof(proven),
        usable(next_due),
        _size(size_bytes),
    )


def is_refuted(proven: Any) -> bool:
    """In either case of the letter: when in doubt, not green."""
    return isinstance(proven, str) and proven.upper() == Proof.REFUTED


def _proof(proven: Any) -> Proof:
    if is_refuted(proven):
        return Proof.REFUTED
    return Proof(proven) if proven in list(Proof) else Proof.NOT_TRIED


def _size(told: Any) -> int | None:
    """Bytes; SQLite holds anything anywhere, and what is no number is the size of no file."""
    if told is None or isinstance(told, int):
        return told
    return 0
