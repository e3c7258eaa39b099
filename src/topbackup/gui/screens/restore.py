"""Restaurar: one after the other: which backup, prove it, the name of the new database, and what to do afterwards."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tkinter import filedialog
from typing import Any

import customtkinter as ctk

from topbackup.errors import TopBackupError
from topbackup.gui.restore_plan import (
    Progressed,
    after_restoring,
    after_verifying,
    archive_of_run,
    archives,
    suggested_target,
    wrong_archive,
    wrong_target,
)
from topbackup.gui.screens.page import Page
from topbackup.gui.theme import ACCENT, GAP, PAD, RAISED, SOFT, WIDE, Tone
from topbackup.gui.widgets.buttons import Button, Kind
from topbackup.gui.widgets.field import Field
from topbackup.gui.widgets.panel import Plain, Scrolled, Sheet
from topbackup.gui.widgets.table import Column, Row, Table
from topbackup.gui.widgets.text import Heading, Line, Soft, Text, Title
from topbackup.gui.words import step
from topbackup.i18n import _


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
                Column(_("File"), 120, grow=True),
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
            hint=_("It must not exist. It needs about as much room as the database in use."),
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
        self._stop = threading.Event()
        self._working = False
        self._suggested = ""
        self._database = ""
        self.app.window.background.run(self._read_database, self._know_database, owner=self)
        self._check()

    @property
    def result(self) -> str:
        """What the last check or restore said."""
        return f"{self._result_head.cget('text')}\n{self._result_text.cget('text')}".strip()

    def shown(self, **wishes: Any) -> None:
        self.refresh()
        run, archive = wishes.get("run"), wishes.get("archive")
        if isinstance(run, str):
            archive = archive_of_run(self.app.view, run)
        if wishes.get("verify") and not archive:
            known = archives(self.app.view, self.app.now())
            archive = known[0].archive if known else ""
        if isinstance(archive, str) and archive:
            self.archive.set(archive)
            self.table.choose(archive)
            self._suggest()
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
            self.archive.set(archive)
            self._suggest()
            self._check()

    def _suggest(self) -> None:
        """Only over what was suggested before, never over what a person typed."""
        if self.target.value in ("", self._suggested):
            self._suggested = suggested_target(self._database, self.archive.value)
            self.target.set(self._suggested)

    def _read_database(self) -> str:
        from topbackup.settings_file import load  # noqa: PLC0415 - this account may not be allowed to read it

        return load(self.app.config).firebird.database_path

    def _know_database(self, database: str) -> None:
        self._database = database
        self._suggest()
        self._check()

    def _check(self) -> bool:
        """Said beside the fields as they are typed; a field that nobody has touched yet is not scolded."""
        archive, target = self.archive.value, self.target.value
        bad_archive = wrong_archive(archive)
        exists = bool(target.strip()) and Path(target.strip()).exists()
        bad_target = wrong_target(target, self._database, exists=exists)
        self.archive.say(bad_archive if archive else "")
        self.target.say(bad_target if target else "")
        self._right = (not bad_archive, not bad_target)
        self._usable()
        return all(self._right)

    def _usable(self) -> None:
        free = self.app.view.linked and not self._working
        self.verify_button.usable(free and self._right[0])
        self.restore_button.usable(free and all(self._right))

    def _browse_archive(self) -> str:
        return str(filedialog.askopenfilename(parent=self, filetypes=[(_("Backups"), "*.zip")]) or "")

    def _browse_target(self) -> str:
        name = filedialog.asksaveasfilename(
            parent=self, defaultextension=".fdb", confirmoverwrite=False, filetypes=[("Firebird", "*.fdb")]
        )
        return str(name or "")

    def _verify(self) -> None:
        archive = self.archive.value.strip()
        self._follow(
            "verify",
            {"arquivo": archive},
            lambda verdict, took: self._tell(Tone.OK, _("Proven"), after_verifying(archive, verdict, took)),
        )

    def _restore(self) -> None:
        if not self._check():
            return
        archive, target = self.archive.value.strip(), self.target.value.strip()

        def done(verdict: Mapping[str, Any], took: float) -> None:
            self._tell(Tone.OK, _("Restored"), "\n".join(after_restoring(target, verdict, took)))
            self.target.set("")
            self._check()

        self._follow("restore", {"arquivo": archive, "destino": target}, done)

    def _follow(
        self, name: str, arguments: Mapping[str, Any], done: Callable[[Mapping[str, Any], float], None]
    ) -> None:
        if self._working:
            return
        self._working = True
        self._stop.clear()
        self._result.pack_forget()
        self._progress.pack(fill="x", padx=WIDE, pady=(0, PAD))
        self._show_progress(Progressed())
        began, post = time.monotonic(), self.app.window.background.post

        def heard(event: Mapping[str, Any]) -> None:
            if event.get("evento") == "progresso":
                progress = Progressed.of(event)
                post(lambda: self._show_progress(progress))

        def ended(verdict: Any) -> None:
            self._over()
            if verdict is None:
                self._tell(Tone.NEUTRAL, _("Cancelled"), _("Nothing was left behind."))
            else:
                done(verdict, time.monotonic() - began)
                self.app.window.background.run(self.app.link.read_again)

        def failed(error: TopBackupError) -> None:
            self._over()
            self.app.tell(error)

        self.app.window.background.run(
            lambda: self.app.link.follow(name, arguments, heard, self._stop.is_set), ended, failed, owner=self
        )
        self._usable()

    def _over(self) -> None:
        self._working = False
        self._progress.pack_forget()
        self._usable()

    def _give_up(self) -> None:
        self._stop.set()
        self._words.set(_("Cancelling…"))

    def _show_progress(self, progress: Progressed) -> None:
        if not self._working or self._stop.is_set():
            return
        percent = "" if progress.fraction is None else f" · {int(progress.fraction * 100)} %"
        self._words.set(f"{step(progress.step)}{percent}")
        self._bar.set(progress.fraction or 0)

    def _tell(self, tone: Tone, head: str, words: str) -> None:
        self._result_head.configure(text=head, text_color=tone.ink if tone is not Tone.NEUTRAL else SOFT)
        self._result_text.set(words)
        self._result.pack(fill="x", padx=WIDE, pady=(0, WIDE))
        self.after(50, lambda: self._scroll._parent_canvas.yview_moveto(1.0))
