"""The book of the due slots: which rows of AGENDA_BACKUP are known, and what became of each slot of theirs."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from topbackup.journal.journal import Journal
from topbackup.journal.slot_text import agenda_from_text, agenda_text, instant_text
from topcore.agenda import Agenda
from topcore.duty import Duty, Ledger, Missed, Seen, first_seen, seen_again

_KEPT = timedelta(days=400)  # settled slots: a year and a month, longer than any clock is set back without being seen


class SlotBook:
    """Keeps its rows in the journal, so that a slot and the run that it became are one transaction."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def seen(self) -> list[Seen]:
        """The rows as they were last read, by ID."""
        rows = self._journal.rows("SELECT AGENDA, FUSO, DESDE, LIDA FROM AGENDA_VISTA ORDER BY ID")
        return [
            Seen(agenda_from_text(agenda), zone, datetime.fromisoformat(since), datetime.fromisoformat(read_at))
            for agenda, zone, since, read_at in rows
        ]

    def ledger(self, seen: Seen, now: datetime) -> Ledger:
        """What is on record of its slots, as `duty` asks for it."""
        after = instant_text(min(seen.since, now))
        rows = self._journal.rows(
            "SELECT HORARIO, RESULTADO FROM PREVISTO WHERE AGENDA = ? AND HORARIO > ?", seen.agenda.id, after
        )
        ran = frozenset(datetime.fromisoformat(slot) for slot, result in rows if result == "EXECUTADO")
        missed = frozenset(datetime.fromisoformat(slot) for slot, result in rows if result != "EXECUTADO")
        return Ledger(seen.since, ran, missed)

    def settled(self, after: datetime) -> list[tuple[int, datetime, str]]:
        """The slots later than `after` (aware) that are on record, newest first: (ID, slot, RESULTADO)."""
        rows = self._journal.rows(
            "SELECT AGENDA, HORARIO, RESULTADO FROM PREVISTO WHERE HORARIO > ? ORDER BY HORARIO DESC, AGENDA",
            instant_text(after),
        )
        return [(number, datetime.fromisoformat(slot), result) for number, slot, result in rows]

    def read_again(
        self, agendas: Sequence[Agenda], now: datetime, zone: ZoneInfo, *, unreadable: frozenset[int] = frozenset()
    ) -> list[tuple[int, datetime, Missed]]:
        """AGENDA_BACKUP was read; the slots that were missed because of what changed, as (ID, slot, why).

        unreadable: IDs whose rows are there and were rejected now: what they owed before they still owe.
        """
        known = {seen.agenda.id: seen for seen in self.seen()}
        fresh = {agenda.id: agenda for agenda in agendas}
        missed: list[tuple[int, datetime, Missed]] = []
        with self._journal.transaction() as cursor:
            for number in known.keys() | fresh.keys():
                if number not in known:
                    _keep(cursor, first_seen(fresh[number], zone, now))
                    continue
                if number not in fresh and number in unreadable:
                    continue
                before = known[number]
                reread = seen_again(before, fresh.get(number), self.ledger(before, now), now, zone)
                missed += [(number, slot, why) for slot, why in reread.missed]
                if reread.seen is None:
                    cursor.execute("DELETE FROM AGENDA_VISTA WHERE ID = ?", (number,))
                else:
                    _keep(cursor, reread.seen)
            _put_missed(cursor, missed)
            cursor.execute("DELETE FROM PREVISTO WHERE HORARIO < ?", (instant_text(now - _KEPT),))
        return sorted(missed)

    def note(self, duties: Iterable[Duty]) -> None:
        """Put down what was missed, and take back what is not due yet. Writes nothing where there is nothing."""
        told = [found for found in duties if found.missed or found.taken_back]
        if not told:
            return
        with self._journal.transaction() as cursor:
            for found in told:
                number = found.agenda.id
                cursor.executemany(
                    "DELETE FROM PREVISTO WHERE AGENDA = ? AND HORARIO = ? AND UUID IS NULL",
                    [(number, instant_text(slot)) for slot in found.taken_back],
                )
                _put_missed(cursor, [(number, slot, why) for slot, why in found.missed])
                cursor.execute("UPDATE AGENDA_VISTA SET DESDE = ? WHERE ID = ?", (instant_text(found.since), number))


def _keep(cursor: sqlite3.Cursor, seen: Seen) -> None:
    cursor.execute(
        "INSERT OR REPLACE INTO AGENDA_VISTA (ID, AGENDA, FUSO, DESDE, LIDA) VALUES (?, ?, ?, ?, ?)",
        (
            seen.agenda.id,
            agenda_text(seen.agenda),
            seen.zone,
            instant_text(seen.since),
            instant_text(seen.read_at),
        ),
    )


def _put_missed(cursor: sqlite3.Cursor, missed: Iterable[tuple[int, datetime, Missed]]) -> None:
    cursor.executemany(
        # A run may have begun, and settled its slot, since the ledger was read.
        "INSERT INTO PREVISTO (AGENDA, HORARIO, RESULTADO) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(number, instant_text(slot), why.value) for number, slot, why in missed],
    )
