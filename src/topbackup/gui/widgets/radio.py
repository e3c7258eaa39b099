"""One of a few, all in sight: for a choice that a person should weigh."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any

import customtkinter as ctk

from topbackup.gui.theme import ACCENT, FIELD_LINE, INK, NORMAL, SMALL, SOFT, type_of
from topbackup.gui.widgets.focus import by_keys
from topbackup.gui.widgets.text import Text


class Radio(ctk.CTkFrame):
    """options: (stored value, words, explanation). None is chosen until a person, or `set`, does it."""

    def __init__(
        self, master: Any, options: Sequence[tuple[str, str, str]], *, changed: Callable[[], object] | None = None
    ) -> None:
        super().__init__(master, fg_color="transparent")
        self.grid_columnconfigure(0, weight=1)
        self._variable = tk.StringVar(self)
        self.buttons: list[ctk.CTkRadioButton] = []
        for number, (value, words, more) in enumerate(options):
            button = ctk.CTkRadioButton(
                self, text=words, value=value, variable=self._variable, command=changed, font=type_of(NORMAL),
                text_color=INK, fg_color=ACCENT, hover_color=ACCENT, border_color=FIELD_LINE, radiobutton_width=22,
                radiobutton_height=22, border_width_unchecked=2, border_width_checked=7,
            )  # fmt: skip
            button.grid(row=number * 2, column=0, sticky="w", pady=(8 if number else 0, 0))
            by_keys(button._canvas, button.invoke, _ring(button))
            Text(self, more, size=SMALL, colour=SOFT).grid(row=number * 2 + 1, column=0, sticky="ew", padx=(30, 0))
            self.buttons.append(button)

    @property
    def value(self) -> str:
        return self._variable.get()

    def set(self, value: str) -> None:
        self._variable.set(value)


def _ring(button: ctk.CTkRadioButton) -> Callable[[bool], None]:
    return lambda there: button.configure(border_color=ACCENT if there else FIELD_LINE)
