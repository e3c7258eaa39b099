"""A backup asked for now, by whomever: from the settings to the record of the run.

Whatever keeps it from even beginning (no Firebird, a wrong password) is written down as a failed run too, as far as it
is known whose it is: a card must turn when a backup was due and could not be made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from topbackup.agent.parts import Parts, Registration
from topbackup.backup.run import run_backup
from topbackup.backup.workplace import Progress
from topbackup.cancellation import Cancellation
from topbackup.errors import OperationFailed
from topbackup.journal import Journal
from topbackup.problems import JOURNAL_CORRUPT
from topcore.company import InvalidTaxId, TaxId
from topcore.record import BackupRecord


@dataclass(frozen=True)
class Order:
    """agenda_id: a row of AGENDA_BACKUP; None: a backup of `database`, or of the configured one, without an agenda."""

    agenda_id: int | None = None
    database: str | None = None


def back_up_now(
    parts: Parts,
    order: Order,
    told: Callable[[Progress], None],
    cancel: Cancellation,
    registered: Callable[[Registration], None] = lambda registration: None,
) -> BackupRecord:
    """Make the backup. registered: hears what the customer's database says of itself, before the run begins.

    Raises Busy, BadUsage, NotConfigured; OperationFailed when it could not begin.
    """
    with _journal(parts, order) as journal:
        try:
            registration = parts.registration()
        except OperationFailed as failed:
            _write_down(journal, parts, order, failed)
            raise
        registered(registration)
        now = parts.clock.now()
        if order.agenda_id is None:
            job = parts.database_job(order.database, registration, now)
        else:
            job = parts.agenda_job(order.agenda_id, registration, now)
        return run_backup(job, parts.workplace(journal, told), cancel)


def _journal(parts: Parts, order: Order) -> Journal:
    """The journal. A spoiled one is set aside, and the new one begins with the failure of this attempt."""
    try:
        return parts.open_journal()[0]
    except OperationFailed as failed:
        if failed.problem is JOURNAL_CORRUPT:
            with parts.open_journal()[0] as fresh:
                _write_down(fresh, parts, order, failed)
        raise


def _write_down(journal: Journal, parts: Parts, order: Order, failed: OperationFailed) -> None:
    """The failed run, modelled on the last one of this agenda; without any, nothing is known of whose it would be."""
    tax_id = _tax_id(journal, parts)
    if tax_id is None:
        return
    now, backup = parts.clock.now(), parts.settings.backup
    known = [record for record in journal.history(200) if record.agenda_id == order.agenda_id]
    record = BackupRecord(
        run_id=uuid4(),
        tax_id=tax_id,
        source=known[0].source if known else str(parts.source),
        naming=known[0].naming if known else backup.prefixo_backup,
        manual=True,
        started_at=now,
        file_name="",
        destination1=known[0].destination1 if known else backup.local_destino1,
        destination2=(known[0].destination2 if known else backup.local_destino2) or None,
        next_due=None,
        agenda_id=order.agenda_id,
    )
    journal.begin(record)
    journal.update(record.failed(now, failed.failure()))


def _tax_id(journal: Journal, parts: Parts) -> TaxId | None:
    newest = journal.history(1)
    if newest:
        return newest[0].tax_id
    try:
        return TaxId.parse(parts.settings.app.empresa_cnpj)
    except InvalidTaxId:
        return None
