"""`topbackup logs`: the end of the log; `-f` goes on with it as it grows.

Its lines are in English on purpose: they are for support and for programs, and one line is one line on every computer.
Codes and sentences of errors in it are those that the user sees.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from topbackup.cli.asking import answer
from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import say, show_json, shown
from topbackup.i18n import _

if TYPE_CHECKING:
    from topbackup.agent.documents import Document

_EVERY = 1.0  # seconds between two looks of -f


def logs(
    follow: Annotated[bool, typer.Option("--follow", "-f", help=_("Go on with new lines, until Ctrl-C."))] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, max=5000, help=_("How many lines."))] = 50,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the end of the log."""
    finish(lambda: _logs(config_path(config), lines, follow, as_json), as_json=as_json)


def _logs(config: Path, lines: int, follow: bool, as_json: bool) -> int:
    found = _read(config, lines, None)
    if as_json:
        show_json(found)
        return 0
    try:
        while True:
            for line in found["linhas"]:
                say(line)
            if not follow:
                return 0
            shown()
            time.sleep(_EVERY)
            found = _read(config, lines, found["posicao"])
    except KeyboardInterrupt:
        return 0


def _read(config: Path, lines: int, place: int | None) -> "Document":
    arguments = {"linhas": lines, "desde": place}
    document: Document = answer(config, "log", arguments, otherwise=lambda: _without_agent(config, lines, place))
    return document


def _without_agent(config: Path, lines: int, place: int | None) -> "Document":
    from topbackup.logs import since, tail  # noqa: PLC0415 - see cli/backup.py
    from topbackup.places import Places  # noqa: PLC0415
    from topbackup.settings_file import load  # noqa: PLC0415

    load(config)  # so that its secrets are known, and are shown nowhere
    folder = Places(config.absolute()).logs
    found, after = tail(folder, lines) if place is None else since(folder, place)
    return {"linhas": found, "posicao": after}
