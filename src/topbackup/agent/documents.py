"""What the agent says of itself, as JSON documents: one form for commands, window, tray and the pipe.

Keys are the columns' names in lower case (design §4.5); instants in ISO 8601 with their offset.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from topbackup.agent.databases import evidence_here
from topbackup.agent.files_here import Look
from topbackup.agent.rejected import rejected_rows
from topbackup.agent.sending import Sending
from topbackup.errors import TopBackupError
from topbackup.i18n import _
from topbackup.journal import Journal, SlotBook, Upload, waiting_uploads
from topbackup.journal.copies import CopyBook
from topcore.agenda import Agenda, RejectedRow, next_due
from topcore.company import Company
from topcore.health import Evidence, weakest
from topcore.health import status as card_status
from topcore.record import BackupRecord, Failure, RemoteCopy
from topcore.spread import Spread
from topcore.tables import CardStatus

_NEVER = datetime.min.replace(tzinfo=UTC)
PAGE = 500  # runs of one answer; each is about 1 KiB, and a message holds 8 MiB
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
        "proximo_do_banco": _iso(record.source_next_due),
        "codigo_erro": record.failure.code if record.failure else None,
        "mensagem_erro": record.failure.message if record.failure else None,
        "remotas": [_remote_document(copy) for copy in record.remotes],
        "data_envio_ftp": _iso(record.uploaded_at),
        "distribuicao": None if record.spread is None else _spread_document(record.spread),
    }


def status_document(journal: Journal, now: datetime, zone: ZoneInfo) -> Document:
    """How this computer's backups stand, by the rule of the dashboard, from the journal alone. now: aware."""
    known = evidence_here(journal)
    (only,) = known if len(known) == 1 else ("",)
    newest = journal.history_of(only, 1) if only else journal.history(1)
    return {
        "status": card_status(weakest(list(known.values())), now).value,
        "bancos": [] if len(known) < 2 else _database_documents(journal, known, now),
        "fuso": zone.key,
        "agendas_rejeitadas": rejected_rows(journal),
        "pendentes_nuvem": journal.waiting(),
        "envios": [upload_document(upload) for upload in waiting_uploads(journal)],
        "ultimo": record_document(newest[0]) if newest else None,
        "horarios": [
            {"agenda": number, "previsto": slot.isoformat(), "resultado": result}
            for number, slot, result in SlotBook(journal).settled(now - _SLOTS_TOLD)
        ],
        "copias_locais": None,
        "agente": None,
    }


def _database_documents(journal: Journal, known: Mapping[str, Evidence], now: datetime) -> list[Document]:
    """Each of several databases, worst first; of those that are alike, the one whose last good backup is oldest."""
    rank = list(CardStatus)
    judged = [(card_status(evidence, now), evidence.last_success or _NEVER, name) for name, evidence in known.items()]
    return [
        {
            "banco_origem": name,
            "status": status.value,
            "ultimo": next(map(record_document, journal.history_of(name, 1)), None),
            "ultimo_sucesso": None if (good := journal.last_success(name)) is None else record_document(good),
        }
        for status, _since, name in sorted(judged, key=lambda one: (rank.index(one[0]), *one[1:]))
    ]


def history_document(journal: Journal, limit: int) -> list[Document]:
    return [record_document(record) for record in journal.history(limit)]


def files_document(look: Look | None) -> Document | None:
    """What became of the files of each database's last good backup; None: nobody has looked yet.

    outros: files of older backups that are not where they were put.
    """
    if look is None:
        return None
    return {
        "visto_em": look.at.isoformat(),
        "bancos": [
            {
                "banco_origem": each.record.source,
                "uuid": str(each.record.run_id),
                "nome_arquivo": each.record.file_name,
                "arquivos": [{"caminho": str(path), "situacao": found.value} for path, found in each.files],
            }
            for each in look.databases
        ],
        "outros": [{"caminho": str(path), "situacao": found.value} for path, found in look.older],
    }


def company_document(company: Company) -> Document:
    return {"fantasia": company.trade_name, "cnpj": company.tax_id.formatted}


def history_page(journal: Journal, limit: int, before: str | None, *, copies: bool = False) -> list[Document]:
    """The runs before that one (a UUID; None: the newest), and no more of them than one message holds.

    copies: with what became of each one, as `copias`; what retention took away is in neither that nor `remotas`.
    """
    records = journal.history(min(limit, PAGE), before)
    if not copies:
        return [record_document(record) for record in records]
    book = CopyBook(journal)
    return [record_document(_kept_away(record, book)) | {"copias": _kept_here(record, journal)} for record in records]


def _kept_here(record: BackupRecord, journal: Journal) -> list[Document]:
    return [_copy(*copy) for copy in journal.copies(record.run_id)]


def _kept_away(record: BackupRecord, book: CopyBook) -> BackupRecord:
    gone = book.gone_from(record.run_id)
    return replace(record, remotes=tuple(copy for copy in record.remotes if copy.destination not in gone))


def agenda_document(
    company: Company, agendas: Sequence[Agenda], rejected: Sequence[RejectedRow], now: datetime, zone: ZoneInfo
) -> Document:
    return {
        "empresa": company_document(company),
        "agendas": [_agenda(row) | {"proximo": _iso(next_due(row, now, zone))} for row in agendas],
        "rejeitadas": [{"id": row.row, "motivo": row.reason} for row in rejected],
    }


def sending_document(sending: Sending) -> Document:
    """An upload under way; sizes in bytes."""
    return {
        "uuid": str(sending.run_id),
        "destino": sending.destination,
        "feito": sending.done,
        "total": sending.size,
    }


def upload_document(upload: Upload) -> Document:
    """A copy that is owed to a place away."""
    failures = [copy.failure for copy in upload.record.remotes if copy.destination == upload.destination]
    failure = next(iter(failures), None)
    return {
        "uuid": str(upload.run_id),
        "destino": upload.destination,
        "nome_arquivo": upload.record.file_name,
        "tentativas": upload.attempts,
        "proxima_tentativa": upload.again_at.isoformat(),
        "codigo_erro": None if failure is None else failure.code,
        "mensagem_erro": None if failure is None else failure.message,
    }


def _remote_document(copy: RemoteCopy) -> Document:
    return {
        "destino": copy.destination,
        "desde": copy.since.isoformat(),
        "em": _iso(copy.placed_at),
        "codigo_erro": None if copy.failure is None else copy.failure.code,
        "mensagem_erro": None if copy.failure is None else copy.failure.message,
    }


def _spread_document(found: Spread) -> Document:
    return {
        "copias": found.copies,
        "dispositivos": found.devices,
        "fora": found.away,
        "riscos": [risk.value for risk in found.risks],
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
