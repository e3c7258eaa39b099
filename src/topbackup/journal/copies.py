"""The copies that the journal knows as ours: what retention may judge, and what it took away."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from topbackup.journal.journal import Journal
from topbackup.journal.record_text import from_text
from topbackup.journal.slot_text import instant_text
from topbackup.problems import REFUTING_CODES
from topcore.record import BackupRecord, Failure
from topcore.tables import NamingScheme, Proof, RunStatus


@dataclass(frozen=True)
class KnownCopy:
    """A copy of a successful run. order: of the run in the journal. path: here, or destination: away; one of both."""

    record: BackupRecord
    order: int
    path: Path | None = None
    destination: str | None = None

    @property
    def place(self) -> str:
        return self.destination or str(self.path.parent if self.path else "")


class CopyBook:
    """Only V names: S and U names are replaced by the rename of a newer file."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def databases(self) -> list[str]:
        """Those that have a run on record."""
        return [str(row[0]) for row in self._journal.rows("SELECT DISTINCT BANCO FROM EXECUCAO ORDER BY BANCO")]

    def runs_fail(self, database: str) -> bool:
        """Did the last finished run of this database fail, or its file not restore? True where none finished."""
        rows = self._journal.rows(
            "SELECT REGISTRO FROM EXECUCAO WHERE BANCO = ? AND STATUS IN ('S', 'F') ORDER BY SEQUENCIA DESC LIMIT 1",
            database,
        )
        last = from_text(rows[0][0]) if rows else None
        return last is None or last.status is not RunStatus.SUCCEEDED or last.proof is Proof.REFUTED

    def copies(self, database: str) -> list[KnownCopy]:
        """Every copy that was made and, as far as is known, not taken away."""
        here = self._journal.rows(
            "SELECT X.REGISTRO, X.SEQUENCIA, C.CAMINHO FROM COPIA C JOIN EXECUCAO X ON X.UUID = C.UUID"
            " WHERE X.BANCO = ? AND X.STATUS = 'S' AND C.CODIGO_ERRO IS NULL AND C.APAGADA IS NULL",
            database,
        )
        away = self._journal.rows(
            "SELECT X.REGISTRO, X.SEQUENCIA, E.DESTINO FROM ENVIO E JOIN EXECUCAO X ON X.UUID = E.UUID"
            " WHERE X.BANCO = ? AND X.STATUS = 'S' AND E.ESTADO = 'FEITO' AND E.APAGADA IS NULL",
            database,
        )
        found = [KnownCopy(from_text(text), order, path=Path(path)) for text, order, path in here]
        found += [KnownCopy(from_text(text), order, destination=name) for text, order, name in away]
        return [copy for copy in found if copy.record.naming is NamingScheme.VERSIONED]

    def sizes_here(self, limit: int) -> dict[Path, int]:
        """The newest copies in folders here, by their path, with the bytes that each was made of."""
        rows = self._journal.rows(
            "SELECT C.CAMINHO, json_extract(X.REGISTRO, '$.size') FROM COPIA C JOIN EXECUCAO X ON X.UUID = C.UUID"
            " WHERE X.STATUS = 'S' AND C.CODIGO_ERRO IS NULL AND C.APAGADA IS NULL ORDER BY X.SEQUENCIA DESC LIMIT ?",
            limit,
        )
        sizes: dict[Path, int] = {}
        for path, size in rows:  # of one path, the newest is what should be there
            sizes.setdefault(Path(path), size)
        return sizes

    def gone_from(self, run_id: UUID) -> frozenset[str]:
        """The destinations away from which retention took this run's copy."""
        rows = self._journal.rows("SELECT DESTINO FROM ENVIO WHERE UUID = ? AND APAGADA IS NOT NULL", str(run_id))
        return frozenset(str(name) for (name,) in rows)

    def judged(self, run_id: UUID, path: Path, refused: Failure | None) -> None:
        """What a test restore found of this very file, which its sister in the other folder need not share.

        refused: None takes an earlier refusal back; that it could not be placed at all stays.
        """
        marks = ", ".join("?" * len(REFUTING_CODES))
        with self._journal.transaction() as cursor:
            cursor.execute(
                "UPDATE COPIA SET CODIGO_ERRO = ?, MENSAGEM_ERRO = ? WHERE UUID = ? AND CAMINHO = ?"  # noqa: S608 - marks
                f" AND (CODIGO_ERRO IS NULL OR CODIGO_ERRO IN ({marks}))",
                (
                    *((refused.code, refused.message) if refused else (None, None)),
                    str(run_id),
                    str(path),
                    *REFUTING_CODES,
                ),
            )

    def owed(self, run_id: UUID) -> bool:
        """Does an upload of this run's file wait? Its source must stay."""
        rows = self._journal.rows("SELECT 1 FROM ENVIO WHERE UUID = ? AND ESTADO = 'ESPERA'", str(run_id))
        return bool(rows)

    def taken_away(self, copy: KnownCopy, at: datetime) -> None:
        """It is not ours to keep any more. at: aware UTC."""
        table, column, value = ("COPIA", "CAMINHO", str(copy.path)) if copy.path else ("ENVIO", "DESTINO", copy.place)
        with self._journal.transaction() as cursor:
            cursor.execute(
                f"UPDATE {table} SET APAGADA = ? WHERE UUID = ? AND {column} = ?",  # noqa: S608 - our own names
                (instant_text(at), str(copy.record.run_id), value),
            )
