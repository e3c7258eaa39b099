"""The notice that the agent has not answered a person's order yet: a click is never followed by nothing."""

from collections.abc import Callable
from typing import Protocol

from topbackup.gui.theme import Tone
from topbackup.gui.window import Window
from topbackup.i18n import _

_PATIENCE = 1500  # milliseconds; a service that is well answers in one


class _Frame(Protocol):
    """Where it is said: the main frame, or none while the wizard is there."""

    @property
    def said(self) -> str: ...

    def say(self, tone: Tone, sentence: str, more: str = "") -> None: ...

    def hush(self) -> None: ...


class Waiting:
    """Every method is for the Tk thread."""

    def __init__(self, window: Window, frame: Callable[[], _Frame | None]) -> None:
        self._window, self._frame = window, frame
        self._orders = 0

    def begin(self) -> Callable[[], None]:
        """What it gives is called once the answer is there."""
        self._orders += 1
        later = self._window.after(_PATIENCE, self._say)

        def end() -> None:
            self._orders -= 1
            self._window.after_cancel(later)
            if not self._orders:
                self._hush()

        return end

    def _say(self) -> None:
        frame = self._frame()
        if frame is not None:
            frame.say(
                Tone.NEUTRAL, _sentence(), _("It may be busy, or hang. What was asked for is done once it answers.")
            )

    def _hush(self) -> None:
        """Only this; what was said meanwhile stays."""
        frame = self._frame()
        if frame is not None and frame.said.startswith(_sentence()):
            frame.hush()


def _sentence() -> str:
    return _("The backup agent has not answered yet…")
