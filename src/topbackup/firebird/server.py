"""What a Firebird server says of itself: its version, and who else is connected."""

import re
from dataclasses import dataclass

from topbackup.errors import OperationFailed
from topbackup.firebird.connection import Connection
from topbackup.problems import FIREBIRD_ERROR

_VERSION = re.compile(r"(?<![\d.])(?P<major>\d{1,2})\.(?P<minor>\d{1,3})\.(?P<patch>\d{1,4})(?:\.(?P<build>\d{1,9}))?")

# Since 3.0 the engine's own threads (garbage collector, cache writer) are attachments too, with MON$SYSTEM_FLAG 1.
# 2.5 has neither the column nor the rows.
_HAS_SYSTEM_FLAG = """SELECT COUNT(*) FROM RDB$RELATION_FIELDS
WHERE RDB$RELATION_NAME = 'MON$ATTACHMENTS' AND RDB$FIELD_NAME = 'MON$SYSTEM_FLAG'"""
_OTHERS = "SELECT COUNT(*) FROM MON$ATTACHMENTS WHERE MON$ATTACHMENT_ID <> CURRENT_CONNECTION"


@dataclass(frozen=True, order=True)
class EngineVersion:
    """Of a server or of a tool. The same major.minor reads and writes the same backup format."""

    major: int
    minor: int
    patch: int
    build: int = 0

    @classmethod
    def parse(cls, text: str) -> "EngineVersion":
        """From `3.0.11`, `LI-V3.0.11.33637 Firebird 3.0`, or a line of a tool with one of them in it.

        Raises ValueError where there is no version with three numbers.
        """
        found = _VERSION.search(text)
        if found is None:
            raise ValueError(f"no Firebird version in {text[:80]!r}")
        return cls(int(found["major"]), int(found["minor"]), int(found["patch"]), int(found["build"] or 0))

    @property
    def series(self) -> tuple[int, int]:
        """major.minor: what gbak and the server must have in common."""
        return self.major, self.minor

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def engine_version(connection: Connection) -> EngineVersion:
    """Raises OperationFailed."""
    [(text,)] = connection.query("SELECT RDB$GET_CONTEXT('SYSTEM', 'ENGINE_VERSION') FROM RDB$DATABASE")
    try:
        return EngineVersion.parse(str(text))
    except ValueError as error:
        raise OperationFailed(FIREBIRD_ERROR, str(error)) from error


def attachments(connection: Connection) -> int:
    """How many others are connected to this database now. Raises OperationFailed."""
    [(has_flag,)] = connection.query(_HAS_SYSTEM_FLAG)
    statement = f"{_OTHERS} AND MON$SYSTEM_FLAG = 0" if has_flag else _OTHERS
    [(count,)] = connection.query(statement)
    assert isinstance(count, int), "COUNT gives a number"
    return count
