"""Half files that a kill at any moment may leave behind: on record before any exists, taken away however a run ends."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from topbackup.backup.job import BackupJob
from topbackup.backup.manifest import manifest_name
from topbackup.destinations.folder import Folder
from topcore.record import BackupRecord

_log = logging.getLogger(__name__)


def half_files(job: BackupJob, record: BackupRecord) -> list[Path]:
    """What the run may write in its destinations before it has its name."""
    folders = [Folder(path) for path in (job.destination1, job.destination2) if path is not None]
    return [folder.part(name) for folder in folders for name in (record.file_name, manifest_name(record.file_name))]


@contextmanager
def taken_away(parts: Sequence[Path]) -> Iterator[None]:
    """No half file is left after the block."""
    try:
        yield
    finally:
        for part in parts:
            take_away(part)


def take_away(part: Path) -> None:
    """Delete a half file. Where its disk is away now, the next run of that name writes over it."""
    try:
        part.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("could not delete %s: %s", part, error.strerror)
