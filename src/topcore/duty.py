"""Which slots of an agenda are owed now: each runs once, or is missed with a reason.

The computer may have been off, asleep, without its database, or with a wrong clock. So no timer decides that a slot is
due: whoever wakes up asks here, with what is on record.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from topcore.agenda import Agenda, slots_between


class Missed(StrEnum):
    """Why a slot did not run; stored."""

    SUPERSEDED = "COALESCIDO"  # a later slot of the same agenda runs in its place
    TOO_LATE = "TARDE"  # when it could have run, it was older than the catch-up limit


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
    yet: the clock was ahead then. since: of the ledger from now on.
    """

    agenda: Agenda
    since: datetime
    run: datetime | None = None
    missed: tuple[tuple[datetime, Missed], ...] = ()
    taken_back: tuple[datetime, ...] = ()


def duty(agenda: Agenda, ledger: Ledger, now: datetime, zone: ZoneInfo, catch_up: timedelta) -> Duty:
    """What `agenda` owes at `now` (aware). catch_up: how late a slot may still run; its own minute always counts.

    Of several owed slots the latest runs, for one backup is as good as three made at once; the others are missed.
    """
    since = min(ledger.since, now)  # a clock that was ahead when the row was first seen must not silence it for years
    settled = ledger.ran | ledger.missed
    owed = [slot for slot in slots_between(agenda, since, now, zone) if slot not in settled]
    oldest = now - max(catch_up, timedelta(minutes=1))
    late, fresh = [slot for slot in owed if slot < oldest], [slot for slot in owed if slot >= oldest]
    reason = Missed.SUPERSEDED if fresh else Missed.TOO_LATE
    return Duty(
        agenda=agenda,
        since=since if fresh else now,  # what is to run now may not come to it, and is then asked for again
        run=fresh[-1] if fresh else None,
        missed=tuple((slot, reason) for slot in (*late, *fresh[:-1])),
        taken_back=tuple(sorted(slot for slot in ledger.missed if slot > now)),
    )
