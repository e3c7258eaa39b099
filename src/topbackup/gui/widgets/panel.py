"""Grounds: a sheet, a page that scrolls, a banner."""

import tkinter as tk
from collections.abc import Callable
from typing import Any

import customtkinter as ctk

from topbackup.gui.icons import sign
from topbackup.gui.theme import (
    FIELD_LINE,
    GAP,
    INK,
    LINE,
    NORMAL,
    PAD,
    PAGE,
    RADIUS,
    SHEET,
    SMALL,
    SOFT,
    Colour,
    Tone,
)
from topbackup.gui.widgets.buttons import Button
from topbackup.gui.widgets.focus import came_quietly
from topbackup.gui.widgets.text import Text


class Sheet(ctk.CTkFrame):
    """A card on the page."""

    def __init__(self, master: Any) -> None:
        super().__init__(master, fg_color=SHEET, border_color=LINE, border_width=1, corner_radius=RADIUS + 2)


class Plain(ctk.CTkFrame):
    """Room for others, without a look of its own; without any it takes none."""

    def __init__(self, master: Any) -> None:
        super().__init__(master, width=0, height=0, fg_color="transparent", corner_radius=0)


class Scrolled(ctk.CTkScrollableFrame):
    """A page that may be longer than the window; what takes the focus by Tab comes into view."""

    def __init__(self, master: Any, ground: Colour = PAGE) -> None:
        super().__init__(
            master, fg_color=ground, corner_radius=0, scrollbar_button_color=LINE,
            scrollbar_button_hover_color=FIELD_LINE,
        )  # fmt: skip
        self.bind_all("<FocusIn>", self._into_view, add=True)
        self.winfo_toplevel().bind("<Prior>", lambda event: self._page(event, -1), add=True)
        self.winfo_toplevel().bind("<Next>", lambda event: self._page(event, 1), add=True)

    def _into_view(self, event: Any) -> None:
        widget = event.widget
        if not str(widget).startswith(str(self)) or not self.winfo_exists() or not self.winfo_ismapped():
            return
        # What is around the focus is told of it as well.
        if not isinstance(widget, tk.Misc) or widget.winfo_children() or came_quietly(widget):
            return
        whole = self.winfo_height()
        seen = self._parent_canvas.winfo_height()
        if whole <= seen:
            return
        top = widget.winfo_rooty() - self.winfo_rooty()
        first = self._parent_canvas.canvasy(0)
        if top < first or top + widget.winfo_height() > first + seen:
            self._parent_canvas.yview_moveto(max(0.0, (top - seen / 3) / whole))

    def _page(self, event: Any, way: int) -> None:
        # A list or a text that has the focus pages by itself. The keys are the whole window's, which outlives this.
        if self.winfo_exists() and self.winfo_ismapped() and event.widget.winfo_class() not in ("Treeview", "Text"):
            self._parent_canvas.yview_scroll(way, "pages")


class Filling(Scrolled):
    """Room for what fills the window where that is high enough for it, and scrolls where it is not.

    What is inside says by its own least height what it needs; `fit` is asked for after each change of it.
    """

    def __init__(self, master: Any, ground: Colour = PAGE) -> None:
        super().__init__(master, ground)
        self.grid_columnconfigure(0, weight=1)
        self.grid_rowconfigure(0, weight=1)
        self._bar_shown = True
        self._asked = False
        self._parent_canvas.bind("<Configure>", lambda _event: self.fit(), add=True)

    def fit(self) -> None:
        """Soon, and once for many changes. No flicker: the bar makes what is inside higher, never lower."""
        if not self._asked:
            self._asked = True
            self.after_idle(self._fit)

    def to_the_top(self) -> None:
        self._parent_canvas.yview_moveto(0)

    def _fit(self) -> None:
        self._asked = False
        seen, needed = self._parent_canvas.winfo_height(), self.winfo_reqheight()
        self._parent_canvas.itemconfigure(self._create_window_id, height=max(seen, needed))
        if (needed > seen) != self._bar_shown:
            self._bar_shown = needed > seen
            if self._bar_shown:
                self._scrollbar.grid()
            else:
                self._scrollbar.grid_remove()

    def _mouse_wheel_all(self, event: Any) -> None:
        # A list or a text that the pointer is over scrolls by itself.
        if isinstance(event.widget, tk.Misc) and event.widget.winfo_class() in ("Treeview", "Text"):
            first, last = event.widget.yview()  # type: ignore[attr-defined]  # both classes have it
            if (first, last) != (0.0, 1.0):
                return
        super()._mouse_wheel_all(event)


class Banner(ctk.CTkFrame):
    """Something to know, with what to do about it: sign, sentence, explanation, at most one button."""

    def __init__(self, master: Any) -> None:
        super().__init__(master, corner_radius=RADIUS, border_width=1)
        self.grid_columnconfigure(1, weight=1)
        self._sign = ctk.CTkLabel(self, text="", height=0)
        self._sign.grid(row=0, column=0, rowspan=2, sticky="n", padx=(PAD, GAP), pady=(12, 12))
        self._sentence = Text(self, size=NORMAL, bold=True, colour=INK)
        self._sentence.grid(row=0, column=1, sticky="ew", padx=(0, PAD), pady=(10, 0))
        self._more = Text(self, size=SMALL, colour=SOFT)
        self._more.grid(row=1, column=1, sticky="ew", padx=(0, PAD), pady=(0, 10))
        self._command: Callable[[], object] | None = None
        self._button = Button(self, "", self._press)
        self._shown: tuple[object, ...] = ()

    @property
    def text(self) -> str:
        """All that it says."""
        return f"{self._sentence.cget('text')}\n{self._more.cget('text')}".strip()

    def show(
        self,
        tone: Tone,
        sentence: str,
        more: str = "",
        *,
        action: str = "",
        command: Callable[[], object] | None = None,
    ) -> None:
        self._command = command
        if self._shown == (tone, sentence, more, action):
            return
        self._shown = (tone, sentence, more, action)
        self.configure(fg_color=tone.ground, border_color=tone.ground)
        self._sign.configure(image=sign(tone, 22), fg_color=tone.ground)
        self._sentence.set(sentence)
        self._more.set(more)
        if more:
            self._more.grid()
        else:
            self._more.grid_remove()
        self._sentence.grid_configure(pady=(10, 0) if more else (10, 10))
        if action:
            self._button.configure(text=action)
            self._button.grid(row=0, column=2, rowspan=2, padx=(0, PAD))
        else:
            self._button.grid_forget()

    def _press(self) -> None:
        if self._command is not None:
            self._command()
