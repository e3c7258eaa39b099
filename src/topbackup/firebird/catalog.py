"""Which columns a customer's table has, and its rows with every text exact, whatever its character set.

A column of character set NONE holds whatever the program that wrote it sent, and the server cannot convert it. So text
is asked for as bytes (cast to OCTETS, then to a binary BLOB, the one type that no driver decodes) and decoded here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from topbackup.firebird.connection import Connection

_COLUMNS = """SELECT TRIM(RF.RDB$FIELD_NAME), F.RDB$FIELD_TYPE, F.RDB$FIELD_SUB_TYPE, F.RDB$FIELD_LENGTH,
  TRIM(C.RDB$CHARACTER_SET_NAME)
FROM RDB$RELATION_FIELDS RF
JOIN RDB$FIELDS F ON F.RDB$FIELD_NAME = RF.RDB$FIELD_SOURCE
LEFT JOIN RDB$CHARACTER_SETS C ON C.RDB$CHARACTER_SET_ID = F.RDB$CHARACTER_SET_ID
WHERE RF.RDB$RELATION_NAME = ? ORDER BY RF.RDB$FIELD_POSITION"""
_CHAR, _VARCHAR, _CSTRING, _BLOB = 14, 37, 40, 261  # RDB$FIELDS.RDB$FIELD_TYPE
_READABLE_BLOBS = (0, 1)  # RDB$FIELD_SUB_TYPE: a text in a binary BLOB is still a text
_BLOB_CHARACTERS = 1000  # of a memo: more than any path or name has
_BYTES_PER_CHARACTER = 4
_LONGEST = 32_000  # bytes of a VARCHAR
_CODECS = {
    "UTF8": "utf-8",
    "UNICODE_FSS": "utf-8",
    "ASCII": "ascii",
    "WIN1252": "cp1252",
    "ISO8859_1": "iso8859-1",
    "ISO8859_15": "iso8859-15",
    "DOS437": "cp437",
    "DOS850": "cp850",
    "DOS860": "cp860",
    "WIN1250": "cp1250",
}


@dataclass(frozen=True)
class Column:
    """charset: Firebird's name, None where the column is no text."""

    name: str
    charset: str | None
    selected_as: str  # its expression in a SELECT

    def value(self, raw: object) -> object:
        """What the driver gave, with text decoded and without padding; NULL is None."""
        if self.charset is None or not isinstance(raw, bytes):
            return raw
        return _decoded(raw, self.charset).rstrip("\0 ")


def columns_of(connection: Connection, table: str) -> Mapping[str, Column]:
    """By name, in the table's order; empty where there is no such table or view. Raises OperationFailed."""
    found: dict[str, Column] = {}
    for name, kind, subtype, length, charset in connection.query(_COLUMNS, (table,)):
        column = _column(str(name).strip(), kind, subtype, length, None if charset is None else str(charset).strip())
        found[column.name] = column
    return MappingProxyType(found)


def first_of(columns: Mapping[str, Column], *names: str) -> str | None:
    """The first of the spellings that the table has."""
    return next((name for name in names if name in columns), None)


def read_rows(connection: Connection, table: str, columns: tuple[Column, ...], order: str) -> list[dict[str, object]]:
    """Every row as column name → value. order: a column to sort by. Raises OperationFailed."""
    expressions = ", ".join(column.selected_as for column in columns)
    statement = f'SELECT {expressions} FROM "{table}" ORDER BY "{order}"'  # noqa: S608 - names of our own contract
    return [
        {column.name: column.value(raw) for column, raw in zip(columns, row, strict=True)}
        for row in connection.query(statement)
    ]


def _column(name: str, kind: object, subtype: object, length: object, charset: str | None) -> Column:
    quoted = f'"{name}"'
    if kind in (_CHAR, _VARCHAR, _CSTRING):
        size = min(max(int(str(length)), 1), _LONGEST)
        return Column(name, charset or "NONE", _as_bytes(quoted, size))
    if kind == _BLOB and subtype in _READABLE_BLOBS:
        part = f"SUBSTRING({quoted} FROM 1 FOR {_BLOB_CHARACTERS})"
        return Column(name, charset or "NONE", _as_bytes(part, _BLOB_CHARACTERS * _BYTES_PER_CHARACTER))
    return Column(name, None, quoted)


def _as_bytes(expression: str, size: int) -> str:
    return f"CAST(CAST({expression} AS VARCHAR({size}) CHARACTER SET OCTETS) AS BLOB SUB_TYPE 0)"


def _decoded(raw: bytes, charset: str) -> str:
    """A declared character set is believed; where the bytes belie it, or none was declared, they are UTF-8 if they can
    be, and else Windows's, with the five bytes that it lacks taken as they are."""
    for codec in (_CODECS.get(charset), "utf-8", "cp1252"):
        if codec is not None:
            try:
                return raw.decode(codec)
            except UnicodeDecodeError:
                continue
    return raw.decode("iso8859-1")
