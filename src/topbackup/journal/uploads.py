"""The queue of uploads: what is owed to places away, in the journal, so that it survives a restart and a kill.

A row is put in by the transaction that ends its run, and closed by the one that tells the cloud of it: nothing is
forgotten, and nothing that was placed is sent again.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from topbackup.journal.journal import Journal, amend
from topbackup.journal.record_text import from_text
from topbackup.journal.slot_text import instant_text
from topbackup.problems import INTERNAL, all_problems
from topcore.record import BackupRecord, Failure, RemoteCopy

_LONGEST_WAIT = timedelta(hours=1)
_COLUMNS = "E.DESTINO, E.ARQUIVO, E.TENTATIVAS, E.PROXIMA, E.NOTA, X.REGISTRO"
_WAITING = f"SELECT {_COLUMNS} FROM ENVIO E JOIN EXECUCAO X ON X.UUID = E.UUID WHERE E.ESTADO = 'ESPERA'"  # noqa: S608


@dataclass(frozen=True)
class Upload:
    """One copy that is owed. attempts: that sent something. again_at: when to try, aware UTC. note: of the last one."""

    destination: str
    path: Path
    attempts: int
    again_at: datetime
    note: str | None
    record: BackupRecord

    @property
    def run_id(self) -> UUID:
        return self.record.run_id


class UploadQueue:
    """superseding: the failure that stands in a record whose copy will not be sent any more."""

    def __init__(self, journal: Journal, superseding: Failure) -> None:
        self._journal = journal
        self._superseding = superseding

    def destinations(self) -> list[str]:
        """Those that something is owed to, by name."""
        rows = self._journal.rows("SELECT DISTINCT DESTINO FROM ENVIO WHERE ESTADO = 'ESPERA' ORDER BY DESTINO")
        return [str(name) for (name,) in rows]

    def due(self, now: datetime, destination: str) -> Upload | None:
        """What to send there now."""
        for upload in waiting_uploads(self._journal, destination):
            ahead = upload.again_at > now + _LONGEST_WAIT  # by a clock that was; nobody waits so long
            if upload.again_at <= now or ahead:
                return upload
        return None

    def later_than(self, run: UUID, other: UUID) -> bool | None:
        """Did `other` begin after `run`, by this journal? None: it knows nothing of `other`."""
        place = dict(
            self._journal.rows("SELECT UUID, SEQUENCIA FROM EXECUCAO WHERE UUID IN (?, ?)", str(run), str(other))
        )
        return None if str(other) not in place else place[str(other)] > place[str(run)]

    def begin(self, upload: Upload) -> None:
        """An attempt has sent something."""
        self._set(upload, "TENTATIVAS = TENTATIVAS + 1")

    def recall(self, upload: Upload) -> str | None:
        """What the attempt before left for this one."""
        rows = self._journal.rows("SELECT NOTA FROM ENVIO WHERE UUID = ? AND DESTINO = ?", *_key(upload))
        return None if not rows or rows[0][0] is None else str(rows[0][0])

    def remember(self, upload: Upload, note: str | None) -> None:
        """For the next attempt; None forgets it."""
        self._set(upload, "NOTA = ?", note)

    def abandoned(self, upload: Upload) -> list[str]:
        """File names whose uploads to its destination began and were given up, and that no upload waits for; a hundred
        at the most."""
        rows = self._journal.rows(
            "SELECT E.ARQUIVO FROM ENVIO E JOIN EXECUCAO X ON X.UUID = E.UUID"
            " WHERE E.DESTINO = ? AND E.ESTADO = 'SUPERADO' AND E.TENTATIVAS > 0"
            " AND NOT EXISTS (SELECT 1 FROM ENVIO W WHERE W.DESTINO = E.DESTINO AND W.ARQUIVO = E.ARQUIVO"
            " AND W.ESTADO = 'ESPERA') GROUP BY E.ARQUIVO ORDER BY MAX(X.SEQUENCIA) DESC LIMIT 100",
            upload.destination,
        )
        return [Path(path).name for (path,) in rows]

    def placed(self, upload: Upload, at: datetime, checked: str, *, apart: bool = True) -> None:
        """It is there, checked in this way; apart: as RemoteCopy says. Older ones of the same database need not go
        there any more."""
        with self._journal.transaction() as cursor:
            cursor.execute(
                "UPDATE ENVIO SET ESTADO = 'FEITO', CONFERIDO = ?, NOTA = NULL WHERE UUID = ? AND DESTINO = ?",
                (checked, *_key(upload)),
            )
            _tell_of(cursor, upload.run_id, upload.destination, placed_at=at, failure=None, apart=apart)
            supersede(cursor, upload.record, [upload.destination], self._superseding)

    def failed(self, upload: Upload, failure: Failure, again_at: datetime) -> None:
        """Tried again then. The cloud hears of it when the reason changes."""
        with self._journal.transaction() as cursor:
            cursor.execute(
                "UPDATE ENVIO SET PROXIMA = ? WHERE UUID = ? AND DESTINO = ? AND ESTADO = 'ESPERA'",
                (instant_text(again_at), *_key(upload)),
            )
            if cursor.rowcount == 0:
                return  # it is there, or given up, by now
            _tell_of(cursor, upload.run_id, upload.destination, placed_at=None, failure=failure)

    def given_up(self, upload: Upload, failure: Failure) -> None:
        """There is nothing to send any more: its file is another's by now."""
        with self._journal.transaction() as cursor:
            _close(cursor, upload.run_id, upload.destination, failure)

    def try_now(self, now: datetime) -> int:
        """Whatever waits for its next attempt is due now; how many that are."""
        with self._journal.transaction() as cursor:
            cursor.execute("UPDATE ENVIO SET PROXIMA = ? WHERE ESTADO = 'ESPERA'", (instant_text(now),))
            return cursor.rowcount

    def _set(self, upload: Upload, assignment: str, *values: object) -> None:
        with self._journal.transaction() as cursor:
            cursor.execute(
                f"UPDATE ENVIO SET {assignment} WHERE UUID = ? AND DESTINO = ?",  # noqa: S608 - our own words
                (*values, *_key(upload)),
            )


def waiting_uploads(journal: Journal, destination: str | None = None) -> list[Upload]:
    """What is owed, to this destination or to all: first what is half there, then the newest; last what is half there
    and cannot go on before somebody acts, so that it holds no newer copy up.
    """
    order = "ORDER BY (E.TENTATIVAS > 0) DESC, X.SEQUENCIA DESC"
    rows = journal.rows(f"{_WAITING} AND (? IS NULL OR E.DESTINO = ?) {order}", destination, destination)
    return sorted(map(_upload, rows), key=_is_stuck)


def _is_stuck(upload: Upload) -> bool:
    codes = [
        copy.failure.code for copy in upload.record.remotes if copy.destination == upload.destination and copy.failure
    ]
    return upload.attempts > 0 and any(not all_problems().get(code, INTERNAL).retry for code in codes)


def owe(cursor: sqlite3.Cursor, record: BackupRecord, path: Path, superseding: Failure) -> None:
    """The run ended well: each of its remote copies waits. What waited before it and never began is not sent any more:
    on a slow line the newest copy is the one that counts, and one that is half there is finished first."""
    for copy in record.remotes:
        cursor.execute(
            "INSERT INTO ENVIO (UUID, DESTINO, ARQUIVO, ESTADO, TENTATIVAS, PROXIMA) VALUES (?, ?, ?, 'ESPERA', 0, ?)",
            (str(record.run_id), copy.destination, str(path), instant_text(copy.since)),
        )
    destinations = [copy.destination for copy in record.remotes]
    supersede(cursor, record, destinations, superseding, begun=False)
    _end_those_that_nobody_asks_for(cursor, record, destinations, superseding)


def _end_those_that_nobody_asks_for(
    cursor: sqlite3.Cursor, record: BackupRecord, destinations: Sequence[str], why: Failure
) -> None:
    """A destination that was renamed or taken away is owed nothing any more.

    A run that asks for no copy away says nothing of that: the copies of the runs before it are owed as before.
    """
    if not destinations:
        return
    rows = cursor.execute(
        "SELECT E.UUID, E.DESTINO FROM ENVIO E JOIN EXECUCAO X ON X.UUID = E.UUID"
        " WHERE E.ESTADO = 'ESPERA' AND X.BANCO = ?",
        (record.source,),
    ).fetchall()
    for run_id, destination in rows:
        if destination not in destinations:
            _close(cursor, UUID(run_id), destination, why)


def supersede(
    cursor: sqlite3.Cursor, newer: BackupRecord, destinations: Iterable[str], why: Failure, *, begun: bool = True
) -> None:
    """Older uploads of the same database to these destinations end. begun: also those that were tried."""
    for destination in destinations:
        rows = cursor.execute(
            "SELECT E.UUID FROM ENVIO E JOIN EXECUCAO X ON X.UUID = E.UUID"
            " WHERE E.ESTADO = 'ESPERA' AND E.DESTINO = ? AND X.BANCO = ? AND E.TENTATIVAS <= ?"
            " AND X.SEQUENCIA < (SELECT SEQUENCIA FROM EXECUCAO WHERE UUID = ?)",
            (destination, newer.source, 2**31 if begun else 0, str(newer.run_id)),
        ).fetchall()
        for (run_id,) in rows:
            _close(cursor, UUID(run_id), destination, why)


def _close(cursor: sqlite3.Cursor, run_id: UUID, destination: str, why: Failure) -> None:
    cursor.execute(
        "UPDATE ENVIO SET ESTADO = 'SUPERADO', NOTA = NULL WHERE UUID = ? AND DESTINO = ?", (str(run_id), destination)
    )
    _tell_of(cursor, run_id, destination, placed_at=None, failure=why)


def _tell_of(
    cursor: sqlite3.Cursor,
    run_id: UUID,
    destination: str,
    *,
    placed_at: datetime | None,
    failure: Failure | None,
    apart: bool = True,
) -> None:
    """The run's record with the new state of this copy."""

    def changed(copy: RemoteCopy) -> RemoteCopy:
        if copy.destination != destination:
            return copy
        return replace(copy, placed_at=placed_at, failure=failure, apart=apart)

    def told(record: BackupRecord) -> BackupRecord:
        remotes = tuple(map(changed, record.remotes))
        there = sum(copy.placed_at is not None and copy.apart for copy in remotes)
        return replace(record, remotes=remotes, spread=record.spread and record.spread.with_away(there))

    amend(cursor, run_id, told)


def _upload(row: tuple[str, str, int, str, str | None, str]) -> Upload:
    destination, path, attempts, again_at, note, record = row
    return Upload(destination, Path(path), attempts, datetime.fromisoformat(again_at), note, from_text(record))


def _key(upload: Upload) -> tuple[str, str]:
    return str(upload.run_id), upload.destination
