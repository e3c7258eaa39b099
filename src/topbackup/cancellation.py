"""A request to end a run, with its reason: someone cancelled it, or the agent itself is being stopped."""

import threading

from topbackup.errors import OperationFailed
from topbackup.problems import RUN_CANCELLED, RUN_INTERRUPTED, Problem


class Cancellation:
    """Asked for once, by any thread; every step of a run looks here."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._problem = RUN_CANCELLED

    def ask(self, problem: Problem = RUN_CANCELLED) -> None:
        """End the run as this failure. The first reason stays."""
        if not self._asked.is_set():
            self._problem = problem
            self._asked.set()

    def is_set(self) -> bool:
        return self._asked.is_set()

    @property
    def interrupted(self) -> bool:
        """Is it the agent that stops, and not a person who wants no such backup?"""
        return self.is_set() and self._problem is RUN_INTERRUPTED

    def check(self) -> None:
        """Raises OperationFailed with the reason, once asked."""
        if self._asked.is_set():
            raise OperationFailed(self._problem)
