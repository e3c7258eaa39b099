"""The history as CSV, its columns named as in the cloud, dates as people write them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from dashboard.companies.run_faces import LONGEST_MESSAGE
from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Run
from dashboard.monitoring.spreadsheet import MARK, harmless, row
from topcore.tables import RunColumn

MOST_ROWS = 50_000
_FIELDS = {field.column: field.attname for field in Run._meta.concrete_fields}


def lines(runs: Iterable[Run], limit: int = MOST_ROWS) -> Iterator[str]:
    """Header and rows. runs: at most one more than `limit`; the one too many is told in words instead."""
    columns = [column.value for column in RunColumn]
    yield MARK + row(columns)
    for number, run in enumerate(runs):
        if number == limit:
            too_many = _("Only the first %(number)d rows are here: choose a shorter period.") % {"number": limit}
            yield row([too_many])
            return
        yield row(_cell(_value(run, column)) for column in columns)


def _value(run: Run, column: str) -> Any:
    if column == RunColumn.ERROR_MESSAGE:
        return getattr(run, "message", "")  # its beginning; the column itself is not fetched
    return getattr(run, _FIELDS[column])


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{localtime(value):%d/%m/%Y %H:%M:%S}"
    text = shown(value, LONGEST_MESSAGE)
    # What began with a tab or a line's end begins with what stood behind it now.
    return f"'{text}" if isinstance(value, str) and harmless(value) != value and harmless(text) == text else text
