"""A simulated year: the computer sleeps, its clock jumps, the hour changes; no slot is lost and none runs twice."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from topcore.agenda import EVERY_DAY, Agenda, Weekday, slots_between
from topcore.duty import Ledger, Missed, delay_of, duty, first_seen, in_turn, seen_again

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
NEW_YORK = ZoneInfo("America/New_York")  # where the hour still changes
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
CATCH_UP = timedelta(hours=12)


def agenda(number: int, at: time, days: frozenset[Weekday] = EVERY_DAY) -> Agenda:
    return Agenda(id=number, time=at, days=days, destination1="/b")


NOON = agenda(1, time(12))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_slot_is_owed_from_its_own_minute_and_once() -> None:
    since, noon = utc("2026-11-23T10:00"), utc("2026-11-23T15:00")  # noon in São Paulo
    assert duty(NOON, Ledger(since), noon - timedelta(seconds=1), SAO_PAULO, CATCH_UP).run is None
    assert duty(NOON, Ledger(since), noon, SAO_PAULO, CATCH_UP).run == noon
    ran = Ledger(since, frozenset({noon}))
    assert duty(NOON, ran, noon + timedelta(hours=3), SAO_PAULO, CATCH_UP).run is None


def test_the_latest_of_three_runs_for_all() -> None:
    now = utc("2026-11-23T15:30")
    found = duty(NOON, Ledger(now - timedelta(days=3)), now, SAO_PAULO, CATCH_UP)
    assert found.run == utc("2026-11-23T15:00")
    assert found.missed == (
        (utc("2026-11-21T15:00"), Missed.SUPERSEDED),
        (utc("2026-11-22T15:00"), Missed.SUPERSEDED),
    )


def test_too_late_is_missed_with_that_reason() -> None:
    now = utc("2026-11-24T03:01")
    found = duty(NOON, Ledger(utc("2026-11-23T10:00")), now, SAO_PAULO, CATCH_UP)
    assert (found.run, found.missed) == (None, ((utc("2026-11-23T15:00"), Missed.TOO_LATE),))


@pytest.mark.parametrize("catch_up", [timedelta(0), timedelta(seconds=30)])
def test_without_catch_up_the_slot_of_this_minute_still_runs(catch_up: timedelta) -> None:
    noon = utc("2026-11-23T15:00")
    ledger = Ledger(noon - timedelta(hours=1))
    assert duty(NOON, ledger, noon + timedelta(seconds=59), SAO_PAULO, catch_up).run == noon
    assert duty(NOON, ledger, noon + timedelta(seconds=61), SAO_PAULO, catch_up).run is None


def test_a_clock_that_was_years_ahead_silences_nothing() -> None:
    """Seen first in 2030, and its slots put down as missed there; then someone mends the clock."""
    now = utc("2026-11-23T15:00")
    wrong = Ledger(utc("2030-01-01T00:00"), missed=frozenset({utc("2026-11-24T15:00"), utc("2029-12-31T15:00")}))
    found = duty(NOON, wrong, now - timedelta(hours=1), SAO_PAULO, CATCH_UP)
    assert found.since == now - timedelta(hours=1)
    assert found.taken_back == (utc("2026-11-24T15:00"), utc("2029-12-31T15:00"))
    assert duty(NOON, Ledger(found.since), now, SAO_PAULO, CATCH_UP).run == now


def test_a_slot_with_a_delay_is_due_so_much_later_and_still_one_slot() -> None:
    since, noon = utc("2026-11-23T10:00"), utc("2026-11-23T15:00")
    delay = timedelta(minutes=10)
    early = duty(NOON, Ledger(since), noon + timedelta(minutes=9), SAO_PAULO, CATCH_UP, delay=delay)
    assert (early.run, early.missed) == (None, ())
    assert early.since < noon, "what is not due yet is not settled"
    late = duty(NOON, Ledger(early.since), noon + delay, SAO_PAULO, CATCH_UP, delay=delay)
    assert late.run == noon
    without_catch_up = duty(NOON, Ledger(since), noon + delay, SAO_PAULO, timedelta(0), delay=delay)
    assert without_catch_up.run == noon, "the delay is not lateness"


def test_each_shop_has_a_moment_of_its_own() -> None:
    spread = timedelta(minutes=30)
    delays = [delay_of(f"{number:014}", spread) for number in range(2000)]
    assert delays == [delay_of(f"{number:014}", spread) for number in range(2000)], "always the same"
    assert all(timedelta(0) <= delay < spread for delay in delays)
    quarters = [sum(delay // (spread / 4) == quarter for delay in delays) for quarter in range(4)]
    assert min(quarters) > 400
    assert delay_of("x", timedelta(0)) == timedelta(0)


def test_a_row_read_again_unchanged_owes_as_before() -> None:
    first = first_seen(NOON, SAO_PAULO, utc("2026-11-23T10:00"))
    again = seen_again(first, NOON, Ledger(first.since), utc("2026-11-23T16:00"), SAO_PAULO)
    assert again.seen is not None
    assert (again.seen.since, again.missed) == (first.since, ())
    assert again.seen.read_at == utc("2026-11-23T16:00")


def test_a_row_moved_onto_the_same_slot_keeps_it() -> None:
    """Only its days changed: today's slot is one of both forms, and is owed, not missed."""
    first = first_seen(NOON, SAO_PAULO, utc("2026-11-23T10:00"))
    fewer = agenda(1, time(12), frozenset({Weekday.SEG}))  # the 23rd is a Monday
    again = seen_again(first, fewer, Ledger(first.since), utc("2026-11-23T16:00"), SAO_PAULO)
    assert again.missed == ()
    assert again.seen is not None
    assert duty(fewer, Ledger(again.seen.since), utc("2026-11-23T16:00"), SAO_PAULO, CATCH_UP).run is not None


def test_what_is_due_at_once_comes_in_the_order_of_the_slots_then_of_the_rows() -> None:
    now = utc("2026-11-23T18:00")
    rows = [agenda(3, time(12)), agenda(1, time(12)), agenda(2, time(11))]
    due = in_turn(duty(row, Ledger(utc("2026-11-23T10:00")), now, SAO_PAULO, CATCH_UP) for row in rows)
    assert [found.agenda.id for found in due] == [2, 1, 3]


@dataclass
class Book:
    """Keeps a ledger as the journal does, and what ran and was missed, as people would see it."""

    since: datetime
    ran: list[datetime] = field(default_factory=list)
    missed: list[datetime] = field(default_factory=list)

    def wake(self, row: Agenda, now: datetime, zone: ZoneInfo) -> None:
        known = min(self.since, now)
        ran, missed = (frozenset(slot for slot in slots if slot > known) for slots in (self.ran, self.missed))
        found = duty(row, Ledger(self.since, ran, missed), now, zone, CATCH_UP)
        self.since = found.since
        self.missed = [slot for slot in self.missed if slot not in found.taken_back]
        self.missed += [slot for slot, _ in found.missed]
        if found.run is not None:
            self.ran.append(found.run)


rows = st.builds(
    agenda,
    st.integers(1, 10**6),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.frozensets(st.sampled_from(list(Weekday)), max_size=7),
)
# (awake for minutes, then asleep for minutes): reboots, nights, holidays.
lives = st.lists(
    st.tuples(st.integers(60 * 7, 60 * 24 * 20), st.sampled_from([1, 7, 90, 60 * 9, 60 * 13, 60 * 24 * 9])), min_size=5
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows, lives, st.sampled_from([SAO_PAULO, NEW_YORK]))
def test_a_year_of_sleep(row: Agenda, life: list[tuple[int, int]], zone: ZoneInfo) -> None:
    """Each slot of the year ran exactly once, or was missed exactly once; what could run did."""
    book, now, turn = Book(START), START, 0
    while now < START + timedelta(days=365):
        awake, asleep = life[turn % len(life)]
        until = now + timedelta(minutes=awake)
        book.wake(row, now, zone)
        for slot in slots_between(row, now, until, zone):
            book.wake(row, slot + timedelta(seconds=3), zone)  # the alarm, a little late
            assert not row.active or book.ran[-1] == slot, "awake at its time, it ran"
        now, turn = until + timedelta(minutes=asleep), turn + 1
    book.wake(row, now, zone)
    assert sorted(book.ran + book.missed) == slots_between(row, START, now, zone)


jumps = st.lists(
    st.tuples(st.integers(1, 60 * 24 * 10), st.sampled_from([-400, -26, -3, -0.5, 0.5, 3, 26, 24 * 45])), max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows, jumps)
def test_a_year_of_a_jumping_clock(row: Agenda, life: list[tuple[int, float]]) -> None:
    """Whatever the clock did, no slot runs twice, none is both, and once the clock is right again nothing is owed."""
    book, true, error = Book(START), START, timedelta(0)
    for minutes, hours in life:
        until = true + timedelta(minutes=minutes)
        while true < until:
            book.wake(row, true + error, NEW_YORK)
            true += timedelta(hours=5)
        error += timedelta(hours=hours)
    book.wake(row, true, NEW_YORK)  # mended
    end = true + timedelta(days=9)
    while true < end:
        true += timedelta(hours=4)
        book.wake(row, true, NEW_YORK)
    assert len(set(book.ran)) == len(book.ran)
    assert set(book.ran) & set(book.missed) == set()
    expected = set(slots_between(row, START, true, NEW_YORK))
    assert expected <= set(book.ran) | set(book.missed)
