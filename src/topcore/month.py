"""A company's month of backups, counted: what a report says, and only what is known.

What was missed is the calendar's where its agendas are known, so that the two never differ; of the days before, what
the runs themselves had announced.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from topcore.calendar import Outcome, Ran, Schedule, calendar
from topcore.health import DEFAULT_LIMITS, Limits, RunFact, believed_slot, went_wrong
from topcore.tables import Proof

LOOK_BACK = DEFAULT_LIMITS.longest_gap
"""How long before the month the runs must be read: the one before it may have published a slot of the month."""
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class MonthRun:
    """proven_at: aware; when a restore proved it. source: BANCO_ORIGEM; empty where the agent did not say."""

    fact: RunFact
    proven_at: datetime | None = None
    source: str = ""

    def dated_ahead(self, now: datetime, limits: Limits = DEFAULT_LIMITS) -> bool:
        """Is it said to begin in the future? Then nobody knows when it ran, and it counts for nothing."""
        return self.fact.started_at > now + limits.clock_skew

    def belongs_to(self, span: "Span", now: datetime, limits: Limits = DEFAULT_LIMITS) -> bool:
        """By its beginning; a run that by every clock begins in the future stands in the month that is now."""
        nowhere = self.fact.began > now + limits.clock_skew
        return now in span if nowhere else self.fact.began in span

    def proven(self, now: datetime, limits: Limits = DEFAULT_LIMITS) -> bool:
        """A proof has a date, after the backup began and not in the future; without one it is somebody's word."""
        at = self.proven_at
        if not self.fact.succeeded or self.fact.proof is not Proof.PROVEN or at is None:
            return False
        if self.dated_ahead(now, limits):
            return False
        return self.fact.began <= at <= now + limits.clock_skew


@dataclass(frozen=True)
class Span:
    """since <= an instant of the month < until; both aware."""

    since: datetime
    until: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


@dataclass(frozen=True)
class MonthSummary:
    """successes contains the partial and the proven ones; a restore that failed makes its run a failure, and so does a
    run that never ended.

    doubtful: runs that are dated in the future, whatever they say of themselves; none of them is counted elsewhere.
    missed: slots that were due, and of which no backup came; None where no slot of the month is known.
    largest_gap: the longest time between a success and the next, or the end of the month or now; None without any.
    """

    successes: int = 0
    partial: int = 0
    proven: int = 0
    failures: int = 0
    doubtful: int = 0
    missed: int | None = None
    size: int = 0
    largest_gap: timedelta | None = None

    @property
    def badness(self) -> tuple[float, ...]:
        """The worst sorts first: no success at all, then by what went wrong, then by the gap."""
        gap = timedelta.max if self.largest_gap is None else self.largest_gap
        return (
            float(bool(self.successes)),
            -float(self.failures + (self.missed or 0)),
            -float(self.partial + self.doubtful),
            -gap.total_seconds(),
        )


def summary(
    runs: Iterable[MonthRun],
    span: Span,
    now: datetime,
    *,
    schedule: Schedule | None = None,
    zone: ZoneInfo = _UTC,
    limits: Limits = DEFAULT_LIMITS,
) -> MonthSummary:
    """runs: in any order, those of the month and of LOOK_BACK on both sides of it.

    schedule: the agendas as last published, where they are known. zone: in which the span's days are counted.
    """
    ordered = sorted(runs, key=lambda run: run.fact.began)
    within = [run for run in ordered if run.belongs_to(span, now, limits)]
    believed = [run for run in ordered if not run.dated_ahead(now, limits)]
    counted = [run for run in within if not run.dated_ahead(now, limits)]
    good = [run for run in counted if run.fact.succeeded]
    return MonthSummary(
        successes=len(good),
        partial=sum(run.fact.partial for run in good),
        proven=sum(run.proven(now, limits) for run in good),
        failures=sum(went_wrong(run.fact, now, limits) for run in counted),
        doubtful=len(within) - len(counted),
        missed=_missed(ordered, span, now, schedule=schedule, zone=zone, limits=limits),
        size=sum(run.fact.size or 0 for run in good),
        largest_gap=_largest_gap([run.fact.began for run in believed if run.fact.succeeded], span, now),
    )


def _missed(
    runs: Sequence[MonthRun], span: Span, now: datetime, *, schedule: Schedule | None, zone: ZoneInfo, limits: Limits
) -> int | None:
    """By the calendar on the days that it knows, by what was announced on those before."""
    facts = [run.fact for run in runs]
    days = [] if schedule is None else [day for day in _days(span, zone) if _midnight(day, zone) >= schedule.since]
    if not days:
        return _announced_and_missed(facts, span, now, limits)
    ran = [Ran(run.fact, run.source) for run in runs]
    found = calendar(days, schedule, ran, now, zone, limits=limits)
    missed = sum(slot.outcome is Outcome.MISSED for day in found for slot in day.slots)
    before = Span(span.since, max(span.since, _midnight(days[0], zone)))
    return missed + (_announced_and_missed(facts, before, now, limits) or 0)


def _days(span: Span, zone: ZoneInfo) -> Iterator[date]:
    day = span.since.astimezone(zone).date()
    while _midnight(day, zone) < span.until:
        yield day
        day += timedelta(days=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _announced_and_missed(runs: Sequence[RunFact], span: Span, now: datetime, limits: Limits) -> int | None:
    """A run that names a slot as the next one is not the run of that slot."""
    known = {slot for run in runs if (slot := believed_slot(run, limits)) is not None and slot in span}
    if not known:
        return None
    over = [slot for slot in known if slot + limits.slot_allowance < now]
    return sum(
        not any(
            slot - limits.clock_skew <= run.began <= slot + limits.slot_allowance and run.next_due != slot
            for run in runs
        )
        for slot in over
    )


def _largest_gap(successes: Sequence[datetime], span: Span, now: datetime) -> timedelta | None:
    end = min(span.until, now)
    moments = [*(began for began in successes if began <= end), end]
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments) if later >= span.since]
    return max(gaps, default=None)
