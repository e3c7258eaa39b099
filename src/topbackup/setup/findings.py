"""What a trial of a step found: facts to show, the error that keeps it from being proven, warnings that do not."""

from dataclasses import dataclass
from pathlib import Path

from topbackup.errors import TopBackupError
from topbackup.firebird.agenda_reader import AgendaReading
from topbackup.firebird.discovery import Gbak
from topbackup.firebird.server import EngineVersion
from topcore.company import Company


@dataclass(frozen=True)
class FirebirdFinding:
    """As far as the trial came: what is None was not reached, or is not there.

    charset: the database's own. file: as its server knows it. size: bytes, where the file can be seen from here.
    unfit: rows of EMPRESA that are no company, each with its reason. suggestion: another spelling of the address, with
    the port of a server that does run here.
    """

    server: str
    error: TopBackupError | None = None
    engine: EngineVersion | None = None
    charset: str | None = None
    file: Path | None = None
    size: int | None = None
    gbak: Gbak | None = None
    companies: tuple[Company, ...] = ()
    unfit: tuple[str, ...] = ()
    agendas: AgendaReading | None = None
    suggestion: str | None = None

    @property
    def proven(self) -> bool:
        return self.error is None and bool(self.companies) and self.agendas is not None


@dataclass(frozen=True)
class CloudFinding:
    """account, server: as the server itself says: `agente@10.0.0.7`, `10.11.6-MariaDB`."""

    where: str
    error: TopBackupError | None = None
    account: str | None = None
    server: str | None = None

    @property
    def proven(self) -> bool:
        return self.error is None


@dataclass(frozen=True)
class PlaceFinding:
    """One folder. agendas: the IDs that name it; empty for one of the settings. free: bytes."""

    path: str
    agendas: tuple[int, ...] = ()
    error: TopBackupError | None = None
    free: int | None = None
    warnings: tuple[TopBackupError, ...] = ()


@dataclass(frozen=True)
class RemoteFinding:
    where: str
    error: TopBackupError | None = None


@dataclass(frozen=True)
class CopiesFinding:
    """account: who wrote, by name; by_agent: was it the agent itself, the account that will run? failed: why nothing
    could be tried at all."""

    account: str
    by_agent: bool
    places: tuple[PlaceFinding, ...] = ()
    remote: RemoteFinding | None = None
    failed: TopBackupError | None = None

    @property
    def proven(self) -> bool:
        """Every one of them; what nobody named is not asked for."""
        return self.error is None and bool(self.places)

    @property
    def error(self) -> TopBackupError | None:
        found = [self.failed] + [place.error for place in self.places] + ([self.remote.error] if self.remote else [])
        return next((error for error in found if error is not None), None)


type Finding = FirebirdFinding | CloudFinding | CopiesFinding
