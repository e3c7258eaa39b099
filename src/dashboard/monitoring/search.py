"""Search by name without accents and capitals, in SQLite as MySQL's collation does it; and by CNPJ."""

import re
import unicodedata
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Replace

from dashboard.monitoring.models import Company

_NAMES = ("trade_name", "legal_name")
_PUNCTUATION = "./- "
_SQLITE_PLAIN = "SEM_ACENTO(%(expressions)s)"
# A column of a site made by hand may be latin1, and is not to be compared with what latin1 cannot hold.
_MYSQL_PLAIN = "CONVERT(%(expressions)s USING utf8mb4)"


def teach_sqlite(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give every new SQLite connection the function SEM_ACENTO; and let INSERT OR REPLACE tell of the row that goes."""
    if connection.vendor == "sqlite":
        connection.connection.execute("PRAGMA recursive_triggers = ON")
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


def companies_named(text: str, limit: int) -> list[int]:
    """IDs, in no order: at most `limit`. Reads every company, and nothing else."""
    return list(named(Company.objects.all(), "", text).values_list("pk", flat=True)[:limit])


def named(rows: QuerySet[Any], company: str, text: str) -> QuerySet[Any]:
    """Those with the text in a name or a CNPJ. company: the way to it from the rows, `company__` or nothing."""
    if connection.vendor == "sqlite":
        plain, comparison, sought = _SQLITE_PLAIN, "contains", without_accents(text)
    else:
        plain, comparison, sought = _MYSQL_PLAIN, "icontains", text
    rows = rows.annotate(**{
        f"plain_{name}": Func(F(f"{company}{name}"), template=plain, output_field=CharField()) for name in _NAMES
    })  # fmt: skip
    found = Q(**{f"plain_{name}__{comparison}": sought for name in _NAMES}, _connector=Q.OR)
    characters = characters_of_tax_id(text)
    if characters:
        rows = rows.annotate(tax_id_characters=_without(f"{company}tax_id", _PUNCTUATION))
        found |= Q(tax_id_characters__icontains=characters)
    return rows.filter(found)


def _without(column: str, characters: str) -> Replace | F:
    expression: Replace | F = F(column)
    for character in characters:
        expression = Replace(expression, Value(character), Value(""))
    return expression
