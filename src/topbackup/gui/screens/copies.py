"""Cópias: where the good files are, by the record: one line for each file that is to be there."""

from collections.abc import Iterator, Mapping
from typing import Any

from topbackup.gui.lists import advice, copy_rows
from topbackup.gui.screens.page import Page
from topbackup.gui.theme import GAP, WIDE
from topbackup.gui.widgets.buttons import Button
from topbackup.gui.widgets.table import Column, Row, Table
from topbackup.gui.widgets.text import Soft
from topbackup.gui.words import rows_of
from topbackup.i18n import _


class CopiesPage(Page):
    name = "copies"
    icon_name = "copies"

    @staticmethod
    def title() -> str:
        return _("Copies")

    def build(self) -> Iterator[None]:
        self.grid_rowconfigure(2, weight=1)
        doings = self.head()
        self._copy = Button(doings, _("Copy the path"), self._to_clipboard)
        self._copy.pack(side="left", padx=(0, GAP))
        self._restore = Button(doings, _("Restore from it…"), self._go_to_restore, icon_name="restore")
        self._restore.pack(side="left")
        self._advice = Soft(self, "")
        self._advice.grid(row=1, column=0, sticky="ew", padx=WIDE, pady=(0, GAP))
        yield
        self.table = Table(
            self,
            (
                Column(_("When"), 170),
                Column(_("State"), 145),
                Column(_("File"), 270),
                Column(_("Folder"), 110, grow=True),
                Column(_("Size"), 85, right=True),
            ),
            empty=_("No copy yet: it comes with the first backup."),
            chosen=lambda _key: self._mark(),
            opened=lambda _key: self._go_to_restore(),
            height=3,
        )
        self.table.grid(row=2, column=0, sticky="nsew", padx=WIDE)
        self._path = Soft(self, "")
        self._path.grid(row=3, column=0, sticky="ew", padx=WIDE, pady=(6, WIDE - 8))
        self._archives: dict[str, str] = {}

    def shown(self, **wishes: Any) -> None:
        self.refresh()
        self.table.take_focus()

    def refresh(self) -> None:
        view = self.app.view
        looked, last = view.agent.get("copias_locais"), (view.status or {}).get("ultimo")
        missing = rows_of(looked.get("faltam")) if isinstance(looked, Mapping) else []
        rows = copy_rows(view.runs, self.app.now(), view.zone, missing)
        self._advice.set(advice(last if isinstance(last, Mapping) else {}))
        self._archives = {row.key: row.archive for row in rows}
        self.table.show([Row(row.key, (row.when, row.state, row.name, row.folder, row.size), row.tone) for row in rows])
        self._mark()

    def _mark(self) -> None:
        archive = self._archives.get(self.table.key, "")
        there = bool(archive)
        away = _("A copy away: support brings it back with `topbackup destinations get`.")
        self._path.set(archive or (away if self.table.key else ""))
        self._copy.usable(there)
        self._restore.usable(there)

    def _to_clipboard(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(self._archives.get(self.table.key, ""))

    def _go_to_restore(self) -> None:
        archive = self._archives.get(self.table.key, "")
        if archive:
            self.app.go("restore", archive=archive)
