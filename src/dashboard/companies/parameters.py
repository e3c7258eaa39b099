"""The filters of a history, as its address names them: checked, and a bad one is named."""

from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlencode

from dashboard.companies.history import Place, Wanted
from dashboard.monitoring.parameters import BadParameter
from dashboard.monitoring.wall_time import FIRST, LAST, parsed, wall_text
from topcore.tables import RunStatus

_LONGEST_SOURCE = 500
_LARGEST_ID = 2**63 - 1
_SEPARATOR = "~"


def wanted(query: Mapping[str, str]) -> Wanted:
    """status, de, ate, falhas, sem_prova, banco. Raises BadParameter."""
    first, last = _day(query, "de"), _day(query, "ate")
    if first is not None and last is not None and last < first:
        raise BadParameter("ate", "a day that is not before `de`")
    return Wanted(
        _status(query), first, last, _flag(query, "falhas"), _flag(query, "sem_prova"), _source(query)
    )  # fmt: skip


def place(query: Mapping[str, str]) -> Place | None:
    """depois. Raises BadParameter."""
    value = query.get("depois", "")
    if not value:
        return None
    bad = BadParameter("depois", "the value that the page before gave")
    started, separator, identity = value.rpartition(_SEPARATOR)
    if not (
        separator and identity.isascii() and identity.isdigit() and len(identity) <= 19 and int(identity) <= _LARGEST_ID
    ):
        raise bad
    moment: datetime | None = parsed(started) if started else None
    if started and (moment is None or not FIRST <= moment < LAST or wall_text(moment) != started):
        raise bad
    return Place(moment, int(identity))


def place_text(at: Place) -> str:
    """For `depois`."""
    return f"{wall_text(at.started_at) if at.started_at else ''}{_SEPARATOR}{at.run_id}"


def address(asked: Wanted, **more: str) -> str:
    """The filters as a query string, `?` and all; empty where there are none."""
    values = {
        "status": asked.status.value if asked.status else "",
        "de": asked.first.isoformat() if asked.first else "",
        "ate": asked.last.isoformat() if asked.last else "",
        "falhas": "1" if asked.failures else "",
        "sem_prova": "1" if asked.unproven else "",
        "banco": asked.source,
        **more,
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return f"?{query}" if query else ""


def _status(query: Mapping[str, str]) -> RunStatus | None:
    value = query.get("status", "")
    if value and value not in list(RunStatus):
        raise BadParameter("status", f"one of {', '.join(RunStatus)}")
    return RunStatus(value) if value else None


def _day(query: Mapping[str, str], name: str) -> date | None:
    value = query.get(name, "")
    if not value:
        return None
    try:
        day = date.fromisoformat(value) if len(value) == len("2026-11-25") else None
    except ValueError:
        day = None
    if day is None or not FIRST.date() <= day < LAST.date():
        raise BadParameter(name, "a day, as 2026-11-25")
    return day


def _flag(query: Mapping[str, str], name: str) -> bool:
    value = query.get(name, "")
    if value not in ("", "1"):
        raise BadParameter(name, "1, or nothing")
    return value == "1"


def _source(query: Mapping[str, str]) -> str:
    value = query.get("banco", "")
    if len(value) > _LONGEST_SOURCE or "\0" in value:
        raise BadParameter("banco", f"a text of at most {_LONGEST_SOURCE} characters")
    return value
