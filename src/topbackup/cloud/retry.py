"""How long to wait before the next attempt: exponential backoff with full jitter."""

from collections.abc import Callable

type Random = Callable[[], float]
"""A number from 0 (included) to 1 (not included), as `random.random` gives."""

_LARGEST_EXPONENT = 60  # beyond it every sensible cap is reached, and a float would overflow in the end


def backoff_delay(attempt: int, base: float, cap: float, random: Random) -> float:
    """Seconds to wait after the failed attempt number `attempt` (from 1): anything from 0 to min(cap, base · 2^(n-1)).

    Full jitter, so that a thousand agents that lost the cloud in one moment do not come back in one moment.
    """
    return random() * min(cap, base * 2.0 ** min(attempt - 1, _LARGEST_EXPONENT))
