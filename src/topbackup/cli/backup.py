"""`topbackup backup`: one run now, with progress."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from topbackup.cli.options import ConfigOption, JsonOption, cancelled_by_signals, config_path, finish
from topbackup.cli.output import note, proof_words, record_document, say, show_failure, show_json, status_words
from topbackup.cli.progress import Look, shown_progress
from topbackup.i18n import _
from topcore.record import BackupRecord, size_text

if TYPE_CHECKING:
    from topbackup.cloud import DrainResult


def backup(
    agenda: Annotated[int | None, typer.Option("--agenda", help=_("The ID of a row of AGENDA_BACKUP."))] = None,
    database: Annotated[
        str | None, typer.Option("--database", help=_("Another database: a path or an alias of the same server."))
    ] = None,
    plain_progress: Annotated[
        bool, typer.Option("--plain-progress", help=_("Progress as lines of text, for where there is no terminal."))
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a backup now, prove it and publish it."""
    look = Look.of(plain=plain_progress, terminal=sys.stderr.isatty() and not as_json)
    finish(lambda: _backup(config_path(config), agenda, database, look, as_json), as_json=as_json)


def _backup(config: Path, agenda: int | None, database: str | None, look: Look, as_json: bool) -> int:
    # Not at the top: `topbackup status` must not wait for what only a backup needs.
    from topbackup.agent.backup_now import Order, back_up_now  # noqa: PLC0415
    from topbackup.agent.cloud_link import published_meanwhile  # noqa: PLC0415
    from topbackup.agent.parts import Parts  # noqa: PLC0415
    from topbackup.errors import BadUsage  # noqa: PLC0415
    from topbackup.problems import BAD_ARGUMENT  # noqa: PLC0415

    if agenda is not None and database is not None:
        raise BadUsage(BAD_ARGUMENT, "--agenda / --database")
    parts = Parts.of(config)
    with published_meanwhile(parts) as publishing:
        know = publishing.know if publishing else lambda registration: None
        with shown_progress(look) as told:
            record = back_up_now(parts, Order(agenda, database), told, cancelled_by_signals(), know)
        if as_json:
            show_json(record_document(record))
        else:
            _tell(record)
    if publishing and not as_json:
        _tell_of_the_cloud(publishing.result)
    return 0 if record.failure is None else 1


def _tell(record: BackupRecord) -> None:
    if record.size is not None:
        say(f"{status_words(record)}: {Path(record.destination1) / record.file_name}")
        say(f"  {size_text(record.size)} · SHA-256 {record.sha256} · {proof_words(record.proof)}")
    if record.failure is not None:
        show_failure(record.failure)


def _tell_of_the_cloud(result: "DrainResult | None") -> None:
    """Only when it was not told: the backup is as good as before, and the record is in no danger."""
    if result is None or result.failure is not None:
        code = result.failure.code if result and result.failure else "–"
        note(_("The cloud does not know it yet ({code}): the record waits here for the next `sync`.").format(code=code))
