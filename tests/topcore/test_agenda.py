"""Due slots, as a table, and held against a slow calendar by hypothesis."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topcore.agenda import EVERY_DAY, Agenda, Weekday, last_due, next_due, next_due_of_all

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
NEW_YORK = ZoneInfo("America/New_York")


def agenda(at: str, days: frozenset[Weekday] = EVERY_DAY) -> Agenda:
    return Agenda(id=1, time=time.fromisoformat(at), days=days, destination1="/b")


def wall(text: str, zone: ZoneInfo = SAO_PAULO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("at", "now", "following", "previous"),
    [
        ("23:00", "2026-02-15T22:59:59", "2026-02-15T23:00", "2026-02-14T23:00"),
        ("23:00", "2026-02-15T23:00:00", "2026-02-16T23:00", "2026-02-15T23:00"),  # next is strictly after
        ("00:05", "2026-12-31T23:59", "2027-01-01T00:05", "2026-12-31T00:05"),  # across midnight and year
        ("12:00", "2028-02-29T13:00", "2028-03-01T12:00", "2028-02-29T12:00"),  # across a leap day
    ],
)
def test_daily(at: str, now: str, following: str, previous: str) -> None:
    assert next_due(agenda(at), wall(now), SAO_PAULO) == wall(following)
    assert last_due(agenda(at), wall(now), SAO_PAULO) == wall(previous)


def test_monday_to_friday_rests_at_the_weekend() -> None:
    working = agenda("18:00", EVERY_DAY - {Weekday.SAB, Weekday.DOM})
    friday_night = wall("2026-11-20T19:00")
    assert next_due(working, friday_night, SAO_PAULO) == wall("2026-11-23T18:00")
    assert last_due(working, wall("2026-11-22T12:00"), SAO_PAULO) == wall("2026-11-20T18:00")


def test_weekly_row_is_found_seven_days_away() -> None:
    sunday = agenda("03:00", frozenset({Weekday.DOM}))
    assert next_due(sunday, wall("2026-11-22T03:00"), SAO_PAULO) == wall("2026-11-29T03:00")


def test_a_row_without_days_is_never_due() -> None:
    off = agenda("03:00", frozenset())
    assert not off.active
    assert next_due(off, wall("2026-11-22T03:00"), SAO_PAULO) is None
    assert last_due(off, wall("2026-11-22T03:00"), SAO_PAULO) is None


def test_the_hour_that_a_dst_change_skips_is_run_once() -> None:
    # New York, 2026-03-08: 02:00 becomes 03:00, so 02:30 does not exist; by the old offset it is 03:30.
    before = wall("2026-03-08T01:00", NEW_YORK)
    slot = next_due(agenda("02:30"), before, NEW_YORK)
    assert slot == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert next_due(agenda("02:30"), slot, NEW_YORK) == wall("2026-03-09T02:30", NEW_YORK)


def test_the_hour_that_repeats_is_run_once() -> None:
    # New York, 2026-11-01: 02:00 becomes 01:00 again; the first 01:30 counts.
    slot = next_due(agenda("01:30"), wall("2026-11-01T00:30", NEW_YORK), NEW_YORK)
    assert slot == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert next_due(agenda("01:30"), slot, NEW_YORK) == datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


instants = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
agendas = st.builds(
    Agenda,
    id=st.just(1),
    time=st.times().map(lambda value: value.replace(microsecond=0, tzinfo=None)),
    days=st.frozensets(st.sampled_from(Weekday)),
    destination1=st.just("/b"),
)


@given(agendas, instants, st.sampled_from([SAO_PAULO, NEW_YORK, ZoneInfo("UTC")]))
def test_next_and_last_meet(row: Agenda, now: datetime, zone: ZoneInfo) -> None:
    following, previous = next_due(row, now, zone), last_due(row, now, zone)
    if not row.active:
        assert following is None
        assert previous is None
        return
    assert following is not None
    assert previous is not None
    assert previous <= now < following <= now + timedelta(days=7, hours=2)
    assert last_due(row, following, zone) == following
    assert next_due(row, previous, zone) == following  # no slot between the two is skipped


@given(st.lists(agendas, max_size=4), instants)
def test_the_company_is_owed_the_first_of_all(rows: list[Agenda], now: datetime) -> None:
    slots = [slot for row in rows if (slot := next_due(row, now, SAO_PAULO))]
    assert next_due_of_all(rows, now, SAO_PAULO) == (min(slots) if slots else None)
