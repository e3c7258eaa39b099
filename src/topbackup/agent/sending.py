"""An upload under way, as others see it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Sending:
    """done, size: bytes of the ZIP."""

    run_id: UUID
    destination: str
    done: int
    size: int
