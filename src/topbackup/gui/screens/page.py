"""What a page of the main window is, and what it may ask of the application."""

import tkinter as tk
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import customtkinter as ctk

from topbackup.errors import TopBackupError
from topbackup.gui.head import Action
from topbackup.gui.link import AgentLink
from topbackup.gui.restoring import Restoring
from topbackup.gui.state import View
from topbackup.gui.theme import GAP, PAGE, WIDE, Tone, pixels
from topbackup.gui.widgets.panel import Plain
from topbackup.gui.widgets.text import Title
from topbackup.gui.window import Window


class Application(Protocol):
    """What pages and dialogs ask for. All of it returns at once."""

    @property
    def window(self) -> Window: ...

    @property
    def config(self) -> Path: ...

    @property
    def link(self) -> AgentLink: ...

    @property
    def view(self) -> View: ...

    @property
    def restoring(self) -> Restoring: ...

    def now(self) -> datetime: ...

    def go(self, page: str, **wishes: Any) -> None:
        """Show that page. wishes: what it shows first."""

    def say(self, tone: Tone, sentence: str, more: str = "") -> None:
        """Above the page, until it is closed or said over."""

    def hush(self) -> None:
        """Take away what was said above the page."""

    def tell(self, error: TopBackupError) -> None:
        """What went wrong, with its mend, above the page."""

    def ask(
        self,
        name: str,
        arguments: Mapping[str, Any] | None = None,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[TopBackupError], None] | None = None,
    ) -> None:
        """One request to the agent. Without `failed`, an error is told above the page."""

    def act(self, action: Action, run: str = "") -> None:
        """run: the UUID of the backup that it is about."""

    def back_up(self) -> None:
        """Asks which agenda, where there are several."""

    def cancel(self) -> None: ...

    def pause_or_resume(self) -> None: ...

    def look_at_the_copies(self) -> None:
        """The agent looks where they are, and tells what is news."""


class Page(ctk.CTkFrame):
    """title: for its heading and the list of pages. Built piece by piece, so that no click waits for a whole page."""

    name = ""
    icon_name = ""

    def __init__(self, master: Any, app: Application) -> None:
        super().__init__(master, fg_color=PAGE, corner_radius=0)
        self.app = app

    @staticmethod
    def title() -> str:
        raise NotImplementedError

    def head(self) -> Plain:
        """The page's first row, with its title; what it gives is room for buttons, packed from the left."""
        self.grid_columnconfigure(0, weight=1)
        head = Head(self, self.title())
        head.grid(row=0, column=0, sticky="ew", padx=WIDE, pady=(WIDE - 4, GAP))
        return head.doings

    def build(self) -> Iterator[None]:
        """Make its parts; each `yield` lets the window breathe."""
        raise NotImplementedError

    @property
    def unsaved(self) -> bool:
        """Something typed here is nowhere else."""
        return False

    def refresh(self) -> None:
        """Show the view as it is now; at each change, and each second, while it is the page that is seen."""

    def shown(self, **wishes: Any) -> None:
        """It comes to be seen."""


class Head(Plain):
    """The title, and beside it what can be done here; below it where the two are wider than the page."""

    def __init__(self, master: Any, title: str) -> None:
        super().__init__(master)
        self.grid_columnconfigure(0, weight=1)
        self._title = Title(self, title)
        self._title.grid(row=0, column=0, sticky="w")
        self.doings = Plain(self)
        self._beside: bool | None = None
        tk.Misc.bind(self, "<Configure>", self._arrange, add=True)
        tk.Misc.bind(self.doings, "<Configure>", self._arrange, add=True)
        self._arrange()

    def _arrange(self, _event: object = None) -> None:
        if not (self._title.winfo_exists() and self.doings.winfo_exists()):
            return  # one goes after the other when the page does, and each going is a change of size
        beside = self._title.winfo_reqwidth() + pixels(GAP) + self.doings.winfo_reqwidth() <= self.winfo_width()
        if beside != self._beside:
            self._beside = beside
            if beside:
                self.doings.grid(row=0, column=1, sticky="e", pady=0)
            else:
                self.doings.grid(row=1, column=0, sticky="w", pady=(GAP, 0))
