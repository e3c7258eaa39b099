"""Search without accents and capitals, in SQLite as MySQL's collation does it."""

import unicodedata
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def teach_sqlite(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give every new SQLite connection the function SEM_ACENTO."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("SEM_ACENTO", 1, without_accents, deterministic=True)


def without_accents(text: Any) -> str | None:
    """`SÃO JOÃO` as `sao joao`."""
    if text is None:
        return None
    return "".join(c for c in unicodedata.normalize("NFKD", str(text)) if not unicodedata.combining(c)).casefold()
