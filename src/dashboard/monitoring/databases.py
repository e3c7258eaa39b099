"""The databases of a company that has several: which one its card speaks of, and how each stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.monitoring.evidence import evidence_of
from dashboard.monitoring.models import CompanyState, DatabaseState
from topcore.health import status
from topcore.sources import file_name
from topcore.tables import YES, CardStatus

_RANK = {status: rank for rank, status in enumerate(CardStatus)}


@dataclass(frozen=True)
class Database:
    """source: as the runs call it, a path or an alias. last_success: when the last good backup of it began."""

    source: str
    status: CardStatus
    last_success: datetime | None

    @property
    def name(self) -> str:
        return file_name(self.source)


def databases_of(states: Iterable[CompanyState]) -> dict[int, list[DatabaseState]]:
    """By company, of those that have several. At most one query."""
    wanted = [state.pk for state in states if state.several == YES]
    found: dict[int, list[DatabaseState]] = {}
    for row in DatabaseState.objects.filter(company__in=wanted) if wanted else ():
        found.setdefault(row.company_id, []).append(row)
    return found


def spokesman(state: CompanyState, databases: Sequence[DatabaseState], now: datetime) -> CompanyState | DatabaseState:
    """Whose evidence a card tells: the company's own; of several databases, one that its status comes from."""
    whole = status(evidence_of(state), now)

    def order(row: DatabaseState) -> tuple[bool, int, bool, datetime]:
        own = status(evidence_of(row), now)
        return own is not whole, _RANK[own], row.attention_until is not None, row.attention_until or now

    return min(databases, key=order, default=state)


def each_database(databases: Sequence[DatabaseState], now: datetime) -> tuple[Database, ...]:
    """Worst first."""
    found = [Database(row.source, status(evidence_of(row), now), row.last_success) for row in databases]
    return tuple(sorted(found, key=lambda one: (_RANK[one.status], one.source)))
