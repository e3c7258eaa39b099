"""The agent's states, the moves between them in one table, and the machine that makes no other."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_log = logging.getLogger(__name__)


class State(StrEnum):
    """Names of design §4.6; users' programs read them."""

    INITIALIZING = "INITIALIZING"  # the first reading of the customer's database is not over
    RUNNING = "RUNNING"
    BACKUP_RUNNING = "BACKUP_RUNNING"
    PAUSED = "PAUSED"  # no scheduled run begins; one by hand may
    ERROR = "ERROR"  # the schedule cannot be kept now; it says why, and tries again by itself
    STOPPED = "STOPPED"


MOVES: Mapping[State, frozenset[State]] = {
    State.INITIALIZING: frozenset({State.RUNNING, State.BACKUP_RUNNING, State.PAUSED, State.ERROR, State.STOPPED}),
    State.RUNNING: frozenset({State.BACKUP_RUNNING, State.PAUSED, State.ERROR, State.STOPPED}),
    State.BACKUP_RUNNING: frozenset({State.RUNNING, State.PAUSED, State.ERROR, State.STOPPED}),
    State.PAUSED: frozenset({State.RUNNING, State.BACKUP_RUNNING, State.ERROR, State.STOPPED}),
    State.ERROR: frozenset({State.RUNNING, State.BACKUP_RUNNING, State.PAUSED, State.STOPPED}),
    State.STOPPED: frozenset(),
}


@dataclass(frozen=True)
class Facts:
    """What decides the state. trouble: the sentence that says why the schedule cannot be kept; None when it can."""

    ready: bool = False
    stopped: bool = False
    backup: bool = False
    paused: bool = False
    trouble: str | None = None

    @property
    def state(self) -> State:
        """A backup shows before a pause, and a pause before a trouble, which need not hurry then."""
        if self.stopped:
            return State.STOPPED
        if self.backup:
            return State.BACKUP_RUNNING
        if not self.ready:
            return State.INITIALIZING
        if self.paused:
            return State.PAUSED
        return State.ERROR if self.trouble is not None else State.RUNNING


class ImpossibleMove(RuntimeError):
    """Not in the table: a defect of the caller."""


class Machine:
    """Where the agent is. Each move is logged and told to `moved(before, after, why)`, in the order of the moves."""

    def __init__(self, moved: Callable[[State, State, str], None]) -> None:
        self._state = State.INITIALIZING
        self._moved = moved
        self._turn = threading.RLock()

    @property
    def state(self) -> State:
        return self._state

    def move(self, to: State, why: str = "") -> None:
        """Go there; nothing when it is there. Raises ImpossibleMove, and stays."""
        with self._turn:
            before = self._state
            if to is before:
                return
            if to not in MOVES[before]:
                raise ImpossibleMove(f"{before} → {to}")
            self._state = to
            _log.info("%s → %s%s", before, to, f": {why}" if why else "")
            self._moved(before, to, why)
