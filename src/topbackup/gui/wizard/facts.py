"""A list of lines with a sign each: what a trial found, what will happen."""

from collections.abc import Sequence
from typing import Any

import customtkinter as ctk

from topbackup.gui.icons import sign
from topbackup.gui.theme import NORMAL, SMALL, SOFT
from topbackup.gui.widgets.panel import Plain
from topbackup.gui.widgets.text import Text
from topbackup.gui.wizard.faces import Fact


class Facts(Plain):
    """Drawn again only when something changed."""

    def __init__(self, master: Any) -> None:
        super().__init__(master)
        self.grid_columnconfigure(1, weight=1)
        self._shown: tuple[Fact, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(f"{fact.words} {fact.more}".strip() for fact in self._shown)

    def show(self, facts: Sequence[Fact]) -> None:
        if tuple(facts) == self._shown:
            return
        self._shown = tuple(facts)
        for child in self.winfo_children():
            child.destroy()
        for row, fact in enumerate(facts):
            ctk.CTkLabel(self, text="", image=sign(fact.tone, 16), width=26, height=0).grid(
                row=row * 2, column=0, sticky="nw", pady=(6, 0)
            )
            Text(self, fact.words, size=NORMAL).grid(row=row * 2, column=1, sticky="ew", pady=(4, 0))
            if fact.more:
                Text(self, fact.more, size=SMALL, colour=SOFT).grid(row=row * 2 + 1, column=1, sticky="ew")
