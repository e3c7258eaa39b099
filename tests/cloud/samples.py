"""Companies and records for the tests of the cloud."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from topcore.company import Company, TaxId
from topcore.record import BackupRecord, Failure, RemoteCopy
from topcore.tables import NamingScheme, Proof, RunStatus

CNPJ = TaxId.parse("12.ABC.345/01DE-35")
CPF = TaxId.parse("529.982.247-25")
BEGAN = datetime(2026, 11, 3, 2, 0, 0, tzinfo=UTC)  # 23:00 of the second in São Paulo
SHOP = Company(7, "Padaria Pão & Cia", "João Conceição ME", CNPJ, date(2019, 5, 31))
FAILURE = Failure("TB-GBAK-FALHOU", "O gbak terminou com erro.")


def pending(number: int = 1, tax_id: TaxId = CNPJ) -> BackupRecord:
    began = BEGAN + timedelta(hours=number - 1)
    return BackupRecord(
        run_id=UUID(int=number),
        tax_id=tax_id,
        source=r"C:\ERP\DADOS.FDB",
        naming=NamingScheme.VERSIONED,
        manual=False,
        started_at=began,
        file_name=f"{tax_id.characters}_{number:06d}.zip",
        destination1=r"D:\BACKUP",
        destination2=r"\\servidor\cópias",
        next_due=began + timedelta(days=1),
    )


def running(number: int = 1) -> BackupRecord:
    return pending(number).running()


def succeeded(number: int = 1) -> BackupRecord:
    record = pending(number)
    return replace(
        record,
        status=RunStatus.SUCCEEDED,
        ended_at=record.started_at + timedelta(minutes=4),
        size=50_646_221,
        sha256="ab" * 32,
    )


def proven(number: int = 1) -> BackupRecord:
    record = succeeded(number)
    return replace(record, proof=Proof.PROVEN, proven_at=record.started_at + timedelta(minutes=9))


def uploaded(number: int = 1) -> BackupRecord:
    record = proven(number)
    return replace(record, remotes=(sent(record.started_at + timedelta(minutes=15)),))


def sent(at: datetime) -> RemoteCopy:
    return RemoteCopy("ftp", since=at - timedelta(minutes=5), placed_at=at)


def failed(number: int = 1) -> BackupRecord:
    record = running(number)
    return record.failed(record.started_at + timedelta(minutes=1), FAILURE)
