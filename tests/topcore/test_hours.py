"""Allowed hours, over midnight too."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topcore.hours import is_open, opens_at

ZONE = ZoneInfo("America/Sao_Paulo")  # three hours behind UTC
NIGHT, DAY = (time(22), time(6)), (time(8), time(18))


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-25T{text}").replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        (DAY, "07:59:59", False), (DAY, "08:00", True), (DAY, "17:59:59", True), (DAY, "18:00", False),
        (NIGHT, "21:59:59", False), (NIGHT, "22:00", True), (NIGHT, "05:59:59", True), (NIGHT, "06:00", False),
        (None, "12:00", True), ((time(9), time(9)), "03:00", True),
    ],
)  # fmt: skip
def test_open_from_the_first_to_before_the_second(hours: tuple[time, time] | None, at: str, expected: bool) -> None:
    assert is_open(hours, local(at), ZONE) is expected


def test_when_it_opens() -> None:
    assert opens_at(NIGHT, local("12:00"), ZONE) == local("22:00")
    assert opens_at(DAY, local("19:00"), ZONE) == local("08:00") + timedelta(days=1)
    assert opens_at(NIGHT, local("23:30"), ZONE) == local("23:30")
    assert opens_at(None, local("23:30"), ZONE) == local("23:30")


@given(
    st.tuples(st.times(), st.times()).map(lambda pair: (pair[0].replace(microsecond=0), pair[1].replace(microsecond=0))),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
def test_it_is_open_when_it_opens_and_within_a_day(hours: tuple[time, time], at: datetime) -> None:
    opening = opens_at(hours, at, ZONE)
    assert is_open(hours, opening, ZONE)
    assert timedelta(0) <= opening - at <= timedelta(days=1)
