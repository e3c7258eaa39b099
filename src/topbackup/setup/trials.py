"""The trials of the steps, for the wizard and for commands: each has a time limit and can be cancelled.

What is wrong comes back inside the finding, beside the facts that were reached; only a cancelled trial raises.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from topbackup.agent.cloud_link import cloud_address
from topbackup.agent.parts import Parts
from topbackup.backup.orders import configured_address
from topbackup.backup.space import database_size
from topbackup.cancellation import Cancellation
from topbackup.cloud import MysqlAddress, open_cloud
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.firebird.address import DatabaseAddress
from topbackup.firebird.agenda_reader import read_agendas
from topbackup.firebird.company_reader import read_companies
from topbackup.firebird.connection import breaker_of, connect
from topbackup.firebird.database_search import SEARCH_SECONDS, FoundDatabase, find_databases
from topbackup.firebird.discovery import find_gbak
from topbackup.firebird.installations import installations
from topbackup.firebird.source import default_charset, read_source_facts
from topbackup.i18n import _
from topbackup.places import Places
from topbackup.problems import COMPANY_UNREADABLE, FIREBIRD_UNREACHABLE, TRIAL_CANCELLED
from topbackup.settings import Settings
from topbackup.setup.findings import CloudFinding, FirebirdFinding
from topbackup.setup.patience import within

_FIREBIRD_SECONDS = 30.0  # for all its questions; each answer may take a third of it
_CLOUD_SECONDS = 25.0
_CONNECT_SECONDS = 8.0


def search(cancel: Cancellation) -> list[FoundDatabase]:
    """The databases of this computer. Raises OperationFailed when cancelled."""
    return within(SEARCH_SECONDS * 2, cancel, lambda: find_databases(cancel.check), _("the search for databases"))


def try_firebird(settings: Settings, config: Path, cancel: Cancellation) -> FirebirdFinding:
    """Log in, look at the server and its gbak, read EMPRESA and AGENDA_BACKUP."""
    address = configured_address(settings)
    breaker_of(address).close()  # a person who mended something and tries again is not to wait for it
    reached = _Reached(FirebirdFinding(address.server))
    error = _error_of(lambda: within(_FIREBIRD_SECONDS, cancel, _firebird(settings, config, reached), address.server))
    finding = replace(reached.finding, error=error)
    if error is not None and error.problem is FIREBIRD_UNREACHABLE and address.is_local:
        return replace(finding, suggestion=_other_port(address))
    return finding


def try_cloud(settings: Settings, cancel: Cancellation) -> CloudFinding:
    """Connect, and look whether the tables are there."""
    address = cloud_address(settings.mysql)
    if isinstance(address, MysqlAddress):
        address = replace(address, connect_seconds=_CONNECT_SECONDS, answer_seconds=_CONNECT_SECONDS)

    def ask() -> CloudFinding:
        with open_cloud(address) as store:
            account, server = store.introduced()
            try:
                store.check()
            except OperationFailed as error:
                return CloudFinding(str(address), error, account, server)
            return CloudFinding(str(address), None, account, server)

    try:
        return within(_CLOUD_SECONDS, cancel, ask, str(address))
    except OperationFailed as error:
        _unless_cancelled(error)
        return CloudFinding(str(address), error)


class _Reached:
    """What a trial found so far, handed over between its thread and the one that waits for it."""

    def __init__(self, finding: FirebirdFinding) -> None:
        self._lock = threading.Lock()
        self._finding = finding

    @property
    def finding(self) -> FirebirdFinding:
        with self._lock:
            return self._finding

    @finding.setter
    def finding(self, finding: FirebirdFinding) -> None:
        with self._lock:
            self._finding = finding


def _firebird(settings: Settings, config: Path, reached: _Reached) -> Callable[[], None]:
    parts = Parts(settings, Places(config.absolute()))
    address = parts.source

    def ask() -> None:
        with connect(address, parts.login, settings.firebird.charset, _FIREBIRD_SECONDS / 3) as connection:
            facts = read_source_facts(connection)
            reached.finding = replace(
                reached.finding,
                engine=facts.engine,
                file=facts.file,
                size=database_size(facts.file) if facts.file and address.is_local else None,
                charset=default_charset(connection),
            )
            companies, unfit = read_companies(connection)
            reached.finding = replace(reached.finding, companies=tuple(companies), unfit=tuple(unfit))
            if not companies:
                raise OperationFailed(COMPANY_UNREADABLE, "; ".join(unfit[:3]) or _("The table is empty."))
            reached.finding = replace(reached.finding, agendas=read_agendas(connection))
        configured = Path(settings.firebird.gbak_path) if settings.firebird.gbak_path else None
        reached.finding = replace(reached.finding, gbak=find_gbak(configured, facts.engine))

    return ask


def _other_port(address: DatabaseAddress) -> str | None:
    """The same database at a server of this computer that does run, where there is one."""
    ports = [server.port for server in installations() if server.running and server.port != address.port]
    return replace(address, host="localhost", port=ports[0]).attach_string if ports else None


def _error_of(work: Callable[[], None]) -> TopBackupError | None:
    try:
        work()
    except TopBackupError as error:
        _unless_cancelled(error)
        return error
    return None


def _unless_cancelled(error: TopBackupError) -> None:
    if error.problem is TRIAL_CANCELLED:
        raise error
