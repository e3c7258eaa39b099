"""The clock, as an argument: wall time for what is recorded, monotonic time for how long things take."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """now: aware UTC; it may jump when someone sets it. monotonic: seconds from some start; it never goes back."""

    now: Callable[[], datetime] = _utc_now
    monotonic: Callable[[], float] = time.monotonic


SYSTEM_CLOCK = Clock()
