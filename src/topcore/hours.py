"""Allowed hours of a day: wall times of a zone, an end before the beginning lies on the next day."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

type Hours = tuple[time, time]
"""From the first (included) to the second (not included); equal ones are the whole day."""


def is_open(hours: Hours | None, at: datetime, zone: ZoneInfo) -> bool:
    """At the instant `at` (aware). None: always."""
    if hours is None or hours[0] == hours[1]:
        return True
    (begin, end), wall = hours, at.astimezone(zone).time()
    return begin <= wall < end if begin < end else not end <= wall < begin


def opens_at(hours: Hours | None, at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant from `at` on at which it is open; in the zone's own clock, so a DST change may move it."""
    if hours is None or is_open(hours, at, zone):
        return at
    local = at.astimezone(zone)
    today = local.replace(hour=hours[0].hour, minute=hours[0].minute, second=hours[0].second, microsecond=0, fold=0)
    if today <= local:
        today += timedelta(days=1)
    return today.astimezone(at.tzinfo)
