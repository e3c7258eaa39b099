"""The log file of design §4.6: `topbackup.log`, 5 × 5 MB, `timestamp - level - module - message`."""

import logging
import logging.handlers
import time
from pathlib import Path

_FILES, _BYTES = 5, 5 << 20
NAME = "topbackup.log"


def log_to_file(folder: Path) -> None:
    """Send this process's log there, in UTC. Where that cannot be written, nowhere: a log never stops a backup."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.handlers.clear()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            folder / NAME, maxBytes=_BYTES, backupCount=_FILES - 1, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    formatter = logging.Formatter("%(asctime)s - %(levelname)s - %(name)s - %(message)s")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    root.addHandler(handler)
