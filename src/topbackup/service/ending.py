"""The request to end, heard at once: SIGINT (Ctrl-C), and SIGTERM from the system.

Python runs a signal's handler in the main thread only, when that thread next executes Python. A signal that another
thread took, or that came just as the main thread went to wait, would be heard at the end of the wait: half a minute
late for this agent. What is written to the wake-up descriptor is there at once, whichever thread the signal met.
https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd
"""

import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType


def hear_the_end(stop: Callable[[], None]) -> None:
    """From now on to the end of the process, each request to end calls `stop`, in a thread of its own.

    Must be called in the main thread.
    """
    heard, told = socket.socketpair()
    told.setblocking(False)
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _nothing)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_listen, args=(heard, told, stop), name="ending", daemon=True).start()


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """A handler of some kind is what makes Python write to the descriptor."""


def _listen(heard: socket.socket, _told: socket.socket, stop: Callable[[], None]) -> None:
    """_told: kept open for as long as this thread lives."""
    while heard.recv(64):
        stop()
