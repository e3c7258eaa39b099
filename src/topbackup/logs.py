"""The log file of design §4.6: `topbackup.log`, 5 × 5 MB, `timestamp - level - module - message`.

Each line of a run begins its message with the run's id; no line holds a secret that the settings hold.
"""

import logging
import logging.handlers
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from uuid import UUID

from topbackup.redaction import redacted

_FILES, _BYTES = 5, 5 << 20
NAME = "topbackup.log"
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
    try:
        folder.mkdir(parents=True, exist_ok=True)
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
    """Every line on stderr too: for `topbackup run` in the foreground."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line())
    logging.getLogger().addHandler(handler)


@contextmanager
def lines_of_run(run_id: UUID) -> Iterator[None]:
    """Every line that this thread logs in the block carries the run's id."""
    token = _run.set(run_id)
    try:
        yield
    finally:
        _run.reset(token)


def tail(folder: Path, count: int) -> list[str]:
    """The last `count` lines, oldest first; [] where there is no log yet. Reads no more than their end of the file."""
    path = folder / NAME
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - count * 400))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return []
    return [redacted(line) for line in text.splitlines()[-count:]]
