"""What every command has: --config and --json, and the one way in which it ends."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from topbackup.cli.door import INTERRUPTED, OutputFailed, ctrl_c_raises
from topbackup.cli.output import show_error
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.i18n import _
from topbackup.logs import log_to_file
from topbackup.places import Places, default_config
from topbackup.problems import INTERNAL

if TYPE_CHECKING:
    from topbackup.cancellation import Cancellation

_log = logging.getLogger(__name__)

# Who may not read it may still ask the agent, so it is not for typer to refuse.
ConfigOption = Annotated[
    Path | None, typer.Option("--config", readable=False, help=_("The settings file (config.json)."))
]
JsonOption = Annotated[bool, typer.Option("--json", help=_("Answer with one JSON document."))]


def config_path(given: Path | None) -> Path:
    """The settings file of this command; its folder has the log."""
    path = given if given is not None else default_config()
    if path.is_file():  # a mistyped path must not leave folders behind
        log_to_file(Places(path.absolute()).logs)
    return path


def finish(command: Callable[[], int], *, as_json: bool) -> None:
    """Run a command to its exit code. No traceback reaches a user: a defect is told with its code, and logged whole."""
    try:
        with ctrl_c_raises():
            code = command()
    except TopBackupError as error:
        show_error(error, as_json=as_json)
        code = error.exit_code
    except KeyboardInterrupt:
        code = INTERRUPTED
    except OutputFailed:
        raise  # the door's matter
    except Exception as defect:  # noqa: BLE001 - the last door before a user
        _log.exception("a defect")
        show_error(OperationFailed(INTERNAL, type(defect).__name__), as_json=as_json)
        code = 1
    raise typer.Exit(code)


def cancelled_by_signals() -> "Cancellation":
    """Set by Ctrl-C and by the system's request to end: the run then ends as cancelled, with nothing left behind."""
    import signal  # noqa: PLC0415 - only a command that runs long needs it

    from topbackup.cancellation import Cancellation  # noqa: PLC0415 - see above

    cancel = Cancellation()

    def ask(*_: object) -> None:
        cancel.ask()

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    return cancel
