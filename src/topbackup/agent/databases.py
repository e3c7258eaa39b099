"""The databases that the agent looks after, by the names that their runs bear: noted whenever AGENDA_BACKUP is read.

A company of several is as well off as the worst of them (topcore.health.weakest), here and on the dashboard.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from topbackup.backup.orders import database_name
from topbackup.firebird.agenda_reader import AgendaReading
from topbackup.journal import Journal, SlotBook
from topbackup.settings import Settings
from topcore.health import Evidence, RunFact, evidence
from topcore.record import BackupRecord

_KEY, _TOLD = "bancos", "bancos_na_nuvem"
_RUNS_LOOKED_AT = 200


def note_databases(journal: Journal, reading: AgendaReading, settings: Settings) -> tuple[str, ...]:
    """Those of the rows that have a day, in order. Raises OperationFailed where the journal cannot be written.

    A row that is rejected now counts by what it said when it was last good: what it owed it still owes.
    """
    rejected = {row.number for row in reading.rejected}
    before = [seen.agenda for seen in SlotBook(journal).seen() if seen.agenda.id in rejected]
    found = sorted({database_name(row.source, settings) for row in (*reading.agendas, *before) if row.active})
    text = json.dumps(found, ensure_ascii=False)
    if journal.recall(_KEY) != text:
        journal.remember(_KEY, text)
    return tuple(found)


def known_databases(journal: Journal) -> tuple[str, ...]:
    """As last noted; empty where AGENDA_BACKUP was never read."""
    kept = journal.recall(_KEY)
    return tuple(json.loads(kept)) if kept else ()


def told_databases(journal: Journal) -> tuple[str, ...] | None:
    """Those that the cloud was told last; None where it never was."""
    kept = journal.recall(_TOLD)
    return None if kept is None else tuple(json.loads(kept))


def remember_told(journal: Journal, databases: Sequence[str]) -> None:
    """The cloud has them."""
    if told_databases(journal) != tuple(databases):
        journal.remember(_TOLD, json.dumps(list(databases), ensure_ascii=False))


def evidence_here(journal: Journal) -> dict[str, Evidence]:
    """What the journal says of each database; by the name "" of all runs as one, where none is known."""
    databases = known_databases(journal)
    newest = journal.history(1)
    latest = newest[0].started_at if newest else datetime.max.replace(tzinfo=UTC)
    if not databases:
        return {"": _evidence(journal.history(_RUNS_LOOKED_AT), latest, of_database=False)}
    return {name: _evidence(journal.history_of(name, _RUNS_LOOKED_AT), latest, of_database=True) for name in databases}


def _evidence(newest_first: Sequence[BackupRecord], latest: datetime, *, of_database: bool) -> Evidence:
    """Each run with an instant that it cannot have begun after: the start of any later one.

    So what a clock that was ahead dated does not outshine the failures that came after it. latest: the start of the
    newest run of any database.
    """
    facts: list[RunFact] = []
    for record in newest_first:
        latest = min(latest, record.started_at)
        facts.append(_fact(record, latest, of_database=of_database))
    return evidence(reversed(facts))


def _fact(record: BackupRecord, no_later_than: datetime, *, of_database: bool) -> RunFact:
    own = record.source_next_due if of_database else None
    return RunFact(
        record.started_at,
        no_later_than,
        record.status,
        partial=record.partial,
        proof=record.proof,
        next_due=own or record.next_due,
        size=record.size,
    )
