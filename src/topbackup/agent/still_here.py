"""Are the files of the last good backups still where they were put on this computer?

A disk that does not answer may hold a look for minutes: it is made in a thread of its own, and whoever asks is told
what was last seen. Nothing is read but names and sizes. When to look: at each reading of AGENDA_BACKUP, which is every
half hour, and after each run, so that an idle agent is not woken once more for it.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from topbackup.agent.databases import known_databases
from topbackup.errors import OperationFailed
from topbackup.journal import Journal
from topcore.record import BackupRecord

_log = logging.getLogger(__name__)
_PATIENCE = 60.0  # seconds; a place that says nothing for so long does not answer


class Why(StrEnum):
    """Why a file counts as not there."""

    GONE = "AUSENTE"
    OTHER = "OUTRO_ARQUIVO"  # of another size than what was put there
    UNREADABLE = "ILEGIVEL"
    SILENT = "SEM_RESPOSTA"


@dataclass(frozen=True)
class Missing:
    record: BackupRecord
    path: Path
    why: Why


@dataclass(frozen=True)
class Findings:
    """at: aware UTC, when the look began. missing: of the last good run of each database.

    without_any: the databases of whose last good backup no copy is left, neither here nor away.
    """

    at: datetime
    missing: tuple[Missing, ...]
    without_any: tuple[str, ...]


class StillHere:
    """changed: hears that other files are missing than before, in the look's own thread."""

    def __init__(self, journal: Journal, now: Callable[[], datetime], changed: Callable[[], None]) -> None:
        self._journal, self._now, self._changed = journal, now, changed
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = False
        self._asked: Sequence[tuple[BackupRecord, Path]] = ()
        self._look: _Look | None = None  # under way
        self._findings: Findings | None = None

    def look_soon(self) -> None:
        """Begin a look, or one more after that which is under way. Never raises into a backup."""
        try:
            expected = list(_last_good(self._journal))  # in the caller's thread: the look may outlast the journal
        except OperationFailed as failed:
            _log.warning("the files were not looked for: %s %s", failed.code, failed)
            return
        with self._turn:
            self._asked = expected
            if self._thread is not None:
                self._again = True
                return
            self._look = look = _Look(self._now(), expected)
            self._thread = threading.Thread(target=self._run, args=(look,), name="files", daemon=True)
            self._thread.start()

    @property
    def looking(self) -> bool:
        """Is a look under way, or about to be?"""
        with self._turn:
            return self._thread is not None or self._again

    @property
    def findings(self) -> Findings | None:
        """The last ones; of a look that hangs, with what does not answer. None before the first."""
        look = self._look
        return look.so_far() if look is not None and look.hangs else self._findings

    def _run(self, look: "_Look") -> None:
        while True:
            look.run()
            found = look.so_far()
            with self._turn:
                before = self._findings.missing if self._findings else ()
                self._findings, self._look = found, None
            if found.missing != before:
                for gone in found.missing:
                    _log.warning("not where it was put (%s): %s", gone.why, gone.path)
                self._changed()
            with self._turn:
                if not self._again:
                    self._thread = None
                    return
                self._again = False
                self._look = look = _Look(self._now(), self._asked)


class _Look:
    def __init__(self, at: datetime, expected: Sequence[tuple[BackupRecord, Path]]) -> None:
        self._at, self._expected = at, expected
        self._seen: list[Why | None] = []
        self._began = time.monotonic()

    def run(self) -> None:
        for record, path in self._expected:
            self._began = time.monotonic()
            self._seen.append(_look_at(path, record.size))

    @property
    def hangs(self) -> bool:
        return time.monotonic() - self._began > _PATIENCE

    def so_far(self) -> Findings:
        """What was not looked at yet stands behind a place that does not answer."""
        seen = list(self._seen)  # once: the look's own thread goes on
        seen += [Why.SILENT] * (len(self._expected) - len(seen))
        judged = [(record, path, why) for (record, path), why in zip(self._expected, seen, strict=True)]
        missing = [Missing(record, path, why) for record, path, why in judged if why is not None]
        there = {
            record.source
            for record, _path, why in judged
            if why is None or any(copy.placed_at for copy in record.remotes)
        }
        gone = {record.source for record, _path in self._expected} - there
        return Findings(self._at, tuple(missing), tuple(sorted(gone)))


def _last_good(journal: Journal) -> Iterator[tuple[BackupRecord, Path]]:
    for database in known_databases(journal):
        record = journal.last_success(database)
        if record is not None:
            for path, failure in journal.copies(record.run_id):
                if failure is None:
                    yield record, path


def _look_at(path: Path, size: int | None) -> Why | None:
    try:
        return None if path.stat().st_size == size else Why.OTHER
    except FileNotFoundError:
        return Why.GONE
    except OSError:
        return Why.UNREADABLE
