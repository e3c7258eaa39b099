"""Agendas: the rows of AGENDA_BACKUP, each rejected one with its reason, and what comes in the next seven days."""

from collections.abc import Iterator
from tkinter import font
from typing import Any

import customtkinter as ctk

from topbackup.gui.lists import AgendaRow, Day, agenda_rows, next_seven_days
from topbackup.gui.screens.page import Page
from topbackup.gui.theme import (
    ACCENT,
    GAP,
    LINE,
    NORMAL,
    PAD,
    RADIUS,
    SHEET,
    SMALL,
    SOFT,
    WIDE,
    Tone,
    family,
    pixels,
)
from topbackup.gui.widgets.buttons import Button
from topbackup.gui.widgets.panel import Banner, Plain
from topbackup.gui.widgets.table import Column, Row, Table
from topbackup.gui.widgets.text import Heading, Line, Soft
from topbackup.i18n import _

_TILE_EDGE = 10  # pixels at 100 %


class AgendasPage(Page):
    name = "agendas"
    icon_name = "agenda"

    @staticmethod
    def title() -> str:
        return _("Schedule")

    def build(self) -> Iterator[None]:
        self.grid_rowconfigure(2, weight=1)
        doings = self.head()
        self._again = Button(doings, _("Read again"), self._read)
        self._again.pack(side="left", padx=(0, GAP))
        self._now = Button(doings, _("Back up by this row"), self._back_up, icon_name="play")
        self._now.pack(side="left")
        self._wrong = Banner(self)
        yield
        self.table = Table(
            self,
            (
                Column(_("Time"), 90),
                Column(_("Days"), 120),
                Column(_("File name"), 220),
                Column(_("Folders"), 120, grow=True, middle=True),
                Column(_("Next"), 150),
            ),
            empty=_("Reading AGENDA_BACKUP…"),
            chosen=lambda _key: self._mark(),
            height=3,
        )
        self.table.grid(row=2, column=0, sticky="nsew", padx=WIDE)
        yield
        self._folders = Soft(self, "")
        self._folders.grid(row=3, column=0, sticky="ew", padx=WIDE, pady=(6, 0))
        Heading(self, _("The next seven days")).grid(row=4, column=0, sticky="w", padx=WIDE, pady=(PAD, GAP))
        self._week = week = Plain(self)
        week.grid(row=5, column=0, sticky="ew", padx=WIDE, pady=(0, WIDE))
        self._days = []
        for column in range(7):
            week.grid_columnconfigure(column, weight=1, uniform="day")
            tile = DayTile(week)
            tile.grid(row=0, column=column, sticky="nsew", padx=(0 if column == 0 else 4, 0))
            self._days.append(tile)
            yield

    def shown(self, **wishes: Any) -> None:
        self._read()
        self.table.take_focus()

    def refresh(self) -> None:
        view, now = self.app.view, self.app.now()
        document = view.agenda or {}
        rows = agenda_rows(document, now, view.zone)
        self.table.show([Row(row.key, (row.at, row.days, row.naming, row.folders, row.next), row.tone) for row in rows])
        if view.agenda_error is not None:
            error = view.agenda_error
            self._wrong.show(Tone.ATTENTION, f"{error.code}: {error.sentence}", _("What is shown was read before."))
            self._wrong.grid(row=1, column=0, sticky="ew", padx=WIDE, pady=(0, GAP))
        else:
            self._wrong.grid_remove()
        if view.agenda is not None:
            self.table.say_empty(
                _("AGENDA_BACKUP has no row: no backup is scheduled. The schedule is made in the ERP.")
            )
        elif view.agenda_error is not None:
            self.table.say_empty(_("The schedule could not be read."))
        days = next_seven_days(document, now, view.zone)
        short = self._narrow_for(days)
        for tile, each in zip(self._days, days, strict=True):
            tile.show(each, short=short)
        self._mark()

    def _narrow_for(self, days: list[Day]) -> bool:
        """Has a tile no room for the longest weekday? At 200 % on the smallest screen."""
        measure = font.Font(self, (family(), -pixels(SMALL), "bold")).measure
        needed: int = max(measure(each.name) for each in days) + pixels(2 * _TILE_EDGE + 8)
        return bool(needed > self._week.winfo_width() / 7)

    def _mark(self) -> None:
        row = self._row()
        self._folders.set("" if row is None else row.folders)
        self._now.usable(
            row is not None and row.number is not None and self.app.view.linked and not self.app.view.running
        )

    def _row(self) -> AgendaRow | None:
        rows = agenda_rows(self.app.view.agenda or {}, self.app.now(), self.app.view.zone)
        return next((row for row in rows if row.key == self.table.key), None)

    def _back_up(self) -> None:
        row = self._row()
        if row is not None and row.number is not None:
            self.app.ask("backup", {"agenda": row.number})
            self.app.go("home")

    def _read(self) -> None:
        self.app.window.background.run(self.app.link.read_agenda)


class DayTile(ctk.CTkFrame):
    def __init__(self, master: Any) -> None:
        super().__init__(master, fg_color=SHEET, border_color=LINE, border_width=1, corner_radius=RADIUS)
        self.grid_columnconfigure(0, weight=1)
        self._name = Line(self, "", size=SMALL, bold=True)
        self._name.grid(row=0, column=0, sticky="w", padx=_TILE_EDGE, pady=(8, 0))
        self._date = Line(self, "", size=SMALL, colour=SOFT)
        self._date.grid(row=1, column=0, sticky="w", padx=_TILE_EDGE)
        self._slots = Line(self, "", size=NORMAL, colour=ACCENT, justify="left")
        self._slots.grid(row=2, column=0, sticky="w", padx=_TILE_EDGE, pady=(4, 8))

    def show(self, day: Day, *, short: bool) -> None:
        self._name.set(day.short if short else day.name)
        self._date.set(day.date)
        self._slots.set("\n".join(day.lines))
