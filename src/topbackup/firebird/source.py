"""What is known of a database before its dump, read over one connection."""

from dataclasses import dataclass
from pathlib import Path

from topbackup.firebird.connection import Connection
from topbackup.firebird.inspection import INACTIVE_INDICES
from topbackup.firebird.server import EngineVersion, engine_version


@dataclass(frozen=True)
class SourceFacts:
    """file: the database as its server knows it, also where we name an alias.

    file, engine, inactive_indices: None where no server answers and nothing could be asked.
    """

    server_answers: bool
    engine: EngineVersion | None
    inactive_indices: tuple[str, ...] | None
    file: Path | None = None


NO_SERVER = SourceFacts(server_answers=False, engine=None, inactive_indices=None)


def read_source_facts(connection: Connection) -> SourceFacts:
    inactive = tuple(str(name).strip() for (name,) in connection.query(INACTIVE_INDICES))
    [(file,)] = connection.query("SELECT MON$DATABASE_NAME FROM MON$DATABASE")
    return SourceFacts(
        server_answers=True,
        engine=engine_version(connection),
        inactive_indices=inactive,
        file=Path(str(file).strip()) if file else None,
    )


def default_charset(connection: Connection) -> str:
    """The database's own character set, Firebird's name for it; NONE where it declares none. Raises OperationFailed."""
    [(name,)] = connection.query("SELECT RDB$CHARACTER_SET_NAME FROM RDB$DATABASE")
    return str(name or "NONE").strip()
