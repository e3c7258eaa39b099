"""`topbackup --install | --uninstall | --start | --stop | --status`, as in the original; and the service's own door."""

import sys
from pathlib import Path

from topbackup.cli.options import ConfigOption, finish
from topbackup.cli.output import say, show_json
from topbackup.i18n import _
from topbackup.places import default_config


def command(asked: str, config: Path | None, *, as_json: bool) -> int:
    """One of the five; its exit code. --status: 0 runs, 4 does not."""
    from topbackup.service import control  # noqa: PLC0415 - see cli/backup.py
    from topbackup.settings_file import load  # noqa: PLC0415

    service = control.service()
    if asked == "install":
        path = (config or default_config()).absolute()
        load(path)  # a service without settings would only fail at each start
        control.install(path)
    elif asked == "status":
        state = service.state()
        if as_json:
            show_json({"servico": state})
        else:
            say(_state_words(state))
        return 0 if state == "active" else 4
    else:
        {"uninstall": service.uninstall, "start": service.start, "stop": service.stop}[asked]()
    if as_json:
        show_json({"servico": service.state()})
    else:
        say(_done_words(asked))
    return 0


def service_host(config: ConfigOption = None) -> None:
    """Be the Windows service; the service manager starts this, nobody else."""
    finish(lambda: _serve(config), as_json=False)


def _serve(config: Path | None) -> int:
    if sys.platform == "win32":
        from topbackup.service.windows_host import serve  # noqa: PLC0415 - needs pywin32

        serve((config or default_config()).absolute())
        return 0
    from topbackup.errors import BadUsage  # noqa: PLC0415 - see cli/backup.py
    from topbackup.problems import BAD_ARGUMENT  # noqa: PLC0415

    raise BadUsage(BAD_ARGUMENT, "service-host")


def _done_words(asked: str) -> str:
    return {
        "install": _("The service is installed; it begins with the computer. Start it now with `topbackup --start`."),
        "uninstall": _("The service is gone. Settings, journal and backups were left as they are."),
        "start": _("The service runs."),
        "stop": _("The service is stopped: no scheduled backup will be made."),
    }[asked]


def _state_words(state: str) -> str:
    return {
        "active": _("The service runs."),
        "inactive": _("The service is stopped: no scheduled backup will be made."),
        "failed": _("The service failed: see `topbackup logs`."),
        "activating": _("The service is starting."),
        "deactivating": _("The service is stopping."),
        "not-installed": _("The service is not installed: `topbackup --install` does it."),
    }.get(state, _("The system does not say how the service is ({state}).").format(state=state))
