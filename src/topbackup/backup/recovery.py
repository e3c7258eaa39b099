"""After a kill or a power cut: what was left open is marked interrupted, and its half files are taken away."""

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from topbackup.backup.leftovers import take_away
from topbackup.backup.lock import run_lock
from topbackup.backup.manifest import manifest_name, parse_manifest
from topbackup.backup.scratch import sweep
from topbackup.clock import Clock
from topbackup.destinations.folder import sha256_of
from topbackup.errors import Busy, OperationFailed
from topbackup.journal import Journal, owe_again
from topbackup.places import Places
from topbackup.problems import RUN_INTERRUPTED
from topcore.naming import PART_SUFFIX
from topcore.record import BackupRecord

_log = logging.getLogger(__name__)


def recover(journal: Journal, places: Places, clock: Clock) -> list[BackupRecord]:
    """Close every run whose process is gone, and say which. A run whose lock is held is alive and is left alone."""
    interrupted = []
    for unfinished in journal.unfinished():
        record = unfinished.record
        try:
            with run_lock(places.locks, record.source):
                _clean(record, unfinished.parts)
                closed = record.failed(max(clock.now(), record.started_at), OperationFailed(RUN_INTERRUPTED).failure())
                journal.update(closed, then=partial(owe_again, record=closed))
        except Busy:
            continue
        _log.warning("run %s was interrupted", record.run_id)
        interrupted.append(closed)
    sweep(places)
    return interrupted


def _clean(record: BackupRecord, parts: Sequence[Path]) -> None:
    for part in parts:
        try:
            finishes = _finishes_a_published_file(record, part)
        except OSError as error:
            _log.warning("could not read %s: %s", part, error.strerror)
            continue
        if not finishes:
            take_away(part)


def _finishes_a_published_file(record: BackupRecord, part: Path) -> bool:
    """Killed between the two renames: the new ZIP is in its place, its manifest is not yet. Put it there."""
    final = part.with_name(part.name.removesuffix(PART_SUFFIX))
    archive = part.with_name(record.file_name)
    if final.name != manifest_name(record.file_name) or not part.exists() or not archive.exists():
        return False
    manifest = parse_manifest(part.read_bytes())
    if manifest is None or manifest.sha256 != sha256_of(archive):
        return False
    part.replace(final)
    _log.info("completed %s", final)
    return True
