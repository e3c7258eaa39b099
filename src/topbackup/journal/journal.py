"""Runs, their copies and the outbox; each change of a run is one transaction with the entry that tells the cloud."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from topbackup.errors import OperationFailed
from topbackup.journal.record_text import from_text, to_text
from topbackup.journal.schema import PRAGMAS, SCHEMA_VERSION, STEPS
from topbackup.journal.slot_text import instant_text
from topbackup.places import own_file, own_folder
from topbackup.problems import JOURNAL_CORRUPT, JOURNAL_LOCKED, JOURNAL_UNWRITABLE, SLOT_SETTLED, Problem
from topbackup.system_words import system_words
from topcore.record import BackupRecord, Failure, OutboxEntry
from topcore.tables import RunStatus

BUSY_SECONDS = 10.0  # to wait for another writer


@dataclass(frozen=True)
class Unfinished:
    """A run that the journal knows as open. It is alive only if its process still holds the database's lock.

    parts: the half files that it may have left behind.
    """

    record: BackupRecord
    parts: tuple[Path, ...]


class Journal:
    """One connection to the journal, for all threads of a process: they take turns at it."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._turn = threading.RLock()

    @classmethod
    def open(cls, path: Path) -> "Journal":
        """Open the journal, or begin one.

        Raises OperationFailed: JOURNAL_LOCKED; JOURNAL_UNWRITABLE; JOURNAL_CORRUPT, once: the spoiled file is by then
        set aside under another name, and the next `open` begins a new one.
        """
        try:
            with _told(path):
                own_folder(path.parent)
                own_file(path)
                connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
                try:
                    _prepare(connection)
                except BaseException:
                    connection.close()
                    raise
        except OperationFailed as failed:
            if failed.problem is JOURNAL_CORRUPT:
                raise OperationFailed(JOURNAL_CORRUPT, str(_set_aside(path))) from failed
            raise
        return cls(connection, path)

    def close(self) -> None:
        with self._turn:
            self._connection.close()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self, record: BackupRecord, parts: Sequence[Path] = ()) -> None:
        """A new run, with the half files that it may leave behind, before it makes any of them.

        Its slot is settled with it. Raises OperationFailed with SLOT_SETTLED when it was before: no slot runs twice.
        """
        with self.transaction() as cursor:
            _insert(cursor, record, parts)
            if record.slot is not None:
                cursor.execute(
                    "INSERT INTO PREVISTO (AGENDA, HORARIO, RESULTADO, UUID) VALUES (?, ?, 'EXECUTADO', ?)"
                    " ON CONFLICT DO NOTHING",
                    (record.agenda_id, instant_text(record.slot), str(record.run_id)),
                )
                if cursor.rowcount != 1:
                    raise OperationFailed(SLOT_SETTLED, f"{record.agenda_id}: {record.slot.isoformat()}")

    def could_not_begin(self, record: BackupRecord) -> None:
        """A failed run that never began: nothing was made. Its slot stays open, as it may still run."""
        with self.transaction() as cursor:
            _insert(cursor, record, ())

    def update(
        self,
        record: BackupRecord,
        copies: Sequence[tuple[Path, Failure | None]] = (),
        then: Callable[[sqlite3.Cursor], None] = lambda cursor: None,
    ) -> None:
        """The run's new state, and the result of each of its copies, in the order of the destinations.

        then: what else belongs into this transaction.
        """
        with self.transaction() as cursor:
            write_record(cursor, record)
            cursor.executemany(
                "INSERT OR REPLACE INTO COPIA (UUID, NUMERO, CAMINHO, CODIGO_ERRO, MENSAGEM_ERRO)"
                " VALUES (?, ?, ?, ?, ?)",
                [
                    (str(record.run_id), number, str(path), *_failure_columns(failure))
                    for number, (path, failure) in enumerate(copies, start=1)
                ],
            )
            tell(cursor, record)
            then(cursor)

    def amend(self, run_id: UUID, change: Callable[[BackupRecord], BackupRecord]) -> None:
        """Change what is on record of a run, as it is at that moment; nothing where this journal does not know it."""
        with self.transaction() as cursor:
            amend(cursor, run_id, change)

    def unfinished(self) -> list[Unfinished]:
        """Runs in P or E, oldest first."""
        rows = self.rows("SELECT REGISTRO, ARQUIVOS FROM EXECUCAO WHERE STATUS IN ('P', 'E') ORDER BY SEQUENCIA")
        return [Unfinished(from_text(record), _parts(files)) for record, files in rows]

    def history(self, limit: int, before: str | None = None) -> list[BackupRecord]:
        """The latest runs, newest first. before: a run's id, for those that the journal had before it."""
        rows = self.rows(
            "SELECT REGISTRO FROM EXECUCAO"
            " WHERE ? IS NULL OR SEQUENCIA < (SELECT SEQUENCIA FROM EXECUCAO WHERE UUID = ?)"
            " ORDER BY SEQUENCIA DESC LIMIT ?",
            before,
            before,
            limit,
        )
        return [from_text(record) for (record,) in rows]

    def history_of(self, source: str, limit: int) -> list[BackupRecord]:
        """The latest runs of this database, newest first."""
        rows = self.rows("SELECT REGISTRO FROM EXECUCAO WHERE BANCO = ? ORDER BY SEQUENCIA DESC LIMIT ?", source, limit)
        return [from_text(record) for (record,) in rows]

    def copies(self, run_id: UUID) -> list[tuple[Path, Failure | None]]:
        """What became of each copy of a run, in the order of the destinations, but those that retention took away."""
        rows = self.rows(
            "SELECT CAMINHO, CODIGO_ERRO, MENSAGEM_ERRO FROM COPIA WHERE UUID = ? AND APAGADA IS NULL ORDER BY NUMERO",
            str(run_id),
        )
        return [(Path(path), None if code is None else Failure(code, message or "")) for path, code, message in rows]

    def find(self, run_id: UUID) -> BackupRecord | None:
        """The run of this id, where this journal knows it."""
        rows = self.rows("SELECT REGISTRO FROM EXECUCAO WHERE UUID = ?", str(run_id))
        return from_text(rows[0][0]) if rows else None

    def last_success(self, source: str | None) -> BackupRecord | None:
        """The latest successful run of this database; None: of any."""
        where, values = ("", ()) if source is None else ("BANCO = ? AND ", (source,))
        rows = self.rows(
            f"SELECT REGISTRO FROM EXECUCAO WHERE {where}STATUS = ? ORDER BY SEQUENCIA DESC LIMIT 1",  # noqa: S608
            *values,
            RunStatus.SUCCEEDED.value,
        )
        return from_text(rows[0][0]) if rows else None

    def last_instant(self) -> datetime | None:
        """The latest instant, aware UTC, that the newest run recorded: the clock cannot be before it."""
        newest = self.history(1)
        return (newest[0].ended_at or newest[0].started_at) if newest else None

    def pending(self, limit: int) -> list[OutboxEntry]:
        """What waits to be sent, in order."""
        rows = self.rows("SELECT SEQUENCIA, REGISTRO FROM SAIDA ORDER BY SEQUENCIA LIMIT ?", limit)
        return [OutboxEntry(sequence, from_text(record)) for sequence, record in rows]

    def waiting(self) -> int:
        """How many entries wait to be sent."""
        return int(self.rows("SELECT COUNT(*) FROM SAIDA")[0][0])

    def acknowledge(self, sequence: int) -> None:
        """The cloud has this entry for good."""
        with self.transaction() as cursor:
            cursor.execute("DELETE FROM SAIDA WHERE SEQUENCIA = ?", (sequence,))

    def remember(self, key: str, value: str | None) -> None:
        """Keep a small fact over restarts; None forgets it."""
        with self.transaction() as cursor:
            remember(cursor, key, value)

    def recall(self, key: str) -> str | None:
        rows = self.rows("SELECT VALOR FROM MEMORIA WHERE CHAVE = ?", key)
        return str(rows[0][0]) if rows else None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Cursor]:
        """All of the block's statements, on the disk when it ends, or none."""
        with self._turn, _told(self._path):
            cursor = self._connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._turn, _told(self._path):
            return self._connection.execute(statement, values).fetchall()


def _prepare(connection: sqlite3.Connection) -> None:
    for pragma in PRAGMAS:
        connection.execute(pragma)
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("quick_check")
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for step in STEPS[version:]:
        for statement in step:
            connection.execute(statement)
    if version < SCHEMA_VERSION:
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    connection.execute("COMMIT")
    if version > SCHEMA_VERSION:
        raise OSError(0, f"versão {version} > {SCHEMA_VERSION}")


def _insert(cursor: sqlite3.Cursor, record: BackupRecord, parts: Sequence[Path]) -> None:
    files = json.dumps({"parts": [str(part) for part in parts]}, ensure_ascii=False)
    cursor.execute(
        "INSERT INTO EXECUCAO (UUID, BANCO, STATUS, INICIO, REGISTRO, ARQUIVOS) VALUES (?, ?, ?, ?, ?, ?)",
        (
            str(record.run_id),
            record.source,
            record.status.value,
            record.started_at.isoformat(),
            to_text(record),
            files,
        ),
    )
    tell(cursor, record)


def write_record(cursor: sqlite3.Cursor, record: BackupRecord) -> None:
    """The run's new state. Raises LookupError for a run that was never begun."""
    cursor.execute(
        "UPDATE EXECUCAO SET STATUS = ?, REGISTRO = ? WHERE UUID = ?",
        (record.status.value, to_text(record), str(record.run_id)),
    )
    if cursor.rowcount != 1:
        raise LookupError(f"run {record.run_id} was never begun")


def amend(cursor: sqlite3.Cursor, run_id: UUID, change: Callable[[BackupRecord], BackupRecord]) -> None:
    """Read, change and write in one transaction: uploads and verifications amend a run at the same time. The cloud is
    told where anything changed."""
    rows = cursor.execute("SELECT REGISTRO FROM EXECUCAO WHERE UUID = ?", (str(run_id),)).fetchall()
    for (text,) in rows:
        before = from_text(text)
        after = change(before)
        if after != before:
            write_record(cursor, after)
            tell(cursor, after)


def tell(cursor: sqlite3.Cursor, record: BackupRecord) -> None:
    """An entry for the cloud, in the same transaction as what it tells of."""
    cursor.execute("INSERT INTO SAIDA (UUID, REGISTRO) VALUES (?, ?)", (str(record.run_id), to_text(record)))


def remember(cursor: sqlite3.Cursor, key: str, value: str | None) -> None:
    """`Journal.remember`, in a transaction of more."""
    if value is None:
        cursor.execute("DELETE FROM MEMORIA WHERE CHAVE = ?", (key,))
    else:
        cursor.execute("INSERT OR REPLACE INTO MEMORIA (CHAVE, VALOR) VALUES (?, ?)", (key, value))


def _failure_columns(failure: Failure | None) -> tuple[str | None, str | None]:
    return (None, None) if failure is None else (failure.code, failure.message)


def _parts(files: str) -> tuple[Path, ...]:
    return tuple(Path(part) for part in json.loads(files)["parts"])


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """SQLite's errors, told as ours."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise OperationFailed(_problem(error), f"{path}: {system_words(error)}") from error
    except OSError as error:
        raise OperationFailed(JOURNAL_UNWRITABLE, f"{path}: {system_words(error)}") from error


def _problem(error: sqlite3.DatabaseError) -> Problem:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF  # the primary code, of an extended one
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return JOURNAL_LOCKED
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return JOURNAL_CORRUPT
    return JOURNAL_UNWRITABLE


def _set_aside(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d_%H%M%S_%f")
    kept = path.with_name(f"{path.name}.corrompido-{stamp}")
    for suffix in ("", "-wal", "-shm"):
        spoiled = path.with_name(path.name + suffix)
        if spoiled.exists():
            spoiled.rename(kept.with_name(kept.name + suffix))
    return kept
