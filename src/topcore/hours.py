"""Allowed hours of a day: wall times of a zone, an end before the beginning lies on the next day."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

type Hours = tuple[time, time]
"""From the first (included) to the second (not included); equal ones are the whole day."""


def is_open(hours: Hours | None, at: datetime, zone: ZoneInfo) -> bool:
    """At the instant `at` (aware). None: always."""
    if hours is None or hours[0] == hours[1]:
        return True
    (begin, end), wall = hours, at.astimezone(zone).time()
    return begin <= wall < end if begin < end else not end <= wall < begin
