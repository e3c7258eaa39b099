"""What the agent says of itself, as JSON documents: one form for commands, window, tray and the pipe.

Keys are the columns' names in lower case (design §4.5); instants in ISO 8601 with their offset.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from topbackup.errors import TopBackupError
from topbackup.i18n import _
from topbackup.journal import Journal, SlotBook
from topcore.agenda import Agenda, RejectedRow, next_due
from topcore.company import Company
from topcore.health import RunFact, evidence
from topcore.health import status as card_status
from topcore.record import BackupRecord, Failure

_RUNS_LOOKED_AT = 200
_SLOTS_TOLD = timedelta(days=8)  # a week and a day: a slot that was missed is told until the next one of its weekday
type Document = dict[str, Any]


def error_document(error: TopBackupError) -> Document:
    return {
        "codigo": error.code,
        "mensagem": error.sentence,
        "detalhe": error.detail,
        "causa": _(error.problem.cause),
        "solucao": _(error.problem.mend),
        "quem": error.problem.act.value,
        "tentar_de_novo": error.retry,
    }


def record_document(record: BackupRecord) -> Document:
    return {
        "uuid": str(record.run_id),
        "agenda": record.agenda_id,
        "previsto": _iso(record.slot),
        "cnpj": record.tax_id.formatted,
        "banco_origem": record.source,
        "status": record.status.value,
        "parcial": record.partial,
        "data_inicio": record.started_at.isoformat(),
        "data_fim": _iso(record.ended_at),
        "nome_arquivo": record.file_name,
        "caminho_destino": record.destination1,
        "caminho_destino2": record.destination2,
        "tamanho_bytes": record.size,
        "hash_sha256": record.sha256,
        "tipo_backup": record.naming.value,
        "manual": record.manual,
        "verificado": record.proof.value,
        "data_verificacao": _iso(record.proven_at),
        "proximo_previsto": _iso(record.next_due),
        "codigo_erro": record.failure.code if record.failure else None,
        "mensagem_erro": record.failure.message if record.failure else None,
    }


def status_document(journal: Journal, now: datetime, zone: ZoneInfo) -> Document:
    """How this computer's backups stand, by the rule of the dashboard, from the journal alone. now: aware."""
    records = journal.history(_RUNS_LOOKED_AT)
    facts = [
        RunFact(r.started_at, r.started_at, r.status, partial=r.partial, proof=r.proof, next_due=r.next_due)
        for r in reversed(records)
    ]
    return {
        "status": card_status(evidence(facts), now).value,
        "fuso": zone.key,
        "pendentes_nuvem": journal.waiting(),
        "ultimo": record_document(records[0]) if records else None,
        "horarios": [
            {"agenda": number, "previsto": slot.isoformat(), "resultado": result}
            for number, slot, result in SlotBook(journal).settled(now - _SLOTS_TOLD)
        ],
        "agente": None,
    }


def history_document(journal: Journal, limit: int, *, copies: bool = False) -> list[Document]:
    """copies: with what became of each one, as `copias`."""
    runs = [(record_document(record), record.run_id) for record in journal.history(limit)]
    if not copies:
        return [run for run, _run_id in runs]
    return [run | {"copias": [_copy(*copy) for copy in journal.copies(run_id)]} for run, run_id in runs]


def company_document(company: Company) -> Document:
    return {"fantasia": company.trade_name, "cnpj": company.tax_id.formatted}


def agenda_document(
    company: Company, agendas: Sequence[Agenda], rejected: Sequence[RejectedRow], now: datetime, zone: ZoneInfo
) -> Document:
    return {
        "empresa": company_document(company),
        "agendas": [_agenda(row) | {"proximo": _iso(next_due(row, now, zone))} for row in agendas],
        "rejeitadas": [{"id": row.row, "motivo": row.reason} for row in rejected],
    }


def sync_document(sent: int, waiting: int | None, failure: Failure | None) -> Document:
    """failure: why the rest waits, or what could not be read; None when all is told."""
    told = {} if failure is None else {"codigo_erro": failure.code, "mensagem_erro": failure.message}
    return {"enviados": sent, "pendentes": waiting} | told


def _copy(path: Path, failure: Failure | None) -> Document:
    told = (None, None) if failure is None else (failure.code, failure.message)
    return {"caminho": str(path), "codigo_erro": told[0], "mensagem_erro": told[1]}


def _agenda(row: Agenda) -> Document:
    return {
        "id": row.id,
        "horario": f"{row.time:%H:%M}",
        "dias": [day.name for day in sorted(row.days)],
        "local_destino1": row.destination1,
        "local_destino2": row.destination2,
        "backup_remoto": row.remote,
        "prefixo_backup": row.naming.value,
        "banco_origem": row.source,
    }


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
