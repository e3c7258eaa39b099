"""What the loss of a backup's files means for its run, and so for its company's card. Pure.

A copy that is gone or changed makes the run a partial one: the card is yellow. Where nothing is left anywhere but what
is known to be spoiled, the run is refuted: the card is red. A disk that is out takes nothing back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from topbackup.agent.whereabouts import Found, found_words
from topbackup.errors import OperationFailed
from topbackup.problems import COPY_LOST, NONE_LEFT, REFUTING_CODES
from topcore.record import BackupRecord, Failure
from topcore.tables import Proof, RunStatus

_OURS = (COPY_LOST.code, NONE_LEFT.code)
_SPOILED = (Found.ALTERED, Found.REFUSED)
_BETWEEN = " · "


def as_found(
    record: BackupRecord,
    files: Sequence[tuple[Path, Found]],
    placed: Sequence[tuple[Path, Failure | None]],
    at: datetime,
) -> BackupRecord:
    """The record of a success as the look at its files leaves it; the same one where it says so already.

    placed: what became of each copy when it was made. at: aware UTC.

    What is whole again is no longer missed; what was missed and is out of sight now is missed still. That a run is
    refuted only a test restore takes back: its file was seen spoiled, and nobody knows what was put in its place.
    """
    if record.status is not RunStatus.SUCCEEDED:
        return record
    before, refuted = named(record), record.proof is Proof.REFUTED
    missed = {str(path): words for path, what in files if (words := _missed(path, what, before))}
    never = [(path, failure) for path, failure in placed if failure and failure.code not in REFUTING_CODES]
    if not missed:
        whole_again = before and not refuted
        return replace(record, failure=never[0][1] if never else None) if whole_again else record
    none_left = _none_is_left(record, files)
    said = None if record.failure is None else record.failure.code
    said_before = refuted and said == NONE_LEFT.code and not _is_away(record)
    told = missed | {str(path): failure.message for path, failure in never}
    words = _BETWEEN.join(f"{path}: {why}" for path, why in told.items())
    failure = OperationFailed(NONE_LEFT if none_left or said_before else COPY_LOST, words).failure()
    if none_left and not refuted:
        return replace(record, failure=failure, proof=Proof.REFUTED, proven_at=at)
    return replace(record, failure=failure)


def named(record: BackupRecord) -> Mapping[str, str]:
    """The files that the record misses, each with the words for it; empty where it misses none."""
    if record.failure is None or record.failure.code not in _OURS:
        return {}
    told = record.failure.message.partition(" (")[2].removesuffix(")").split(_BETWEEN)
    return {path: words for path, _colon, words in (each.partition(": ") for each in told) if path}


def _missed(path: Path, what: Found, before: Mapping[str, str]) -> str:
    """The words for it; "" where it is not missed."""
    if what.lost or (what is Found.REFUSED and str(path) in before):
        return found_words(what)
    return "" if what is Found.THERE else before.get(str(path), "")


def _none_is_left(record: BackupRecord, files: Sequence[tuple[Path, Found]]) -> bool:
    """Not where all are merely gone: they may have been moved, by a person who knows where they are."""
    found = [what for _path, what in files]
    lost = all(what is Found.GONE or what in _SPOILED for what in found)
    return not _is_away(record) and lost and any(what in _SPOILED for what in found)


def _is_away(record: BackupRecord) -> bool:
    return any(copy.placed_at is not None for copy in record.remotes)
