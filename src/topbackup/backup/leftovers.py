"""What a kill at any moment may leave behind: on record before any of it exists, taken away however the run ends."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from topbackup.backup.job import BackupJob
from topbackup.backup.manifest import manifest_name
from topbackup.destinations.folder import Folder
from topbackup.journal import RunPaths
from topbackup.places import Places
from topcore.record import BackupRecord

_log = logging.getLogger(__name__)


def leftovers(job: BackupJob, record: BackupRecord, places: Places) -> RunPaths:
    """The half files of both destinations, and the run's temporary folder."""
    folders = [Folder(path) for path in (job.destination1, job.destination2) if path is not None]
    names = (record.file_name, manifest_name(record.file_name))
    return RunPaths(tuple(folder.part(name) for folder in folders for name in names), places.temp_of_run(job.run_id))


@contextmanager
def cleaned_up(left: RunPaths) -> Iterator[None]:
    """The run's temporary folder for the block, and no half file afterwards."""
    left.temp.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        for part in left.parts:
            take_away(part)
        shutil.rmtree(left.temp, ignore_errors=True)


def take_away(part: Path) -> None:
    """Delete a half file. Where its disk is away now, the next run of that name writes over it."""
    try:
        part.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("could not delete %s: %s", part, error.strerror)
