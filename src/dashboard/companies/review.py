"""The last 90 days of a company, from one query: the calendar, the charts, the failures by cause, the contacts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dashboard.companies.history import begun_between
from dashboard.companies.published import Published, schedule_of
from dashboard.companies.verdicts import Told, Verdict, fact, verdict
from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Run
from dashboard.monitoring.wall_time import CLOUD_ZONE
from topcore.calendar import Day, Ran, calendar
from topcore.health import DEFAULT_LIMITS

DAYS = 90
MOST_RUNS = 3000
_BEFORE = timedelta(days=8)  # a slot of before the first day may be covered on it
_COLUMNS = (
    *("pk", "status", "proven", "error_code", "size_bytes", "started_at", "received_at", "next_due"),
    *("ended_at", "source", "manual"),
)


@dataclass(frozen=True)
class Seen:
    """A run of the last 90 days, without its long texts."""

    id: int
    told: Told
    verdict: Verdict
    ended_at: datetime | None
    source: str
    manual: bool


@dataclass(frozen=True)
class Review:
    """seen: newest first. truncated: there were more runs than can be looked at; the calendar is then shorter.

    since: from when on the calendar knows what was due; None: it does not.
    """

    seen: tuple[Seen, ...]
    truncated: bool
    days: tuple[Day, ...]
    since: datetime | None


def review(company_id: int, agendas: Published, now: datetime) -> Review:
    """now: aware. One query, at most MOST_RUNS rows of a range of the index."""
    today = now.astimezone(CLOUD_ZONE).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    first = datetime(days[0].year, days[0].month, days[0].day, tzinfo=CLOUD_ZONE)
    within = begun_between(first - _BEFORE, now + DEFAULT_LIMITS.clock_skew)
    rows = Run.objects.filter(within, company_id=company_id).order_by("-started_at", "-pk")
    found = [_seen(row, now) for row in rows.values_list(*_COLUMNS)[: MOST_RUNS + 1]]
    truncated = len(found) > MOST_RUNS
    seen = found[:MOST_RUNS]
    ran = [Ran(made, each.source) for each in seen if (made := fact(each.told)) is not None]
    oldest = seen[-1].told.started_at if truncated else None
    schedule = schedule_of(agendas, ran, max(first, oldest or first))
    return Review(
        tuple(seen), truncated, calendar(days, schedule, ran, now, CLOUD_ZONE), schedule.since if schedule else None
    )


def _seen(row: tuple[Any, ...], now: datetime) -> Seen:
    identity, status, proven, error_code, size, started, received, next_due, ended, source, manual = row
    told = Told(status, proven, error_code, size, started, received, next_due)
    return Seen(identity, told, verdict(told, now), ended, shown(source, 500), manual == "S")
