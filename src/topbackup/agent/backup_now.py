"""A backup asked for now, by the schedule or by hand: from the settings to the record of the run.

Whatever keeps it from even beginning (no Firebird, a wrong password) is written down as a failed run too, as far as it
is known whose it is: a card must turn when a backup was due and could not be made.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from topbackup.agent.databases import note_databases
from topbackup.agent.parts import Parts, Registration
from topbackup.backup.orders import database_name
from topbackup.backup.run import run_backup
from topbackup.backup.workplace import Progress
from topbackup.cancellation import Cancellation
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.journal import Journal, SlotBook
from topbackup.problems import JOURNAL_CORRUPT
from topcore.company import InvalidTaxId, TaxId
from topcore.record import BackupRecord

_LOOKED_AT = 200  # of the latest runs, to find one of the same agenda


@dataclass(frozen=True)
class Order:
    """agenda_id: a row of AGENDA_BACKUP; None: a backup of `database`, or of the configured one, without an agenda.

    slot: the due slot of that agenda that the run stands for; None for one asked for by hand.
    """

    agenda_id: int | None = None
    database: str | None = None
    slot: datetime | None = None


def back_up_now(
    parts: Parts,
    order: Order,
    told: Callable[[Progress], None],
    cancel: Cancellation,
    registered: Callable[[Registration], None] = lambda registration: None,
    *,
    journal: Journal | None = None,
) -> BackupRecord:
    """Make the backup. registered: hears what the customer's database says of itself, before the run begins.

    journal: the agent's; without one it is opened, and what was left open by the dead is closed first.
    Raises Busy, BadUsage, NotConfigured; OperationFailed when it could not begin.
    """
    with _journal(parts, order) if journal is None else nullcontext(journal) as book:
        try:
            registration = parts.registration()
        except OperationFailed as failed:
            write_down(book, parts, order, failed)
            raise
        note_databases(book, registration.agendas, parts.settings)
        registered(registration)
        if cancel.interrupted:
            cancel.check()  # nothing has begun: the slot stays owed
        now = parts.clock.now()
        if order.agenda_id is None:
            job = parts.database_job(order.database, registration, now)
        else:
            job = parts.agenda_job(order.agenda_id, registration, now, order.slot)
        return run_backup(job, parts.workplace(book, told), cancel)


def write_down(journal: Journal, parts: Parts, order: Order, failed: TopBackupError) -> None:
    """The failed run, modelled on the last one of this agenda; without any, nothing is known of whose it would be.

    A slot that is tried again and again fails with one reason once. Raises OperationFailed where the journal does.
    """
    tax_id = company_on_record(journal, parts)
    if tax_id is None:
        return
    now, backup = parts.clock.now(), parts.settings.backup
    known = [record for record in journal.history(_LOOKED_AT) if record.agenda_id == order.agenda_id]
    if order.slot is not None and any(
        record.slot == order.slot and record.failure and record.failure.code == failed.code for record in known
    ):
        return
    record = BackupRecord(
        run_id=uuid4(),
        tax_id=tax_id,
        source=known[0].source if known else _database(journal, parts, order),
        naming=known[0].naming if known else backup.prefixo_backup,
        manual=order.slot is None,
        started_at=now,
        file_name="",
        destination1=known[0].destination1 if known else backup.local_destino1,
        destination2=(known[0].destination2 if known else backup.local_destino2) or None,
        next_due=None,
        agenda_id=order.agenda_id,
        slot=order.slot,
    )
    journal.could_not_begin(record.failed(now, failed.failure()))


def _database(journal: Journal, parts: Parts, order: Order) -> str:
    """Which one was to be backed up: as the agenda's row said when it was last read."""
    rows = {seen.agenda.id: seen.agenda for seen in SlotBook(journal).seen()}
    row = rows.get(order.agenda_id or 0)
    return database_name(row.source if row else order.database, parts.settings)


def company_on_record(journal: Journal, parts: Parts) -> TaxId | None:
    """Whose backups these are, without asking the customer's database: of the last run, or of the settings."""
    newest = journal.history(1)
    if newest:
        return newest[0].tax_id
    try:
        return TaxId.parse(parts.settings.app.empresa_cnpj)
    except InvalidTaxId:
        return None


def _journal(parts: Parts, order: Order) -> AbstractContextManager[Journal]:
    """The journal. A spoiled one is set aside, and the new one begins with the failure of this attempt."""
    try:
        return parts.open_journal()[0]
    except OperationFailed as failed:
        if failed.problem is JOURNAL_CORRUPT:
            with parts.open_journal()[0] as fresh:
                write_down(fresh, parts, order, failed)
        raise
