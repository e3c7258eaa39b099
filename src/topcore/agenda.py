"""The schedule: one row of AGENDA_BACKUP, and the arithmetic of its due slots.

Slots are local wall times of the customer's zone; instants come in and go out as aware UTC. In the hour that a DST
change skips, a slot falls on the same wall time by the old offset (00:30 becomes 01:30, PEP 495 fold 0); in the hour
that repeats, on the first of the two. So a change of the clock neither skips nor doubles a slot.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from topcore.tables import NamingScheme

DEFAULT_ZONE = "America/Sao_Paulo"


class Weekday(IntEnum):
    """Numbered as `datetime.weekday()`; names are the columns of AGENDA_BACKUP and of the S file names."""

    SEG = 0
    TER = 1
    QUA = 2
    QUI = 3
    SEX = 4
    SAB = 5
    DOM = 6


EVERY_DAY = frozenset(Weekday)


@dataclass(frozen=True)
class Agenda:
    """One valid row of AGENDA_BACKUP.

    time: local wall time. days: may be empty, a row that is switched off. source: path or alias of the database to back
    up; None means the configured one.
    """

    id: int
    time: time
    days: frozenset[Weekday]
    destination1: str
    destination2: str | None = None
    remote: bool = False
    naming: NamingScheme = NamingScheme.VERSIONED
    source: str | None = None

    @property
    def active(self) -> bool:
        return bool(self.days)


@dataclass(frozen=True)
class RejectedRow:
    """A row that is not an agenda. `row` is its ID as text (or its position); `reason` says which column and why."""

    row: str
    reason: str

    @property
    def number(self) -> int | None:
        """The ID, where the row has one that is a number, however its column spells it: `2`, `2.00`, `'2'`."""
        found = re.fullmatch(r"'?(-?\d{1,19})(?:[.,]0*)?'?", self.row.strip(), re.ASCII)
        return None if found is None else int(found[1])


def next_due(agenda: Agenda, after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first slot strictly after the instant `after` (aware), in UTC; None for a row without days."""
    return min((slot for slot in _slots_near(agenda, after, zone) if slot > after), default=None)


def last_due(agenda: Agenda, at: datetime, zone: ZoneInfo) -> datetime | None:
    """The last slot at or before the instant `at` (aware), in UTC; None for a row without days."""
    return max((slot for slot in _slots_near(agenda, at, zone) if slot <= at), default=None)


def next_due_of_all(agendas: Iterable[Agenda], after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first slot of any of them strictly after `after`, in UTC: the next backup that the company is owed."""
    slots = (next_due(agenda, after, zone) for agenda in agendas)
    return min((slot for slot in slots if slot is not None), default=None)


def slots_between(agenda: Agenda, after: datetime, until: datetime, zone: ZoneInfo) -> list[datetime]:
    """Every slot later than the instant `after` and not later than `until` (both aware), in order, in UTC."""
    first, last = (instant.astimezone(zone).date() for instant in (after, until))
    days = (first + timedelta(days=offset) for offset in range(-1, (last - first).days + 2))
    found = (_slot(agenda, day, zone) for day in days if Weekday(day.weekday()) in agenda.days)
    return [slot for slot in found if after < slot <= until]


def _slots_near(agenda: Agenda, instant: datetime, zone: ZoneInfo) -> Iterable[datetime]:
    """Every slot within eight days of `instant`: a weekly row has one on each side."""
    today = instant.astimezone(zone).date()
    days = (today + timedelta(days=offset) for offset in range(-8, 9))
    return (_slot(agenda, day, zone) for day in days if Weekday(day.weekday()) in agenda.days)


def _slot(agenda: Agenda, day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, agenda.time.replace(fold=0), tzinfo=zone).astimezone(UTC)
