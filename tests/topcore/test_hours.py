"""Allowed hours, over midnight too."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from topcore.hours import is_open

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
