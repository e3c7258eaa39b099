"""From the journal to the cloud: which one, and one pass of what is to be sent."""

from pathlib import Path

from topbackup.agent.parts import Parts, Registration
from topbackup.cloud import CloudAddress, DrainResult, MysqlAddress, Publisher, SqliteAddress, open_cloud
from topbackup.errors import NotConfigured, TopBackupError
from topbackup.journal import Journal
from topbackup.problems import CONFIG_INVALID
from topbackup.settings import CloudSettings
from topbackup.version import __version__


def cloud_address(settings: CloudSettings) -> CloudAddress:
    """Raises NotConfigured when the settings name no cloud."""
    if settings.sqlite_path:
        return SqliteAddress(Path(settings.sqlite_path))
    if settings.host:
        return MysqlAddress(settings.host, settings.user, settings.password, settings.port, settings.database)
    raise NotConfigured(CONFIG_INVALID, "mysql.host")


def synchronise(parts: Parts, journal: Journal, registration: Registration | None) -> DrainResult:
    """Tell the cloud the company and every run that waits; what cannot be sent stays in the journal.

    registration: None when the customer's database could not be read: the runs are sent all the same.
    """
    address = cloud_address(parts.settings.mysql)
    publisher = Publisher(journal.pending, journal.acknowledge, journal.waiting, lambda: open_cloud(address))
    if registration is not None:
        try:
            with open_cloud(address) as store:
                store.save_company(registration.company, __version__, parts.clock.now())
        except TopBackupError as failed:
            return DrainResult(0, journal.waiting(), failed.failure())
    return publisher.drain()
