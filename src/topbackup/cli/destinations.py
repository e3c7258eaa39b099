"""`topbackup destinations`: the places away, whether they work, what is there, and a file brought back from one."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from topbackup.cli.asking import LONG, answer, zone
from topbackup.cli.options import ConfigOption, JsonOption, cancelled_by_signals, config_path, finish
from topbackup.cli.output import local, say, show_failure, show_json, table
from topbackup.cli.usage import Command, Group
from topbackup.i18n import _
from topcore.record import Failure, size_text

if TYPE_CHECKING:
    from topbackup.agent.documents import Document
    from topbackup.agent.parts import Parts

app = typer.Typer(cls=Group, help=_("The destinations away: list, test, files, get, send."), no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(help=_("The destination's name, as the settings have it."))]


@app.command("list", cls=Command, help=_("Show the destinations away."))
def show_all(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """The destinations of the settings."""

    def command() -> int:
        path = config_path(config)
        found = answer(path, "destinations", otherwise=lambda: _remote().destinations_document(_parts(path)))
        if as_json:
            show_json(found)
        elif not found:
            say(_("No destination away is configured."))
        for each in [] if as_json else found:
            hours = " – ".join(each["horario"] or ())
            say(f"{each['nome']}: {each['onde'] or each['mensagem_erro']}" + (f" · {hours}" if hours else ""))
        return 0

    finish(command, as_json=as_json)


@app.command("test", cls=Command, help=_("Write, read back, rename and delete a small file there."))
def probe(
    name: Annotated[str | None, typer.Argument(help=_("The destination's name; without it, all of them."))] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """By the agent where one runs: then it is the account of the service that is tried, which is what counts."""

    def command() -> int:
        path = config_path(config)
        found = answer(
            path,
            "destinations test",
            {"nome": name},
            otherwise=lambda: _remote().probe_destinations(_parts(path), name),
            patience=LONG,
        )
        if as_json:
            show_json(found)
        for each in [] if as_json else found:
            _tell_of_a_test(each)
        return 0 if all(each["ok"] for each in found) else 1

    finish(command, as_json=as_json)


@app.command("files", cls=Command, help=_("Show the backups that are there."))
def files(name: NameArgument, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """The whole files at a destination."""

    def command() -> int:
        path = config_path(config)
        found = _remote().files_document(_parts(path), name)
        if as_json:
            show_json(found)
            return 0
        where = zone(path)
        headings = (_("File"), _("Size"), _("Date"))
        rows = [(each["nome_arquivo"], size_text(each["tamanho_bytes"]), local(each["data"], where)) for each in found]
        say(table(headings, [tuple(cell or "" for cell in row) for row in rows]))
        return 0

    finish(command, as_json=as_json)


@app.command("get", cls=Command, help=_("Bring a backup from there into a folder here."))
def get(
    name: NameArgument,
    file: Annotated[str, typer.Argument(help=_("The backup's file name there."))],
    target: Annotated[Path, typer.Option("--to", help=_("The folder; the file must not be in it yet."))],
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """The ZIP and its manifest. What is there already of the same size is never replaced."""

    def command() -> int:
        brought = _remote().bring(_parts(config_path(config)), name, file, target.absolute(), cancelled_by_signals())
        if as_json:
            show_json({"arquivo": str(brought)})
        else:
            say(_("Brought to {target}.").format(target=brought))
        return 0

    finish(command, as_json=as_json)


@app.command("send", cls=Command, help=_("Try now what waits to be sent."))
def send(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """What waits, without waiting for its next attempt: by the agent, or here where none runs. Raises Busy."""

    def command() -> int:
        path = config_path(config)
        found = answer(path, "send", otherwise=lambda: _send_here(path), patience=LONG)
        if as_json:
            show_json(found)
        else:
            say(_("Waiting to be sent: {count}.").format(count=found["pendentes"]))
        return 0

    finish(command, as_json=as_json)


def _send_here(config: Path) -> "Document":
    from topbackup.agent.uploads import send_here  # noqa: PLC0415 - only where no agent runs

    return {"pendentes": len(send_here(_parts(config), at_once=True))}


def _tell_of_a_test(found: Mapping[str, Any]) -> None:
    say(f"{'✔' if found['ok'] else '✘'} {found['nome']}" + (f": {found['onde']}" if found["onde"] else ""))
    for step in found["passos"]:
        if step["codigo_erro"] is None:
            say(f"  ✔ {_step_words(step['passo'])}")
        else:
            say(f"  ✘ {_step_words(step['passo'])}")
            show_failure(Failure(step["codigo_erro"], step["mensagem"]))


def _step_words(step: str) -> str:
    return {
        "configuracao": _("settings"),
        "conectar": _("connect"),
        "entrar": _("log in"),
        "gravar": _("write"),
        "ler": _("read back"),
        "renomear": _("rename"),
        "apagar": _("delete"),
    }.get(step, step)


def _remote() -> Any:
    from topbackup.agent import remote  # noqa: PLC0415 - see cli/backup.py

    return remote


def _parts(config: Path) -> "Parts":
    from topbackup.agent.parts import Parts  # noqa: PLC0415 - see cli/backup.py

    return Parts.of(config)
