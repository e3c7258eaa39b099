"""Restaurar: one after the other: which backup, prove it, the name of the new database, and what to do afterwards."""

import sys
from collections.abc import Iterator
from tkinter import filedialog
from typing import Any

import customtkinter as ctk

from topbackup.gui.restore_form import Judged, Typed, judged
from topbackup.gui.restore_look import Looked, look
from topbackup.gui.restore_plan import archives, wished_archive
from topbackup.gui.restoring import Job, Outcome
from topbackup.gui.screens.page import Page
from topbackup.gui.theme import ACCENT, GAP, PAD, RAISED, SOFT, WIDE, Tone
from topbackup.gui.widgets.buttons import Button, Kind
from topbackup.gui.widgets.field import Field
from topbackup.gui.widgets.panel import Plain, Scrolled, Sheet
from topbackup.gui.widgets.table import Column, Row, Table
from topbackup.gui.widgets.text import Heading, Line, Soft, Text, Title
from topbackup.gui.words import step
from topbackup.i18n import N_, _

_TARGET_HINT = N_("It must not exist. It needs about as much room as the database in use.")
_REST, _PATIENCE = 200, 1000  # milliseconds: after the last key; until it is said that a disk does not answer


class RestorePage(Page):
    name = "restore"
    icon_name = "restore"

    @staticmethod
    def title() -> str:
        return _("Restore a backup")

    def build(self) -> Iterator[None]:
        self._scroll = Scrolled(self)
        self._scroll.pack(fill="both", expand=True)
        Title(self._scroll, self.title()).pack(anchor="w", padx=WIDE, pady=(WIDE - 4, 0))
        Soft(
            self._scroll,
            _("A backup becomes a new database beside the one in use. Nothing that is there is written over."),
        ).pack(fill="x", padx=WIDE, pady=(4, PAD))
        yield
        first = self._part(_("1. Which backup"))
        self.table = Table(
            first,
            (
                Column(_("When"), 180),
                Column(_("State"), 160),
                Column(_("File"), 120, grow=True, middle=True),
                Column(_("Size"), 90, right=True),
            ),
            empty=_("No good copy is on record here. Choose a ZIP file below."),
            chosen=self._took,
            height=3,
        )
        self.table.pack(fill="x", padx=PAD)
        self.archive = Field(
            first, _("Backup file"), browse=self._browse_archive, changed=self._check,
            hint=_("From the list above, or a ZIP from a disk or from the other computer."),
        )  # fmt: skip
        self.archive.pack(fill="x", padx=PAD, pady=(PAD, GAP))
        yield
        self.verify_button = Button(first, _("Prove it first (recommended)"), self._verify, icon_name="check")
        self.verify_button.pack(anchor="w", padx=PAD, pady=(0, PAD))
        second = self._part(_("2. The new database"))
        self.target = Field(
            second, _("New file"), browse=self._browse_target, changed=self._check,
            hint=_(_TARGET_HINT),
        )  # fmt: skip
        self.target.pack(fill="x", padx=PAD, pady=(0, GAP))
        self.restore_button = Button(second, _("Restore now"), self._restore, kind=Kind.PRIMARY, icon_name="restore")
        self.restore_button.pack(anchor="w", padx=PAD, pady=(0, PAD))
        yield
        self._progress = Plain(self._scroll)
        self._progress.grid_columnconfigure(0, weight=1)
        self._words = Line(self._progress, "")
        self._words.grid(row=0, column=0, sticky="w")
        self._bar = ctk.CTkProgressBar(self._progress, height=10, progress_color=ACCENT, fg_color=RAISED)
        self._bar.set(0)
        self._bar.grid(row=1, column=0, sticky="ew", pady=(4, 0))
        Button(self._progress, _("Cancel"), self._give_up, kind=Kind.DANGER).grid(
            row=0, column=1, rowspan=2, padx=(PAD, 0)
        )
        self._result = Sheet(self._scroll)
        self._result_head = Heading(self._result, "")
        self._result_head.pack(anchor="w", padx=PAD, pady=(PAD, 4))
        self._result_text = Text(self._result, "")
        self._result_text.pack(fill="x", padx=PAD, pady=(0, PAD))
        self._looked = Looked("", "")
        self._looking = False
        self._waiting: list[str] = []
        self._database = ""
        self._judged: Judged
        self._put(self.app.restoring.typed)
        self.app.window.background.run(self._read_database, self._know_database, owner=self)
        self.app.restoring.changed = self._show_work
        self.bind("<Destroy>", self._gone, add=True)
        self._check()
        self._show_work()

    @property
    def result(self) -> str:
        """What the last check or restore said."""
        return f"{self._result_head.cget('text')}\n{self._result_text.cget('text')}".strip()

    def shown(self, **wishes: Any) -> None:
        self.refresh()
        archive = wished_archive(self.app.view, wishes, self.app.now())
        if archive:
            self._put(self._typed.taking(archive, self._database))
            self.table.choose(archive)
        self._check()
        if wishes.get("verify") and archive:
            self._verify()
        self.table.take_focus()

    def refresh(self) -> None:
        found = archives(self.app.view, self.app.now())
        self.table.show([Row(row.archive, (row.when, row.state, row.archive, row.size), row.tone) for row in found])
        self._usable()

    def _part(self, heading: str) -> Sheet:
        sheet = Sheet(self._scroll)
        sheet.pack(fill="x", padx=WIDE, pady=(0, PAD))
        Heading(sheet, heading).pack(anchor="w", padx=PAD, pady=(PAD, GAP))
        return sheet

    def _took(self, archive: str) -> None:
        if archive != self.archive.value:
            self._put(self._typed.taking(archive, self._database))
            self._check()

    @property
    def _typed(self) -> Typed:
        return Typed(self.archive.value, self.target.value, self._suggested)

    def _put(self, typed: Typed) -> None:
        self._suggested = typed.suggested
        self.archive.set(typed.archive)
        self.target.set(typed.target)

    def _read_database(self) -> str:
        from topbackup.settings_file import load  # noqa: PLC0415 - this account may not be allowed to read it

        return load(self.app.config).firebird.database_path

    def _know_database(self, database: str) -> None:
        self._database = database
        self._put(self._typed.suggesting(database))
        self._check()

    def _check(self) -> bool:
        """Said beside the fields as they are typed; a field that nobody has touched yet is not scolded."""
        self.app.restoring.typed = self._typed
        self._judged = judged(self._typed, self._database, self._looked, windows=sys.platform == "win32")
        self.archive.say(self._judged.archive)
        self.target.say(self._judged.target)
        self._usable()
        if self._judged.look:
            self._look_soon()
        return self._judged.may_restore

    def _look_soon(self) -> None:
        """At the disk, once the keys rest; by one thread at a time, as a share that is gone holds it for a while."""
        if not self._looking:
            self._looking = True
            self._waiting = [self.after(_REST, self._look)]

    def _look(self) -> None:
        archive, target = self.archive.value.strip(), self.target.value.strip()
        slow = self.after(_PATIENCE, lambda: self.target.hint(_("Looking whether this folder answers…")))
        self._waiting = [slow]

        def found(looked: Looked) -> None:
            self.after_cancel(slow)
            self.target.hint(_(_TARGET_HINT))
            self._looking, self._looked = False, looked
            self._check()

        self.app.window.background.run(lambda: look(archive, target), found, owner=self)

    def _usable(self) -> None:
        free = self.app.view.linked and self.app.restoring.job is None
        self.verify_button.usable(free and self._judged.may_verify)
        self.restore_button.usable(free and self._judged.may_restore)

    def _browse_archive(self) -> str:
        return str(filedialog.askopenfilename(parent=self, filetypes=[(_("Backups"), "*.zip")]) or "")

    def _browse_target(self) -> str:
        name = filedialog.asksaveasfilename(
            parent=self, defaultextension=".fdb", confirmoverwrite=False, filetypes=[("Firebird", "*.fdb")]
        )
        return str(name or "")

    def _verify(self) -> None:
        self._begin(Job("verify", self.archive.value.strip()))

    def _restore(self) -> None:
        if self._check():
            self._begin(Job("restore", self.archive.value.strip(), self.target.value.strip()))

    def _begin(self, job: Job) -> None:
        self.app.hush()
        self.app.restoring.begin(job)
        self._words_into_view()

    def _give_up(self) -> None:
        self.app.restoring.give_up()

    def _show_work(self) -> None:
        """What is under way, or how it ended: also where another page than this one began it."""
        work = self.app.restoring
        if work.job is not None:
            percent = "" if work.progress.fraction is None else f" · {int(work.progress.fraction * 100)} %"
            self._words.set(_("Cancelling…") if work.stopping else f"{step(work.progress.step)}{percent}")
            self._bar.set(work.progress.fraction or 0)
            self._result.pack_forget()
            self._progress.pack(fill="x", padx=WIDE, pady=(0, PAD))
        else:
            self._progress.pack_forget()
            self._show_outcome(work.outcome)
        self._usable()

    def _show_outcome(self, outcome: Outcome | None) -> None:
        self._looked = Looked("", "")  # what was made is there now, or what was in the way is not
        if outcome is not None and outcome.made == self.target.value.strip():
            self.target.set("")
        self._check()
        if outcome is None:
            self._result.pack_forget()
            return
        ink = SOFT if outcome.tone is Tone.NEUTRAL else outcome.tone.ink
        self._result_head.configure(text=outcome.head, text_color=ink)
        self._result_text.set(outcome.words)
        self._result.pack(fill="x", padx=WIDE, pady=(0, WIDE))
        self._words_into_view()

    def _words_into_view(self) -> None:
        self.after(50, lambda: self._scroll._parent_canvas.yview_moveto(1.0))

    def _gone(self, event: Any) -> None:
        if event.widget is not self:
            return
        for waiting in self._waiting:
            self.after_cancel(waiting)
        if self.app.restoring.changed == self._show_work:
            self.app.restoring.changed = lambda: None
