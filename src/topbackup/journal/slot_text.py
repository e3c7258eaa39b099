"""A row of AGENDA_BACKUP and an instant as text and back: how the journal keeps them."""

import json
from datetime import UTC, datetime, time
from typing import Any

from topcore.agenda import Agenda, Weekday
from topcore.tables import NamingScheme


def instant_text(instant: datetime) -> str:
    """ISO 8601 in UTC, to the microsecond, of one length: it sorts as the instants do."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def agenda_text(agenda: Agenda) -> str:
    return json.dumps(
        {
            "id": agenda.id,
            "time": agenda.time.isoformat(),
            "days": [day.name for day in sorted(agenda.days)],
            "destination1": agenda.destination1,
            "destination2": agenda.destination2,
            "remote": agenda.remote,
            "naming": agenda.naming.value,
            "source": agenda.source,
        },
        ensure_ascii=False,
    )


def agenda_from_text(text: str) -> Agenda:
    fields: dict[str, Any] = json.loads(text)
    return Agenda(
        id=fields["id"],
        time=time.fromisoformat(fields["time"]),
        days=frozenset(Weekday[name] for name in fields["days"]),
        destination1=fields["destination1"],
        destination2=fields["destination2"],
        remote=fields["remote"],
        naming=NamingScheme(fields["naming"]),
        source=fields["source"],
    )
