"""What a command shows: text for people, JSON for programs; errors with cause, mend and who must act."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from topbackup.errors import TopBackupError
from topbackup.i18n import _
from topbackup.problems import INTERNAL, Problem, all_problems
from topcore.record import BackupRecord, Failure
from topcore.tables import Proof, RunStatus


def say(text: str = "") -> None:
    """One line for people."""
    print(text)  # noqa: T201 - this is where the program prints


def note(text: str) -> None:
    """One line beside the result, on stderr."""
    print(text, file=sys.stderr)  # noqa: T201 - see above


def show_json(document: Any) -> None:
    """One JSON document on stdout; times in ISO 8601 with their offset."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))  # noqa: T201 - see above


def error_document(error: TopBackupError) -> dict[str, Any]:
    return {
        "codigo": error.code,
        "mensagem": error.sentence,
        "causa": _(error.problem.cause),
        "solucao": _(error.problem.mend),
        "quem": error.problem.act.value,
        "tentar_de_novo": error.retry,
    }


def show_error(error: TopBackupError, *, as_json: bool) -> None:
    """On stderr for people, so that a pipe gets no text; on stdout as JSON."""
    if as_json:
        show_json({"erro": error_document(error)})
    else:
        _explain(error.failure(), error.problem)


def show_failure(failure: Failure) -> None:
    """Why a run of the journal failed, or one of its copies."""
    _explain(failure, all_problems().get(failure.code, INTERNAL))


def _explain(failure: Failure, problem: Problem) -> None:
    lines = (
        f"{failure.code}: {failure.message}",
        f"  {_('Cause')}: {_(problem.cause)}",
        f"  {_('What to do')}: {_(problem.mend)}",
        f"  {_('Who must act')}: {problem.act.value}",
    )
    print("\n".join(lines), file=sys.stderr)  # noqa: T201 - see above


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Plain columns: they survive a pipe, a log and a narrow terminal."""
    cells = [headings, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def local(instant: datetime | None, zone: ZoneInfo) -> str:
    """As people read it: `23/11/2026 19:07`."""
    return "–" if instant is None else f"{instant.astimezone(zone):%d/%m/%Y %H:%M}"


def status_words(record: BackupRecord) -> str:
    if record.partial:
        return _("partial: a copy is missing")
    return {
        RunStatus.PENDING: _("waiting"),
        RunStatus.RUNNING: _("running"),
        RunStatus.SUCCEEDED: _("done"),
        RunStatus.FAILED: _("failed"),
    }[record.status]


def proof_words(proof: Proof) -> str:
    return {Proof.PROVEN: _("proven"), Proof.NOT_TRIED: _("not tried"), Proof.REFUTED: _("REFUTED")}[proof]


def record_document(record: BackupRecord) -> Mapping[str, Any]:
    """Keys are the columns of LOG_BACKUPS in lower case."""
    return {
        "uuid": str(record.run_id),
        "agenda": record.agenda_id,
        "cnpj": record.tax_id.formatted,
        "banco_origem": record.source,
        "status": record.status.value,
        "parcial": record.partial,
        "data_inicio": record.started_at.isoformat(),
        "data_fim": record.ended_at.isoformat() if record.ended_at else None,
        "nome_arquivo": record.file_name,
        "caminho_destino": record.destination1,
        "caminho_destino2": record.destination2,
        "tamanho_bytes": record.size,
        "hash_sha256": record.sha256,
        "tipo_backup": record.naming.value,
        "manual": record.manual,
        "verificado": record.proof.value,
        "data_verificacao": record.proven_at.isoformat() if record.proven_at else None,
        "proximo_previsto": record.next_due.isoformat() if record.next_due else None,
        "codigo_erro": record.failure.code if record.failure else None,
        "mensagem_erro": record.failure.message if record.failure else None,
    }
