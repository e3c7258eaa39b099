"""Retention, carried out: what the pure rule gives up is taken away, after a look at what is really there.

Only what the journal knows as ours is ever touched. A place that cannot be looked at keeps everything.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from topbackup.backup.manifest import manifest_name
from topbackup.destinations.contract import Destination
from topbackup.destinations.folder import Folder, discard, sha256_of
from topbackup.errors import OperationFailed
from topbackup.journal import Journal
from topbackup.journal.copies import CopyBook, KnownCopy
from topbackup.system_words import system_words
from topcore.retention import Copy, Decision, Policy, Why, decide
from topcore.tables import Proof

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sweeping:
    """What a sweep goes by. destination: one by its name; raises OperationFailed for one that is not configured."""

    policy: Policy
    zone: ZoneInfo
    now: Callable[[], datetime]
    destination: Callable[[str], Destination]


@dataclass(frozen=True)
class Fate:
    """What becomes of one copy. failure: why it could not be taken away, or its place not be looked at."""

    database: str
    known: KnownCopy
    why: Why
    failure: OperationFailed | None = None

    @property
    def goes(self) -> bool:
        return not self.why.keeps


def sweep_all(journal: Journal, by: Sweeping) -> list[Fate]:
    """Every database's copies judged, and those that go taken away. Never raises for a place that is not there."""
    book = CopyBook(journal)
    fates = judged(book, by)
    giving_up = {(fate.database, fate.known.place) for fate in fates if fate.goes}
    covered = {each: _is_covered(*each, fates) for each in giving_up}
    return [
        _carried_out(fate, book, by)
        if not fate.goes or covered[fate.database, fate.known.place]
        else Fate(fate.database, fate.known, Why.OUT_OF_SIGHT)
        for fate in fates
    ]


def _is_covered(database: str, place: str, fates: Sequence[Fate]) -> bool:
    """Is the newest that stays in this folder what it was? A disk that fails keeps names and sizes.

    Away it is not read again: a copy was compared when it was placed.
    """
    there = [fate for fate in fates if (fate.database, fate.known.place) == (database, place)]
    staying = [fate.known for fate in there if not fate.goes]
    newest = max(staying, key=lambda known: known.order, default=None)
    if newest is None or newest.path is None:
        return newest is not None
    try:
        sound = sha256_of(newest.path) == newest.record.sha256
    except OSError as error:
        _log.warning("retention leaves %s alone: %s", place, system_words(error))
        return False
    if not sound:
        _log.error("retention leaves %s alone: %s is not the file that was made", place, newest.path.name)
    return sound


def judged(book: CopyBook, by: Sweeping) -> list[Fate]:
    """What a sweep would do now, and why: nothing is touched."""
    if not by.policy.bounded:
        return []
    return [fate for database in book.databases() for fate in _of_one_database(database, book, by)]


def _of_one_database(database: str, book: CopyBook, by: Sweeping) -> Iterable[Fate]:
    known = book.copies(database)
    there, out_of_sight = _really_there(known, by)
    copies = {_copy(each): each for each in there}
    for decision in decide(copies, by.policy, by.zone, runs_fail=book.runs_fail(database)):
        yield _fate(database, copies[decision.copy], decision, book)
    for each, failure in out_of_sight:
        yield Fate(database, each, Why.OUT_OF_SIGHT, failure)


def _fate(database: str, known: KnownCopy, decision: Decision, book: CopyBook) -> Fate:
    sent_from = known.path is not None and known.place == known.record.destination1
    waits = sent_from and book.owed(known.record.run_id)
    return Fate(database, known, Why.STILL_TO_SEND if decision.goes and waits else decision.why)


def _really_there(
    known: Iterable[KnownCopy], by: Sweeping
) -> tuple[list[KnownCopy], list[tuple[KnownCopy, OperationFailed]]]:
    """Those whose file is there with its size. Somebody may have deleted the newest: then it protects nothing."""
    there: list[KnownCopy] = []
    out_of_sight: list[tuple[KnownCopy, OperationFailed]] = []
    listings: dict[str, Mapping[str, int] | OperationFailed] = {}
    for copy in known:
        if copy.place not in listings:
            listings[copy.place] = _listing(copy, by)
        listing = listings[copy.place]
        if isinstance(listing, OperationFailed):
            out_of_sight.append((copy, listing))
        elif listing.get(copy.record.file_name) == copy.record.size:
            there.append(copy)
    return there, out_of_sight


def _listing(copy: KnownCopy, by: Sweeping) -> Mapping[str, int] | OperationFailed:
    """The sizes of the files in the copy's place, by name."""
    try:
        if copy.destination is not None:
            return {entry.name: entry.size for entry in by.destination(copy.destination).files()}
        with Folder(Path(copy.place)).told():
            return {path.name: path.stat().st_size for path in Path(copy.place).iterdir() if path.is_file()}
    except OperationFailed as failed:
        _log.warning("retention leaves %s alone: %s %s", copy.place, failed.code, failed)
        return failed


def _copy(known: KnownCopy) -> Copy:
    record = known.record
    return Copy(
        place=known.place,
        name=record.file_name,
        run_id=record.run_id,
        order=known.order,
        began=record.started_at,
        size=record.size or 0,
        # None is published, here or away, before it was read back or compared; one that did not restore covers nothing.
        checked=record.proof is not Proof.REFUTED,
        proven=record.proof is Proof.PROVEN,
    )


def _carried_out(fate: Fate, book: CopyBook, by: Sweeping) -> Fate:
    if not fate.goes:
        return fate
    if book.runs_fail(fate.database):  # found out since it was judged
        return Fate(fate.database, fate.known, Why.RUNS_FAIL)
    copy, name = fate.known, fate.known.record.file_name
    try:
        if copy.destination is not None:
            destination = by.destination(copy.destination)
            for each in (name, manifest_name(name)):
                destination.remove(each)
        else:
            folder = Folder(Path(copy.place))
            with folder.told():
                for each in (name, manifest_name(name)):
                    discard(folder.path / each)
    except OperationFailed as failed:
        _log.warning("retention could not take %s away: %s %s", name, failed.code, failed)
        return Fate(fate.database, copy, fate.why, failed)
    book.taken_away(copy, by.now())
    _log.info("retention took %s away from %s: %s", name, copy.place, fate.why.value)
    return fate
