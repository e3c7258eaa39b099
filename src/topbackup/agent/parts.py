"""The parts of the agent, joined from one settings file: whoever starts a backup asks here."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from topbackup import settings_file
from topbackup.backup.job import BackupJob
from topbackup.backup.orders import configured_address, job_for_agenda, job_for_database
from topbackup.backup.recovery import recover
from topbackup.backup.restore import RestorePlace
from topbackup.backup.sweep import Sweeping
from topbackup.backup.workplace import Progress, Source, Workplace
from topbackup.cancellation import Cancellation
from topbackup.clock import SYSTEM_CLOCK, Clock
from topbackup.destinations.contract import Destination
from topbackup.destinations.opening import RemotePlace, remote_place
from topbackup.errors import BadUsage, OperationFailed
from topbackup.firebird.address import Credentials, DatabaseAddress, parse_address
from topbackup.firebird.agenda_reader import AgendaReading, read_agendas
from topbackup.firebird.company_reader import read_company
from topbackup.firebird.connection import connect
from topbackup.firebird.discovery import find_gbak
from topbackup.firebird.source import NO_SERVER, SourceFacts, read_source_facts
from topbackup.journal import Journal
from topbackup.places import Places
from topbackup.problems import AGENDA_UNKNOWN, BAD_ARGUMENT, FIREBIRD_BREAKER_OPEN, FIREBIRD_UNREACHABLE
from topbackup.settings import RouteChoice, Settings
from topcore.company import Company
from topcore.record import BackupRecord

ANSWER_SECONDS = 15.0  # for a small question to Firebird


@dataclass(frozen=True)
class Registration:
    """What the customer's database says of itself."""

    company: Company
    agendas: AgendaReading


@dataclass(frozen=True)
class Parts:
    """Everything that one settings file decides."""

    settings: Settings
    places: Places
    clock: Clock = SYSTEM_CLOCK

    @classmethod
    def of(cls, config: Path) -> "Parts":
        """Raises NotConfigured."""
        return cls(settings_file.load(config), Places(config.absolute()))

    @property
    def login(self) -> Credentials:
        return Credentials(self.settings.firebird.user, self.settings.firebird.password.get_secret_value())

    @property
    def source(self) -> DatabaseAddress:
        """The configured database, which holds EMPRESA and AGENDA_BACKUP. Raises NotConfigured."""
        return configured_address(self.settings)

    def open_journal(self) -> tuple[Journal, list[BackupRecord]]:
        """The journal, and the runs that were found interrupted and are closed now."""
        journal = Journal.open(self.places.journal)
        try:
            return journal, recover(journal, self.places, self.clock)
        except BaseException:
            journal.close()
            raise

    def registration(self) -> Registration:
        """Read EMPRESA and AGENDA_BACKUP. Raises OperationFailed."""
        charset = self.settings.firebird.charset
        with connect(self.source, self.login, charset, ANSWER_SECONDS) as connection:
            company = read_company(connection, self.settings.app.empresa_id, self.settings.app.empresa_cnpj or None)
            return Registration(company, read_agendas(connection))

    def agenda_job(
        self, agenda_id: int, registration: Registration, now: datetime, slot: datetime | None = None
    ) -> BackupJob:
        """The job of one row of AGENDA_BACKUP. slot: as in `BackupJob`. Raises BadUsage with AGENDA_UNKNOWN."""
        agendas = registration.agendas.agendas
        chosen = next((agenda for agenda in agendas if agenda.id == agenda_id), None)
        if chosen is None:
            raise BadUsage(AGENDA_UNKNOWN, str(agenda_id))
        return job_for_agenda(chosen, agendas, registration.company, self.settings, run_id=uuid4(), now=now, slot=slot)

    def named_database(self, text: str) -> DatabaseAddress:
        """A database as a person named it. Raises BadUsage for what is no address."""
        try:
            return parse_address(text, self.source)
        except ValueError:
            raise BadUsage(BAD_ARGUMENT, text[:100]) from None

    def database_job(self, database: str | None, registration: Registration, now: datetime) -> BackupJob:
        """The job of a backup without an agenda. Raises BadUsage as `named_database`."""
        if database is not None:
            self.named_database(database)
        agendas = registration.agendas.agendas
        return job_for_database(database, agendas, registration.company, self.settings, run_id=uuid4(), now=now)

    def workplace(self, journal: Journal, told: Callable[[Progress], None]) -> Workplace:
        backup = self.settings.backup
        return Workplace(
            journal=journal,
            clock=self.clock,
            places=self.places,
            login=self.login,
            timeout=backup.timeout_seconds,
            stall=backup.stall_seconds,
            look=self.look,
            told=told,
        )

    def look(self, job: BackupJob) -> Source:
        """What the server of the job's database says of it, and that server's own gbak.

        Where no server answers on this machine, the embedded engine may still read the file.
        """
        facts = self._facts(job.source, job.route)
        return Source(facts, find_gbak(self._configured_gbak(), facts.engine))

    def remote_place(self, name: str) -> RemotePlace:
        """A destination away, by its name. Raises OperationFailed: REMOTE_NOT_CONFIGURED, REMOTE_CONFIG."""
        return remote_place(self.settings, name, self.places.data)

    def sweeping(self) -> Sweeping:
        """What retention goes by."""
        return Sweeping(self.settings.backup.retention, self.settings.app.zone, self.clock.now, self._destination)

    def restore_place(self, temp: Path, cancel: Cancellation) -> RestorePlace:
        """The means to restore on this machine. temp: an own folder, which must exist."""
        server = self.source if self.settings.firebird.database_path and self.source.is_local else None
        facts = NO_SERVER
        if server is not None:
            with suppress(OperationFailed):
                facts = self._facts(server, RouteChoice.AUTO)
        return RestorePlace(
            gbak=find_gbak(self._configured_gbak(), facts.engine).path,
            temp=temp,
            timeout=self.settings.backup.timeout_seconds * 2,  # it takes about twice a backup's time (facts.md)
            server=server if facts.server_answers else None,
            servers_file=facts.file or Path(server.path if server else ""),
            login=self.login,
            cancel=cancel,
        )

    def _destination(self, name: str) -> Destination:
        return self.remote_place(name).destination

    def _facts(self, source: DatabaseAddress, route: RouteChoice) -> SourceFacts:
        if route is RouteChoice.EMBEDDED:
            return NO_SERVER
        try:
            with connect(source, self.login, self.settings.firebird.charset, ANSWER_SECONDS) as connection:
                return read_source_facts(connection)
        except OperationFailed as failed:
            away = failed.problem in (FIREBIRD_UNREACHABLE, FIREBIRD_BREAKER_OPEN)
            if away and source.is_local and Path(source.path).is_file():
                return NO_SERVER
            raise

    def _configured_gbak(self) -> Path | None:
        return Path(self.settings.firebird.gbak_path) if self.settings.firebird.gbak_path else None
