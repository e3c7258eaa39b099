"""The main window's frame: the pages at the left, a banner for what just happened, and the page that is seen."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import customtkinter as ctk

from topbackup.gui.dialogs.about import show_about
from topbackup.gui.icons import icon
from topbackup.gui.link_notice import link_notice, link_words
from topbackup.gui.screens.agendas import AgendasPage
from topbackup.gui.screens.copies import CopiesPage
from topbackup.gui.screens.history import HistoryPage
from topbackup.gui.screens.home import HomePage
from topbackup.gui.screens.logs import LogsPage
from topbackup.gui.screens.page import Application, Page
from topbackup.gui.screens.restore import RestorePage
from topbackup.gui.screens.settings import SettingsPage
from topbackup.gui.theme import (
    ACCENT,
    CONTROL,
    GAP,
    INK,
    LINE,
    NAVIGATION,
    NORMAL,
    PAD,
    PAGE,
    RADIUS,
    RAISED,
    SHEET,
    WIDE,
    Tone,
    type_of,
)
from topbackup.gui.widgets.badge import Badge
from topbackup.gui.widgets.buttons import link_button
from topbackup.gui.widgets.focus import by_keys
from topbackup.gui.widgets.panel import Banner, Filling, Plain
from topbackup.gui.widgets.text import Line, Soft
from topbackup.i18n import _

PAGES: tuple[type[Page], ...] = (
    HomePage, HistoryPage, AgendasPage, CopiesPage, RestorePage, SettingsPage, LogsPage,
)  # fmt: skip


class MainFrame(ctk.CTkFrame):
    """Ctrl+1 … Ctrl+7 go to the pages, F5 reads again, F1 is about the program."""

    def __init__(self, master: Any, app: Application) -> None:
        super().__init__(master, fg_color=PAGE, corner_radius=0)
        self.app = app
        self.grid_columnconfigure(1, weight=1)
        self.grid_rowconfigure(2, weight=1)
        self.navigation = Navigation(self, self)
        self.navigation.grid(row=0, column=0, rowspan=3, sticky="nsew")
        self._link_banner, self._said = Banner(self), Banner(self)
        self._room = Filling(self)
        self._room.grid(row=2, column=1, sticky="nsew")
        self.pages: dict[str, Page] = {}
        self._building: dict[str, Iterator[None]] = {}
        self.seen = ""
        self._keys()
        self.go(HomePage.name)
        self.after(300, self._build_ahead)

    def go(self, name: str, **wishes: Any) -> None:
        if name not in self.pages:
            kind = next(page for page in PAGES if page.name == name)
            self.pages[name] = kind(self._room, self.app)
            self._building[name] = self.pages[name].build()
        if name != self.seen:
            if self.seen:
                self.pages[self.seen].grid_remove()
            self.seen = name
            self.pages[name].grid(row=0, column=0, sticky="nsew")
            self._room.to_the_top()
            self.navigation.mark(name)
        self._finish(name, wishes)

    def say(self, tone: Tone, sentence: str, more: str = "") -> None:
        self._said.show(tone, sentence, more, action=_("Close"), command=self._said.grid_remove)
        self._said.grid(row=1, column=1, sticky="ew", padx=WIDE, pady=(GAP, 0))

    def hush(self) -> None:
        """What was said is of something that is begun anew."""
        self._said.grid_remove()

    @property
    def said(self) -> str:
        """What stands in the banner; "" when none is shown."""
        return self._said.text if self._said.winfo_ismapped() else ""

    @property
    def unsaved(self) -> bool:
        """A page holds what is nowhere else."""
        return any(page.unsaved for page in self.pages.values())

    def refresh(self) -> None:
        self.navigation.refresh()
        notice = link_notice(self.app.view)
        if notice is None:
            self._link_banner.grid_remove()
        else:
            self._link_banner.show(*notice)
            self._link_banner.grid(row=0, column=1, sticky="ew", padx=WIDE, pady=(GAP, 0))
        if self.seen not in self._building:
            self.pages[self.seen].refresh()
            self._room.fit()

    def _finish(self, name: str, wishes: dict[str, Any]) -> None:
        """Build what is left of it, a piece at a time, then show it."""
        building = self._building.get(name)
        if building is not None:
            try:
                next(building)
            except StopIteration:
                del self._building[name]
            else:
                self.after(1, lambda: self._finish(name, wishes))
                return
        if name == self.seen:
            self.pages[name].shown(**wishes)
            self.pages[name].refresh()
            for part in self.pages[name].winfo_children():
                part.bind("<Configure>", lambda _event: self._room.fit())
            self._room.fit()

    def _build_ahead(self) -> None:
        """The other pages, while nobody asks for them."""
        if self._building:
            name, building = next(iter(self._building.items()))
            if name != self.seen:
                try:
                    next(building)
                except StopIteration:
                    del self._building[name]
            self.after(15, self._build_ahead)
            return
        kind = next((page for page in PAGES if page.name not in self.pages), None)
        if kind is not None:
            self.pages[kind.name] = kind(self._room, self.app)
            self._building[kind.name] = self.pages[kind.name].build()
            self.after(15, self._build_ahead)

    def _keys(self) -> None:
        top = self.winfo_toplevel()
        for number, page in enumerate(PAGES, start=1):
            top.bind(f"<Control-Key-{number}>", self._while_here(partial(self.go, page.name)))
        top.bind("<F5>", self._while_here(lambda: self.app.window.background.run(self.app.link.read_again)))
        top.bind("<F1>", self._while_here(lambda: show_about(self.app)))
        top.bind("<Control-b>", self._while_here(self.app.back_up))

    def _while_here(self, doing: Callable[[], object]) -> Callable[[Any], None]:
        """The keys are the whole window's, which the wizard may have by now."""

        def pressed(_event: Any) -> None:
            if self.winfo_exists():
                doing()

        return pressed


class Navigation(ctk.CTkFrame):
    def __init__(self, master: Any, frame: MainFrame) -> None:
        super().__init__(master, width=NAVIGATION, fg_color=SHEET, corner_radius=0)
        self._frame = frame
        self.grid_propagate(False)
        self.pack_propagate(False)
        ctk.CTkFrame(self, width=1, fg_color=LINE, corner_radius=0).pack(side="right", fill="y")
        self._room = Filling(self, SHEET)
        self._room.pack(fill="both", expand=True)
        parts = Plain(self._room)
        parts.grid(row=0, column=0, sticky="nsew")
        self._company = Line(parts, "TopBackup", size=NORMAL, bold=True)
        self._company.pack(fill="x", padx=PAD, pady=(WIDE - 4, 0))
        self._number = Soft(parts, "")
        self._number.pack(fill="x", padx=PAD, pady=(0, PAD))
        self._entries = {page.name: Entry(parts, page, frame) for page in PAGES}
        for entry in self._entries.values():
            entry.pack(fill="x", padx=GAP, pady=1)
        below = Plain(parts)
        below.pack(side="bottom", fill="x", padx=PAD, pady=PAD)
        self._agent = Badge(below)
        self._agent.pack(anchor="w")
        self._agent_words = Soft(below, "")
        self._agent_words.pack(fill="x", pady=(4, 0))
        link_button(below, _("About TopBackup"), lambda: show_about(frame.app)).pack(anchor="w", pady=(4, 0))

    def mark(self, name: str) -> None:
        for each, entry in self._entries.items():
            entry.mark(each == name)

    def refresh(self) -> None:
        name, number = self._frame.app.view.company
        self._company.set(_cut(name or "TopBackup", 22))
        self._number.set(number)
        tone, word, more = link_words(self._frame.app.view)
        self._agent.show(tone, word)
        self._agent_words.set(more)
        self._room.fit()


class Entry(ctk.CTkButton):
    """One page in the list of pages."""

    def __init__(self, master: Any, page: type[Page], frame: MainFrame) -> None:
        super().__init__(
            master, text=f"  {page.title()}", image=icon(page.icon_name, 18, INK), anchor="w", height=CONTROL + 2,
            corner_radius=RADIUS, border_width=2, fg_color=SHEET, border_color=SHEET, hover_color=RAISED,
            text_color=INK, font=type_of(NORMAL), command=lambda: frame.go(page.name),
        )  # fmt: skip
        self._page, self._marked = page, False
        by_keys(self._canvas, self.invoke, self._ring)
        self._canvas.bind("<Down>", lambda event: event.widget.tk_focusNext().focus_set())
        self._canvas.bind("<Up>", lambda event: event.widget.tk_focusPrev().focus_set())

    def mark(self, there: bool) -> None:
        if there == self._marked:
            return
        self._marked = there
        self.configure(
            fg_color=RAISED if there else SHEET,
            border_color=RAISED if there else SHEET,
            font=type_of(NORMAL, bold=there),
            image=icon(self._page.icon_name, 18, ACCENT if there else INK),
        )

    def _ring(self, there: bool) -> None:
        self.configure(border_color=ACCENT if there else RAISED if self._marked else SHEET)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
