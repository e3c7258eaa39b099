"""`topbackup config check`: are the settings in order? Shows no secret."""

from pathlib import Path

import typer

from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import say, show_json
from topbackup.cli.usage import Command, Group
from topbackup.i18n import _

app = typer.Typer(cls=Group, help=_("The settings."), no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `check` a word of its own: with one command only, typer would drop it."""


@app.command(cls=Command, help=_("Read the settings and name the first field that does not fit."))
def check(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Read the settings and name the first field that does not fit."""
    finish(lambda: _check(config_path(config), as_json), as_json=as_json)


def _check(config: Path, as_json: bool) -> int:
    from topbackup.backup.orders import configured_address  # noqa: PLC0415 - see cli/backup.py
    from topbackup.settings_file import load  # noqa: PLC0415

    settings = load(config)
    address = configured_address(settings)
    facts = {
        "arquivo": str(config),
        "banco": str(address),
        "servidor": address.server,
        "usuario": settings.firebird.user,
        "nuvem": settings.mysql.sqlite_path or settings.mysql.host or None,
        "fuso": settings.app.timezone,
        "rota": settings.backup.rota.value,
        "verificar_backup": settings.backup.verificar_backup,
    }
    if as_json:
        show_json({"ok": True} | facts)
    else:
        say(_("The settings are in order."))
        for name, value in facts.items():
            say(f"  {name}: {'–' if value is None else value}")
    return 0
