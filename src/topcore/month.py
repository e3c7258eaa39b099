"""A company's month of backups, counted: what a report says, and only what is known."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from topcore.health import DEFAULT_LIMITS, Limits, RunFact, believed_slot, went_wrong
from topcore.tables import Proof

LOOK_BACK = DEFAULT_LIMITS.longest_gap
"""How long before the month the runs must be read: the one before it may have published a slot of the month."""


@dataclass(frozen=True)
class MonthRun:
    """proven_at: aware; when a restore proved it."""

    fact: RunFact
    proven_at: datetime | None = None

    def proven(self, now: datetime, limits: Limits = DEFAULT_LIMITS) -> bool:
        """A proof has a date, after the backup began and not in the future; without one it is somebody's word."""
        at = self.proven_at
        if not self.fact.succeeded or self.fact.proof is not Proof.PROVEN or at is None:
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

    missed: slots that a run had published and at which none began; None where no slot of the month is known.
    largest_gap: the longest time between a success and the next, or the end of the month or now; None without any.
    """

    successes: int = 0
    partial: int = 0
    proven: int = 0
    failures: int = 0
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
            -float(self.partial),
            -gap.total_seconds(),
        )


def summary(runs: Iterable[MonthRun], span: Span, now: datetime, limits: Limits = DEFAULT_LIMITS) -> MonthSummary:
    """runs: in any order, those of the month and of LOOK_BACK before it."""
    ordered = sorted(runs, key=lambda run: run.fact.began)
    within = [run for run in ordered if run.fact.began in span and run.fact.began <= now + limits.clock_skew]
    good = [run for run in within if run.fact.succeeded]
    return MonthSummary(
        successes=len(good),
        partial=sum(run.fact.partial for run in good),
        proven=sum(run.proven(now, limits) for run in good),
        failures=sum(went_wrong(run.fact, now, limits) for run in within),
        missed=_missed([run.fact for run in ordered], span, now, limits),
        size=sum(run.fact.size or 0 for run in good),
        largest_gap=_largest_gap([run.fact.began for run in ordered if run.fact.succeeded], span, now),
    )


def _missed(runs: Sequence[RunFact], span: Span, now: datetime, limits: Limits) -> int | None:
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
