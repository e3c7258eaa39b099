"""Search by name without accents and capitals, in SQLite as MySQL's collation does it; and by CNPJ."""

import re
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


def characters_of_tax_id(text: str) -> str:
    """The search as part of a CNPJ without punctuation; empty where it cannot be one."""
    characters = re.sub(r"[\s./-]", "", text)
    return characters if characters.isascii() and characters.isalnum() and any(map(str.isdigit, characters)) else ""
