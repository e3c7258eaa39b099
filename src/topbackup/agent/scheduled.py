"""The schedule: what the book of slots owes at one instant, put down and put into words."""

import logging
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from topbackup.agent.parts import Registration
from topbackup.journal import SlotBook
from topbackup.settings import Settings
from topcore.duty import Duty, Missed, Seen, delay_of, duty, in_turn

_log = logging.getLogger(__name__)
_PUNCTUAL = timedelta(minutes=2)  # later than this after its moment, a run is told as one that was caught up


@dataclass(frozen=True)
class Rules:
    """What the settings say of the schedule. delay: of this company's runs after their slots."""

    zone: ZoneInfo
    catch_up: timedelta
    delay: timedelta = timedelta(0)

    @classmethod
    def of(cls, settings: Settings, company: str) -> "Rules":
        """company: its CNPJ; it decides the delay, so that two shops of one fleet have two."""
        backup = settings.backup
        spread = timedelta(seconds=backup.jitter_seconds)
        return cls(settings.app.zone, timedelta(hours=backup.catch_up_hours), delay_of(company, spread))


class Schedule:
    """Every slot of every row is settled here or by the run that it becomes, once."""

    def __init__(self, book: SlotBook) -> None:
        self._book = book
        self._turn = threading.Lock()  # a reading of the rows and a look at what they owe exclude each other

    def read_again(self, registration: Registration, now: datetime, zone: ZoneInfo) -> None:
        """AGENDA_BACKUP was read. A row that was rejected now still owes what it owed before."""
        agendas = registration.agendas
        unreadable = frozenset(row.number for row in agendas.rejected if row.number is not None)
        for row in agendas.rejected:
            _log.warning("AGENDA_BACKUP: row %s rejected: %s", row.row, row.reason)
        with self._turn:
            missed = self._book.read_again(agendas.agendas, now, zone, unreadable=unreadable)
        for number, slot, why in missed:
            _tell_missed(number, slot, why)

    def owed(self, now: datetime, rules: Rules, in_hand: Collection[int] = ()) -> Sequence[Duty]:
        """What is to run now, oldest first; what cannot run any more is put down as missed.

        in_hand: rows of which a slot is waiting or running already. It settles its slot when it begins; until then the
        row is left alone, or one slot could be settled twice.
        """
        with self._turn:
            rows = [seen for seen in self._book.seen() if seen.agenda.id not in in_hand]
            duties = [self._duty(seen, now, rules) for seen in rows]
            self._book.note(duties)
        for found in duties:
            for slot, why in found.missed:
                _tell_missed(found.agenda.id, slot, why)
        return in_turn(duties)

    def _duty(self, seen: Seen, now: datetime, rules: Rules) -> Duty:
        ledger = self._book.ledger(seen, now)
        return duty(seen.agenda, ledger, now, ZoneInfo(seen.zone), rules.catch_up, delay=rules.delay)


def tell_late(found: Duty, now: datetime, delay: timedelta) -> None:
    """A log line for a run that stands for a slot of the past."""
    if found.run is not None and now - found.run > delay + _PUNCTUAL:
        _log.info("agenda %d: this run stands for the slot of %s, %s late", found.agenda.id, found.run, now - found.run)


def _tell_missed(number: int, slot: datetime, why: Missed) -> None:
    words = {
        Missed.SUPERSEDED: "a later one runs in its place",
        Missed.TOO_LATE: "it was too late when it could have run",
        Missed.CHANGED: "the row was changed or taken away before it could run",
    }
    _log.warning("agenda %d: the slot of %s was missed (%s): %s", number, slot, why.value, words[why])
