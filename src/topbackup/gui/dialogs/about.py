"""About the program: which versions, which files; what support asks first."""

import platform

from topbackup.gui.dialogs.dialog import Dialog
from topbackup.gui.screens.page import Application
from topbackup.gui.theme import GAP
from topbackup.gui.widgets.text import Soft, Text
from topbackup.i18n import _
from topbackup.places import Places
from topbackup.version import __version__


def about_lines(app: Application) -> list[str]:
    home = Places(app.config.absolute()).home
    return [
        _("This window: version {version}").format(version=__version__),
        _("The agent: version {version}").format(version=app.view.version or "–"),
        _("Settings: {path}").format(path=app.config),
        _("Journal and logs: {path}").format(path=home),
        f"{platform.system()} {platform.release()} · Python {platform.python_version()}",
    ]


def show_about(app: Application) -> None:
    dialog = Dialog(app.window, "TopBackup", width=520)
    Text(dialog.body, _("Firebird backups that are proven.")).pack(fill="x", pady=(0, GAP))
    for line in about_lines(app):
        Soft(dialog.body, line).pack(fill="x", pady=1)

    def copy() -> None:
        dialog.clipboard_clear()
        dialog.clipboard_append("\n".join(about_lines(app)))
        dialog.close()

    dialog.offer(_("Copy for support"), copy)
    dialog.offer_closing()
    dialog.open()
