"""What is counted in a database: the rows of each table, and the indices that are switched off.

One statement for every version from 2.5, run by isql (embedded) or over a connection.
"""

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from topbackup.errors import OperationFailed
from topbackup.firebird.connection import Connection
from topbackup.firebird.gbak_command import isql_embedded
from topbackup.firebird.gbak_process import NO_WINDOW
from topbackup.problems import PROOF_IMPOSSIBLE

# RDB$RELATION_TYPE 4 and 5 are temporary tables: their rows are each connection's own.
_INSPECT = """EXECUTE BLOCK RETURNS (LINHA VARCHAR(400)) AS
DECLARE NOME VARCHAR(252);
DECLARE QUANTAS BIGINT;
BEGIN
  FOR SELECT TRIM(RDB$RELATION_NAME) FROM RDB$RELATIONS
      WHERE COALESCE(RDB$SYSTEM_FLAG, 0) = 0 AND RDB$VIEW_BLR IS NULL AND RDB$EXTERNAL_FILE IS NULL
        AND COALESCE(RDB$RELATION_TYPE, 0) NOT IN (4, 5) ORDER BY 1 INTO :NOME DO
  BEGIN
    EXECUTE STATEMENT 'SELECT COUNT(*) FROM "' || REPLACE(:NOME, '"', '""') || '"' INTO :QUANTAS;
    LINHA = 'T|' || :QUANTAS || '|' || :NOME;
    SUSPEND;
  END
  FOR SELECT TRIM(RDB$INDEX_NAME) FROM RDB$INDICES
      WHERE RDB$INDEX_INACTIVE = 1 AND COALESCE(RDB$SYSTEM_FLAG, 0) = 0 ORDER BY 1 INTO :NOME DO
  BEGIN
    LINHA = 'I|' || :NOME;
    SUSPEND;
  END
END"""
INACTIVE_INDICES = """SELECT TRIM(RDB$INDEX_NAME) FROM RDB$INDICES
WHERE RDB$INDEX_INACTIVE = 1 AND COALESCE(RDB$SYSTEM_FLAG, 0) = 0 ORDER BY 1"""


@dataclass(frozen=True)
class Inspection:
    """rows: by table; temporary and external tables are not counted. inactive_indices: their names."""

    rows: Mapping[str, int]
    inactive_indices: tuple[str, ...]


def inspect_connected(connection: Connection) -> Inspection:
    """Count through a server."""
    return _parsed(str(line) for (line,) in connection.query(_INSPECT))


def inspect_embedded(isql: Path, database: Path, lock_folder: Path, timeout: float) -> Inspection:
    """Count with the embedded engine: the file must not be open in a server. timeout: seconds.

    Raises OperationFailed with PROOF_IMPOSSIBLE, and isql's words, when isql cannot do it.
    """
    script = f"SET HEADING OFF;\nSET TERM ^;\n{_INSPECT}^\nSET TERM ;^\n"
    command = isql_embedded(isql, database, lock_folder)
    try:
        done = subprocess.run(  # noqa: S603 - isql beside the gbak that was found, no shell
            command.arguments,
            input=script.encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
            env=dict(command.environment),
            cwd=lock_folder,
            creationflags=NO_WINDOW,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OperationFailed(PROOF_IMPOSSIBLE, f"isql: {type(error).__name__}") from error
    if done.returncode != 0:
        raise OperationFailed(PROOF_IMPOSSIBLE, " ".join(done.stderr.decode(errors="replace").split())[:500])
    return _parsed(done.stdout.decode(errors="replace").splitlines())


def _parsed(lines: Iterable[str]) -> Inspection:
    rows: dict[str, int] = {}
    inactive: list[str] = []
    for line in map(str.strip, lines):
        if line.startswith("T|"):
            _, count, table = line.split("|", 2)
            rows[table] = int(count)
        elif line.startswith("I|"):
            inactive.append(line[2:])
    return Inspection(rows, tuple(inactive))
