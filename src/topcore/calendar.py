"""The days of a company: what its agendas owed on each, and what came of it.

Only the agenda as last published is known; what it was before, nobody stored. So days are judged from `Schedule.since`
on, and of earlier ones it is said what ran and nothing else: none is accused, none is acquitted. A success covers one
slot and no more, so that one backup never answers for two.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from topcore.agenda import Agenda, slots_between
from topcore.health import DEFAULT_LIMITS, Limits, RunFact, went_wrong
from topcore.sources import same_source, several

_LONGEST_WINDOW = timedelta(days=8)  # from a slot of a weekly agenda to its next, and a day


class Outcome(StrEnum):
    """What became of a slot, or of a day; the worst first."""

    FAILED = "falhou"
    MISSED = "perdido"
    INCOMPLETE = "incompleto"
    UNCLEAR = "duvidoso"  # something succeeded, and nobody said of which database
    LATE = "atrasado"
    OPEN = "aberto"  # ahead, within its allowance, or running
    DONE = "feito"
    RAN = "executado"  # a success on a day of which the agenda is not known, or that owed none
    NONE_DUE = "livre"
    UNKNOWN = "desconhecido"


@dataclass(frozen=True)
class Ran:
    """One run with a start of its own. source: BANCO_ORIGEM; empty where the agent did not say."""

    fact: RunFact
    source: str = ""


@dataclass(frozen=True)
class Schedule:
    """since: from this instant on, what was due is known."""

    agendas: tuple[Agenda, ...]
    zone: ZoneInfo
    since: datetime


@dataclass(frozen=True)
class Slot:
    """at: when it was due. started_at: of the run that covers it, where one does."""

    at: datetime
    agenda: Agenda
    outcome: Outcome
    started_at: datetime | None = None


@dataclass(frozen=True)
class Day:
    """succeeded, failed: runs that began on it, whatever was due."""

    day: date
    outcome: Outcome
    slots: tuple[Slot, ...] = ()
    succeeded: int = 0
    failed: int = 0


@dataclass
class _Owed:
    """A slot while runs are held against it. until: the next slot of the same agenda."""

    at: datetime
    until: datetime
    agenda: Agenda
    success: datetime | None = None
    partial: datetime | None = None
    failed: bool = False
    running: bool = False
    unattributed: bool = False


def known_since(agendas: Sequence[Agenda], zone: ZoneInfo, runs: Iterable[Ran], read_at: datetime) -> datetime | None:
    """From when on the agendas are known to be as they were read at `read_at` (aware); None: they no longer are.

    Each run says which slot was next when it was made. Back from the newest, as long as that is what these agendas say
    too, they are the same; the first that says otherwise was made under another agenda.
    """
    newest_first = sorted((run.fact for run in runs if run.fact.next_due), key=_started, reverse=True)
    if not newest_first:
        return read_at
    first, last = newest_first[-1].started_at, newest_first[0].started_at
    slots = sorted({at for agenda in agendas for at in slots_between(agenda, first, last + _LONGEST_WINDOW, zone)})
    since = read_at
    for fact in newest_first:
        following = bisect_right(slots, fact.started_at)
        if following == len(slots) or slots[following] != fact.next_due:
            return None if fact.started_at > read_at else since
        since = min(since, fact.started_at)
    return since


def calendar(
    days: Sequence[date],
    schedule: Schedule | None,
    runs: Iterable[Ran],
    now: datetime,
    shown_in: ZoneInfo,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[Day, ...]:
    """One Day for each of `days` (in order, local to `shown_in`). schedule: None where no agenda is known.

    runs: all that began on these days, and in the eight before; now: aware. A slot belongs to the day on which it falls
    in `shown_in`, whatever the zone in which the agenda is kept.
    """
    believed = [run for run in runs if run.fact.started_at <= now + limits.clock_skew]
    end = datetime.combine(days[-1] + timedelta(days=1), time(), shown_in) if days else now
    slots = [] if schedule is None else _judged(schedule, end, believed, now, limits)
    due: dict[date, list[Slot]] = {}
    for slot in slots:
        due.setdefault(slot.at.astimezone(shown_in).date(), []).append(slot)
    succeeded, failed = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
    for run in believed:
        day = run.fact.began.astimezone(shown_in).date()
        if day in succeeded:
            succeeded[day] += run.fact.succeeded
            failed[day] += went_wrong(run.fact, now, limits)
    return tuple(
        _day(day, _is_known(day, schedule, shown_in), tuple(due.get(day, ())), succeeded[day], failed[day])
        for day in days
    )


def _is_known(day: date, schedule: Schedule | None, shown_in: ZoneInfo) -> bool:
    """A day of which only the evening is known may have owed something in the morning."""
    return schedule is not None and datetime.combine(day, time(), shown_in) >= schedule.since


def _day(day: date, known: bool, slots: tuple[Slot, ...], succeeded: int, failed: int) -> Day:
    if known and slots:
        worst = min((slot.outcome for slot in slots), key=list(Outcome).index)
        return Day(day, worst, slots, succeeded, failed)
    if succeeded:
        return Day(day, Outcome.RAN, (), succeeded, failed)
    if failed:
        return Day(day, Outcome.FAILED, (), succeeded, failed)
    return Day(day, Outcome.NONE_DUE if known else Outcome.UNKNOWN)


def _judged(schedule: Schedule, until: datetime, runs: list[Ran], now: datetime, limits: Limits) -> list[Slot]:
    ledgers = [_ledger(agenda, schedule, until) for agenda in schedule.agendas if agenda.active]
    named = several(ledger[0].agenda.source for ledger in ledgers if ledger)
    for run in sorted(runs, key=lambda each: each.fact.started_at):
        _put_down(run, ledgers, named, now, limits)
    owed = sorted((each for ledger in ledgers for each in ledger), key=lambda each: (each.at, each.agenda.id))
    return [_slot(each, now, limits) for each in owed if each.at < until]


def _ledger(agenda: Agenda, schedule: Schedule, until: datetime) -> list[_Owed]:
    # From a window before `since`: a success right after it may belong to a slot right before it.
    after = schedule.since - _LONGEST_WINDOW
    found = slots_between(agenda, after, until + _LONGEST_WINDOW, schedule.zone)
    owed = [_Owed(at, end, agenda) for at, end in pairwise(found)]
    return [each for each in owed if each.until > schedule.since]


def _put_down(run: Ran, ledgers: list[list[_Owed]], named: frozenset[str], now: datetime, limits: Limits) -> None:
    """Hold a run against the latest slot that it can belong to; a success against the latest that has none yet."""
    fact = run.fact
    windows = [each for each in (_window(ledger, fact, limits) for ledger in ledgers) if each is not None]
    if named and not run.source:
        for each in windows:
            each.unattributed |= fact.succeeded
        return
    mine = [each for each in windows if not named or same_source(run.source, each.agenda.source, named)]
    mine.sort(key=lambda each: (each.at, -each.agenda.id), reverse=True)
    if not mine:
        return
    if went_wrong(fact, now, limits):
        mine[0].failed = True
    elif not fact.succeeded:
        mine[0].running = True
    elif fact.partial:
        next(
            (each for each in mine if each.partial is None and each.success is None), mine[0]
        ).partial = fact.started_at
    else:
        free = next((each for each in mine if each.success is None), None)
        if free is not None:
            free.success = fact.started_at


def _window(ledger: list[_Owed], fact: RunFact, limits: Limits) -> _Owed | None:
    """The slot of this agenda in whose time the run began, by its own clock; the server's must not contradict it."""
    place = bisect_right(ledger, fact.started_at, key=lambda each: each.at) - 1
    if place < 0 or fact.started_at >= ledger[place].until:
        return None
    return ledger[place] if fact.received_at >= ledger[place].at - limits.clock_skew else None


def _slot(owed: _Owed, now: datetime, limits: Limits) -> Slot:
    outcome, started_at = Outcome.MISSED, owed.success or owed.partial
    in_time = now < owed.at + limits.slot_allowance
    if owed.success is not None:
        outcome = Outcome.DONE if owed.success <= owed.at + limits.slot_allowance else Outcome.LATE
    elif owed.partial is not None:
        outcome = Outcome.INCOMPLETE
    elif owed.at > now or owed.running:
        outcome = Outcome.OPEN
    elif owed.failed:
        outcome = Outcome.FAILED
    elif in_time:
        outcome = Outcome.OPEN
    elif owed.unattributed:
        outcome = Outcome.UNCLEAR
    return Slot(owed.at, owed.agenda, outcome, started_at)


def _started(fact: RunFact) -> datetime:
    return fact.started_at
