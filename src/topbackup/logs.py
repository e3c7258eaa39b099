"""The log file of design §4.6: `topbackup.log`, 5 × 5 MB, `timestamp - level - module - message`.

Each line of a run begins its message with the run's id; no line holds a secret that the settings hold.
"""

import logging
import logging.handlers
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from pathlib import Path
from uuid import UUID

from topbackup.places import own_folder
from topbackup.redaction import redacted

_FILES, _BYTES = 5, 5 << 20
NAME = "topbackup.log"
_LONG_LINE = 250  # bytes, to know how far from its end to begin reading
_MOST = 5000 * _LONG_LINE  # bytes read at once: as JSON at most six times as many, which one answer of the agent holds
_run: ContextVar[UUID | None] = ContextVar("run", default=None)


class _Line(logging.Formatter):
    """UTC, so that the lines of two computers and of two seasons compare."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s - %(levelname)s - %(name)s - %(run)s%(message)s")
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        run = _run.get()
        record.run = "" if run is None else f"[{run}] "
        return redacted(super().format(record))


class _Short(_Line):
    def format(self, record: logging.LogRecord) -> str:
        short = copy(record)
        short.exc_info = short.exc_text = None
        return super().format(short)


def log_to_file(folder: Path, *, agent: bool = False) -> None:
    """Send this process's log there. Where that cannot be written, nowhere: a log never stops a backup.

    agent: the process that rotates the file. A command beside it appends, and rotates only a file that has grown to
    twice the size, for want of an agent: two programs that rename one open file lose it on Windows.
    """
    logging.raiseExceptions = False  # a log that cannot be written says nothing to a user's terminal
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    for noisy in ("apscheduler", "tzlocal"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for talkative in ("paramiko", "botocore", "urllib3"):  # each failure is told by our own error, with its code
        logging.getLogger(talkative).setLevel(logging.CRITICAL)
    try:
        own_folder(folder)
        file: logging.Handler = logging.handlers.RotatingFileHandler(
            folder / NAME,
            maxBytes=_BYTES if agent else 2 * _BYTES,
            backupCount=_FILES - 1,
            encoding="utf-8",
            delay=True,
        )
    except OSError:
        file = logging.NullHandler()
    file.setFormatter(_Line())
    root.addHandler(file)


def log_to_stream() -> None:
    """Every line on stderr too: for `topbackup run` in the foreground. Where a defect was is for the file alone."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Short())
    logging.getLogger().addHandler(handler)


@contextmanager
def lines_of_run(run_id: UUID) -> Iterator[None]:
    """Every line that this thread logs in the block carries the run's id."""
    token = _run.set(run_id)
    try:
        yield
    finally:
        _run.reset(token)


def tail(folder: Path, count: int) -> tuple[list[str], int]:
    """The last `count` lines, oldest first, and the place in the file up to which they were read."""
    try:
        size = (folder / NAME).stat().st_size
    except OSError:
        return [], 0
    lines, place = since(folder, max(0, size - count * _LONG_LINE))
    return lines[-count:], place


def since(folder: Path, place: int) -> tuple[list[str], int]:
    """The whole lines after that place, and the place after them. A file that was begun anew is read from its start."""
    try:
        with (folder / NAME).open("rb") as file:
            if place > file.seek(0, 2):
                place = 0
            file.seek(place)
            content = file.read(_MOST)
    except OSError:
        return [], place
    whole = content[: content.rfind(b"\n") + 1]
    return [redacted(line) for line in whole.decode("utf-8", errors="replace").splitlines()], place + len(whole)
