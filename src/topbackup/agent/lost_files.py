"""What the loss of a backup's files means for its run, and so for its company's card.

A copy that is gone or changed makes the run a partial one: the card is yellow. Where nothing is left anywhere but what
is known to be spoiled, the run is refuted: the card is red. A disk that is out takes nothing back.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from topbackup.agent.whereabouts import Found, found_words
from topbackup.errors import OperationFailed
from topbackup.problems import COPY_LOST, REFUTING_CODES
from topcore.record import BackupRecord, Failure
from topcore.tables import Proof, RunStatus

_SPOILED = (Found.ALTERED, Found.REFUSED)
_LOST = (Found.GONE, *_SPOILED)


def as_found(
    record: BackupRecord,
    files: Sequence[tuple[Path, Found]],
    placed: Sequence[tuple[Path, Failure | None]],
    at: datetime,
) -> BackupRecord:
    """The record of a success as the look at its files leaves it; the same one where it says so already. Pure.

    placed: what became of each copy when it was made. at: aware UTC.

    What is whole again is no longer missed; what was missed and is out of sight now is missed still. That a run is
    refuted only a test restore takes back: its file was seen spoiled, and nobody knows what was put in its place.
    """
    if record.status is not RunStatus.SUCCEEDED:
        return record
    ours = record.failure if record.failure is not None and record.failure.code == COPY_LOST.code else None
    known = "" if ours is None else ours.message
    missed = [
        (path, what)
        for path, what in files
        if what in (Found.GONE, Found.ALTERED) or (what is not Found.THERE and str(path) in known)
    ]
    if not missed:
        whole_again = ours is not None and record.proof is not Proof.REFUTED
        return replace(record, failure=_from_its_start(placed)) if whole_again else record
    if ours is not None or record.failure is None:
        words = " · ".join(f"{path}: {found_words(what)}" for path, what in missed)
        record = replace(record, failure=OperationFailed(COPY_LOST, words).failure())
    if _nothing_is_left(record, files) and record.proof is not Proof.REFUTED:
        record = replace(record, proof=Proof.REFUTED, proven_at=at)
    return record


def _from_its_start(placed: Sequence[tuple[Path, Failure | None]]) -> Failure | None:
    """A copy that could not be made is missing still."""
    failures = [failure for _path, failure in placed if failure is not None]
    return next((failure for failure in failures if failure.code not in REFUTING_CODES), None)


def _nothing_is_left(record: BackupRecord, files: Sequence[tuple[Path, Found]]) -> bool:
    """Not where all are merely gone: another disk of the same letter looks like that, and the backup is at home."""
    found = [what for _path, what in files]
    away = any(copy.placed_at is not None for copy in record.remotes)
    return not away and all(what in _LOST for what in found) and any(what in _SPOILED for what in found)
