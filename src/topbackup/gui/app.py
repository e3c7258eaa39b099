"""The application: the view and what changes it, the frame that shows it, the tray, and how it begins and ends."""

import gc
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from topbackup.clock import SYSTEM_CLOCK
from topbackup.errors import TopBackupError
from topbackup.gui.calls import Calls
from topbackup.gui.dialogs.dialog import choose, confirm
from topbackup.gui.head import Action
from topbackup.gui.leaving import leaving_costs
from topbackup.gui.link import AgentLink
from topbackup.gui.main_frame import MainFrame
from topbackup.gui.notice import tray_face
from topbackup.gui.restoring import Restoring
from topbackup.gui.state import Message, View, fold
from topbackup.gui.theme import Tone, pixels
from topbackup.gui.tray import Doings, Tray
from topbackup.gui.waiting import Waiting
from topbackup.gui.which_agenda import choices, columns, seen_at_once
from topbackup.gui.window import Window, is_shown
from topbackup.gui.words import mend_of, without_the_engines
from topbackup.i18n import _
from topbackup.service import control

_log = logging.getLogger(__name__)
_TRAY_COMES = 3000  # milliseconds that a desktop may take to show it
_TICK = 1000  # milliseconds: the words for the time that goes by
_SOON = 40  # milliseconds: messages that come together are shown together
_PAUSE_MINUTES = 60


class App:
    """setup: shows the wizard in the window, and calls what it is given when it is over; None: there is none."""

    def __init__(
        self,
        config: Path,
        window: Window,
        *,
        setup: "Callable[[App, Callable[[], None]], None] | None" = None,
        may_host: bool = True,
    ) -> None:
        self.config, self.window, self._setup = config, window, setup
        self.view = View()
        self.frame: MainFrame | None = None
        self.link = AgentLink(config, self._told, may_host=may_host)
        self.restoring = Restoring(window.background, self.link, self.tell)
        self.tray = Tray(
            Doings(
                open=self._posted(self.show),
                back_up=self._posted(self.back_up),
                pause_or_resume=self._posted(self.pause_or_resume),
                logs=self._posted(self._show_logs),
                leave=self._posted(self.leave),
                paused=lambda: self.view.paused_until is not None,
            )
        )
        self.setting_up = False  # the wizard's end writes, installs and makes the first backup
        self.agent_due = False  # it is over, and no agent has answered since
        self.wizard_holds: Callable[[], bool] = lambda: False  # is something typed there that is nowhere else?
        self._waiting = Waiting(window, lambda: self.frame)
        self._refresh_asked = False
        self._calls = Calls(window, self.tray)
        self._beat: Callable[[], None] | None = None

    def run(self, *, minimized: bool) -> None:
        """Until a person leaves."""
        self.window.protocol("WM_DELETE_WINDOW", self.hide)
        if minimized:
            self.window.withdraw()
        self.window.fill(self._main_frame)
        self.tray.start(tray_face(self.view, self.now()))
        if minimized:
            self.window.after(_TRAY_COMES, self._minimise_where_no_tray_is)
        self.link.start()
        self.window.after(_TICK, self._tick)
        self.window.after(3000, gc.freeze)  # the window is built: no later collection need look through it
        self.window.mainloop()

    def _minimise_where_no_tray_is(self) -> None:
        """A window that nobody can see nor bring back is none."""
        if not self.tray.there and self.window.state() == "withdrawn":
            self.window.iconify()

    @property
    def at_work(self) -> bool:
        """A backup is being made, or a restore for this window."""
        return self.view.running or self.restoring.job is not None

    def now(self) -> datetime:
        return SYSTEM_CLOCK.now()

    # What pages ask for.

    def go(self, page: str, **wishes: Any) -> None:
        if self.frame is not None:
            self.frame.go(page, **wishes)

    def say(self, tone: Tone, sentence: str, more: str = "") -> None:
        if self.frame is not None:
            self.frame.say(tone, sentence, more)

    def hush(self) -> None:
        if self.frame is not None:
            self.frame.hush()

    def tell(self, error: TopBackupError) -> None:
        cause, mend, who = mend_of(error.code)
        more = f"{cause} {mend} " + _("({who} acts)").format(who=who)
        sentence, engines = without_the_engines(error.sentence)
        self.say(Tone.FAILED, f"{error.code}: {sentence}", f"{more}\n{engines}".strip())

    def ask(
        self,
        name: str,
        arguments: Mapping[str, Any] | None = None,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[TopBackupError], None] | None = None,
    ) -> None:
        """Without `failed` it is a person's order, who is told of a long wait and of a refusal."""
        if failed is not None:
            self.window.background.run(lambda: self.link.ask(name, arguments), done, failed)
            return
        answered = self._waiting.begin()

        def well(answer: Any) -> None:
            answered()
            if done is not None:
                done(answer)

        def refused(error: TopBackupError) -> None:
            answered()
            self.tell(error)

        self.window.background.run(lambda: self.link.ask(name, arguments), well, refused)

    def act(self, action: Action, run: str = "") -> None:
        match action:
            case Action.BACK_UP:
                self.back_up()
            case Action.RESUME:
                self.ask("resume", done=self._read_again)
            case Action.VERIFY:
                self.go("restore", verify=True, run=run)
            case Action.OPEN_LOGS:
                self.go("logs")
            case Action.SET_UP:
                self.set_up()
            case Action.START_SERVICE:
                self._start_service()
            case Action.NONE:
                pass

    def back_up(self) -> None:
        rows = choices(self.view.agenda or {}, self.now(), self.view.zone)
        if len(rows) < 2 or not self.window.winfo_viewable():
            self._order(int(rows[0].key) if rows else None)
            return
        choose(
            self.window,
            _("Back up now"),
            _("Which agenda? It decides the folders and the name of the file."),
            columns=columns(),
            rows=rows,
            verb=_("Back up"),
            command=lambda key: self._order(int(key)),
            lines=seen_at_once(len(rows), self.window.winfo_screenheight() * 100 / pixels(100)),
        )

    def cancel(self) -> None:
        confirm(
            self.window,
            _("Cancel the backup?"),
            _("What was made so far is taken away. The older backups stay as they are."),
            _("Cancel the backup"),
            lambda: self.ask("cancel", done=self._read_again),
        )

    def pause_or_resume(self) -> None:
        if self.view.paused_until is not None:
            self.ask("resume", done=self._read_again)
        else:
            self.ask("pause", {"minutos": _PAUSE_MINUTES}, done=self._read_again)

    def set_up(self) -> None:
        if self._setup is None:
            self.say(Tone.CHECK, _("Edit the settings file, then try again."), str(self.config))
            return
        if self.frame is not None and self.frame.unsaved:
            self.say(Tone.ATTENTION, _("Save or undo first: this change builds the page anew."))
            return
        self.frame = None
        self._setup(self, self._set_up_over)

    # From here on: how it lives and ends.

    def show(self) -> None:
        self.window.come_to_front()
        self._refresh()
        self.look_at_the_copies()

    def look_at_the_copies(self) -> None:
        """Silent where no agent answers, which is told elsewhere, or one of another version, which does not know it."""
        self.ask("look at copies", failed=lambda _error: None)

    def _show_logs(self) -> None:
        self.show()
        self.go("logs")

    def hide(self) -> None:
        """The window's cross. An agent in it must go on: where there is no tray to come back by, it is minimised."""
        if self.tray.there:
            self.window.withdraw()
        elif self.link.hosting:
            self.window.iconify()
        else:
            self.leave()

    def leave(self) -> None:
        costs = leaving_costs(
            hosting=self.link.hosting or self.agent_due,
            setting_up=self.setting_up,
            restoring=self.restoring.job is not None,
            unsaved=self.wizard_holds() if self.frame is None else self.frame.unsaved,
        )
        if not costs:
            self._end()
            return
        self.show()
        confirm(self.window, _("Leave TopBackup?"), "\n".join(costs), _("Leave"), self._end)

    def _end(self) -> None:
        self.window.withdraw()

        def gone(_result: object) -> None:
            self.window.close()

        def ended() -> None:
            self.tray.stop()
            self.link.close()

        self.window.background.run(ended, gone, gone)

    def _order(self, agenda: int | None) -> None:
        self.ask("backup", {"agenda": agenda}, done=self._read_again)

    def _read_again(self, _answer: object = None) -> None:
        self.window.background.run(self.link.read_again)

    def _start_service(self) -> None:
        service = control.service()

        def begin() -> str:
            state = str(service.state())
            if state != "not-installed":
                service.start()
            return state

        def begun(state: str) -> None:
            if state == "not-installed":
                self.say(Tone.NEUTRAL, _("No service is installed here: this window does its work."))
            self.link.hurry()

        self.window.background.run(begin, begun, self.tell)

    def _set_up_over(self) -> None:
        self.wizard_holds = lambda: False
        self.window.fill(self._main_frame)
        self.link.hurry()

    def _main_frame(self) -> MainFrame:
        self.frame = MainFrame(self.window, self)
        return self.frame

    def _posted(self, call: Callable[[], object]) -> Callable[[], None]:
        def later() -> None:
            call()

        return lambda: self.window.background.post(later)

    def _told(self, message: Message) -> None:
        """In a thread of the link's."""
        self.window.background.post(lambda: self._take(message))

    def _take(self, message: Message) -> None:
        self.view = fold(self.view, message)
        self.agent_due = self.agent_due and not self.view.linked
        if not self._refresh_asked:
            self._refresh_asked = True
            self.window.after(_SOON, self._refresh)

    def _tick(self) -> None:
        self._refresh()
        self.window.after(_TICK, self._tick)

    def _refresh(self) -> None:
        self._refresh_asked = False
        now = self.now()
        self.tray.show(tray_face(self.view, now))
        self._calls.look(self.view, now)
        if self.frame is not None and is_shown(self.window.state()):
            self.frame.refresh()
