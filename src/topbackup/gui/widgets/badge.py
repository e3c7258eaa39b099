"""A state in a small place: a sign and a word, so that it is not told by colour alone."""

from typing import Any

import customtkinter as ctk

from topbackup.gui.icons import sign
from topbackup.gui.theme import SMALL, Tone, type_of


class Badge(ctk.CTkLabel):
    def __init__(self, master: Any, tone: Tone = Tone.NEUTRAL, word: str = "") -> None:
        super().__init__(
            master, text=f" {word} ", compound="left", padx=8, pady=2, height=26, corner_radius=13,
            font=type_of(SMALL, bold=True), image=sign(tone, 14), text_color=tone.ink, fg_color=tone.ground,
        )  # fmt: skip
        self._shown = (tone, word)

    def show(self, tone: Tone, word: str) -> None:
        if self._shown != (tone, word):
            self._shown = (tone, word)
            self.configure(text=f" {word} ", image=sign(tone, 14), text_color=tone.ink, fg_color=tone.ground)
