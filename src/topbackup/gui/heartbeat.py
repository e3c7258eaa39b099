"""How long the Tk thread is held: for benchmarks."""

import time
from collections.abc import Callable

from topbackup.gui.window import Window


def measure_gaps(window: Window, record: Callable[[float, float], None], every: float = 0.005) -> None:
    """A heartbeat on the Tk thread.

    record: hears how many seconds late each beat came, and for how many the Tk thread itself computed since the last:
    the rest it waited for the interpreter, or for a processor.
    """
    last, busy = time.perf_counter(), time.thread_time()

    def beat() -> None:
        nonlocal last, busy
        now, computed = time.perf_counter(), time.thread_time()
        record(now - last - every, computed - busy)
        last, busy = now, computed
        window.after(int(every * 1000), beat)

    window.after(int(every * 1000), beat)
