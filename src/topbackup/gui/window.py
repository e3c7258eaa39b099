"""The one root window: a person's language, appearance and scale, and the work behind it. What fills it comes later."""

import logging
import sys
import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import customtkinter as ctk
from PIL import ImageTk

from topbackup import i18n
from topbackup.errors import OperationFailed
from topbackup.gui import preferences as stored
from topbackup.gui import theme
from topbackup.gui.background import Background
from topbackup.gui.icons import forget, sign_image
from topbackup.gui.theme import ACCENT, ON_ACCENT, PAGE, Appearance, Tone
from topbackup.problems import NO_DISPLAY

_log = logging.getLogger(__name__)
_WIDTH, _HEIGHT = 1060, 680  # with its frame it fits 1366 × 768, the smallest screen that shops have
_LEAST = (880, 560)


class Window(ctk.CTk):
    """fill: makes what is in it, a frame; called again when language, appearance or scale were changed."""

    def __init__(self, preferences_file: Path) -> None:
        """Raises OperationFailed with NO_DISPLAY."""
        self.preferences_file = preferences_file
        self.preferences = stored.read(preferences_file)
        i18n.use(self.preferences.language)
        theme.use(Appearance(self.preferences.appearance), self.preferences.scale)
        _say_who_we_are()
        try:
            super().__init__(fg_color=PAGE, className="TopBackup")
        except tk.TclError as error:
            raise OperationFailed(NO_DISPLAY, str(error)) from None
        forget()
        self.title("TopBackup")
        self.background = Background(self)
        self._fill: Callable[[], tk.Widget] | None = None
        self._content: tk.Widget | None = None
        self._icon = ImageTk.PhotoImage(sign_image(Tone.OK, ACCENT[0], ON_ACCENT[0]).resize((64, 64)), master=self)
        self.iconphoto(True, self._icon)
        self._place()

    def fill(self, make: Callable[[], tk.Widget]) -> None:
        """Show what `make` gives, over the whole window, in the place of what was there."""
        self._fill = make
        if self._content is not None:
            self._content.destroy()
        self._content = make()
        self._content.pack(fill="both", expand=True)

    def change(self, **changes: Any) -> None:
        """A person's own wishes: kept, and shown at once. Raises nothing: what cannot be kept holds until the end."""
        self.preferences = replace(self.preferences, **changes)
        try:
            stored.write(self.preferences_file, self.preferences)
        except OSError as error:
            _log.warning("the window's preferences could not be kept: %s", error)
        if self._content is not None:
            self._content.destroy()  # first: else all that is about to go is drawn once more
            self._content = None
        i18n.use(self.preferences.language)
        theme.use(Appearance(self.preferences.appearance), self.preferences.scale)
        if "scale" in changes:
            self._place()
        if self._fill is not None:
            self.fill(self._fill)

    def come_to_front(self) -> None:
        self.deiconify()
        self.lift()
        # A window manager may keep a window that nobody clicked behind the others: for a moment it may not.
        self.attributes("-topmost", True)
        self.after(200, lambda: self.attributes("-topmost", False))
        self.focus_force()

    def close(self) -> None:
        """For good."""
        self.background.close()
        for waiting in self.tk.splitlist(self.tk.call("after", "info")):
            self.tk.call("after", "cancel", waiting)  # else Tk complains of what is not there any more
        self.destroy()

    def report_callback_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """A defect in answer to a click: in the log, whole, and nowhere else."""
        _log.error("the window found a defect", exc_info=(kind, error, trace))

    def _place(self) -> None:
        factor = theme.pixels(1000) / 1000
        wide, high = self.winfo_screenwidth() / factor, self.winfo_screenheight() / factor
        width, height = min(_WIDTH, int(wide) - 16), min(_HEIGHT, int(high) - 70)
        self.maxsize(int(wide), int(high))
        self.minsize(min(_LEAST[0], width), min(_LEAST[1], height))
        left, top = int((wide - width) / 2 * factor), int(max(0, (high - height) / 2 - 20) * factor)
        self.geometry(f"{width}x{height}+{left}+{top}")


def _say_who_we_are() -> None:
    """Windows groups a program's windows, and takes its icon and notifications, by this name."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows only

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID("TopBackup.Janela")


def is_shown(state: str) -> bool:
    """A maximised window's state is `zoomed` on Windows, and `normal` on X."""
    return state not in ("withdrawn", "iconic")
