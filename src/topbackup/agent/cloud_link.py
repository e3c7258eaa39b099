"""From the journal to the cloud: which one, one pass of what is to be sent, and passes while a backup runs."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from topbackup.agent.databases import note_databases, remember_told, told_databases
from topbackup.agent.documents import agenda_document
from topbackup.agent.parts import Parts, Registration
from topbackup.cloud import CloudAddress, DrainResult, MysqlAddress, Patience, Publisher, SqliteAddress, open_cloud
from topbackup.errors import NotConfigured, TopBackupError
from topbackup.journal import Journal
from topbackup.problems import CONFIG_INVALID
from topbackup.settings import CloudSettings
from topbackup.version import __version__

if TYPE_CHECKING:
    from topbackup.cloud.store import CloudStore

_log = logging.getLogger(__name__)
_LOOK_AGAIN = 5.0  # seconds between two passes while a backup runs
_FAREWELL = 15.0  # seconds that the last pass may take: longer than a connection may
_ONCE = Patience(attempts=1)


def cloud_address(settings: CloudSettings) -> CloudAddress:
    """Raises NotConfigured when the settings name no cloud."""
    if settings.sqlite_path:
        return SqliteAddress(Path(settings.sqlite_path))
    if settings.host:
        return MysqlAddress(settings.host, settings.user, settings.password, settings.port, settings.database)
    raise NotConfigured(CONFIG_INVALID, "mysql.host")


def synchronise(
    parts: Parts, journal: Journal, registration: Registration | None, patience: Patience | None = None
) -> DrainResult:
    """Tell the cloud the company and every run that waits; what cannot be sent stays in the journal.

    registration: None when the customer's database could not be read: the runs are sent all the same.
    Raises NotConfigured when the settings name no cloud.
    """
    address = cloud_address(parts.settings.mysql)
    publisher = Publisher(
        journal.pending, journal.acknowledge, journal.waiting, lambda: open_cloud(address), patience=patience
    )
    return publisher.drain(None if registration is None else introduction(parts, journal, registration))


def introduction(parts: Parts, journal: Journal, registration: Registration) -> "Callable[[CloudStore], None]":
    """The company, its agendas and databases as the cloud is to know them, with this contact and this version."""
    sources = note_databases(journal, registration.agendas, parts.settings)
    company, agendas, now = registration.company, registration.agendas, parts.clock.now()
    schedule = agenda_document(company, agendas.agendas, agendas.rejected, now, parts.settings.app.zone)
    published = {"fuso": parts.settings.app.timezone, "lida_em": now.isoformat()} | schedule

    def introduce(store: "CloudStore") -> None:
        store.save_company(company, __version__, now, published, sources=sources, told_before=told_databases(journal))
        remember_told(journal, sources)

    return introduce


class Publishing:
    """Keeps the cloud told while a backup runs, in a thread of its own: it neither holds the backup up nor fails it.

    It begins with `know`: until then the backup has not opened its journal, and may have to set a spoiled one aside.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._registration: Registration | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._passes, name="cloud", daemon=True)
        self.result: DrainResult | None = None

    def know(self, registration: Registration) -> None:
        """The company is known: begin."""
        self._registration = registration
        self._thread.start()

    def end(self) -> None:
        """The backup ended: one last pass. Waits for it no longer than a connection to the cloud may take."""
        self._ended.set()
        if not self._thread.is_alive():
            self._thread = threading.Thread(target=self._passes, name="cloud", daemon=True)
            self._thread.start()
        self._thread.join(_FAREWELL)

    def _passes(self) -> None:
        try:
            with Journal.open(self._parts.places.journal) as journal:
                while not self._ended.wait(0 if self.result is None else _LOOK_AGAIN):
                    self.result = synchronise(self._parts, journal, self._registration, _ONCE)
                self.result = synchronise(self._parts, journal, self._registration, _ONCE)
        except TopBackupError as failed:
            _log.warning("the cloud was not told: %s %s", failed.code, failed)
            self.result = DrainResult(0, None, failed.failure())


@contextmanager
def published_meanwhile(parts: Parts) -> Iterator[Publishing | None]:
    """What is journaled in the block goes to the cloud; None when the settings name no cloud."""
    try:
        cloud_address(parts.settings.mysql)
    except NotConfigured:
        yield None
        return
    publishing = Publishing(parts)
    try:
        yield publishing
    finally:
        publishing.end()
