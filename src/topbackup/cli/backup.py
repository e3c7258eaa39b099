"""`topbackup backup`: one run now, with progress."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from topbackup.cli.options import ConfigOption, JsonOption, cancelled_by_signals, config_path, finish
from topbackup.cli.output import proof_words, record_document, say, show_failure, show_json, status_words
from topbackup.i18n import _
from topcore.record import BackupRecord, size_text


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
    from topbackup.agent.backup_now import Order, back_up_now  # noqa: PLC0415
    from topbackup.agent.parts import Parts  # noqa: PLC0415
    from topbackup.cli.progress import progress_bar  # noqa: PLC0415
    from topbackup.errors import BadUsage  # noqa: PLC0415
    from topbackup.problems import BAD_ARGUMENT  # noqa: PLC0415

    if agenda is not None and database is not None:
        raise BadUsage(BAD_ARGUMENT, "--agenda / --database")
    with progress_bar(hidden=as_json or not sys.stderr.isatty()) as told:
        record = back_up_now(Parts.of(config), Order(agenda, database), told, cancelled_by_signals())
    if as_json:
        show_json(record_document(record))
    else:
        _tell(record)
    return 0 if record.failure is None else 1


def _tell(record: BackupRecord) -> None:
    if record.size is not None:
        say(f"{status_words(record)}: {Path(record.destination1) / record.file_name}")
        say(f"  {size_text(record.size)} · SHA-256 {record.sha256} · {proof_words(record.proof)}")
    if record.failure is not None:
        show_failure(record.failure)
