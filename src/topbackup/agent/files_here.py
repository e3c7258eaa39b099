"""Are the backups' files still where they were put? The journal knows what was placed, not what stayed.

Looked at when the agent begins, after each run, when somebody wants to see the copies, and every half hour: what a
person deletes at noon is told by half past, and a disk that rests is woken no more often than the database is read.
A look at a share that is off may hang for minutes: each folder is looked at in a thread of its own, and one that does
not answer in time is told as that.
"""

import errno
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from stat import S_ISREG

from topbackup.agent.databases import known_databases
from topbackup.agent.whereabouts import Found
from topbackup.errors import OperationFailed
from topbackup.journal import Journal
from topbackup.journal.copies import CopyBook
from topcore.record import BackupRecord

_log = logging.getLogger(__name__)
_INTERVAL = 1800.0  # seconds, as the database is read (watch.SYNC_INTERVAL)
_SOON = 60.0  # seconds, while a folder has not answered
_PATIENCE = 20.0  # seconds for all folders to answer
_OLDER = 400  # copies of older backups that are looked at too: what the window lists
type Sizes = Mapping[Path, int]


@dataclass(frozen=True)
class FilesOf:
    """The last good backup of one database, and what became of each file that it left here."""

    record: BackupRecord
    files: tuple[tuple[Path, Found], ...]


@dataclass(frozen=True)
class Look:
    """at: aware UTC, when the last folder had answered. older: files of older backups that are not there."""

    at: datetime
    databases: tuple[FilesOf, ...]
    older: tuple[tuple[Path, Found], ...] = ()

    def says_the_same(self, other: "Look | None") -> bool:
        return other is not None and (self.databases, self.older) == (other.databases, other.older)


class FilesHere:
    """busy: is a backup being made? Its files change then, and it is told when it ends. changed: a look found news."""

    def __init__(
        self,
        journal: Journal,
        now: Callable[[], datetime],
        busy: Callable[[], bool],
        changed: Callable[[], None],
        *,
        patience: float = _PATIENCE,
    ) -> None:
        self._journal, self._now, self._busy, self._changed = journal, now, busy, changed
        self._patience = patience
        self._asked, self._closing = threading.Event(), False
        self._hanging: dict[Path, _Asking] = {}  # asked by an earlier look; not asked twice before it has answered
        self._thread = threading.Thread(target=self._serve, name="arquivos", daemon=True)
        self.last: Look | None = None
        """None before the first look is over."""

    def start(self) -> None:
        self._thread.start()

    def look_now(self) -> None:
        """Soon, in the own thread."""
        self._asked.set()

    def close(self) -> None:
        """Soon; a folder that does not answer keeps a thread, which dies with the process."""
        self._closing = True
        self._asked.set()

    def _serve(self) -> None:
        while True:
            self._asked.clear()
            if self._closing:
                return
            try:
                if not self._busy():
                    self._look()
            except OperationFailed as failed:
                _log.warning("the files here were not looked at: %s %s", failed.code, failed)
            except Exception:  # noqa: BLE001 - the next look comes
                _log.exception("the look at the files here found a defect")
            self._asked.wait(_SOON if self._hanging else _INTERVAL)

    def _look(self) -> None:
        placed = last_good_files(self._journal)
        newest = {path: record.size or 0 for record, paths in placed for path in paths}
        found = self._found(CopyBook(self._journal).sizes_here(_OLDER) | newest)
        look = Look(
            self._now(),
            tuple(FilesOf(record, tuple((path, found[path]) for path in paths)) for record, paths in placed),
            tuple((path, what) for path, what in found.items() if what is not Found.THERE and path not in newest),
        )
        if self._closing:
            return
        news = not look.says_the_same(self.last)
        self.last = look
        if news:
            for each in look.databases:
                for path, what in each.files:
                    if what is not Found.THERE:
                        _log.warning("the last good backup is not where it was put: %s: %s", path, what.value)
            self._changed()

    def _found(self, wanted: Sizes) -> dict[Path, Found]:
        folders: defaultdict[Path, dict[Path, int]] = defaultdict(dict)
        for path, size in wanted.items():
            folders[path.parent][path] = size
        hanging = {folder: asking for folder, asking in self._hanging.items() if asking.is_alive()}
        asked = {folder: _Asking(sizes) for folder, sizes in folders.items() if folder not in hanging}
        for asking in asked.values():
            asking.start()
        until = time.monotonic() + self._patience
        for asking in asked.values():
            asking.join(max(0.0, until - time.monotonic()))
        ended = {folder: asking for folder, asking in asked.items() if not asking.is_alive()}
        self._hanging = hanging | {folder: asking for folder, asking in asked.items() if folder not in ended}
        answers = {path: what for asking in ended.values() for path, what in asking.found.items()}
        return {path: answers.get(path, Found.SILENT) for path in wanted}


class _Asking(threading.Thread):
    """One folder."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(name="arquivos-pasta", daemon=True)
        self._sizes = sizes
        self.found: dict[Path, Found] = {}

    def run(self) -> None:
        for path, size in self._sizes.items():
            self.found[path] = look_at(path, size)


def last_good_files(journal: Journal) -> list[tuple[BackupRecord, tuple[Path, ...]]]:
    """Of each database that the agent looks after, the last success, and the files that it left in folders here.

    Where there are not several, the last success of all, as the status has it. Raises OperationFailed.
    """
    names = known_databases(journal)
    newest = [journal.last_success(name) for name in (names if len(names) > 1 else (None,))]
    return [
        (record, tuple(path for path, failure in journal.copies(record.run_id) if failure is None))
        for record in newest
        if record is not None
    ]


def look_at(path: Path, size: int) -> Found:
    """size: bytes, of the file as it was made. Blocks for as long as the system does."""
    try:
        stat = path.stat()
    except OSError as error:
        if not path.parent.is_dir():
            return Found.FOLDER_AWAY
        return Found.GONE if error.errno == errno.ENOENT else Found.UNREADABLE
    return Found.THERE if S_ISREG(stat.st_mode) and stat.st_size == size else Found.ALTERED
