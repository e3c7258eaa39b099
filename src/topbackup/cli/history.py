"""`topbackup history`: the runs of this computer, newest first, from the journal."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from topbackup.cli.asking import agent, zone
from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import local, proof_words, say, show_json, status_words, table
from topbackup.errors import AgentNotRunning
from topbackup.i18n import _

if TYPE_CHECKING:
    from topbackup.agent.documents import Document


def history(
    config: ConfigOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help=_("How many runs."))] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show the latest runs."""
    finish(lambda: _history(config_path(config), limit, as_json), as_json=as_json)


def _history(config: Path, limit: int, as_json: bool) -> int:
    from topcore.record import size_text  # noqa: PLC0415 - see cli/backup.py

    try:
        runs = _by_the_agent(config, limit)
    except AgentNotRunning:
        runs = _without_agent(config, limit)
    if as_json:
        show_json(runs)
        return 0
    where = zone(config)
    headings = (_("Start"), _("Status"), _("File"), _("Size"), _("Restore"), _("Code"))
    lines = [
        (
            local(run["data_inicio"], where),
            status_words(run),
            run["nome_arquivo"],
            size_text(run["tamanho_bytes"]) or "–",
            proof_words(run),
            run["codigo_erro"] or "",
        )
        for run in runs
    ]
    say(table(headings, lines) if lines else _("No backup was made on this computer yet."))
    return 0


def _by_the_agent(config: Path, limit: int) -> "list[Document]":
    """Page by page: ten thousand runs do not fit into one message."""
    runs: list[Document] = []
    with agent(config) as client:
        while len(runs) < limit:
            before = runs[-1]["uuid"] if runs else None
            page = client.ask("history", {"limite": limit - len(runs), "antes": before})
            runs += page
            if not page:
                break
    return runs


def _without_agent(config: Path, limit: int) -> "list[Document]":
    from topbackup.agent.documents import history_document  # noqa: PLC0415 - see cli/backup.py
    from topbackup.agent.parts import Parts  # noqa: PLC0415

    journal, _interrupted = Parts.of(config).open_journal()
    with journal:
        return history_document(journal, limit)
