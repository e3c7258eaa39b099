"""A backup by hand where there are several agendas: what the list shows from which a person takes one. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from topbackup.gui.lists import Document, agenda_rows
from topbackup.gui.widgets.table import Column, Row
from topbackup.gui.words import number, rows_of
from topbackup.i18n import _

_LEAST, _MOST = 3, 8  # lines; more agendas than that are scrolled to
_LINE, _AROUND = 32, 330  # pixels at 100 %: a line, and the dialog's other parts with the panels of the desktop


def columns() -> tuple[Column, ...]:
    return (
        Column(_("Agenda"), 80),
        Column(_("Time"), 90),
        Column(_("Days"), 120),
        Column(_("Database"), 180, grow=True, middle=True),
        Column(_("Folders"), 180, grow=True, middle=True),
    )


def choices(document: Document, now: datetime, zone: ZoneInfo) -> list[Row]:
    """The agendas that make backups, by their number; a rejected row makes none. key: the number."""
    databases = {number(row.get("id")): str(row.get("banco_origem") or "") for row in rows_of(document.get("agendas"))}
    return [
        Row(
            str(row.number),
            (str(row.number), row.at, row.days, databases.get(row.number) or _("the main database"), row.folders),
        )
        for row in agenda_rows(document, now, zone)
        if row.number is not None
    ]


def seen_at_once(count: int, high: float) -> int:
    """Lines of the list, so that the whole dialog is on the screen. high: the screen's pixels at 100 %."""
    return min(max(count, _LEAST), max(_LEAST, min(_MOST, int((high - _AROUND) / _LINE))))
