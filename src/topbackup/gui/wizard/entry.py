"""The way into the wizard: over the whole of a window that is there already."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from topbackup.cancellation import Cancellation
from topbackup.gui.window import Window
from topbackup.gui.wizard.frame import WizardFrame
from topbackup.gui.wizard.session import Session


def show_wizard(
    window: Window,
    config: Path,
    done: Callable[[], object],
    left: Callable[[], object],
    *,
    alone: Callable[[Cancellation], AbstractContextManager[object]] = nullcontext,
    busy: Callable[[], bool] = lambda: False,
) -> Session:
    """done: the settings are saved and the person wants to go on; left: she leaves it before. The window stays.

    alone: held by the end's own thread while it writes and installs; in it no agent runs in this process. It may wait
    for one that is `busy`, and raises where it is given up.
    """
    session = Session(config, window.background, alone=alone, busy=busy)

    def over(then: Callable[[], object]) -> Callable[[], None]:
        def end() -> None:
            session.close()
            then()

        return end

    window.fill(lambda: WizardFrame(window, session, over(done), over(left)))
    return session
