"""When to speak to the cloud next: thousands of agents on one power grid, with one agenda, must not meet there."""

import random as stdlib_random
from dataclasses import dataclass

from topbackup.cloud.retry import Random, backoff_delay

_PART = 0.1  # of the interval, by which it varies: agents that met once drift apart
_FIRST_PAUSE = 10.0  # seconds after a first failure; doubled at each further one, with full jitter


@dataclass(frozen=True)
class Pace:
    """Seconds. interval: between two contacts when there is nothing to tell. spread: see settings.mysql."""

    interval: float = 1800.0
    spread: float = 20.0
    random: Random = stdlib_random.random

    def at_start(self) -> float:
        """A first contact, after the agent began."""
        return self.random() * self.spread

    def after_news(self) -> float:
        """Something was written that the cloud should know: soon."""
        return self.random() * self.spread

    def after_success(self) -> float:
        return self.interval * (1 - _PART + 2 * _PART * self.random())

    def after_failure(self, failures: int) -> float:
        """failures: in a row, from 1. Never less than the spread's own share, never longer than the interval."""
        return self.random() * self.spread + backoff_delay(failures, _FIRST_PAUSE, self.interval, self.random)
