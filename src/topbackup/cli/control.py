"""`topbackup pause | resume | cancel`: for the agent that runs; without one there is nothing to steer (exit code 4)."""

from pathlib import Path
from typing import Annotated, Any

import typer

from topbackup.cli.asking import LONG, agent, zone
from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import local, say, show_json
from topbackup.i18n import _


def pause(
    minutes: Annotated[int, typer.Option("--minutes", min=1, max=1440, help=_("For how long, at most a day."))] = 60,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hold the schedule for a while; a due time that falls into it runs once afterwards."""

    def command() -> int:
        path = config_path(config)
        answer = _ask(path, "pause", {"minutos": minutes}, as_json=as_json)
        if not as_json:
            when = local(answer["pausado_ate"], zone(path))
            say(_("Paused until {when}. `topbackup resume` ends it sooner.").format(when=when))
        return 0

    finish(command, as_json=as_json)


def resume(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """End a pause."""

    def command() -> int:
        _ask(config_path(config), "resume", {}, as_json=as_json)
        if not as_json:
            say(_("The schedule goes on."))
        return 0

    finish(command, as_json=as_json)


def cancel(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """End the backup that runs, and those that wait."""

    def command() -> int:
        answer = _ask(config_path(config), "cancel", {}, as_json=as_json)
        if not as_json:
            count = answer["cancelados"]
            say(_("Cancelled: {count}.").format(count=count) if count else _("No backup is running."))
        return 0

    finish(command, as_json=as_json)


def _ask(config: Path, request: str, arguments: dict[str, Any], *, as_json: bool) -> Any:
    with agent(config) as client:
        answer = client.ask(request, arguments, patience=LONG)
    if as_json:
        show_json(answer)
    return answer
