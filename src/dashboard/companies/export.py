"""The history as CSV, for Brazilian Excel: UTF-8 with its mark, `;` between the cells, decimal dates as people write.

Row by row, however many there are. A cell that a spreadsheet would take for a formula gets an apostrophe before it.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from dashboard.companies.run_faces import LONGEST_MESSAGE
from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Run
from topcore.tables import RunColumn

MOST_ROWS = 50_000
_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_FIELDS = {field.column: field.attname for field in Run._meta.concrete_fields}


class _Echo:
    """csv wants a file; what it writes there is what is to be sent."""

    def write(self, text: str) -> str:
        return text


def lines(runs: Iterable[Run], limit: int = MOST_ROWS) -> Iterator[str]:
    """Header and rows. runs: at most one more than `limit`; the one too many is told in words instead."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    columns = [column.value for column in RunColumn]
    yield _MARK + str(writer.writerow(columns))
    for number, run in enumerate(runs):
        if number == limit:
            too_many = _("Only the first %(number)d rows are here: choose a shorter period.") % {"number": limit}
            yield str(writer.writerow([too_many]))
            return
        yield str(writer.writerow([_cell(_value(run, column)) for column in columns]))


def _value(run: Run, column: str) -> Any:
    if column == RunColumn.ERROR_MESSAGE:
        return getattr(run, "message", "")  # its beginning; the column itself is not fetched
    return getattr(run, _FIELDS[column])


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{localtime(value):%d/%m/%Y %H:%M:%S}"
    raw = value if isinstance(value, str) else ""
    text = shown(value, LONGEST_MESSAGE)
    return f"'{text}" if text.startswith(_FORMULA) or raw.startswith(_FORMULA) else text
