"""EMPRESA.AGENDAS: the agendas as the agent last published them, or what is wrong with that document.

An agent of 1.0.x publishes none, and the column may hold anything: nothing here raises.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from dashboard.monitoring.documents import content_of
from topcore.agenda import Agenda, RejectedRow, Weekday
from topcore.calendar import Ran, Schedule, known_since
from topcore.tables import NamingScheme

_LONGEST = 200_000  # characters of the document
_MOST_ROWS = 50
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


class Reading(Enum):
    """NOT_PUBLISHED: an agent of 1.0.x, or one that never reached the cloud. UNREADABLE: not of the agreed form."""

    NOT_PUBLISHED = "nao_publicada"
    UNREADABLE = "ilegivel"
    READ = "lida"


@dataclass(frozen=True)
class Published:
    """zone, read_at: None where the document does not say; read_at is never later than the reading here.

    whole: is this all that the company is owed? Only then may a day be called free.
    """

    reading: Reading
    agendas: tuple[Agenda, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    zone: ZoneInfo | None = None
    read_at: datetime | None = None
    whole: bool = False


class _Wrong(ValueError):
    """Not of the agreed form; the message names the field."""


def published(document: Any, now: datetime) -> Published:
    """document: what the column holds. now: aware."""
    if document is None or document in ("", b""):
        return Published(Reading.NOT_PUBLISHED)
    content = content_of(document, _LONGEST)
    if not isinstance(content, dict) or not isinstance(content.get("agendas"), list):
        return Published(Reading.UNREADABLE)
    rows, told = content["agendas"], content.get("rejeitadas")
    judged = [_agenda(row, place) for place, row in enumerate(rows[:_MOST_ROWS], 1)]
    agendas = tuple(row for row in judged if isinstance(row, Agenda))
    unread = tuple(row for row in judged if isinstance(row, RejectedRow))
    refused = tuple(map(_rejected, told[:_MOST_ROWS])) if isinstance(told, list) else ()
    zone, read_at = _zone(content.get("fuso")), _instant(content.get("lida_em"))
    return Published(
        Reading.READ,
        agendas,
        (*unread, *refused),
        zone,
        None if read_at is None else min(read_at, now),
        whole=not unread and len(rows) <= _MOST_ROWS,
    )


def schedule_of(told: Published, ran: Iterable[Ran], earliest: datetime) -> Schedule | None:
    """None where it cannot be said what was due: no agenda, or one that is not understood as a whole.

    earliest: aware; before it nothing is judged, whatever is known.
    """
    if not told.whole or told.zone is None or told.read_at is None:
        return None
    since = known_since(told.agendas, told.zone, ran, told.read_at)
    return None if since is None else Schedule(told.agendas, told.zone, max(since, earliest))


def _agenda(row: Any, place: int) -> Agenda | RejectedRow:
    if not isinstance(row, dict):
        return RejectedRow(str(place), _("the document does not have the agreed form"))
    try:
        return Agenda(
            id=_number(row),
            time=_time(row.get("horario")),
            days=_days(row.get("dias")),
            destination1=_required(row, "local_destino1"),
            destination2=_text(row, "local_destino2"),
            remote=row.get("backup_remoto") is True,
            naming=_naming(row.get("prefixo_backup")),
            source=_text(row, "banco_origem"),
        )
    except _Wrong as wrong:
        return RejectedRow(str(row.get("id", place))[:40], _("not understood: %(field)s") % {"field": str(wrong)[:60]})


def _number(row: dict[str, Any]) -> int:
    value = row.get("id")
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Wrong("id")
    return value


def _time(value: Any) -> time:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _Wrong("horario")
    return time(int(found[1]), int(found[2]))


def _days(value: Any) -> frozenset[Weekday]:
    names = {day.name: day for day in Weekday}
    if not isinstance(value, list) or any(not isinstance(name, str) or name not in names for name in value):
        raise _Wrong("dias")
    return frozenset(names[name] for name in value)


def _text(row: dict[str, Any], field: str) -> str | None:
    value = row.get(field)
    if value is not None and not isinstance(value, str):
        raise _Wrong(field)
    return value or None


def _required(row: dict[str, Any], field: str) -> str:
    text = _text(row, field)
    if text is None:
        raise _Wrong(field)
    return text


def _naming(value: Any) -> NamingScheme:
    if value not in list(NamingScheme):
        raise _Wrong("prefixo_backup")
    return NamingScheme(value)


def _rejected(row: Any) -> RejectedRow:
    told = row if isinstance(row, dict) else {}
    return RejectedRow(str(told.get("id", "—"))[:40], str(told.get("motivo", "—"))[:300])


def _zone(name: Any) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if isinstance(name, str) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _instant(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None and 1970 < found.year < 9990 else None
