"""From a settings file to the window that a person sees, and back: the parts of `topbackup gui`, joined."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from topbackup.cancellation import Cancellation
from topbackup.gui import preferences
from topbackup.gui.app import App
from topbackup.gui.single_instance import the_only_one
from topbackup.gui.window import Window
from topbackup.gui.wizard.entry import show_wizard
from topbackup.setup.config import needed

_LOOK = 0.3  # seconds


def run(config: Path, home: Path, *, minimized: bool, wizard: bool = False) -> None:
    """Until a person leaves. home: this person's folder for this window. wizard: begin with it, though all is set up.

    Raises Busy: it is open already. OperationFailed with NO_DISPLAY.
    """
    shown: list[App] = []

    def show() -> None:
        for app in shown:
            app.window.background.post(app.show)

    with the_only_one(home, show):
        window = Window(preferences.default_path())
        app = App(config, window, setup=_set_up)
        shown.append(app)
        if wizard or needed(config):
            window.after(1, app.set_up)
        app.run(minimized=minimized)


def _set_up(app: App, over: Callable[[], None]) -> None:
    """The wizard, in the main frame's place. An agent in this process lets go for its end: a service may follow."""
    session = show_wizard(
        app.window,
        app.config,
        over,
        over,
        alone=lambda cancel: _without_our_agent(app, cancel),
        busy=lambda: app.link.hosting and app.at_work,
    )
    app.wizard_holds = lambda: session.unsaved


@contextmanager
def _without_our_agent(app: App, cancel: Cancellation) -> Iterator[None]:
    """Once it has ended the backup or the restore that it is at work on.

    Raises OperationFailed where `cancel` is asked before. Afterwards, where no service was installed, this process is
    the agent again, whatever page is looked at.
    """
    app.setting_up = True
    try:
        while app.link.hosting and (app.restoring.job is not None or app.link.backing_up()):
            cancel.check()
            time.sleep(_LOOK)
        app.link.stop_hosting()
        yield
    finally:
        app.setting_up, app.agent_due = False, True
        app.link.hurry()
