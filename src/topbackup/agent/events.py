"""What happens in the agent, told to whoever listens: states, progress, results. One way; nobody can hold it up."""

import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

type Event = Mapping[str, Any]
"""JSON-able; `evento` names its kind: estado, inicio, progresso, resultado, agenda, nuvem, envio, copias."""

_ROOM = 256  # events that wait for one listener


class Subscription:
    """One listener's events. One that does not keep up loses the oldest ones, and hears how many."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Event] = queue.Queue(_ROOM)
        self._lost = 0

    def next(self, timeout: float) -> Event | None:
        """The next event; None when none came within `timeout` seconds."""
        if self._lost:
            lost, self._lost = self._lost, 0
            return {"evento": "perdidos", "quantos": lost}
        try:
            return self._waiting.get(timeout=timeout)
        except queue.Empty:
            return None

    def put(self, event: Event) -> None:
        while True:
            try:
                self._waiting.put_nowait(event)
            except queue.Full:
                try:
                    self._waiting.get_nowait()
                    self._lost += 1
                except queue.Empty:
                    continue
            else:
                return


class Events:
    """Safe for all threads."""

    def __init__(self) -> None:
        self._listeners: list[Subscription] = []
        self._turn = threading.Lock()

    def tell(self, kind: str, **facts: Any) -> None:
        with self._turn:
            for listener in self._listeners:
                listener.put({"evento": kind} | facts)

    @contextmanager
    def heard(self) -> Iterator[Subscription]:
        """Everything that is told in the block."""
        listener = Subscription()
        with self._turn:
            self._listeners.append(listener)
        try:
            yield listener
        finally:
            with self._turn:
                self._listeners.remove(listener)
