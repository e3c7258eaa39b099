"""The record of one backup run: what the journal keeps and the cloud receives."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from topcore.company import TaxId
from topcore.spread import Spread
from topcore.tables import NamingScheme, Proof, RunStatus


@dataclass(frozen=True)
class Failure:
    """Why a run, or one copy of it, did not succeed: a code of the error catalogue, and a sentence in Portuguese."""

    code: str
    message: str


@dataclass(frozen=True)
class RemoteCopy:
    """A copy that was asked for away from this computer. Instants are aware UTC.

    since: from when on it was owed. placed_at: when it was there under its name, checked; None: it is missing since
    `since`. failure: why the latest attempt did not succeed, or why there will be no other. apart: is it on no device
    of this computer that holds the database or another copy, and at no other destination's address?
    """

    destination: str
    since: datetime
    placed_at: datetime | None = None
    failure: Failure | None = None
    apart: bool = True


@dataclass(frozen=True)
class BackupRecord:
    """One row of LOG_BACKUPS. All instants are aware UTC; sizes are bytes.

    failure on a SUCCEEDED run means a partial result: the backup exists, but one of its copies does not.
    size, sha256: of the ZIP. dump_size: of the .fbk inside. next_due: the next slot that the company is owed, known
    when the run was recorded. source_next_due: the next slot of this database. slot: the due slot of `agenda_id` that
    this run stands for; None for one by hand.
    spread: on how many devices the copies are; known once the run has ended well.
    """

    run_id: UUID
    tax_id: TaxId
    source: str
    naming: NamingScheme
    manual: bool
    started_at: datetime
    file_name: str
    destination1: str
    destination2: str | None = None
    status: RunStatus = RunStatus.PENDING
    ended_at: datetime | None = None
    size: int | None = None
    sha256: str | None = None
    dump_size: int | None = None
    failure: Failure | None = None
    proof: Proof = Proof.NOT_TRIED
    proven_at: datetime | None = None
    remotes: tuple[RemoteCopy, ...] = ()
    spread: Spread | None = None
    next_due: datetime | None = None
    agenda_id: int | None = None
    slot: datetime | None = None
    source_next_due: datetime | None = None

    def __post_init__(self) -> None:
        if self.status is RunStatus.FAILED and self.failure is None:
            raise ValueError("a failed run says why")
        if self.status is RunStatus.SUCCEEDED and not (self.size and self.sha256):
            raise ValueError("a successful run has a size and a SHA-256")
        if self.status.finished != (self.ended_at is not None):
            raise ValueError("a run has an end if and only if it is finished")

    @property
    def partial(self) -> bool:
        """The backup exists, but not all the copies that were asked for."""
        return self.status is RunStatus.SUCCEEDED and self.failure is not None

    @property
    def uploaded_at(self) -> datetime | None:
        """When the last of the remote copies was there; None while one is missing, or none was asked for."""
        placed = [copy.placed_at for copy in self.remotes]
        return None if not placed or None in placed else max(filter(None, placed))

    def running(self) -> "BackupRecord":
        return replace(self, status=RunStatus.RUNNING)

    def failed(self, at: datetime, failure: Failure) -> "BackupRecord":
        return replace(self, status=RunStatus.FAILED, ended_at=at, failure=failure)


def size_text(size: int | None) -> str | None:
    """TAMANHO_FORMATADO: binary units, decimal comma, as 1.0.x wrote them: `48,3 MB`."""
    if size is None:
        return None
    value, unit = float(size), "B"
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if value < 1024 or unit == "TB":
            break
        value /= 1024
    text = f"{value:.0f}" if unit == "B" else f"{value:.1f}".replace(".", ",")
    return f"{text} {unit}"


@dataclass(frozen=True)
class OutboxEntry:
    """A record that waits to be sent to the cloud. Entries are sent in the order of `sequence`."""

    sequence: int
    record: BackupRecord
