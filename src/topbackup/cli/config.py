"""`topbackup config check | find | wizard`: are the settings in order; what could be set up here. Shows no secret."""

from pathlib import Path

import typer

from topbackup.cli.gui import open_window
from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import say, show_json, table
from topbackup.cli.usage import Command, Group
from topbackup.i18n import N_, _
from topcore.record import size_text

_WHY = {"IN_USE": N_("in use now"), "ALIAS": N_("by its alias"), "FOLDER": N_("in a folder")}
app = typer.Typer(cls=Group, help=_("The settings."), no_args_is_help=True)


@app.command(cls=Command, help=_("Read the settings and name the first field that does not fit."))
def check(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Read the settings and name the first field that does not fit."""
    finish(lambda: _check(config_path(config), as_json), as_json=as_json)


@app.command(cls=Command, help=_("Open the setup wizard."))
def wizard(config: ConfigOption = None) -> None:
    """Open the setup wizard."""
    finish(lambda: open_window(config_path(config).absolute(), wizard=True), as_json=False)


@app.command(cls=Command, help=_("Look for Firebird databases on this computer."))
def find(as_json: JsonOption = False) -> None:
    """Look for Firebird databases on this computer."""
    finish(lambda: _find(as_json), as_json=as_json)


def _find(as_json: bool) -> int:
    from topbackup.cancellation import Cancellation  # noqa: PLC0415 - see cli/backup.py
    from topbackup.setup.trials import search  # noqa: PLC0415

    found = search(Cancellation())
    if as_json:
        show_json(
            [
                {
                    "banco": each.address,
                    "como": each.why.name,
                    "tamanho_bytes": each.size,
                    "alterado_em": each.modified and each.modified.isoformat(),
                }
                for each in found
            ]
        )
    else:
        rows = [(each.address, size_text(each.size) or "–", _WHY[each.why.name]) for each in found]
        say(table((_("Database"), _("Size"), _("Found")), [(a, b, _(c)) for a, b, c in rows]))
    return 0 if found else 1


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
