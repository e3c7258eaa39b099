"""Temporary folders: one for each run and each verification, held by a lock, so that those of the dead are known."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from topbackup.backup.lock import run_lock
from topbackup.errors import Busy
from topbackup.firebird.dump_target import release_pipes
from topbackup.firebird.server_account import pipe_room
from topbackup.places import Places

_log = logging.getLogger(__name__)


@contextmanager
def scratch_folder(places: Places, owner: UUID) -> Iterator[Path]:
    """A folder for the block; gone afterwards, or with the next `sweep` where this process dies in it."""
    folder = places.temp_of_run(owner)
    with run_lock(places.locks, folder.name, once=True):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            yield folder
        finally:
            _take_away(folder)


def sweep(places: Places) -> None:
    """Take away the folders of processes that are gone."""
    if not places.temp.is_dir():
        return
    for folder in places.temp.iterdir():
        try:
            with run_lock(places.locks, folder.name, once=True):
                _take_away(folder)
        except Busy:
            continue


def _take_away(folder: Path) -> None:
    for room in (pipe_room(folder), folder):
        release_pipes(room)
        shutil.rmtree(room, ignore_errors=True)
    if folder.exists():
        _log.warning("could not delete %s", folder)
