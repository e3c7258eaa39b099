"""The rows of AGENDA_BACKUP that were rejected when it was last read: kept, so that `status` knows them without asking.

No backup is made by such a row, and one that was always rejected owes none: nothing else would show it.
"""

import json
from datetime import datetime
from typing import Any

from topbackup.firebird.agenda_reader import AgendaReading
from topbackup.journal import Journal

_KEY = "agenda_rejeitadas"
_NAMED = 100  # rows that are named; all are counted


def note_rejected(journal: Journal, agendas: AgendaReading, now: datetime) -> None:
    """now: aware. Raises OperationFailed where the journal cannot be written."""
    rows = [{"id": row.row, "motivo": row.reason} for row in agendas.rejected[:_NAMED]]
    found = {"quantas": len(agendas.rejected), "linhas": rows, "lida_em": now.isoformat()}
    journal.remember(_KEY, json.dumps(found, ensure_ascii=False))


def rejected_rows(journal: Journal) -> dict[str, Any] | None:
    """`quantas`, `linhas` with `id` and `motivo`, `lida_em`; None where AGENDA_BACKUP was never read."""
    kept = journal.recall(_KEY)
    found: dict[str, Any] | None = None if kept is None else json.loads(kept)
    return found
