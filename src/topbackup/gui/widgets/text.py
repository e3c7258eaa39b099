"""Words: headings, running text that wraps by itself, and text that can be marked and copied."""

import tkinter as tk
from typing import Any

import customtkinter as ctk

from topbackup.gui.theme import INK, LARGE, NORMAL, SMALL, SOFT, TITLE, Colour, type_of


class Text(ctk.CTkLabel):
    """A paragraph. It wraps at its own width: give it room with sticky="ew" or fill="x"."""

    def __init__(
        self, master: Any, text: str = "", *, size: int = NORMAL, bold: bool = False, colour: Colour = INK, **more: Any
    ) -> None:
        super().__init__(
            master, text=text, font=type_of(size, bold=bold), text_color=colour, anchor="w", justify="left", height=0,
            **more,
        )  # fmt: skip
        self._wrapped = 0
        # Of the frame around it: customtkinter's own `bind` is that of the parts, whose width this changes.
        tk.Misc.bind(self, "<Configure>", self._wrap, add=True)

    def set(self, text: str) -> None:
        """Draw only what changed: a live figure must not redraw the page four times a second."""
        if self.cget("text") != text:
            self.configure(text=text)

    def _wrap(self, event: "tk.Event[tk.Misc]") -> None:
        if event.width > 40 and abs(event.width - self._wrapped) > 2:
            self._wrapped = event.width
            self._label.configure(wraplength=event.width - 2)


class Line(ctk.CTkLabel):
    """One line that never wraps."""

    def __init__(
        self, master: Any, text: str = "", *, size: int = NORMAL, bold: bool = False, colour: Colour = INK, **more: Any
    ) -> None:
        super().__init__(
            master, text=text, font=type_of(size, bold=bold), text_color=colour, anchor="w", height=0, **more
        )

    def set(self, text: str) -> None:
        """As Text.set."""
        if self.cget("text") != text:
            self.configure(text=text)


class Title(Line):
    """Of a page or of a dialog."""

    def __init__(self, master: Any, text: str = "") -> None:
        super().__init__(master, text, size=TITLE, bold=True)


class Heading(Line):
    """Of a part of a page."""

    def __init__(self, master: Any, text: str = "") -> None:
        super().__init__(master, text, size=LARGE, bold=True)


class Soft(Text):
    """What stands beside: a hint, a time, an explanation."""

    def __init__(self, master: Any, text: str = "", *, size: int = SMALL) -> None:
        super().__init__(master, text, size=size, colour=SOFT)
