"""The schedule, from the customer's table AGENDA_BACKUP: each row an agenda, or a rejection with its reason."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import PurePosixPath, PureWindowsPath

from topbackup.errors import OperationFailed
from topbackup.firebird.address import parse_address
from topbackup.firebird.catalog import columns_of, read_rows
from topbackup.firebird.connection import Connection
from topbackup.i18n import _
from topbackup.problems import AGENDA_UNREADABLE
from topcore.agenda import Agenda, RejectedRow, Weekday
from topcore.tables import NO, YES, NamingScheme

_TABLE = "AGENDA_BACKUP"
_REQUIRED = ("ID", "HORARIO", *(day.name for day in Weekday), "LOCAL_DESTINO1")
_OPTIONAL = ("LOCAL_DESTINO2", "BACKUP_REMOTO", "PREFIXO_BACKUP", "BANCO_ORIGEM")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?", re.ASCII)  # "7:5" may mean 7:05 or 7:50
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # Unicode categories: control, formatting, half a pair, separators of lines
_SHOWN = 60  # characters of a wrong value in a reason


@dataclass(frozen=True)
class AgendaReading:
    """All rows of the table, in the order of their IDs."""

    agendas: tuple[Agenda, ...]
    rejected: tuple[RejectedRow, ...]


class _Wrong(ValueError):
    """A row's reason to be rejected, in the user's language."""


def read_agendas(connection: Connection) -> AgendaReading:
    """Raises OperationFailed: AGENDA_UNREADABLE where the table or a column is missing, or what Firebird said."""
    columns = columns_of(connection, _TABLE)
    if not columns:
        raise OperationFailed(AGENDA_UNREADABLE, _("There is no table {table}.").format(table=_TABLE))
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        sentence = _("The column {column} is missing.")
        raise OperationFailed(AGENDA_UNREADABLE, sentence.format(column=", ".join(missing)))
    asked = tuple(columns[name] for name in (*_REQUIRED, *_OPTIONAL) if name in columns)
    return _without_duplicates([agenda_from_row(row) for row in read_rows(connection, _TABLE, asked, order="ID")])


def agenda_from_row(row: Mapping[str, object]) -> Agenda | RejectedRow:
    """Judge one row, column name → value. A column that is absent counts as NULL. Never raises."""
    try:
        return Agenda(
            id=_id(row.get("ID")),
            time=_time(row.get("HORARIO")),
            days=frozenset(day for day in Weekday if _flag(day.name, row.get(day.name))),
            destination1=_required(_folder, "LOCAL_DESTINO1", row.get("LOCAL_DESTINO1")),
            destination2=_folder("LOCAL_DESTINO2", row.get("LOCAL_DESTINO2")),
            remote=_flag("BACKUP_REMOTO", row.get("BACKUP_REMOTO")),
            naming=_naming(row.get("PREFIXO_BACKUP")),
            source=_source("BANCO_ORIGEM", row.get("BANCO_ORIGEM")),
        )
    except _Wrong as wrong:
        number = row.get("ID")
        return RejectedRow(_("without ID") if number is None else _shown(number), str(wrong))


def _without_duplicates(judged: list[Agenda | RejectedRow]) -> AgendaReading:
    """Of two rows with one ID nobody can say which is meant when one is asked for, so neither runs."""
    agendas = [row for row in judged if isinstance(row, Agenda)]
    rejected = [row for row in judged if isinstance(row, RejectedRow)]
    numbers = [agenda.id for agenda in agendas]
    twice = {number for number in numbers if numbers.count(number) > 1}
    reason = _("ID: more than one row has this number")
    rejected += [RejectedRow(str(agenda.id), reason) for agenda in agendas if agenda.id in twice]
    return AgendaReading(tuple(agenda for agenda in agendas if agenda.id not in twice), tuple(rejected))


def _id(value: object) -> int:
    if value is None or isinstance(value, bool):
        raise _Wrong(_("ID: it is empty"))
    text = str(value).strip()
    if not re.fullmatch(r"-?\d{1,19}(\.0*)?", text, re.ASCII):
        raise _Wrong(_("ID: {value} is not a number").format(value=_shown(value)))
    return int(text.split(".")[0])


def _time(value: object) -> time:
    """To the minute; seconds are dropped, as the schedule is kept in minutes."""
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return time(value.hour, value.minute)
    text = "" if value is None else str(value).strip()
    if not text:
        raise _Wrong(_("HORARIO: it is empty"))
    found = _TIME.fullmatch(text)
    hour, minute, second = (int(part or 0) for part in found.groups()) if found else (99, 0, 0)
    if hour > 23 or minute > 59 or second > 59:
        raise _Wrong(_("HORARIO: {value} is not a time of day (HH:MM)").format(value=_shown(value)))
    return time(hour, minute)


def _flag(column: str, value: object) -> bool:
    """S or N; NULL and empty are N."""
    if isinstance(value, bool):
        return value
    text = "" if value is None else str(value).strip().upper()
    if text not in (YES, NO, ""):
        raise _Wrong(_("{column}: {value} is neither S nor N").format(column=column, value=_shown(value)))
    return text == YES


def _naming(value: object) -> NamingScheme:
    text = "" if value is None else str(value).strip().upper()
    try:
        return NamingScheme(text) if text else NamingScheme.VERSIONED
    except ValueError:
        raise _Wrong(_("PREFIXO_BACKUP: {value} is none of V, S, U").format(value=_shown(value))) from None


def _path(column: str, value: object) -> str | None:
    """Blanks around are a CHAR's padding or a slip of the hand. No invisible sign may reach a path or a command."""
    text = "" if value is None else str(value).strip(" \0")
    if not text:
        return None
    if any(unicodedata.category(sign) in _UNSEEN for sign in text):
        raise _Wrong(_("{column}: {value} has control characters").format(column=column, value=_shown(value)))
    return text


def _source(column: str, value: object) -> str | None:
    path = _path(column, value)
    if path is not None:
        try:
            parse_address(path, None)
        except ValueError:
            wrong = _("{column}: {value} is not the address of a database").format(column=column, value=_shown(path))
            raise _Wrong(wrong) from None
    return path


def _folder(column: str, value: object) -> str | None:
    """A relative path would be another folder for each program that reads it, and the service's own is System32."""
    path = _path(column, value)
    if path is not None and not (PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()):
        raise _Wrong(_("{column}: {value} is not a whole path").format(column=column, value=_shown(path)))
    return path


def _required(read: Callable[[str, object], str | None], column: str, value: object) -> str:
    path = read(column, value)
    if path is None:
        raise _Wrong(_("{column}: it is empty").format(column=column))
    return path


def _shown(value: object) -> str:
    """On one line, quoted where it is a text, cut to a length that fits a screen."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
