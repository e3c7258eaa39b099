"""A value that a person gives: its label, the control, a hint, and what is wrong with it, said beside it."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any

import customtkinter as ctk

from topbackup.gui.theme import (
    ACCENT,
    CONTROL,
    FIELD,
    FIELD_LINE,
    INK,
    NORMAL,
    ON_ACCENT,
    ON_OFF,
    RADIUS,
    RAISED,
    SHEET,
    SMALL,
    SOFT,
    Tone,
    type_of,
)
from topbackup.gui.widgets.buttons import Button
from topbackup.gui.widgets.focus import by_keys
from topbackup.gui.widgets.text import Line, Text


class Field(ctk.CTkFrame):
    """changed: told at each change by a person, so that a form can say at once what is wrong.

    secret: dots. browse: opens a dialog and gives a path, or "".
    """

    def __init__(
        self,
        master: Any,
        label: str,
        *,
        hint: str = "",
        secret: bool = False,
        browse: Callable[[], str] | None = None,
        changed: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(master, fg_color="transparent")
        self.grid_columnconfigure(0, weight=1)
        self.label = label
        Line(self, label, size=SMALL, bold=True).grid(row=0, column=0, sticky="w", pady=(0, 3))
        self._variable = tk.StringVar(self)
        self._entry = ctk.CTkEntry(
            self, textvariable=self._variable, height=CONTROL, corner_radius=RADIUS, border_width=2, fg_color=FIELD,
            border_color=FIELD_LINE, text_color=INK, font=type_of(NORMAL), show="•" if secret else "",
        )  # fmt: skip
        self._entry.grid(row=1, column=0, sticky="ew")
        if browse is not None:
            Button(self, "…", lambda: self._browse(browse)).grid(row=1, column=1, padx=(6, 0))
        self._hint, self._wrong = hint, ""
        self._below = Text(self, hint, size=SMALL, colour=SOFT)
        self._below.grid(row=2, column=0, columnspan=2, sticky="ew", pady=(3, 0))
        if not hint:
            self._below.grid_remove()
        self._changed = changed
        self._quiet = False
        self._variable.trace_add("write", lambda *_: self._tell())
        self._entry.bind("<FocusIn>", lambda _event: self._line(), add=True)
        self._entry.bind("<Control-a>", self._select_all, add=True)  # as everywhere but in Tk on X, where it goes home
        self._entry.bind("<FocusOut>", lambda _event: self._line(), add=True)

    @property
    def value(self) -> str:
        return self._variable.get()

    @property
    def wrong(self) -> str:
        return self._wrong

    def set(self, value: str) -> None:
        """By the program: `changed` is not told."""
        self._quiet = True
        self._variable.set(value)
        self._quiet = False

    def say(self, wrong: str) -> None:
        """What is wrong with the value; "" when nothing is."""
        if wrong == self._wrong:
            return
        self._wrong = wrong
        self._below.configure(text=wrong or self._hint, text_color=Tone.FAILED.ink if wrong else SOFT)
        if wrong or self._hint:
            self._below.grid()
        else:
            self._below.grid_remove()
        self._line()

    def hint(self, words: str) -> None:
        """Another explanation, where no fault is shown."""
        self._hint = words
        if not self._wrong:
            self._below.configure(text=words)
            self._below.grid()

    def usable(self, can: bool) -> None:
        self._entry.configure(state="normal" if can else "disabled", text_color=INK if can else ON_OFF)

    def take_focus(self) -> None:
        self._entry.focus_set()

    def on_enter(self, command: Callable[[], object]) -> None:
        self._entry.bind("<Return>", lambda _event: command(), add=True)

    def _select_all(self, _event: "tk.Event[tk.Misc]") -> str:
        self._entry.select_range(0, "end")
        return "break"

    def _line(self) -> None:
        there = self.focus_get() is self._entry._entry
        colour = Tone.FAILED.ink if self._wrong else ACCENT if there else FIELD_LINE
        self._entry.configure(border_color=colour)

    def _tell(self) -> None:
        if self._changed is not None and not self._quiet:
            self._changed()

    def _browse(self, browse: Callable[[], str]) -> None:
        found = browse()
        if found:
            self._variable.set(found)


class Choice(ctk.CTkFrame):
    """One of a few. options: (stored value, words)."""

    def __init__(
        self,
        master: Any,
        label: str,
        options: Sequence[tuple[str, str]],
        *,
        hint: str = "",
        changed: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(master, fg_color="transparent")
        self.grid_columnconfigure(0, weight=1)
        self.label = label
        self._pairs = tuple(options)
        if label:
            Line(self, label, size=SMALL, bold=True).grid(row=0, column=0, sticky="w", pady=(0, 3))
        self._menu = ctk.CTkOptionMenu(
            self, values=[words for _, words in options], height=CONTROL, corner_radius=RADIUS, fg_color=FIELD_LINE,
            button_color=FIELD_LINE, button_hover_color=RAISED, text_color=INK, font=type_of(NORMAL),
            dropdown_font=type_of(NORMAL), dropdown_fg_color=SHEET, dropdown_text_color=INK,
            dropdown_hover_color=RAISED, command=lambda _words: changed() if changed is not None else None,
            dynamic_resizing=False, anchor="w",
        )  # fmt: skip
        self._menu.configure(fg_color=RAISED, button_color=RAISED)
        self._menu.grid(row=1, column=0, sticky="ew")
        by_keys(
            self._menu._canvas,
            self._menu._open_dropdown_menu,
            self._ring,
        )
        self._menu._canvas.bind("<Down>", lambda _event: self._step(1, changed))
        self._menu._canvas.bind("<Up>", lambda _event: self._step(-1, changed))
        if hint:
            Text(self, hint, size=SMALL, colour=SOFT).grid(row=2, column=0, sticky="ew", pady=(3, 0))

    @property
    def value(self) -> str:
        words = self._menu.get()
        return next((stored for stored, shown in self._pairs if shown == words), "")

    def set(self, value: str) -> None:
        self._menu.set(next((shown for stored, shown in self._pairs if stored == value), value))

    def usable(self, can: bool) -> None:
        self._menu.configure(state="normal" if can else "disabled")

    def _ring(self, there: bool) -> None:
        self._menu.configure(fg_color=ACCENT if there else RAISED, text_color=ON_ACCENT if there else INK)

    def _step(self, way: int, changed: Callable[[], object] | None) -> None:
        stored = [value for value, _ in self._pairs]
        place = stored.index(self.value) if self.value in stored else 0
        self.set(stored[min(max(place + way, 0), len(stored) - 1)])
        if changed is not None:
            changed()


class Check(ctk.CTkCheckBox):
    """Yes or no."""

    def __init__(self, master: Any, label: str, *, changed: Callable[[], object] | None = None) -> None:
        super().__init__(
            master, text=label, command=changed, font=type_of(NORMAL), text_color=INK, fg_color=ACCENT,
            hover_color=ACCENT, checkmark_color=ON_ACCENT, border_color=FIELD_LINE, border_width=2, corner_radius=5,
            checkbox_width=22, checkbox_height=22,
        )  # fmt: skip
        self.label = label
        by_keys(self._canvas, self.toggle, lambda there: self.configure(border_color=ACCENT if there else FIELD_LINE))

    @property
    def value(self) -> bool:
        return bool(self.get())

    def usable(self, can: bool) -> None:
        self.configure(state="normal" if can else "disabled")
