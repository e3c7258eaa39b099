"""The wizard while its window is open: its state, the trials and the end, all of them behind the window's back.

The screens ask here and are told by `changed`; they may be made anew (language, scale) and nothing is lost.
"""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from topbackup.cancellation import Cancellation
from topbackup.errors import TopBackupError
from topbackup.firebird.database_search import FoundDatabase, likely
from topbackup.gui.background import Background
from topbackup.gui.live import Live
from topbackup.gui.wizard.ending import Ending
from topbackup.problems import TRIAL_CANCELLED
from topbackup.service import control
from topbackup.setup import config as config_file
from topbackup.setup import trials
from topbackup.setup.copies_trial import RemoteTrial, try_copies
from topbackup.setup.draft import Draft
from topbackup.setup.fields import FIELDS, Field, Step
from topbackup.setup.findings import CloudFinding, CopiesFinding, Finding, FirebirdFinding
from topbackup.setup.finishing import Finishing, Task, TaskState, Told, finish
from topbackup.setup.remote_trial import try_remote
from topbackup.setup.wizard import Wizard
from topcore.company import Company
from topcore.tables import NO


class Session:
    """Every method is for the Tk thread. changed: told after each change of what is to be shown."""

    def __init__(
        self,
        config: Path,
        background: Background,
        *,
        remote: RemoteTrial = try_remote,
        alone: Callable[[Cancellation], AbstractContextManager[object]] = nullcontext,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        self.config, self._alone, self._busy = config, alone, busy
        self.opened = config_file.opened(config)
        self.wizard = Wizard(self.opened.draft)
        self.no_service = control.obstacle()
        if self.no_service is not None:
            self.wizard = self.wizard.typed(Field.SERVICE, NO)
        self.touched: frozenset[str] = frozenset()
        self.typed = False  # a person's own words are in it, and nowhere else
        self.databases: tuple[FoundDatabase, ...] = ()
        self.searching = False
        self.ending: Ending | None = None
        self.changed: Callable[[], None] = lambda: None
        self._background, self._remote = background, remote
        self._cancels: dict[int, Cancellation] = {}
        self._search_cancel = Cancellation()
        self._end_cancel = Cancellation()
        self._news = _Latest(background, self._hear)

    @property
    def saved(self) -> bool:
        """The end has written the settings."""
        told = self.ending.told.get(Task.SAVE) if self.ending is not None else None
        return told is not None and told.state is TaskState.DONE

    @property
    def unsaved(self) -> bool:
        return self.typed and not self.saved

    def type(self, name: Field, text: str) -> None:
        if self.wizard.draft[name] != text:
            self.touched |= {name.value}
            self.typed = True
            self._now(self.wizard.typed(name, text))

    def choose(self, company: Company) -> None:
        self._now(self.wizard.chosen(company))

    def back(self) -> None:
        self._now(self.wizard.back())

    def next(self) -> None:
        self._now(self.wizard.next())

    def without(self) -> None:
        self.cancel()
        self._now(self.wizard.without())

    def go(self, step: Step) -> None:
        """Back to an earlier step, or on over steps that may be left."""
        wizard = self.wizard
        while wizard.step > step:
            wizard = wizard.back()
        while wizard.step < step and wizard.may_leave(wizard.step):
            wizard = wizard.next()
        self._now(wizard)

    def try_step(self) -> None:
        """Try the step as it is typed; where that cannot be, say why beside the fields."""
        step = self.wizard.step
        self.touched |= {name.value for name in FIELDS[step]}
        if not self.wizard.may_try():
            self.changed()
            return
        self.cancel()
        self._now(self.wizard.trying())
        number, wizard, cancel = self.wizard.numbered, self.wizard, Cancellation()
        self._cancels[number] = cancel
        self._background.run(
            lambda: self._tried(wizard, cancel),
            lambda finding: self._found(number, finding),
            lambda error: self._failed(number, step, error),
        )

    def cancel(self) -> None:
        """The trial under way of this step."""
        trial = self.wizard.trials.get(self.wizard.step)
        if trial is not None and trial.finding is None and trial.number in self._cancels:
            self._cancels[trial.number].ask()
            self._now(self.wizard.given_up(trial.number))

    def search(self) -> None:
        """Look for databases; what was found before stays on show meanwhile."""
        if self.searching:
            return
        self.searching, self._search_cancel = True, Cancellation()
        cancel = self._search_cancel
        self._background.run(lambda: trials.search(cancel), self._searched, lambda _error: self._searched(None))
        self.changed()

    def stop_search(self) -> None:
        self._search_cancel.ask()

    def finish(self) -> None:
        """Save, install, try, back up: in its own thread, told as it goes."""
        wizard = self.wizard
        todo = Finishing(
            self.config,
            wizard.draft,
            wizard.agendas,
            wizard.firebird.file if wizard.firebird and wizard.firebird.size is not None else None,
            self._remote,
        )
        self._end_cancel = cancel = Cancellation()
        self.ending = Ending(todo.tasks, waits=self._busy())

        def end() -> bool:
            try:
                with self._alone(cancel):
                    return finish(todo, datetime.now().astimezone(), self._news.tell, cancel)
            except TopBackupError as given_up:  # while it waited: nothing was begun
                self._news.tell(Told(todo.tasks[0], TaskState.FAILED, given_up))
                return False

        self._background.run(end, self._ended, lambda _error: self._ended(False))
        self.changed()

    def stop_ending(self) -> None:
        self._end_cancel.ask()

    def again(self) -> None:
        """Back to the review, after an end that did not go well."""
        self.ending = None
        self.changed()

    def close(self) -> None:
        """Nobody waits any more: what is under way is told so."""
        for cancel in (*self._cancels.values(), self._search_cancel, self._end_cancel):
            cancel.ask()

    def _tried(self, wizard: Wizard, cancel: Cancellation) -> Finding:
        settings = config_file.as_settings(wizard.draft, self.config)
        match wizard.step:
            case Step.FIREBIRD:
                return trials.try_firebird(settings, self.config, cancel)
            case Step.CLOUD:
                return trials.try_cloud(settings, cancel)
            case _:
                found = wizard.firebird
                database = found.file if found is not None and found.size is not None else None
                return try_copies(settings, wizard.agendas, database, self.config, cancel, remote=self._remote)

    def _found(self, number: int, finding: Finding) -> None:
        self._cancels.pop(number, None)
        self._now(self.wizard.tried(number, finding))

    def _failed(self, number: int, step: Step, error: TopBackupError) -> None:
        if error.problem is TRIAL_CANCELLED:
            self._cancels.pop(number, None)
            self._now(self.wizard.given_up(number))
            return
        self._found(number, _empty(step, error, self.wizard.draft))

    def _searched(self, found: list[FoundDatabase] | None) -> None:
        self.searching = False
        if found is not None:
            self.databases = tuple(found)
            guess = likely(found)
            if guess is not None and not self.wizard.draft[Field.DATABASE]:
                self.wizard = self.wizard.typed(Field.DATABASE, guess.address)
        self.changed()

    def _hear(self, news: dict[Task, Told]) -> None:
        if self.ending is not None:
            told = {**self.ending.told, **news}
            self.ending = replace(self.ending, told=told, live=self._live(news.get(Task.BACKUP)))
            self.changed()

    def _live(self, told: Told | None) -> Live | None:
        live = self.ending.live if self.ending else None
        if told is None or told.progress is None:
            return live
        now, progress = time.monotonic(), told.progress
        return (live or Live.began(0, None, now)).came_to(progress.step, progress.done, progress.total, now)

    def _ended(self, well: bool) -> None:
        self._news.flush()
        if self.ending is not None:
            self.ending = replace(self.ending, well=well)
            self.changed()

    def _now(self, wizard: Wizard) -> None:
        self.wizard = wizard
        self.changed()


class _Latest:
    """Of what a thread tells, the latest of each task: a fast dump tells more often than a window can show."""

    def __init__(self, background: Background, hear: Callable[[dict[Task, Told]], None]) -> None:
        self._background, self._hear = background, hear
        self._lock = threading.Lock()
        self._waiting: dict[Task, Told] = {}

    def tell(self, told: Told) -> None:
        with self._lock:
            first = not self._waiting
            self._waiting[told.task] = told
        if first:
            self._background.post(self.flush)

    def flush(self) -> None:
        with self._lock:
            news, self._waiting = self._waiting, {}
        if news:
            self._hear(news)


def _empty(step: Step, error: TopBackupError, draft: Draft) -> Finding:
    """A trial that could not even begin."""
    match step:
        case Step.FIREBIRD:
            return FirebirdFinding(draft[Field.DATABASE], error)
        case Step.CLOUD:
            return CloudFinding(draft[Field.CLOUD_HOST], error)
        case _:
            return CopiesFinding("", by_agent=False, failed=error)
