"""The controller: the facts that decide the agent's state, and who may change them."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from topbackup.agent.events import Events
from topbackup.agent.states import Facts, Machine, State
from topbackup.errors import TopBackupError
from topbackup.journal import Journal

LONGEST_PAUSE = timedelta(hours=24)  # a pause that somebody forgot must not cost a second night
_PAUSE = "pausa_ate"


class Part(StrEnum):
    """What can be in trouble, each by itself."""

    SETTINGS = "config"
    DATABASE = "banco"
    JOURNAL = "diario"
    RUN = "execucao"


class Controller:
    """now: aware UTC. A pause outlives a restart: who paused before a reboot meant it."""

    def __init__(self, journal: Journal, events: Events, now: Callable[[], datetime]) -> None:
        self._journal = journal
        self._events = events
        self._now = now
        self._turn = threading.RLock()
        self._machine = Machine(self._tell)
        self._troubles: dict[Part, TopBackupError] = {}
        kept = journal.recall(_PAUSE)
        self._paused_until = None if kept is None else datetime.fromisoformat(kept)
        self._facts = Facts(paused=self.paused_until is not None)

    @property
    def state(self) -> State:
        return self._machine.state

    @property
    def trouble(self) -> TopBackupError | None:
        """Why the schedule cannot be kept now."""
        with self._turn:
            return next(iter(self._troubles.values()), None)

    def trouble_of(self, part: Part) -> TopBackupError | None:
        """What this part cannot do now."""
        with self._turn:
            return self._troubles.get(part)

    @property
    def paused_until(self) -> datetime | None:
        """None: not paused. A clock set back makes no pause longer than the longest."""
        until, now = self._paused_until, self._now()
        return until if until is not None and now < until <= now + LONGEST_PAUSE else None

    def ready(self) -> None:
        """The first reading of the customer's database is over."""
        self._change(ready=True)

    def stopped(self) -> None:
        self._change("", stopped=True)

    def backup(self, *, running: bool, why: str = "") -> None:
        self._change(why, backup=running)

    def in_trouble(self, part: Part, error: TopBackupError | None) -> None:
        """What a part (settings, database) cannot do now; None: it can again."""
        with self._turn:
            self._troubles.pop(part, None)
            if error is not None:
                self._troubles[part] = error
            sentence = None if self.trouble is None else f"{self.trouble.code} {self.trouble.sentence}"
            self._change(sentence or "", trouble=sentence)

    def pause(self, duration: timedelta) -> datetime:
        """No scheduled run begins until then; a slot that falls into it runs afterwards, once. At most 24 hours."""
        with self._turn:
            until = self._now() + min(duration, LONGEST_PAUSE)
            self._journal.remember(_PAUSE, until.isoformat())  # first: a pause that could not be kept is none
            self._paused_until = until
            self._change(paused=True)
            return until

    def resume(self) -> None:
        with self._turn:
            self._journal.remember(_PAUSE, None)
            self._paused_until = None
            self._change(paused=False)

    def look_at_the_pause(self) -> None:
        """Is it over?"""
        with self._turn:
            if self._facts.paused and self.paused_until is None:
                self.resume()

    def _change(self, why: str = "", **changes: Any) -> None:
        with self._turn:
            self._facts = replace(self._facts, **changes)
            if self._machine.state is not State.STOPPED:
                self._machine.move(self._facts.state, why)

    def _tell(self, before: State, after: State, why: str) -> None:
        self._events.tell(
            "estado", estado=after.value, anterior=before.value, motivo=why or None, em=self._now().isoformat()
        )
