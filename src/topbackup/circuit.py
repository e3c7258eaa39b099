"""The breaker's memory, on a clock that nobody can set."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pybreaker


class Circuit(pybreaker.CircuitMemoryStorage):
    """pybreaker measures a rest by the wall clock. A shop's clock gets set back, and the rest would last until then.

    So this keeps the monotonic moment, and tells pybreaker the wall time that is as long ago.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        super().__init__(pybreaker.STATE_CLOSED)
        self._monotonic = monotonic
        self._opened: float | None = None

    def open_for(self) -> float:
        """Seconds since it opened; 0 when it never did."""
        return 0.0 if self._opened is None else self._monotonic() - self._opened

    @property
    def opened_at(self) -> datetime | None:
        return None if self._opened is None else datetime.now(UTC) - timedelta(seconds=self.open_for())

    @opened_at.setter
    def opened_at(self, _: datetime) -> None:
        self._opened = self._monotonic()
