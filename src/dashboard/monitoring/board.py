"""What all faces of the panel show: counters, what runs, and one page of cards, at one instant."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.monitoring import clock, queries
from dashboard.monitoring.cards import Card, cards
from dashboard.monitoring.freshness import require_current_evidence
from dashboard.monitoring.parameters import Request, token
from dashboard.monitoring.running import RunningBackup, running_now
from dashboard.monitoring.versions import version_of
from topcore.tables import CardStatus

STRIP = 8  # running backups at the top; the others are behind the counter


@dataclass(frozen=True)
class Board:
    """running: empty on a page that follows another. following: the token of the next page; empty at the end."""

    now: datetime
    counters: dict[CardStatus, int]
    running: list[RunningBackup]
    cards: list[Card]
    following: str

    @property
    def total(self) -> int:
        return sum(self.counters.values())

    @property
    def more_running(self) -> int:
        """How many run beside those in the strip."""
        return max(0, self.counters[CardStatus.RUNNING] - len(self.running)) if self.running else 0

    @property
    def beside_the_first(self) -> int:
        """How many run beside the longest: all that a phone's strip says of them."""
        return max(0, len(self.running) + self.more_running - 1)

    @property
    def version(self) -> str:
        """The same as long as nothing that is shown has changed; time alone changes nothing but statuses."""
        parts = [*(backup.version for backup in self.running), *(card.version for card in self.cards)]
        return version_of(list(self.counters.values()), parts, self.following)


def counted() -> tuple[datetime, dict[CardStatus, int]]:
    """The instant, and how many active companies have each status."""
    now = clock.now()
    require_current_evidence(now)
    return now, queries.counters(now)


def page_of_cards(asked: Request) -> tuple[datetime, list[Card], str]:
    """The instant, a page of cards, and the token of the next page. The number of queries is always the same."""
    now = clock.now()
    require_current_evidence(now)
    shown, following = _cards(asked, now)
    return now, shown, following


def board(asked: Request) -> Board:
    """The whole panel, by a number of queries that the number of companies does not change."""
    now, numbers = counted()
    shown, following = _cards(asked, now)
    return Board(now, numbers, [] if asked.after else running_now(now, STRIP), shown, following)


def _cards(asked: Request, now: datetime) -> tuple[list[Card], str]:
    rows = queries.page(now, asked.wanted, asked.after, asked.limit + 1)
    shown = cards(rows[: asked.limit], now)
    return shown, token(shown[-1]) if len(rows) > asked.limit else ""
