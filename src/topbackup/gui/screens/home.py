"""Início: one large sentence, what runs now, what comes next, and the last runs."""

from collections.abc import Iterator
from typing import Any

import customtkinter as ctk

from topbackup.gui.head import Action, Headline
from topbackup.gui.headline import headline
from topbackup.gui.icons import sign
from topbackup.gui.lists import no_runs_words, run_row
from topbackup.gui.notice import pause_words
from topbackup.gui.screens.page import Application, Page
from topbackup.gui.theme import ACCENT, GAP, LARGE, NORMAL, PAD, RAISED, SENTENCE, SOFT, WIDE
from topbackup.gui.widgets.buttons import Button, Kind, link_button
from topbackup.gui.widgets.panel import Plain, Sheet
from topbackup.gui.widgets.table import Column, Row, Table
from topbackup.gui.widgets.text import Heading, Line, Soft, Text
from topbackup.gui.words import when
from topbackup.i18n import _

_LATEST = 6


class HomePage(Page):
    name = "home"
    icon_name = "home"

    @staticmethod
    def title() -> str:
        return _("Start page")

    def build(self) -> Iterator[None]:
        self.grid_columnconfigure(0, weight=1)
        self.grid_rowconfigure(3, weight=1)
        self.sentence = SentenceCard(self, self.app)
        self.sentence.grid(row=0, column=0, sticky="ew", padx=WIDE, pady=(WIDE - 4, 0))
        yield
        self.progress = ProgressCard(self, self.app)
        self._next = NextCard(self, self.app)
        self._next.grid(row=2, column=0, sticky="ew", padx=WIDE, pady=(PAD, 0))
        yield
        below = Plain(self)
        below.grid(row=3, column=0, sticky="nsew", padx=WIDE, pady=(PAD, WIDE))
        below.grid_columnconfigure(0, weight=1)
        below.grid_rowconfigure(1, weight=1)
        Heading(below, _("Latest backups")).grid(row=0, column=0, sticky="w", pady=(0, GAP))
        link_button(below, _("See the whole history"), lambda: self.app.go("history")).grid(row=0, column=1, sticky="e")
        self.table = Table(
            below,
            (
                Column(_("When"), 190),
                Column(_("Result"), 150, grow=True),
                Column(_("Size"), 90, right=True),
                Column(_("Copies"), 90, right=True),
                Column(_("Proof"), 130, right=True),
            ),
            empty="",
            opened=lambda key: self.app.go("history", run=key),
            height=3,
        )
        self.table.grid(row=1, column=0, columnspan=2, sticky="nsew")
        yield

    def shown(self, **wishes: Any) -> None:
        """Whoever looks at the sentence is to see what is true now, not half an hour ago."""
        self.app.look_at_the_copies()

    def refresh(self) -> None:
        view, now = self.app.view, self.app.now()
        self.sentence.show(headline(view, now))
        if view.running:
            self.progress.show()
            self.progress.grid(row=1, column=0, sticky="ew", padx=WIDE, pady=(PAD, 0))
        else:
            self.progress.grid_remove()
        self._next.refresh()
        self.table.say_empty(no_runs_words(linked=view.linked))
        rows = [run_row(run, now, view.zone) for run in view.runs[:_LATEST]]
        self.table.show(
            [Row(row.key, (row.when, row.result, row.size, row.copies, row.proof), row.tone) for row in rows]
        )


class SentenceCard(ctk.CTkFrame):
    """The sign, the sentence, what to do about it. Its ground has the tone's colour: seen from across the shop."""

    def __init__(self, master: Any, app: Application) -> None:
        super().__init__(master, corner_radius=14)
        self._app, self._shown = app, Headline(tone=None, sentence="")  # type: ignore[arg-type]  # nothing is like it
        self.grid_columnconfigure(1, weight=1)
        self._sign = ctk.CTkLabel(self, text="", height=0)
        self._sign.grid(row=0, column=0, sticky="n", padx=(WIDE, PAD), pady=(WIDE - 2, 0))
        self._words = Text(self, size=SENTENCE, bold=True)
        self._words.grid(row=0, column=1, sticky="ew", padx=(0, WIDE), pady=(PAD + 2, 0))
        self._more = Text(self, size=NORMAL)
        self._mend = Text(self, size=NORMAL, bold=True)
        self._button = Button(self, "", self._press, kind=Kind.PRIMARY)
        self._end = Plain(self)
        self._end.configure(height=PAD + 2)
        self._end.grid(row=4, column=1)

    @property
    def text(self) -> str:
        return self._shown.sentence

    def show(self, head: Headline) -> None:
        if head == self._shown:
            return
        before, self._shown = self._shown, head
        if before.tone is not head.tone or before.glyph != head.glyph:
            self.configure(fg_color=head.tone.ground)
            self._sign.configure(image=sign(head.tone, 44, head.glyph))
        self._words.set(head.sentence)
        for row, (part, words) in enumerate(((self._more, head.more), (self._mend, head.mend)), start=1):
            part.set(words)
            if words:
                part.grid(row=row, column=1, sticky="ew", padx=(0, WIDE), pady=(6, 0))
            else:
                part.grid_remove()
        label = action_words(head.action)
        if label:
            self._button.configure(text=label)
            self._button.grid(row=3, column=1, sticky="w", pady=(12, 0))
        else:
            self._button.grid_remove()

    def _press(self) -> None:
        self._app.act(self._shown.action, self._shown.run)


def action_words(action: Action) -> str:
    return {
        Action.NONE: "",
        Action.BACK_UP: "",  # its button stands just below, always in the same place
        Action.VERIFY: _("Prove it now"),
        Action.RESUME: _("Resume now"),
        Action.START_SERVICE: _("Start it now"),
        Action.SET_UP: _("Set up TopBackup"),
        Action.OPEN_LOGS: _("See the log"),
    }[action]


class ProgressCard(Sheet):
    """The backup that runs."""

    def __init__(self, master: Any, app: Application) -> None:
        super().__init__(master)
        self._app = app
        self.grid_columnconfigure(0, weight=1)
        self._words = Line(self, "")
        self._words.grid(row=0, column=0, sticky="w", padx=PAD, pady=(12, 6))
        self._bar = ctk.CTkProgressBar(self, height=10, corner_radius=5, progress_color=ACCENT, fg_color=RAISED)
        self._bar.grid(row=1, column=0, sticky="ew", padx=PAD, pady=(0, 14))
        Button(self, _("Cancel"), app.cancel, kind=Kind.DANGER).grid(row=0, column=1, rowspan=2, padx=(0, PAD))
        self._moving = False

    def show(self) -> None:
        live = self._app.view.live
        if live is None:
            return
        self._words.set(live.words)
        fraction = live.fraction
        if fraction is None and not self._moving:
            self._moving = True
            self._bar.configure(mode="indeterminate")
            self._bar.start()
        elif fraction is not None:
            if self._moving:
                self._moving = False
                self._bar.stop()
                self._bar.configure(mode="determinate")
            self._bar.set(fraction)

    def grid_remove(self) -> None:
        if self._moving:
            self._moving = False
            self._bar.stop()
            self._bar.configure(mode="determinate")
        super().grid_remove()


class NextCard(Sheet):
    """The next run, and what a person may do at any time."""

    def __init__(self, master: Any, app: Application) -> None:
        super().__init__(master)
        self._app = app
        self.grid_columnconfigure(0, weight=1)
        Soft(self, _("Next backup")).grid(row=0, column=0, sticky="ew", padx=PAD, pady=(12, 0))
        self._when = Line(self, "–", size=LARGE, bold=True)
        self._when.grid(row=1, column=0, sticky="w", padx=PAD, pady=(2, 0))
        self._more = Line(self, "", colour=SOFT)
        self._more.grid(row=2, column=0, sticky="w", padx=PAD, pady=(0, 12))
        self.now_button = Button(self, _("Back up now"), app.back_up, kind=Kind.PRIMARY, icon_name="play")
        self.now_button.grid(row=0, column=1, rowspan=3, padx=(PAD, GAP))
        self._pause = Button(self, _("Pause 1 hour"), app.pause_or_resume, icon_name="pause")
        self._pause.grid(row=0, column=2, rowspan=3, padx=(0, PAD))

    def refresh(self) -> None:
        view, now = self._app.view, self._app.now()
        due = view.next_slot
        self._when.set("–" if due is None else when(due[1], now, view.zone))
        paused = pause_words(view, now)
        agenda = "" if due is None else _("agenda {id}").format(id=due[0])
        self._more.set(paused or agenda)
        wanted = _("Resume") if paused else _("Pause 1 hour")
        if self._pause.cget("text") != wanted:
            self._pause.configure(text=wanted)
        self.now_button.usable(view.linked and not view.running)
        self._pause.usable(view.linked)
