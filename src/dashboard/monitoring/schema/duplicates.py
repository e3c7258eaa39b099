"""Rows that stand in the way of a unique key."""

# ruff: noqa: S608 - SQL is put together from our own names only; values are parameters

from django.core.management.base import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

_SHOWN = 20


class AdoptionRefused(CommandError):
    """The database cannot be adopted as it is; nothing was changed. The message names the rows."""


def refuse_duplicates(connection: BaseDatabaseWrapper, table: str, column: str) -> None:
    """Raises AdoptionRefused where two rows of the table have the same value in the column."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ID, {column} FROM {table} WHERE {column} IN"
            f" (SELECT {column} FROM {table} GROUP BY {column} HAVING COUNT(*) > 1) ORDER BY {column}, ID"
        )
        rows = cursor.fetchall()
    if not rows:
        return
    named = ", ".join(f"ID {identity} ({value})" for identity, value in rows[:_SHOWN])
    if len(rows) > _SHOWN:
        named += ", …"
    raise AdoptionRefused(
        _(
            "%(table)s has %(number)d rows with the same %(column)s: %(rows)s. Nothing was changed. Join or correct"
            " these rows, then run migrate again."
        )
        % {"table": table, "number": len(rows), "column": column, "rows": named}
    )
