"""`topbackup history`: the runs of this computer, newest first, from the journal."""

from pathlib import Path
from typing import Annotated

import typer

from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import local, proof_words, record_document, say, show_json, status_words, table
from topbackup.i18n import _


def history(
    config: ConfigOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help=_("How many runs."))] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show the latest runs."""
    finish(lambda: _history(config_path(config), limit, as_json), as_json=as_json)


def _history(config: Path, limit: int, as_json: bool) -> int:
    from topbackup.agent.parts import Parts  # noqa: PLC0415 - see cli/backup.py
    from topcore.record import size_text  # noqa: PLC0415

    parts = Parts.of(config)
    journal, _interrupted = parts.open_journal()
    with journal:
        records = journal.history(limit)
    if as_json:
        show_json([record_document(record) for record in records])
        return 0
    headings = (_("Start"), _("Status"), _("File"), _("Size"), _("Restore"), _("Code"))
    lines = [
        (
            local(record.started_at, parts.settings.app.zone),
            status_words(record),
            record.file_name,
            size_text(record.size) or "–",
            proof_words(record.proof),
            record.failure.code if record.failure else "",
        )
        for record in records
    ]
    say(table(headings, lines) if lines else _("No backup was made on this computer yet."))
    return 0
