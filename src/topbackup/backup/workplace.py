"""What a run works with and what it tells as it goes: given to it, so that it asks nobody back."""

from collections.abc import Callable
from dataclasses import dataclass

from topbackup.backup.job import BackupJob
from topbackup.clock import Clock
from topbackup.firebird.address import Credentials
from topbackup.firebird.discovery import Gbak
from topbackup.firebird.source import SourceFacts
from topbackup.journal import Journal
from topbackup.places import Places


@dataclass(frozen=True)
class Progress:
    """What a run tells as it goes. total: bytes expected of the dump, an estimate; None where nothing is known."""

    step: str
    done: int = 0
    total: int | None = None


def unheard(progress: Progress) -> None:
    """For what nobody follows."""


@dataclass(frozen=True)
class Source:
    """What is known of the database before its dump, and the gbak of its server's version."""

    facts: SourceFacts
    gbak: Gbak


@dataclass(frozen=True)
class Workplace:
    """What every run on this machine works with. timeout, stall: seconds, of the dump.

    look: looks at the job's database; told: receives the run's progress, in the run's thread.
    """

    journal: Journal
    clock: Clock
    places: Places
    login: Credentials
    timeout: float
    stall: float
    look: Callable[[BackupJob], Source]
    told: Callable[[Progress], None]
