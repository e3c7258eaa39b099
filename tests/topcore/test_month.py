"""A month, counted from what is known."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from topcore.agenda import EVERY_DAY, Agenda
from topcore.calendar import Outcome, Ran, Schedule, calendar
from topcore.health import RunFact
from topcore.month import MonthRun, MonthSummary, Span, summary
from topcore.tables import Proof, RunStatus

SPAN = Span(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
AFTER = datetime(2027, 1, 5, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def at(day: int, hour: int = 23) -> datetime:
    return SPAN.since + DAY * (day - 1) + HOUR * hour


def run(
    began: datetime,
    status: RunStatus = RunStatus.SUCCEEDED,
    due: datetime | None = None,
    *,
    proof: Proof = Proof.NOT_TRIED,
    partial: bool = False,
    size: int | None = 10,
) -> MonthRun:
    proven_at = began if proof is Proof.PROVEN else None
    return MonthRun(RunFact(began, began, status, partial, proof, due, size), proven_at)


def counted(*runs: MonthRun, now: datetime = AFTER) -> MonthSummary:
    return summary(runs, SPAN, now)


def test_each_run_counts_once_for_what_it_is() -> None:
    month = counted(
        run(at(2)),
        run(at(3), proof=Proof.PROVEN),
        run(at(4), partial=True, size=None),
        run(at(5), proof=Proof.REFUTED),
        run(at(6), RunStatus.FAILED, size=None),
        run(at(7), RunStatus.RUNNING),
        run(at(8), RunStatus.PENDING),
    )
    assert (month.successes, month.proven, month.partial, month.failures, month.size) == (3, 1, 1, 4, 20)
    assert month.missed is None


def test_a_file_without_a_byte_is_no_success() -> None:
    assert counted(run(at(2), size=0, proof=Proof.PROVEN)) == counted(run(at(2), RunStatus.FAILED))


def test_a_run_that_never_ended_is_a_failure_once_its_time_is_over() -> None:
    assert counted(run(at(2), RunStatus.RUNNING), run(at(2), RunStatus.PENDING)).failures == 2
    assert counted(run(at(2), RunStatus.RUNNING), now=at(2) + timedelta(minutes=74)).failures == 0


def test_the_months_edges() -> None:
    inside = [run(SPAN.since), run(SPAN.until - timedelta(microseconds=1))]
    outside = [run(SPAN.since - timedelta(microseconds=1)), run(SPAN.until)]
    assert counted(*inside, *outside).successes == 2


def test_a_slot_that_no_run_began_at_is_missed() -> None:
    assert counted(run(at(2), due=at(3))).missed == 1
    assert counted(run(at(2), due=at(3)), run(at(3) + HOUR)).missed == 0
    assert counted(run(at(2), due=at(3)), run(at(3) + HOUR + MINUTE)).missed == 1
    assert counted(run(at(2), due=at(3)), run(at(3), RunStatus.FAILED)).missed == 0  # it began: that is a failure
    # A run by hand shortly before names the slot as its next one, and is not its run.
    assert counted(run(at(2), due=at(3)), run(at(3) - 5 * MINUTE, due=at(3))).missed == 1
    # The computer's clock is a little ahead.
    assert counted(run(at(2), due=at(3)), run(at(3) - 5 * MINUTE, due=at(4)), run(at(4))).missed == 0


def test_a_slot_that_two_runs_named_is_one_and_the_month_before_names_too() -> None:
    assert counted(run(at(2), due=at(3)), run(at(2, 12), due=at(3))).missed == 1
    assert counted(run(SPAN.since - DAY, due=SPAN.since + HOUR)).missed == 1


def test_what_is_not_over_or_not_believed_is_not_missed() -> None:
    due = run(at(2), due=at(3))
    assert counted(due, now=at(3) + HOUR).missed == 0
    assert counted(due, now=at(3) + HOUR + MINUTE).missed == 1
    assert counted(run(at(2), due=at(2) + 8 * DAY + MINUTE)).missed is None
    assert counted(run(at(2), due=at(1))).missed is None
    assert counted(run(at(30), due=SPAN.until + HOUR)).missed is None


def test_the_largest_gap_reaches_over_the_edges() -> None:
    assert counted(run(at(2)), run(at(3)), run(at(7))).largest_gap == SPAN.until - at(7)
    assert counted(run(at(2)), run(at(3)), now=at(3) + HOUR).largest_gap == DAY
    assert counted(run(SPAN.since - DAY), run(at(10)), run(at(29))).largest_gap == at(29) - at(10)
    before = SPAN.since - 5 * DAY
    assert counted(run(before), run(at(20)), now=at(21)).largest_gap == at(20) - before
    assert counted(run(before - DAY), run(before), run(at(1)), now=at(2)).largest_gap == at(1) - before
    assert counted(run(at(5), RunStatus.FAILED)).largest_gap is None


def test_worst_first() -> None:
    nothing, bad, partial, fine = (
        counted(),
        counted(run(at(2)), run(at(3), RunStatus.FAILED)),
        counted(run(at(2), partial=True)),
        counted(run(at(2))),
    )
    months = [fine, partial, bad, nothing]
    assert sorted(months, key=lambda month: month.badness) == [nothing, bad, partial, fine]


NIGHTLY = Agenda(1, time(23), EVERY_DAY, "D:/")


def with_agenda(since: datetime, *runs: MonthRun, now: datetime = AFTER) -> MonthSummary:
    return summary(runs, SPAN, now, schedule=Schedule((NIGHTLY,), UTC_ZONE, since))


def test_a_silent_agent_misses_all_that_its_agenda_owed() -> None:
    assert with_agenda(SPAN.since).missed == 30
    assert with_agenda(SPAN.since, now=at(10) + 2 * HOUR).missed == 10
    assert with_agenda(SPAN.since, run(at(1)), run(at(2)), now=at(10) + 2 * HOUR).missed == 8
    assert with_agenda(SPAN.since, run(at(1) + 5 * HOUR), now=at(2)).missed == 0, (
        "late is not missed, as in the calendar"
    )
    assert with_agenda(SPAN.since, run(at(1), RunStatus.FAILED), now=at(2)).missed == 0, "that is a failure"


def test_before_the_agenda_is_known_what_was_announced_counts() -> None:
    since = SPAN.since + 9 * DAY  # the tenth day, and 21 slots from it on
    assert with_agenda(since).missed == 21
    assert with_agenda(since, run(at(2), due=at(3))).missed == 22
    assert with_agenda(since + HOUR).missed == 20, "a day of which only the evening is known is not judged"
    assert with_agenda(SPAN.until).missed is None
    assert with_agenda(SPAN.until - HOUR).missed is None, "no whole day is known"


@given(st.lists(st.integers(-8 * 24 * 60, 38 * 24 * 60), max_size=12), st.integers(-3, 33), st.integers(0, 40))
def test_the_month_and_the_calendar_never_differ(minutes: list[int], known: int, today: int) -> None:
    runs = [run(SPAN.since + MINUTE * offset) for offset in minutes]
    schedule, now = Schedule((NIGHTLY,), UTC_ZONE, SPAN.since + DAY * known), SPAN.since + DAY * today
    days = [(SPAN.since + DAY * number).date() for number in range(30)]
    shown = calendar(days, schedule, [Ran(each.fact) for each in runs], now, UTC_ZONE)
    missed = [slot for day in shown for slot in day.slots if slot.outcome is Outcome.MISSED]
    assert (summary(runs, SPAN, now, schedule=schedule).missed or 0) == len(missed)


def test_what_is_dated_in_the_future_is_counted_as_that_alone() -> None:
    now = at(10)
    reported = run(at(20), proof=Proof.PROVEN)
    reported = replace(reported, fact=replace(reported.fact, received_at=at(9)), proven_at=at(9) + HOUR)
    failed = run(at(15), RunStatus.FAILED)
    later = run(SPAN.until + 100 * DAY)
    month = counted(run(at(8)), reported, failed, later, now=now)
    assert (month.successes, month.proven, month.failures, month.doubtful, month.size) == (1, 0, 0, 3, 10)
    assert month.largest_gap == 2 * DAY
    assert counted(reported, now=AFTER).successes == 1, "its date is over: it was made when it was reported"
    assert counted(later, now=AFTER).doubtful == 0, "not of this month"


_moments = st.timedeltas(timedelta(days=-12), timedelta(days=45)).map(lambda offset: SPAN.since + offset)
_runs = st.builds(
    run,
    _moments,
    st.sampled_from(RunStatus),
    st.one_of(st.none(), _moments),
    proof=st.sampled_from(Proof),
    partial=st.booleans(),
    size=st.one_of(st.none(), st.integers(-1, 2**63)),
)


@given(st.lists(_runs, max_size=12), _moments)
def test_whatever_comes(runs: list[MonthRun], now: datetime) -> None:
    month = summary(runs, SPAN, now)
    within = [each for each in runs if each.belongs_to(SPAN, now)]
    assert month.proven + month.partial <= 2 * month.successes
    assert month.successes + month.failures + month.doubtful <= len(within)
    assert month.doubtful == sum(each.dated_ahead(now) for each in within)
    named = {each.fact.next_due for each in runs if each.fact.next_due is not None and each.fact.next_due in SPAN}
    assert month.missed is None or 0 <= month.missed <= len(named)
    assert month.largest_gap is None or month.largest_gap >= timedelta(0)
    assert summary(runs[::-1], SPAN, now) == month


def test_a_proof_without_a_date_or_from_another_time_is_none() -> None:
    good = run(at(3), proof=Proof.PROVEN)
    assert good.proven(at(4))
    assert not replace(good, proven_at=None).proven(at(4))
    assert not replace(good, proven_at=at(2)).proven(at(4)), "before the backup began"
    assert not replace(good, proven_at=at(9)).proven(at(4)), "in the future"


def test_the_slot_of_a_clock_that_is_ahead_is_not_missed() -> None:
    """As it keeps no card green (health.believed_slot)."""
    told = run(at(6), due=at(7))
    assert counted(told).missed == 1
    assert counted(replace(told, fact=replace(told.fact, received_at=at(5)))).missed is None


def test_a_success_from_the_future_is_not_counted() -> None:
    assert counted(run(at(20)), now=at(10)).successes == 0
