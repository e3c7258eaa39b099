"""What a run is asked to do, and the record that it begins with."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from topbackup.firebird.address import DatabaseAddress
from topbackup.settings import RouteChoice
from topcore.company import Company
from topcore.naming import zip_name
from topcore.record import BackupRecord
from topcore.tables import NamingScheme


@dataclass(frozen=True)
class BackupJob:
    """One backup of one database.

    source_name: the database as AGENDA_BACKUP or the settings spell it. label: from `naming.database_labels`. slot: the
    due slot of `agenda_id` that this run stands for; None for one by hand. next_due: the next slot that the company is
    owed; source_next_due: that of this database. remotes: names of the destinations away that a copy is owed to.
    prove: restore it and compare, before it is published.
    """

    run_id: UUID
    company: Company
    source: DatabaseAddress
    source_name: str
    destination1: Path
    destination2: Path | None
    naming: NamingScheme
    zone: ZoneInfo
    label: str | None = None
    agenda_id: int | None = None
    slot: datetime | None = None
    next_due: datetime | None = None
    source_next_due: datetime | None = None
    manual: bool = True
    remotes: tuple[str, ...] = ()
    prove: bool = True
    route: RouteChoice = RouteChoice.AUTO

    def record(self, started_at: datetime) -> BackupRecord:
        """The record of this run at its start, pending."""
        return BackupRecord(
            run_id=self.run_id,
            tax_id=self.company.tax_id,
            source=self.source_name,
            naming=self.naming,
            manual=self.manual,
            started_at=started_at,
            file_name=zip_name(self.naming, self.company.tax_id, started_at, self.zone, self.label),
            destination1=str(self.destination1),
            destination2=None if self.destination2 is None else str(self.destination2),
            next_due=self.next_due,
            agenda_id=self.agenda_id,
            slot=self.slot,
            source_next_due=self.source_next_due,
        )
