"""What the cloud's tables can hold, found by looking at them; and values cut to fit.

A message that is too long, or a character that nothing can store, may not cost the record of a backup.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Inspector, Table, inspect
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import TypeEngine

from topbackup.cloud.failures import is_denied
from topbackup.cloud.tables import OPTIONAL, companies, databases, runs
from topcore.tables import CompanyColumn, RunColumn

# What identifies a row is never cut: cut, it would be another row's.
_KEYS = frozenset({CompanyColumn.TAX_ID.value, RunColumn.UUID.value, RunColumn.SHA256.value})
# In a name or a path the end tells more than the middle.
_PATHS = frozenset({
    RunColumn.FILE_NAME.value,
    RunColumn.DESTINATION_1.value,
    RunColumn.DESTINATION_2.value,
    RunColumn.SOURCE.value,
})  # fmt: skip
_SHORTEST_WITH_ELLIPSIS = 8
_TEXT_BYTES = {mysql.TINYTEXT: 255, mysql.TEXT: 65_535}  # bytes, not characters, and one may take four


class Plain(Enum):
    """What is written in Latin-1. A column that the dashboard's migration made holds any character."""

    NOTHING = 0
    TEXTS = 1  # but the database's name, by which a run and EMPRESA_BANCO are told to belong together
    ALL = 2


@dataclass(frozen=True)
class CloudSchema:
    """widths: characters, by table and column, where there is a limit. whole_seconds: columns without a fraction.

    missing: what an upgraded cloud has and this one has not, as `TABLE.COLUMN` or `TABLE.COLUMN UNIQUE`. absent:
    columns that it may do without, and does; absent_tables: tables likewise.
    """

    widths: Mapping[tuple[str, str], int]
    whole_seconds: frozenset[tuple[str, str]]
    missing: tuple[str, ...]
    absent: frozenset[tuple[str, str]] = frozenset()
    absent_tables: frozenset[str] = frozenset()

    def lacks(self, table: str) -> str:
        """What is missing of this table, in one line; empty when nothing is."""
        return ", ".join(name for name in self.missing if name.startswith(f"{table}."))

    def fit(self, table: str, values: Mapping[str, Any], *, plain: Plain = Plain.NOTHING) -> dict[str, Any]:
        """The values of a row, as the table can hold them. plain: what has only characters of every character set."""
        return {
            column: self._fitted(table, column, value, plain)
            for column, value in values.items()
            if (table, column) not in self.absent
        }

    def _fitted(self, table: str, column: str, value: Any, plain: Plain) -> Any:
        if isinstance(value, datetime) and (table, column) in self.whole_seconds:
            return value.replace(microsecond=0)  # MySQL would round, and 23:59:59.7 is not tomorrow
        if isinstance(value, str) and column not in _KEYS:
            text = _storable(value, plain is Plain.ALL or (plain is Plain.TEXTS and column != RunColumn.SOURCE.value))
            width = self.widths.get((table, column))
            return text if width is None else shortened(text, width, keep_end=column in _PATHS)
        return value


def shortened(text: str, width: int, *, keep_end: bool) -> str:
    """At most `width` characters, with a … where something is missing: at the end, or in the middle."""
    if len(text) <= width:
        return text
    if width < _SHORTEST_WITH_ELLIPSIS:
        return text[-width:] if keep_end and width else text[:width]
    tail = (width - 1) // 2 if keep_end else 0
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"


def inspect_schema(connection: Connection) -> CloudSchema:
    """Look at the tables. Raises SQLAlchemy's errors; NoSuchTableError where there is no such table."""
    inspector = inspect(connection)
    widths: dict[tuple[str, str], int] = {}
    whole_seconds: set[tuple[str, str]] = set()
    missing: list[str] = []
    absent: set[tuple[str, str]] = set()
    for table, key in ((companies, CompanyColumn.TAX_ID.value), (runs, RunColumn.UUID.value)):
        found = {column["name"]: column["type"] for column in inspector.get_columns(table.name)}
        lacking = {(table.name, name) for name in table.c.keys() if name not in found}  # noqa: SIM118
        absent |= lacking & OPTIONAL
        missing += [f"{where}.{name}" for where, name in sorted(lacking - OPTIONAL)]
        # Without a unique key an upsert is an insert, and one run would become many.
        if key in found and not _is_unique(inspector, table, key):
            missing.append(f"{table.name}.{key} UNIQUE")
        for name, kind in found.items():
            width = _width(kind)
            if width is not None:
                widths[table.name, name] = width
            if isinstance(kind, mysql.DATETIME | mysql.TIMESTAMP) and not kind.fsp:
                whole_seconds.add((table.name, name))
    absent_tables = frozenset() if _is_there(inspector, databases) else frozenset({databases.name})
    return CloudSchema(widths, frozenset(whole_seconds), tuple(missing), frozenset(absent), absent_tables)


def _is_there(inspector: Inspector, table: Table) -> bool:
    """A table that the account may not see is as good as none."""
    try:
        return inspector.has_table(table.name)
    except SQLAlchemyError as error:
        if not is_denied(error):
            raise
        return False


def _is_unique(inspector: Inspector, table: Table, column: str) -> bool:
    # Both databases keep a UNIQUE constraint as an index. SQLite's own ones have to be asked for by name: SQLAlchemy
    # finds the constraint by reading the CREATE statement, and overlooks `varchar(18) UNIQUE`.
    indexes = inspector.get_indexes(table.name, include_auto_indexes=True)
    return any(index["unique"] and index["column_names"] == [column] for index in indexes)


def _width(kind: TypeEngine[Any]) -> int | None:
    for text_type, size in _TEXT_BYTES.items():
        if type(kind) is text_type:
            return size // 4
    length = getattr(kind, "length", None)
    return length if isinstance(length, int) else None


def _storable(text: str, plain: bool) -> str:
    """Without NUL, which ends a text for many a reader, and without halves of surrogate pairs: no encoding has them."""
    clean = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return clean.encode("latin-1", "replace").decode("latin-1") if plain else clean
