"""What all faces of the panel show: counters and one page of cards, at one instant."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from dashboard.monitoring import queries
from dashboard.monitoring.cards import Card, cards
from dashboard.monitoring.freshness import require_current_evidence
from dashboard.monitoring.parameters import Request, token
from topcore.tables import CardStatus


@dataclass(frozen=True)
class Board:
    """following: the token of the next page; empty at the end."""

    now: datetime
    counters: dict[CardStatus, int]
    cards: list[Card]
    following: str

    @property
    def total(self) -> int:
        return sum(self.counters.values())


def counted() -> tuple[datetime, dict[CardStatus, int]]:
    """The instant, and how many active companies have each status."""
    now = timezone.now()
    require_current_evidence(now)
    return now, queries.counters(now)


def board(asked: Request) -> Board:
    """One query a counter, at most one a status for the page, one for the runs: whatever the number of companies."""
    now, numbers = counted()
    rows = queries.page(now, asked.wanted, asked.after, asked.limit + 1)
    shown = cards(rows[: asked.limit], now)
    return Board(now, numbers, shown, token(shown[-1]) if len(rows) > asked.limit else "")
