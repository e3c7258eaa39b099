"""The wizard in its window: the four steps at the side, the page, the bar of buttons below."""

from collections.abc import Callable
from typing import Any

import customtkinter as ctk

from topbackup.gui.dialogs.dialog import confirm
from topbackup.gui.icons import sign
from topbackup.gui.theme import GAP, LINE, NORMAL, PAD, PAGE, RAISED, SHEET, WIDE, Tone, type_of
from topbackup.gui.widgets.buttons import Button, Kind, link_button
from topbackup.gui.widgets.panel import Banner, Plain
from topbackup.gui.widgets.text import Heading, Soft
from topbackup.gui.wizard import faces
from topbackup.gui.wizard.cloud_page import CloudPage
from topbackup.gui.wizard.copies_page import CopiesPage
from topbackup.gui.wizard.firebird_page import FirebirdPage
from topbackup.gui.wizard.page import StepPage
from topbackup.gui.wizard.review_page import ReviewPage
from topbackup.gui.wizard.session import Session
from topbackup.i18n import _
from topbackup.setup.config import Found
from topbackup.setup.fields import Step

_SIDE = 224  # pixels at 100 %
_PAGES: dict[Step, type[StepPage]] = {
    Step.FIREBIRD: FirebirdPage,
    Step.CLOUD: CloudPage,
    Step.COPIES: CopiesPage,
    Step.REVIEW: ReviewPage,
}


class WizardFrame(ctk.CTkFrame):
    """done: the wizard is over and its settings are saved. left: the person leaves it before that."""

    def __init__(self, master: Any, session: Session, done: Callable[[], object], left: Callable[[], object]) -> None:
        super().__init__(master, fg_color=PAGE, corner_radius=0)
        self.session, self._done, self._left = session, done, left
        self.grid_columnconfigure(1, weight=1)
        self.grid_rowconfigure(0, weight=1)
        self._side = Side(self, session)
        self._side.grid(row=0, column=0, rowspan=2, sticky="nsew")
        self._room = Plain(self)
        self._room.grid(row=0, column=1, sticky="nsew")
        self._room.grid_columnconfigure(0, weight=1)
        self._room.grid_rowconfigure(1, weight=1)
        self._notice = Banner(self._room)
        self.pages: dict[Step, StepPage] = {}
        self._shown: Step | None = None
        self.bar = Bar(self, self)
        self.bar.grid(row=1, column=1, sticky="ew")
        session.changed = self.refresh
        self.bind("<Destroy>", self._gone, add=True)
        self.winfo_toplevel().bind("<Escape>", lambda _event: session.cancel(), add=True)
        self.refresh()
        if session.wizard.step is Step.FIREBIRD and not session.databases:
            self.after(50, session.search)

    def refresh(self) -> None:
        step = self.session.wizard.step
        if step not in self.pages:
            self.pages[step] = _PAGES[step](self._room, self.session)
        page = self.pages[step]
        page.refresh()
        if step is not self._shown:
            if self._shown is not None:
                self.pages[self._shown].grid_forget()
            page.grid(row=1, column=0, sticky="nsew")
            self._shown = step
            self._tell_of_the_file()
            page.to_the_top()
            self.after_idle(page.take_focus)
        self._side.refresh()
        self.bar.refresh()

    def pressed_next(self) -> None:
        session = self.session
        if session.wizard.step is not Step.REVIEW:
            session.next()
        elif session.ending is None:
            session.finish()
        elif session.ending.well is not None and session.saved:
            self._done()

    def pressed_leave(self) -> None:
        if not self.session.unsaved:
            self._left()
            return
        confirm(
            self.winfo_toplevel(),
            _("Leave the setup?"),
            _("Nothing of what you typed is written yet. Leaving drops it."),
            _("Leave and drop it"),
            self._left,
        )

    def _tell_of_the_file(self) -> None:
        """A file that is broken is said on the first page, with what becomes of it."""
        opened = self.session.opened
        if self._shown is not Step.FIREBIRD or opened.complaint is None or opened.found is Found.MISSING:
            self._notice.grid_forget()
            return
        sentence, more = faces.error_words(opened.complaint)
        kept = _(
            "What could be read of it is filled in here. At the end a new file is written; this one is kept as a copy."
        )
        self._notice.show(Tone.ATTENTION, sentence, f"{more}\n{kept}")
        self._notice.grid(row=0, column=0, sticky="ew", padx=WIDE, pady=(PAD, 0))

    def _gone(self, event: Any) -> None:
        if event.widget is self and self.session.changed == self.refresh:
            self.session.changed = lambda: None


class Side(ctk.CTkFrame):
    """The four steps: where we are, how each stands; a click goes there where that may be."""

    def __init__(self, master: Any, session: Session) -> None:
        super().__init__(master, fg_color=SHEET, corner_radius=0, width=_SIDE, border_width=0)
        self.grid_propagate(False)
        self.grid_columnconfigure(0, weight=1)
        self._session = session
        Heading(self, "TopBackup").grid(row=0, column=0, sticky="w", padx=PAD, pady=(WIDE, 0))
        Soft(self, _("Setting up, in four steps")).grid(row=1, column=0, sticky="ew", padx=PAD, pady=(0, PAD))
        self.buttons: dict[Step, Button] = {}
        for step in Step:
            button = Button(self, "", lambda step=step: session.go(step))  # type: ignore[misc]  # binds the loop's value
            button.configure(anchor="w", height=54)
            button.grid(row=1 + step, column=0, sticky="ew", padx=GAP, pady=(0, 4))
            self.buttons[step] = button
        self._shown: tuple[object, ...] = ()

    def refresh(self) -> None:
        stages = faces.face(self._session.wizard).stages
        ended = self._session.ending is not None
        if (stages, ended) == self._shown:
            return
        self._shown = (stages, ended)
        for stage in stages:
            button = self.buttons[stage.step]
            words = f"{stage.step.value}  {stage.title}" + (f"\n{stage.word}" if stage.word else "")
            button.usable(True)
            button.configure(
                fg_color=RAISED if stage.here else SHEET,
                text=words,
                image=sign(stage.tone, 18) if stage.word else None,
                font=type_of(NORMAL, bold=stage.here),
                state="normal" if (stage.open or stage.here) and not ended else "disabled",
            )
            button._text_label.configure(justify="left")


class Bar(ctk.CTkFrame):
    """Leave, back, go on without, next."""

    def __init__(self, master: Any, frame: WizardFrame) -> None:
        super().__init__(master, fg_color=SHEET, corner_radius=0, border_width=0)
        self._frame = frame
        self.grid_columnconfigure(1, weight=1)
        ctk.CTkFrame(self, height=1, fg_color=LINE, corner_radius=0).grid(row=0, column=0, columnspan=5, sticky="ew")
        self.leave = link_button(self, _("Leave"), frame.pressed_leave)
        self.leave.grid(row=1, column=0, padx=(PAD, 0), pady=12)
        self.without = link_button(self, _("Go on without this test"), frame.session.without)
        self.back = Button(self, _("Back"), self._back)
        self.back.grid(row=1, column=3, padx=(GAP, GAP), pady=12)
        self.next = Button(self, "", frame.pressed_next, kind=Kind.PRIMARY)
        self.next.grid(row=1, column=4, padx=(0, WIDE), pady=12)

    def refresh(self) -> None:
        session = self._frame.session
        face, ending = faces.face(session.wizard), session.ending
        over = ending is not None and ending.well is not None
        self.back.usable(face.back and (ending is None or ending.well is False))
        begins = ending is None and (session.wizard.may_finish or face.next)
        self.next.usable(begins or (over and session.saved))
        self.next.configure(text=_next_words(session))
        self.leave.usable(ending is None or over)
        if face.without and ending is None:
            self.without.grid(row=1, column=2, padx=(0, GAP))
        else:
            self.without.grid_forget()

    def _back(self) -> None:
        session = self._frame.session
        if session.ending is not None:
            session.again()
        else:
            session.back()


def _next_words(session: Session) -> str:
    if session.wizard.step is not Step.REVIEW:
        return _("Go on")
    if session.ending is None:
        return _("Save and begin")
    return _("Open TopBackup")
