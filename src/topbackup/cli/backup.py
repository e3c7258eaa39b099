"""`topbackup backup`: one run now, with progress; by the agent where one runs."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from topbackup.cli.asking import agent
from topbackup.cli.options import ConfigOption, JsonOption, cancelled_by_signals, config_path, finish
from topbackup.cli.output import failure_of, note, proof_words, say, show_failure, show_json, status_words
from topbackup.cli.progress import Look, shown_progress
from topbackup.errors import AgentNotRunning, TopBackupError
from topbackup.i18n import _
from topcore.record import size_text

if TYPE_CHECKING:
    from topbackup.agent.documents import Document
    from topbackup.agent.parts import Parts
    from topbackup.cloud import DrainResult
    from topbackup.ipc.client import Client

_PULSES = 60.0  # seconds: an agent that follows a run says something each 15


def backup(  # noqa: PLR0917 - typer calls it by name
    agenda: Annotated[int | None, typer.Option("--agenda", help=_("The ID of a row of AGENDA_BACKUP."))] = None,
    database: Annotated[
        str | None, typer.Option("--database", help=_("Another database: a path or an alias of the same server."))
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help=_("Show the progress live, also where there is no terminal."))
    ] = False,
    plain_progress: Annotated[
        bool, typer.Option("--plain-progress", help=_("Progress as lines of text, for where there is no terminal."))
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a backup now, prove it and publish it."""
    terminal = sys.stderr.isatty() and not as_json
    look = Look.of(plain=plain_progress or (follow and not terminal), terminal=terminal)
    finish(lambda: _backup(config_path(config), agenda, database, look, as_json), as_json=as_json)


def _backup(config: Path, agenda: int | None, database: str | None, look: Look, as_json: bool) -> int:
    # Not at the top: `topbackup status` must not wait for what only a backup needs.
    from topbackup.errors import BadUsage  # noqa: PLC0415
    from topbackup.problems import BAD_ARGUMENT  # noqa: PLC0415

    if agenda is not None and database is not None:
        raise BadUsage(BAD_ARGUMENT, "--agenda / --database")
    try:
        with agent(config) as client:
            run = _by_the_agent(client, agenda, database, look)
    except AgentNotRunning:
        return _without_agent(config, agenda, database, look, as_json)
    _show(run, as_json)
    return 0 if failure_of(run) is None else 1


def _by_the_agent(client: "Client", agenda: int | None, database: str | None, look: Look) -> "Document":
    """Follow the run to its end. Ctrl-C leaves it to the agent, which goes on with it."""
    try:
        client.ask("backup", {"agenda": agenda, "banco": database, "seguir": True})
        return _followed(client, look)
    except KeyboardInterrupt:
        note(_("The agent goes on with the backup; `topbackup cancel` would end it."))
        raise


def _followed(client: "Client", look: Look) -> "Document":
    from topbackup.backup.workplace import Progress  # noqa: PLC0415 - see above
    from topbackup.errors import OperationFailed  # noqa: PLC0415
    from topbackup.problems import AGENT_SILENT, RUN_INTERRUPTED  # noqa: PLC0415

    try:
        with shown_progress(look) as told:
            for event in client.events(_PULSES):
                if event.get("evento") == "progresso":
                    told(Progress(event["passo"], event["feito"], event["total"]))
                if event.get("evento") == "resultado":
                    return _result(event)
    except AgentNotRunning:
        raise OperationFailed(RUN_INTERRUPTED) from None  # it was there, and took the run with it
    raise OperationFailed(AGENT_SILENT)


def _result(event: Mapping[str, Any]) -> "Document":
    from topbackup.ipc.client import told_error  # noqa: PLC0415 - see above

    if event["erro"] is not None:
        error: TopBackupError = told_error(event["erro"])
        raise error
    record: Document = event["registro"]
    return record


def _without_agent(config: Path, agenda: int | None, database: str | None, look: Look, as_json: bool) -> int:
    from topbackup.agent.backup_now import Order, back_up_now  # noqa: PLC0415 - see above
    from topbackup.agent.cloud_link import published_meanwhile  # noqa: PLC0415
    from topbackup.agent.documents import record_document  # noqa: PLC0415
    from topbackup.agent.parts import Parts  # noqa: PLC0415

    parts = Parts.of(config)
    if database is not None:
        parts.named_database(database)  # before anything is tried, as the agent does
    with published_meanwhile(parts) as publishing:
        know = publishing.know if publishing else lambda registration: None
        with shown_progress(look) as told:
            record = back_up_now(parts, Order(agenda, database), told, cancelled_by_signals(), know)
        _show(record_document(record), as_json)
        if record.remotes:
            _send(parts, as_json)
    if publishing and not as_json:
        _tell_of_the_cloud(publishing.result)
    return 0 if record.failure is None else 1


def _send(parts: "Parts", as_json: bool) -> None:
    """Without an agent nobody else would. What does not succeed waits in the journal for the next time."""
    from topbackup.agent.uploads import send_here  # noqa: PLC0415 - see above
    from topbackup.errors import Busy  # noqa: PLC0415

    try:
        waiting = send_here(parts)
    except Busy:
        note(_("Another process is sending copies away, and sends this one too."))
        return
    for upload in [] if as_json else waiting:
        for copy in upload.record.remotes:
            if copy.destination == upload.destination and copy.failure is not None:
                show_failure(copy.failure)


def _show(run: "Document", as_json: bool) -> None:
    if as_json:
        show_json(run)
        return
    if run["tamanho_bytes"] is not None:
        say(f"{status_words(run)}: {Path(run['caminho_destino']) / run['nome_arquivo']}")
        say(f"  {size_text(run['tamanho_bytes'])} · SHA-256 {run['hash_sha256']} · {proof_words(run)}")
    failure = failure_of(run)
    if failure is not None:
        show_failure(failure)


def _tell_of_the_cloud(result: "DrainResult | None") -> None:
    """Only when it was not told: the backup is as good as before, and the record is in no danger."""
    if result is None or result.failure is not None:
        code = result.failure.code if result and result.failure else "–"
        note(_("The cloud does not know it yet ({code}): the record waits here for the next `sync`.").format(code=code))
