"""Buttons, by what they do: the one thing to do here, the other things, the one that costs something."""

from collections.abc import Callable
from enum import Enum
from typing import Any

import customtkinter as ctk

from topbackup.gui.icons import icon
from topbackup.gui.theme import (
    ACCENT,
    ACCENT_OVER,
    CONTROL,
    INK,
    LINE,
    NORMAL,
    OFF,
    ON_ACCENT,
    ON_OFF,
    RADIUS,
    RAISED,
    SHEET,
    Colour,
    Tone,
    type_of,
)
from topbackup.gui.widgets.focus import by_keys


class Kind(Enum):
    """(ground, ground under the pointer, ink, border)"""

    PRIMARY = (ACCENT, ACCENT_OVER, ON_ACCENT, ACCENT)
    QUIET = (SHEET, RAISED, INK, LINE)
    DANGER = (SHEET, Tone.FAILED.ground, Tone.FAILED.ink, LINE)


class Button(ctk.CTkButton):
    """With Tab, Space and Enter. `usable` greys it out; a page says why beside it."""

    def __init__(
        self, master: Any, text: str, command: Callable[[], object], *, kind: Kind = Kind.QUIET, icon_name: str = ""
    ) -> None:
        ground, over, ink, self._border = kind.value
        self._kind_colours: tuple[Colour, Colour] = (ground, ink)
        super().__init__(
            master,
            text=text,
            command=command,
            height=CONTROL,
            width=0,
            corner_radius=RADIUS,
            border_width=2,
            border_spacing=4,
            fg_color=ground,
            hover_color=over,
            text_color=ink,
            text_color_disabled=ON_OFF,
            border_color=self._border,
            font=type_of(NORMAL, bold=kind is Kind.PRIMARY),
            image=icon(icon_name, 18, ink) if icon_name else None,
        )
        by_keys(self._canvas, self.invoke, self._ring)

    def usable(self, can: bool) -> None:
        wanted = "normal" if can else "disabled"
        if self.cget("state") == wanted:
            return
        ground, _ink = self._kind_colours
        self.configure(state=wanted, fg_color=ground if can else OFF, border_color=self._border if can else OFF)
        self._canvas.configure(takefocus=1 if can else 0)

    def take_focus(self) -> None:
        self._canvas.focus_set()

    def _ring(self, there: bool) -> None:
        if self.cget("state") == "disabled":
            return
        on_accent = self._border is ACCENT
        self.configure(border_color=(INK if on_accent else ACCENT) if there else self._border)


def link_button(master: Any, text: str, command: Callable[[], object]) -> Button:
    """A lesser thing to do, without a border."""
    return LinkButton(master, text, command)


class LinkButton(Button):
    """Its ground is that of what it stands on."""

    def __init__(self, master: Any, text: str, command: Callable[[], object]) -> None:
        super().__init__(master, text, command)
        self._border = self._detect_color_of_master()
        self._kind_colours = (self._border, ACCENT)
        self.configure(fg_color=self._border, border_color=self._border, text_color=ACCENT)
