"""Which slots of an agenda are owed now: each runs once, or is missed with a reason.

The computer may have been off, asleep, without its database, or with a wrong clock. So no timer decides that a slot is
due: whoever wakes up asks here, with what is on record.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from topcore.agenda import Agenda, slots_between

# A slot that ran by a clock so far ahead of today's is owed again when its time comes: that backup is of another day.
# Nearer ones stay run: an hour set forth and back again must not make two backups of one slot.
_FAR_AHEAD = timedelta(hours=12)


class Missed(StrEnum):
    """Why a slot did not run; stored."""

    SUPERSEDED = "COALESCIDO"  # a later slot of the same agenda runs in its place
    TOO_LATE = "TARDE"  # when it could have run, it was older than the catch-up limit
    CHANGED = "ALTERADO"  # its row was changed or taken away before it could run


@dataclass(frozen=True)
class Ledger:
    """What is on record of one agenda's slots; all instants aware UTC.

    since: only later slots are owed: when the row was first seen, or seen for the last time as it was before it
    changed; later, when nothing was owed any more. ran, missed: the settled slots after `since`, and after any moment
    to which a clock is set back.
    """

    since: datetime
    ran: frozenset[datetime] = frozenset()
    missed: frozenset[datetime] = frozenset()


@dataclass(frozen=True)
class Duty:
    """What one agenda owes at one instant, and what becomes of its ledger.

    run: the one slot to run now, or None. missed: to be put on record. taken_back: on record as missed, but not due
    yet: the clock was ahead then. undone: on record as run, by a clock that was far ahead. since: of the ledger from
    now on.
    """

    agenda: Agenda
    since: datetime
    run: datetime | None = None
    missed: tuple[tuple[datetime, Missed], ...] = ()
    taken_back: tuple[datetime, ...] = ()
    undone: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Seen:
    """One row as it was last read; all instants aware UTC.

    zone: the name of the zone its time was read in. since: as in its Ledger. read_at: when it was last seen like this.
    """

    agenda: Agenda
    zone: str
    since: datetime
    read_at: datetime


@dataclass(frozen=True)
class Reread:
    """What a new reading of one row does to what is owed. seen: None where the row is gone."""

    seen: Seen | None
    missed: tuple[tuple[datetime, Missed], ...] = ()


def first_seen(agenda: Agenda, zone: ZoneInfo, now: datetime, read_before: datetime | None = None) -> Seen:
    """A row that was never read before. read_before: when the table was read last, without it; None: never.

    Nobody knows when it was put in since then, so it owes its slots from that reading on: better one backup too many.
    """
    return Seen(agenda, zone.key, since=now if read_before is None else min(read_before, now), read_at=now)


def seen_again(known: Seen, agenda: Agenda | None, ledger: Ledger, now: datetime, zone: ZoneInfo) -> Reread:
    """The row was read once more; agenda: as it is now, None when it is gone.

    Nobody knows when it was changed between the two readings. So the new form owes its slots from the last reading of
    the old one on, and of the old form's open slots none is forgotten: each is put down as missed.
    """
    if agenda is not None and _same_slots(known, agenda, zone):
        return Reread(replace(known, agenda=agenda, read_at=now))
    since = min(known.read_at, now)
    owed_now = set() if agenda is None else set(slots_between(agenda, since, now, zone))
    settled = ledger.ran | ledger.missed | owed_now
    owed_before = slots_between(known.agenda, min(known.since, now), now, ZoneInfo(known.zone))
    missed = tuple((slot, Missed.CHANGED) for slot in owed_before if slot not in settled)
    return Reread(None if agenda is None else Seen(agenda, zone.key, since, now), missed)


def delay_of(key: str, spread: timedelta) -> timedelta:
    """How long after its slot a computer begins: from none to `spread`, always the same for one key (the CNPJ).

    A thousand shops with 23:00 in their agenda must not meet at their cloud and their network folder in one second.
    """
    fraction = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) / 2**32
    return timedelta(seconds=int(spread.total_seconds() * fraction))


def in_turn(duties: Iterable[Duty]) -> list[Duty]:
    """Those with something to run, the oldest slot first; of one instant the lowest ID."""
    due = [(found.run, found.agenda.id, found) for found in duties if found.run is not None]
    return [found for _, _, found in sorted(due, key=lambda each: each[:2])]


def _same_slots(known: Seen, agenda: Agenda, zone: ZoneInfo) -> bool:
    return (known.agenda.time, known.agenda.days, known.zone) == (agenda.time, agenda.days, zone.key)


def duty(
    agenda: Agenda,
    ledger: Ledger,
    now: datetime,
    zone: ZoneInfo,
    catch_up: timedelta,
    *,
    delay: timedelta = timedelta(0),
) -> Duty:
    """What `agenda` owes at `now` (aware). catch_up: how late a slot may still run; its own minute always counts.

    delay: a slot is due so much later than its time (`delay_of`). Of several owed slots the latest runs, for one backup
    is as good as three made at once; the others are missed.
    """
    since = min(ledger.since, now)  # a clock that was ahead when the row was first seen must not silence it for years
    until = now - delay
    settled = ledger.ran | ledger.missed
    owed = [slot for slot in slots_between(agenda, since, until, zone) if slot not in settled]
    oldest = until - max(catch_up, timedelta(minutes=1))
    late, fresh = [slot for slot in owed if slot < oldest], [slot for slot in owed if slot >= oldest]
    reason = Missed.SUPERSEDED if fresh else Missed.TOO_LATE
    return Duty(
        agenda=agenda,
        since=since if fresh else max(since, until),  # what is to run may not come to it, and is then asked for again
        run=fresh[-1] if fresh else None,
        missed=tuple((slot, reason) for slot in (*late, *fresh[:-1])),
        taken_back=tuple(sorted(slot for slot in ledger.missed if slot > now)),
        undone=tuple(sorted(slot for slot in ledger.ran if slot > now + _FAR_AHEAD)),
    )
