"""What the four pages have in common: the question, fields bound to the draft, the trial with what it found."""

from collections.abc import Callable
from typing import Any

from topbackup.gui.theme import GAP, PAD, PAGE, WIDE
from topbackup.gui.widgets.buttons import Button, Kind, link_button
from topbackup.gui.widgets.field import Check, Choice
from topbackup.gui.widgets.field import Field as Entry
from topbackup.gui.widgets.panel import Banner, Plain, Scrolled
from topbackup.gui.widgets.text import Soft, Title
from topbackup.gui.wizard import faces
from topbackup.gui.wizard.facts import Facts
from topbackup.gui.wizard.session import Session
from topbackup.setup.fields import Field, Step
from topcore.tables import NO, YES


class StepPage(Scrolled):
    """One step. `refresh` shows the session as it is; nothing is kept here that it does not know."""

    step: Step

    def __init__(self, master: Any, session: Session) -> None:
        super().__init__(master)
        self.session = session
        self.grid_columnconfigure(0, weight=1)
        self._row = 0
        self._entries: dict[Field, Entry] = {}
        self._checks: dict[Field, Check] = {}
        self._choices: dict[Field, Choice] = {}
        self.title = self.put(Title(self, faces.question(self.step)), above=WIDE)
        self.explanation = self.put(Soft(self, faces.explanation(self.step)), above=2)
        self.build()

    def build(self) -> None:
        """Make what is on the page."""

    def refresh(self) -> None:
        """Show the session."""
        draft, complaints = self.session.wizard.draft, faces.shown_complaints(self.session.wizard, self.session.touched)
        for name, entry in self._entries.items():
            if entry.value != draft[name]:
                entry.set(draft[name])
            entry.say(complaints.get(name.value, ""))
        for name, check in self._checks.items():
            if check.value != draft.on(name):
                check.set(draft.on(name))
        for name, choice in self._choices.items():
            choice.set(draft[name])

    def to_the_top(self) -> None:
        self._parent_canvas.yview_moveto(0.0)

    def take_focus(self) -> None:
        """To the first thing to fill in."""
        if self._entries:
            next(iter(self._entries.values())).take_focus()

    def put[W: Any](self, widget: W, *, above: int = PAD, below: int = 0) -> W:
        """On the page, below what is there."""
        widget.grid(row=self._row, column=0, sticky="ew", padx=(WIDE, WIDE), pady=(above, below))
        self._row += 1
        return widget

    def entry(self, master: Any, name: Field, label: str, **more: Any) -> Entry:
        entry = Entry(master, label, changed=lambda: self.session.type(name, entry.value), **more)
        entry.on_enter(self.entered)
        self._entries[name] = entry
        return entry

    def check(self, master: Any, name: Field, label: str) -> Check:
        check = Check(master, label, changed=lambda: self.session.type(name, YES if check.value else NO))
        self._checks[name] = check
        return check

    def choice(self, master: Any, name: Field, label: str, options: list[tuple[str, str]]) -> Choice:
        choice = Choice(master, label, options, changed=lambda: self.session.type(name, choice.value))
        self._choices[name] = choice
        return choice

    def pair(self, left: Callable[[Any], Any], right: Callable[[Any], Any] | None, *, master: Any = None) -> Plain:
        """Two fields side by side, or one of half the width; not yet on the page."""
        both = Plain(master or self)
        both.grid_columnconfigure((0, 1), weight=1, uniform="par")
        left(both).grid(row=0, column=0, sticky="new", padx=(0, GAP))
        if right is not None:
            right(both).grid(row=0, column=1, sticky="new", padx=(GAP, 0))
        return both

    def entered(self) -> None:
        """Enter in a field: on where the step is proven, else try it."""
        if faces.face(self.session.wizard).next:
            self.session.next()
        else:
            self.session.try_step()


def page_link(master: Any, text: str, command: Callable[[], object]) -> Button:
    """A lesser thing to do, on the page's own ground."""
    button = link_button(master, text, command)
    button._border = PAGE
    button.configure(fg_color=PAGE, border_color=PAGE)
    return button


class Trial(Plain):
    """The button that tries, the verdict, the facts."""

    def __init__(self, master: Any, session: Session) -> None:
        super().__init__(master)
        self._session = session
        self._was_running = False
        self.grid_columnconfigure(0, weight=1)
        self.first = Button(self, "", session.try_step, kind=Kind.PRIMARY)
        self.again = Button(self, "", self._press)
        self.banner = Banner(self)
        self.facts = Facts(self)
        self.facts.grid(row=2, column=0, sticky="ew", pady=(GAP, 0))

    def refresh(self) -> None:
        face = faces.face(self._session.wizard)
        shown, hidden = (self.again, self.first) if face.next or face.running else (self.first, self.again)
        hidden.grid_forget()
        if face.trial:
            shown.configure(text=face.trial)
            shown.grid(row=0, column=0, sticky="w")
        else:
            shown.grid_forget()
        verdict = face.verdict
        if verdict is None:
            self.banner.grid_forget()
        else:
            self.banner.show(verdict.tone, verdict.sentence, verdict.more)
            self.banner.grid(row=1, column=0, sticky="ew", pady=(GAP, 0))
        self.facts.show(face.facts)
        if self._was_running and not face.running:
            self.after_idle(self._into_view)
        self._was_running = face.running

    def _into_view(self) -> None:
        """The answer that was waited for; the whole of it where the page is long enough."""
        page = self.master
        if isinstance(page, Scrolled) and self.winfo_ismapped():
            self.update_idletasks()
            page._parent_canvas.yview_moveto(1.0)

    def _press(self) -> None:
        if faces.face(self._session.wizard).running:
            self._session.cancel()
        else:
            self._session.try_step()
