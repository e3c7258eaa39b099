"""`topbackup backup`: one run now, with progress."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from topbackup.cli.options import ConfigOption, JsonOption, cancelled_by_signals, config_path, finish
from topbackup.cli.output import proof_words, record_document, say, show_error, show_json, status_words
from topbackup.i18n import _


def backup(
    agenda: Annotated[int | None, typer.Option("--agenda", help=_("The ID of a row of AGENDA_BACKUP."))] = None,
    database: Annotated[
        str | None, typer.Option("--database", help=_("Another database: a path or an alias of the same server."))
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a backup now, prove it and publish it."""
    finish(lambda: _backup(config_path(config), agenda, database, as_json), as_json=as_json)


def _backup(config: Path, agenda: int | None, database: str | None, as_json: bool) -> int:
    # Not at the top: `topbackup status` must not wait for what only a backup needs.
    from topbackup.agent.parts import Parts  # noqa: PLC0415
    from topbackup.backup.run import run_backup  # noqa: PLC0415
    from topbackup.errors import BadUsage, OperationFailed  # noqa: PLC0415
    from topbackup.problems import BAD_ARGUMENT, all_problems  # noqa: PLC0415

    if agenda is not None and database is not None:
        raise BadUsage(BAD_ARGUMENT, "--agenda / --database")
    parts = Parts.of(config)
    journal, _interrupted = parts.open_journal()
    with journal:
        registration = parts.registration()
        now = parts.clock.now()
        job = (
            parts.database_job(database, registration, now)
            if agenda is None
            else parts.agenda_job(agenda, registration, now)
        )
        with progress_bar(hidden=as_json or not sys.stderr.isatty()) as told:
            record = run_backup(job, parts.workplace(journal, told), cancelled_by_signals())
    if as_json:
        show_json(record_document(record))
    elif record.status.value == "S":
        say(f"{status_words(record)}: {record.destination1} / {record.file_name}")
        say(f"{record.size} B · SHA-256 {record.sha256} · {proof_words(record.proof)}")
    if record.failure is None:
        return 0
    if not as_json:
        show_error(OperationFailed(all_problems()[record.failure.code], record.file_name), as_json=False)
        sys.stderr.write(f"  {record.failure.message}\n")
    return 1
