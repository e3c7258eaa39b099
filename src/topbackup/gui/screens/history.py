"""Histórico: every run that the journal tells, and beside the list all that is known of the chosen one."""

from collections.abc import Iterator
from typing import Any

from topbackup.gui.lists import no_runs_words, run_details, run_row
from topbackup.gui.restore_plan import archive_of_run, no_archive_of_run
from topbackup.gui.screens.page import Page
from topbackup.gui.theme import GAP, PAD, SMALL, SOFT, WIDE
from topbackup.gui.widgets.buttons import Button
from topbackup.gui.widgets.panel import Plain, Sheet
from topbackup.gui.widgets.table import Column, Row, Table
from topbackup.gui.widgets.text import Line, Text
from topbackup.i18n import _

_DETAIL = 12  # lines: a failed run's cause and mend, and all of the record


class HistoryPage(Page):
    name = "history"
    icon_name = "history"

    @staticmethod
    def title() -> str:
        return _("History")

    def build(self) -> Iterator[None]:
        self.grid_rowconfigure(1, weight=3)
        self.head()
        self.table = Table(
            self,
            (
                Column(_("When"), 180),
                Column(_("Result"), 150),
                Column(_("File"), 160, grow=True, middle=True),
                Column(_("Size"), 80, right=True),
                Column(_("Copies"), 76, right=True),
                Column(_("Took"), 80, right=True),
            ),
            empty="",
            chosen=lambda _key: self._show(),
            height=3,
        )
        self.table.grid(row=1, column=0, sticky="nsew", padx=WIDE)
        yield
        self._details = Sheet(self)
        self._details.grid(row=2, column=0, sticky="ew", padx=WIDE, pady=(PAD, WIDE))
        self._details.grid_columnconfigure(1, weight=1)
        self._labels: list[Line] = []
        self._values: list[Text] = []
        for row in range(_DETAIL):
            self._labels.append(Line(self._details, "", size=SMALL, colour=SOFT))
            self._values.append(Text(self._details, "", size=SMALL))
            if row % 4 == 3:
                yield
        self._hint = Text(self._details, _("Choose a backup above to see all of it."), colour=SOFT)
        self._hint.grid(row=0, column=0, columnspan=2, sticky="ew", padx=PAD, pady=PAD)
        self._doings = Plain(self._details)
        self._restore = Button(self._doings, _("Restore from this backup…"), self._go_to_restore, icon_name="restore")
        self._restore.pack(side="left")
        self._not_here = Text(self._doings, "", size=SMALL, colour=SOFT)
        self._not_here.pack(side="left", fill="x", expand=True, padx=(GAP, 0))
        self._shown: tuple[Any, ...] = ()

    def shown(self, **wishes: Any) -> None:
        run = wishes.get("run")
        self.refresh()
        if isinstance(run, str):
            self.table.choose(run)
        self.table.take_focus()

    def refresh(self) -> None:
        view, now = self.app.view, self.app.now()
        self.table.say_empty(no_runs_words(linked=view.linked))
        rows = [run_row(run, now, view.zone) for run in view.runs]
        self.table.show(
            [Row(row.key, (row.when, row.result, row.file, row.size, row.copies, row.took), row.tone) for row in rows]
        )
        self._show()

    def _show(self) -> None:
        key, view = self.table.key, self.app.view
        run = next((run for run in view.runs if run.get("uuid") == key), None)
        looked = (view.status or {}).get("copias_locais")
        if run is None or (key, run, looked) == self._shown:
            return
        self._shown = (key, run, looked)
        self._hint.grid_remove()
        lines = run_details(run, self.app.now(), view.zone)
        for row, (label, value) in enumerate(zip(self._labels, self._values, strict=True)):
            if row < len(lines):
                label.set(lines[row][0])
                value.set(lines[row][1])
                label.grid(row=row, column=0, sticky="nw", padx=(PAD, PAD), pady=(PAD if row == 0 else 2, 0))
                value.grid(row=row, column=1, sticky="ew", padx=(0, PAD), pady=(PAD if row == 0 else 2, 0))
            else:
                label.grid_remove()
                value.grid_remove()
        self._doings.grid(row=_DETAIL, column=0, columnspan=2, sticky="ew", padx=PAD, pady=(GAP, PAD))
        self._restore.usable(bool(archive_of_run(view, key, self.app.now())))
        self._not_here.set(no_archive_of_run(view, key, self.app.now()))

    def _go_to_restore(self) -> None:
        self.app.go("restore", run=self.table.key)
