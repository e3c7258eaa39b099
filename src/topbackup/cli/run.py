"""`topbackup run`: be the agent, in the foreground; systemd starts it like this too."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from topbackup.cli.options import ConfigOption, finish
from topbackup.i18n import _


def run(
    quiet: Annotated[bool, typer.Option("--quiet", help=_("No log on the terminal, only in the file."))] = False,
    config: ConfigOption = None,
) -> None:
    """Be the agent: keep the schedule until ended."""
    finish(lambda: _run(config, quiet), as_json=False)


def _run(given: Path | None, quiet: bool) -> int:
    from topbackup.agent.host import Host  # noqa: PLC0415 - see cli/backup.py
    from topbackup.logs import log_to_file, log_to_stream  # noqa: PLC0415
    from topbackup.places import Places, default_config  # noqa: PLC0415
    from topbackup.service.systemd import supervisor  # noqa: PLC0415
    from topbackup.settings_file import need  # noqa: PLC0415

    config = given if given is not None else default_config()
    need(config)
    log_to_file(Places(config.absolute()).logs, agent=True)
    if not quiet:
        log_to_stream()
    host = Host(config.absolute(), supervisor())

    def end(*_: object) -> None:
        host.stop()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    host.run()
    return 0
