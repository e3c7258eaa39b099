"""From a settings file to the window that a person sees, and back: the parts of `topbackup gui`, joined."""

from pathlib import Path

from topbackup.gui import preferences
from topbackup.gui.app import App
from topbackup.gui.single_instance import the_only_one
from topbackup.gui.window import Window


def run(config: Path, home: Path, *, minimized: bool) -> None:
    """Until a person leaves. home: this person's folder for this window.

    Raises Busy: it is open already. OperationFailed with NO_DISPLAY.
    """
    shown: list[App] = []

    def show() -> None:
        for app in shown:
            app.window.background.post(app.show)

    with the_only_one(home, show):
        window = Window(preferences.default_path())
        app = App(config, window)
        shown.append(app)
        app.run(minimized=minimized)
