"""`topbackup gui`: the window; a second start brings the first one to the front, unless it is the computer's own."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from topbackup.cli.options import ConfigOption, config_path, finish
from topbackup.i18n import _


def gui(
    minimized: Annotated[
        bool, typer.Option("--minimizado", "--minimized", help=_("Begin in the tray, as with the computer's start."))
    ] = False,
    wizard: Annotated[bool, typer.Option("--assistente", "--wizard", help=_("Begin with the setup wizard."))] = False,
    config: ConfigOption = None,
) -> None:
    """Open the window."""
    finish(lambda: open_window(config_path(config).absolute(), minimized=minimized, wizard=wizard), as_json=False)


def open_window(config: Path, *, minimized: bool = False, wizard: bool = False) -> int:
    """The exit code. Raises OperationFailed where there is no display, or no window in this installation."""
    from topbackup.errors import Busy, OperationFailed  # noqa: PLC0415 - see cli/backup.py
    from topbackup.problems import NO_DISPLAY, NO_WINDOW_PARTS, WINDOW_SILENT  # noqa: PLC0415

    if sys.platform != "win32" and not os.environ.get("DISPLAY"):
        raise OperationFailed(NO_DISPLAY, "DISPLAY")
    try:
        from topbackup.gui import application, single_instance  # noqa: PLC0415 - the extra may not be installed
    except ImportError as missing:
        raise OperationFailed(NO_WINDOW_PARTS, missing.name or str(missing)) from None
    home = single_instance.window_home(config)
    try:
        application.run(config, home, minimized=minimized, wizard=wizard)
    except Busy:
        if not minimized and not single_instance.bring_to_front(home):
            raise Busy(WINDOW_SILENT) from None
    return 0
