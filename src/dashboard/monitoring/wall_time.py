"""The field of a DATETIME column: wall time of America/Sao_Paulo there, aware here."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

CLOUD_ZONE = ZoneInfo("America/Sao_Paulo")
# As in state/dialect.py: outside of these no date is usable, and with the last ones nothing can be computed.
FIRST, LAST = datetime(1970, 1, 2, tzinfo=CLOUD_ZONE), datetime(9990, 1, 1, tzinfo=CLOUD_ZONE)


class WallTimeField(models.DateTimeField):  # type: ignore[type-arg] # a plain class when it runs
    """Reads whatever the column holds: what is no date at all (0000-00-00, or any text in SQLite) is None.

    Django's own field would end in a 500 there, and one bad row would take the page from all the others.
    """

    def get_internal_type(self) -> str:
        return "WallTimeField"  # so that the backend's converters leave the value to from_db_value

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "datetime(6)" if connection.vendor == "mysql" else "datetime"

    def from_db_value(self, value: Any, _expression: Any, _connection: BaseDatabaseWrapper) -> datetime | None:
        """Aware, in the cloud's zone."""
        return parsed(value)


def parsed(value: Any) -> datetime | None:
    """What a column holds as an aware time; None for what is none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    try:
        return value.replace(tzinfo=CLOUD_ZONE) if value.tzinfo is None else value.astimezone(CLOUD_ZONE)
    except OverflowError:  # at the first and the last day of all
        return None


def usable(moment: datetime | None) -> datetime | None:
    """An aware time, or None for one that counts for nothing."""
    return moment if moment is not None and FIRST <= moment < LAST else None


def wall_text(moment: datetime) -> str:
    """An aware time as the columns spell it: no fraction where it is zero, as Django and the agent do."""
    return moment.astimezone(UTC).astimezone(CLOUD_ZONE).replace(tzinfo=None).isoformat(sep=" ")
