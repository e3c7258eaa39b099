"""Are the backups' files still where they were put? The journal knows what was placed, not what stayed.

Looked at when the agent begins, after each run, when somebody wants to see the copies, and every half hour: what a
person deletes at noon is told by half past, and a disk that rests is woken no more often than the database is read.
A folder that does not answer in time is told as that. What is lost for a minute goes on the run's record, and so to
its card.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from topbackup.agent.databases import known_databases
from topbackup.agent.file_look import Made
from topbackup.agent.folder_looks import FolderLooks
from topbackup.agent.lost_files import as_found, named
from topbackup.agent.whereabouts import Found
from topbackup.errors import OperationFailed
from topbackup.journal import Journal
from topbackup.journal.copies import CopyBook
from topbackup.problems import FILE_ALTERED, REFUTING_CODES
from topcore.record import BackupRecord
from topcore.tables import Proof

_log = logging.getLogger(__name__)
_INTERVAL = 1800.0  # seconds, as the database is read (watch.SYNC_INTERVAL)
_SOON = 60.0  # seconds, while a folder has not answered, or until a loss is seen a second time
_PATIENCE = 20.0  # seconds for all folders to answer
_OLDER = 400  # copies of older backups that are looked at too: what the window lists
_PIECE = 1 << 20  # bytes read between two looks at whether a backup begins


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
        return other is not None and (self.of_runs, self.older) == (other.of_runs, other.older)

    @property
    def of_runs(self) -> dict[UUID, tuple[tuple[Path, Found], ...]]:
        return {each.record.run_id: each.files for each in self.databases}


class FilesHere:
    """busy: is a backup being made? Its files change then, and it is told when it ends.

    changed: a look found news. recorded: it put a loss on record, or took one back: the cloud is to be told.
    """

    def __init__(
        self,
        journal: Journal,
        now: Callable[[], datetime],
        busy: Callable[[], bool],
        changed: Callable[[], None],
        recorded: Callable[[], None],
        *,
        patience: float = _PATIENCE,
    ) -> None:
        self._journal, self._now, self._busy = journal, now, busy
        self._changed, self._recorded = changed, recorded
        self._folders = FolderLooks(journal, patience)
        self._asked, self._closing = threading.Event(), False
        self._since: dict[tuple[UUID, Path], float] = {}  # of each loss, the monotonic clock when it was first seen
        self._unsure = False
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
            self._asked.wait(_SOON if self._folders.some_hang or self._unsure else _INTERVAL)

    def _look(self) -> None:
        placed = last_good_files(self._journal)
        newest = {path: Made(record.size or 0, whole=True) for record, paths in placed for path in paths}
        older = {path: Made(size) for path, size in CopyBook(self._journal).sizes_here(_OLDER).items()}
        found = self._folders.found(older | newest)
        look = Look(
            self._now(),
            tuple(
                FilesOf(record, tuple((path, _worse(found[path], refused)) for path, refused in paths.items()))
                for record, paths in placed
            ),
            tuple((path, what) for path, what in found.items() if what is not Found.THERE and path not in newest),
        )
        if self._closing:
            return
        written = self._put_on_record(look)
        news = written or not look.says_the_same(self.last)
        self.last = look
        if written:
            self._recorded()
        if news:
            for each in look.databases:
                for path, what in each.files:
                    if what is not Found.THERE:
                        _log.warning("the last good backup is not where it was put: %s: %s", path, what.value)
            self._changed()

    def _put_on_record(self, look: Look) -> bool:
        """Was there anything to put? A loss counts once it is a minute old: a program may be replacing the file."""
        now, before = time.monotonic(), self._since
        losses = [(each.record.run_id, path) for each in look.databases for path, what in each.files if what.lost]
        self._since = {loss: before.get(loss, now) for loss in losses}
        self._unsure, written = False, False
        for each in look.databases:
            record = each.record
            files = tuple(self._judged(record, path, what, now) for path, what in each.files)
            judged = partial(as_found, files=files, placed=self._journal.copies(record.run_id), at=look.at)
            if self._closing or self._busy() or judged(record) == record:
                continue
            if self._journal.find(record.run_id) == record:
                self._journal.amend(record.run_id, judged)
                written = True
            else:  # a proof or an upload came during the look: another one goes by that
                self._unsure = True
        return written

    def _judged(self, record: BackupRecord, path: Path, what: Found, now: float) -> tuple[Path, Found]:
        """What is said of a file on record: a young loss is none yet, and what is back must be what was made."""
        missed = str(path) in named(record)
        if what.lost and not missed and now - self._since[record.run_id, path] < _SOON:
            self._unsure = True
            return path, Found.SILENT
        if what is not Found.THERE or not missed or record.proof is Proof.REFUTED:
            return path, what
        content = self._content(path)
        if content is None:
            self._unsure = True
            return path, Found.SILENT
        if content != record.sha256:
            refused = OperationFailed(FILE_ALTERED, str(path)).failure()
            CopyBook(self._journal).judged(record.run_id, path, refused)
            return path, Found.REFUSED
        return path, what

    def _content(self, path: Path) -> str | None:
        """Its SHA-256; None where it cannot be read now. Let go of at once for a backup, which may be to replace it."""
        digest = hashlib.sha256()
        try:
            with path.open("rb", buffering=0) as file:
                while piece := file.read(_PIECE):
                    if self._closing or self._busy():
                        return None
                    digest.update(piece)
        except OSError:
            return None
        return digest.hexdigest()


def _worse(found: Found, refused: bool) -> Found:
    return Found.REFUSED if refused and found is Found.THERE else found


def last_good_files(journal: Journal) -> list[tuple[BackupRecord, dict[Path, bool]]]:
    """Of each database that the agent looks after, the last success, and the files that it left in folders here.

    True: a test restore found that file spoiled.

    Where none is known, the last success of all, as the status has it. Raises OperationFailed.
    """
    newest = [journal.last_success(name) for name in known_databases(journal) or (None,)]
    return [
        (
            record,
            {
                path: failure is not None
                for path, failure in journal.copies(record.run_id)
                if failure is None or failure.code in REFUTING_CODES
            },
        )
        for record in newest
        if record is not None
    ]
