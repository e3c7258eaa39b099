"""Cópias: one line for each file that is to be somewhere, here or away, and what the copies lack."""

from collections.abc import Iterator
from typing import Any

from topbackup.gui.copy_rows import CopyRow, copy_rows, said_of, spread
from topbackup.gui.screens.page import Page
from topbackup.gui.theme import GAP, WIDE, Tone
from topbackup.gui.widgets.buttons import Button
from topbackup.gui.widgets.panel import Banner
from topbackup.gui.widgets.table import Column, Row, Table
from topbackup.gui.widgets.text import Soft
from topbackup.i18n import _


class CopiesPage(Page):
    name = "copies"
    icon_name = "copies"

    @staticmethod
    def title() -> str:
        return _("Copies")

    def build(self) -> Iterator[None]:
        self.grid_rowconfigure(3, weight=1)
        doings = self.head()
        self._copy = Button(doings, _("Copy the path"), self._to_clipboard)
        self._copy.pack(side="left", padx=(0, GAP))
        self._restore = Button(doings, _("Restore from it…"), self._go_to_restore, icon_name="restore")
        self._restore.pack(side="left")
        self._lacks = Banner(self)
        self._spread = Soft(self, "")
        yield
        self.table = Table(
            self,
            (
                Column(_("When"), 155),
                Column(_("State"), 215),
                Column(_("File"), 235, middle=True),
                Column(_("Where"), 110, grow=True, middle=True),
                Column(_("Size"), 85, right=True),
            ),
            empty=_("No copy yet: it comes with the first backup."),
            chosen=lambda _key: self._mark(),
            opened=lambda _key: self._go_to_restore(),
            height=3,
        )
        self.table.grid(row=3, column=0, sticky="nsew", padx=WIDE)
        self._more = Soft(self, "")
        self._more.grid(row=4, column=0, sticky="ew", padx=WIDE, pady=(6, WIDE - 8))
        self._rows: dict[str, CopyRow] = {}
        self._wheres: dict[str, str] = {}

    def shown(self, **wishes: Any) -> None:
        self.app.look_at_the_copies()
        self.app.ask(
            "destinations", done=self._know_wheres, failed=lambda _error: None
        )  # without them it is a list, too
        self.refresh()
        self.table.take_focus()

    def refresh(self) -> None:
        view = self.app.view
        self._show_spread()
        rows = copy_rows(view, self.app.now(), self._wheres)
        self._rows = {row.key: row for row in rows}
        self.table.show([Row(row.key, (row.when, row.state, row.name, row.folder, row.size), row.tone) for row in rows])
        self._mark()

    def _show_spread(self) -> None:
        found = spread(self.app.view)
        if found.lacks:
            self._lacks.show(Tone.ATTENTION, _("What your copies lack"), "\n".join(found.lacks))
            self._lacks.grid(row=1, column=0, sticky="ew", padx=WIDE, pady=(0, GAP))
        else:
            self._lacks.grid_remove()
        self._spread.set(found.sentence)
        if found.sentence:
            self._spread.grid(row=2, column=0, sticky="ew", padx=WIDE, pady=(0, GAP))
        else:
            self._spread.grid_remove()

    def _mark(self) -> None:
        found = said_of(self._rows.get(self.table.key))
        self._more.set(found.words)
        self._copy.usable(bool(found.archive))
        self._restore.usable(found.may_restore)

    def _know_wheres(self, destinations: Any) -> None:
        self._wheres = {str(each["nome"]): str(each["onde"]) for each in destinations if each.get("onde")}
        if self.winfo_exists():
            self.refresh()

    def _to_clipboard(self) -> None:
        row = self._rows.get(self.table.key)
        if row is not None and row.archive:
            self.clipboard_clear()
            self.clipboard_append(row.archive)

    def _go_to_restore(self) -> None:
        row = self._rows.get(self.table.key)
        if row is not None and row.archive and row.tone is not Tone.FAILED:
            self.app.go("restore", archive=row.archive)
