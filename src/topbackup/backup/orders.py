"""From the settings and the agenda to the jobs that they order."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from topbackup.backup.job import BackupJob
from topbackup.errors import BadUsage, NotConfigured, TopBackupError
from topbackup.firebird.address import DatabaseAddress, parse_address
from topbackup.problems import BAD_ARGUMENT, CONFIG_INVALID
from topbackup.settings import Settings
from topbackup.settings_remote import FTP_NAME
from topcore.agenda import Agenda, next_due_of_all
from topcore.company import Company
from topcore.naming import database_labels


def configured_address(settings: Settings) -> DatabaseAddress:
    """The database of the settings. Raises NotConfigured."""
    path = settings.firebird.database_path
    try:
        return parse_address(path, None)
    except ValueError:
        raise NotConfigured(
            CONFIG_INVALID, f"firebird.database_path: {path}" if path else "firebird.database_path"
        ) from None


def job_for_agenda(
    agenda: Agenda,
    agendas: Iterable[Agenda],
    company: Company,
    settings: Settings,
    *,
    run_id: UUID,
    now: datetime,
    slot: datetime | None = None,
) -> BackupJob:
    """The run that this row of AGENDA_BACKUP asks for. agendas: all valid rows; now: aware.

    slot: the due slot that it stands for; None for one asked for by hand.
    """
    agendas = list(agendas)
    source = _address(agenda.source, settings)
    labels = database_labels([str(_address(each.source, settings)) for each in agendas])
    return BackupJob(
        run_id=run_id,
        company=company,
        source=source,
        source_name=str(source),
        destination1=Path(agenda.destination1),
        destination2=Path(agenda.destination2) if agenda.destination2 else None,
        naming=agenda.naming,
        zone=settings.app.zone,
        label=labels[str(source)],
        agenda_id=agenda.id,
        slot=slot,
        manual=slot is None,
        remotes=_remotes(settings, asked_for=agenda.remote),
        next_due=next_due_of_all(agendas, now, settings.app.zone),
        source_next_due=next_due_of_all(_rows_of(source, agendas, settings), now, settings.app.zone),
        prove=settings.backup.verificar_backup,
        route=settings.backup.rota,
    )


def job_for_database(
    database: str | None,
    agendas: Iterable[Agenda],
    company: Company,
    settings: Settings,
    *,
    run_id: UUID,
    now: datetime,
) -> BackupJob:
    """A backup without an agenda, to the settings' own destinations. database: None for the configured one.

    Raises NotConfigured when the settings name no destination; BadUsage for what is no database's address.
    """
    if not settings.backup.local_destino1:
        raise NotConfigured(CONFIG_INVALID, "backup.local_destino1")
    agendas = list(agendas)
    source = _address(database, settings)
    labels = database_labels([str(source), *(str(_address(each.source, settings)) for each in agendas)])
    return BackupJob(
        run_id=run_id,
        company=company,
        source=source,
        source_name=str(source),
        destination1=Path(settings.backup.local_destino1),
        destination2=Path(settings.backup.local_destino2) if settings.backup.local_destino2 else None,
        naming=settings.backup.prefixo_backup,
        zone=settings.app.zone,
        label=labels[str(source)],
        remotes=_remotes(settings, asked_for=settings.backup.backup_remoto),
        next_due=next_due_of_all(agendas, now, settings.app.zone),
        source_next_due=next_due_of_all(_rows_of(source, agendas, settings), now, settings.app.zone),
        prove=settings.backup.verificar_backup,
        route=settings.backup.rota,
    )


def database_name(source: str | None, settings: Settings) -> str:
    """As the runs of this row of AGENDA_BACKUP call their database; what is no address, as it is written."""
    try:
        return str(_address(source, settings))
    except TopBackupError:
        return source or settings.firebird.database_path


def _rows_of(source: DatabaseAddress, agendas: Iterable[Agenda], settings: Settings) -> list[Agenda]:
    return [row for row in agendas if str(_address(row.source, settings)) == str(source)]


def _remotes(settings: Settings, *, asked_for: bool) -> tuple[str, ...]:
    """Where a copy is owed to. One that is asked for and has nowhere to go is owed to the destination that 1.0.x knew:
    it stays missing, and says so, until somebody configures it."""
    names = tuple(remote.nome for remote in settings.remotes)
    return (names or (FTP_NAME,)) if asked_for else ()


def _address(source: str | None, settings: Settings) -> DatabaseAddress:
    configured = configured_address(settings)
    try:
        return configured if not source else parse_address(source, configured)
    except ValueError:
        raise BadUsage(BAD_ARGUMENT, source or "") from None
