"""Logs: search, level, copy, and the bundle for support."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tkinter import filedialog
from typing import Any

import customtkinter as ctk

from topbackup.gui.log_lines import Level, LogLine, chosen, level_words, parse
from topbackup.gui.screens.page import Page
from topbackup.gui.theme import FIELD_LINE, GAP, INK, LINE, RADIUS, SHEET, SMALL, WIDE, Tone, now, type_of
from topbackup.gui.widgets.buttons import Button
from topbackup.gui.widgets.field import Choice, Field
from topbackup.gui.widgets.panel import Plain
from topbackup.gui.widgets.text import Soft
from topbackup.i18n import _

_LINES = 2000
_EVERY = 3000  # milliseconds between two looks at the log, while it is the page that is seen
_PIECE = 250  # lines put into the text at once


class LogsPage(Page):
    name = "logs"
    icon_name = "logs"

    @staticmethod
    def title() -> str:
        return _("Logs")

    def build(self) -> Iterator[None]:
        self.grid_rowconfigure(2, weight=1)
        doings = self.head()
        self._copy = Button(doings, _("Copy"), self._to_clipboard)
        self._copy.pack(side="left", padx=(0, GAP))
        self._bundle = Button(doings, _("Bundle for support…"), self._choose_bundle, icon_name="folder")
        self._bundle.pack(side="left")
        yield
        line = Plain(self)
        line.grid(row=1, column=0, sticky="ew", padx=WIDE, pady=(0, GAP))
        line.grid_columnconfigure(0, weight=1)
        self.search = Field(line, _("Search"), changed=self._look)
        self.search.grid(row=0, column=0, sticky="ew", padx=(0, GAP))
        self.level = Choice(line, _("Show"), level_words(), changed=self._look)
        self.level.grid(row=0, column=1)
        self.level._menu.configure(width=210)
        yield
        self.text = ctk.CTkTextbox(
            self, fg_color=SHEET, text_color=INK, border_color=LINE, border_width=1, corner_radius=RADIUS, wrap="none",
            font=type_of(SMALL, mono=True), scrollbar_button_color=LINE, scrollbar_button_hover_color=FIELD_LINE,
        )  # fmt: skip
        self.text.grid(row=2, column=0, sticky="nsew", padx=WIDE)
        self.text.configure(state="disabled")
        self._count = Soft(self, "")
        self._count.grid(row=3, column=0, sticky="ew", padx=WIDE, pady=(6, WIDE - 8))
        self._lines: list[LogLine] = []
        self._shown: list[LogLine] = []
        self._asked = False
        self._dress()

    def shown(self, **wishes: Any) -> None:
        self.after(60, self._read)  # it is not on the screen yet
        self.search.take_focus()

    def refresh(self) -> None:
        """The log grows by itself; see `_read`."""

    def _read(self) -> None:
        if self._asked or not self.winfo_ismapped():
            return
        self._asked = True

        def done(answer: Any) -> None:
            self._asked = False
            self._take(parse(answer["linhas"], self.app.view.zone))
            self.after(_EVERY, self._read)

        def failed(_error: object) -> None:
            self._asked = False
            self.after(_EVERY, self._read)

        self.app.window.background.run(self._lines_of_the_log, done, failed, owner=self)

    def _lines_of_the_log(self) -> Any:
        from topbackup.errors import AgentNotRunning  # noqa: PLC0415 - for this alone
        from topbackup.logs import tail  # noqa: PLC0415
        from topbackup.places import Places  # noqa: PLC0415

        try:
            return self.app.link.ask("log", {"linhas": _LINES}, patience=20)
        except AgentNotRunning:
            return {"linhas": tail(Places(self.app.config.absolute()).logs, _LINES)[0]}

    def _take(self, lines: list[LogLine]) -> None:
        if lines != self._lines:
            self._lines = lines
            self._look()

    def _look(self) -> None:
        found = chosen(self._lines, Level[self.level.value or Level.ALL.name], self.search.value)
        self._count.set(_("{shown} of {count} lines").format(shown=len(found), count=len(self._lines)))
        if found == self._shown:
            return
        self._shown = found
        self.text.configure(state="normal")
        self.text.delete("1.0", "end")
        self.text.configure(state="disabled")
        self._put(found, 0)

    def _put(self, lines: list[LogLine], begin: int) -> None:
        """A piece at a time, from the newest back: the end is read first, and no keystroke waits for the rest."""
        if lines is not self._shown:
            return  # searched anew meanwhile
        end = len(lines) - begin
        piece = lines[max(0, end - _PIECE) : end]
        if not piece:
            return
        self.text.configure(state="normal")
        for line in reversed(piece):
            self.text.insert("1.0", f"{line.text}\n", line.tone.name)
        self.text.configure(state="disabled")
        if begin == 0:
            self.text.see("end")
        self.after(8, lambda: self._put(lines, begin + _PIECE))

    def _dress(self) -> None:
        for tone in (Tone.FAILED, Tone.ATTENTION):
            self.text.tag_config(tone.name, foreground=now(tone.ink))

    def _to_clipboard(self) -> None:
        self.clipboard_clear()
        self.clipboard_append("\n".join(line.text for line in self._shown))
        self.app.say(Tone.OK, _("Copied: {count} lines.").format(count=len(self._shown)))

    def _choose_bundle(self) -> None:
        name = filedialog.asksaveasfilename(
            parent=self, defaultextension=".zip", filetypes=[("ZIP", "*.zip")],
            initialfile=f"topbackup-suporte-{datetime.now():%Y%m%d-%H%M}.zip",  # noqa: DTZ005 - a name for people here
        )  # fmt: skip
        if name:
            self.write_bundle(Path(name))

    def write_bundle(self, path: Path) -> None:
        self._bundle.usable(False)
        self.app.say(Tone.RUNNING, _("Examining this computer for support…"))

        def work() -> Path:
            from topbackup.agent.bundle import write_bundle  # noqa: PLC0415 - the agent's parts, for this alone
            from topbackup.agent.doctor import examine  # noqa: PLC0415
            from topbackup.agent.parts import Parts  # noqa: PLC0415
            from topbackup.errors import AgentNotRunning  # noqa: PLC0415

            parts = Parts.of(self.app.config)
            try:
                findings = self.app.link.ask("doctor")
            except AgentNotRunning:
                findings = [finding.document() for finding in examine(parts)]
            write_bundle(parts, findings, path)
            return path

        def done(written: Path) -> None:
            self._bundle.usable(True)
            self.app.say(
                Tone.OK, _("Send this file to support: {file}").format(file=written), _("It holds no password.")
            )

        def failed(error: Any) -> None:
            self._bundle.usable(True)
            self.app.tell(error)

        self.app.window.background.run(work, done, failed, owner=self)
