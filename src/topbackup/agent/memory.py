"""Memory given back to the system: an agent that waits for 23:00 on a shop's old PC must not hold what a run took."""

import ctypes
import gc
import sys

_M_ARENA_MAX = -8  # mallopt(3)


def keep_small() -> None:
    """Before the first thread: one heap for all of them. glibc gives each its own, and keeps what was freed in it."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if hasattr(libc, "mallopt"):  # musl has none, and needs none
            libc.mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """After a piece of work: what is free goes back to the system. Some tens of milliseconds."""
    gc.collect()
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if hasattr(libc, "malloc_trim"):
            libc.malloc_trim(0)
