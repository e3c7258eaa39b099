"""All work off the Tk thread, and its results back on it: the window never waits for a disk, a pipe or a server."""

import logging
import queue
import threading
import tkinter as tk
from collections.abc import Callable
from typing import Any

from topbackup.errors import OperationFailed, TopBackupError
from topbackup.problems import INTERNAL

_log = logging.getLogger(__name__)
_BUSY, _QUIET = 25, 120  # milliseconds between two looks for results: while they come, and when nothing does
_SLICE = 12  # results handed over in one look, so that a flood of them leaves room for clicks


class Background:
    """One for each root window. `run` and `post` may be called from any thread."""

    def __init__(self, root: tk.Misc) -> None:
        self._root = root
        self._waiting: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._open = True
        self._running = 0
        self._root.after(_BUSY, self._look)

    def run[T](
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[TopBackupError], None] | None = None,
        *,
        owner: tk.Misc | None = None,
    ) -> None:
        """Do `work` in a thread of its own; then one of the others on the Tk thread.

        owner: the widget that asked; where it is gone by then, nobody is told. A defect is logged, and comes to
        `failed` as INTERNAL.
        """

        def finish(call: Callable[[Any], None] | None, value: Any) -> None:
            self._running -= 1
            if call is not None and (owner is None or _alive(owner)):
                call(value)

        def body() -> None:
            try:
                result = work()
            except TopBackupError as error:
                told: TopBackupError = error
                self.post(lambda: finish(failed, told))
            except Exception as defect:  # noqa: BLE001 - the window goes on
                _log.exception("work of the window found a defect")
                internal = OperationFailed(INTERNAL, type(defect).__name__)
                self.post(lambda: finish(failed, internal))
            else:
                self.post(lambda: finish(done, result))

        self._running += 1
        threading.Thread(target=body, name="janela-trabalho", daemon=True).start()

    def post(self, call: Callable[[], None]) -> None:
        """Call it on the Tk thread, soon."""
        if self._open:
            self._waiting.put(call)

    def close(self) -> None:
        """Nobody is told anything any more."""
        self._open = False

    def _look(self) -> None:
        if not self._open:
            return
        found = 0
        while found < _SLICE:
            try:
                call = self._waiting.get_nowait()
            except queue.Empty:
                break
            found += 1
            try:
                call()
            except Exception:  # noqa: BLE001 - one result's defect keeps no other from being shown
                _log.exception("the window could not take a result")
        self._root.after(_BUSY if found or self._running else _QUIET, self._look)


def _alive(widget: tk.Misc) -> bool:
    try:
        return bool(widget.winfo_exists())
    except tk.TclError:
        return False
