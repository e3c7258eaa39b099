"""`topbackup run`: be the agent, in the foreground; systemd starts it like this too."""

import os
import sys
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


def _run(given: Path | None, quiet: bool) -> int:  # noqa: RET503 - execv does not return
    from topbackup.places import default_config  # noqa: PLC0415 - see cli/backup.py
    from topbackup.settings_file import need  # noqa: PLC0415

    config = (given if given is not None else default_config()).absolute()
    need(config)
    if sys.platform == "win32" or getattr(sys, "frozen", False):
        from topbackup.cli.foreground import main  # noqa: PLC0415 - see cli/backup.py

        return main(config, quiet=quiet)
    # -P: no module is taken from the folder that somebody stood in when he started us.
    command = [sys.executable, "-P", "-m", "topbackup.cli.foreground", str(config), *(["--quiet"] if quiet else [])]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 - this very Python, and our own module; the process keeps its PID
