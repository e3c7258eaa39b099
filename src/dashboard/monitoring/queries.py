"""Which companies have which status now: counted and listed by ranges of an index (verdict.py)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import BooleanField, Case, Count, IntegerField, Q, QuerySet, Value, When

from dashboard.monitoring.models import CompanyState
from dashboard.monitoring.search import companies_named, named
from dashboard.monitoring.verdict import closed_ranges, run_limit, verdict
from topcore.health import DEFAULT_LIMITS
from topcore.tables import NO, YES, CardStatus

type States = QuerySet[CompanyState]
# In EMPRESA.AGENDAS, as Python's json spells it. In a text the quotes would be escaped, so nothing else looks so.
_REMOTE_ASKED = '"backup_remoto": true'
_FEW = 500  # companies that a search has found: judged row by row
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANK = {status: rank for rank, status in enumerate(CardStatus)}


@dataclass(frozen=True)
class Position:
    """After which card a page begins, in the order of the cards."""

    status: CardStatus
    attention_until: datetime | None
    company_id: int


@dataclass(frozen=True)
class Filter:
    """statuses: empty for all. text: part of a name or of a CNPJ."""

    statuses: frozenset[CardStatus] = frozenset()
    text: str = ""


def counters(now: datetime) -> dict[CardStatus, int]:
    """How many active companies have each status at the instant `now`, worst first.

    Most are green or yellow: they are counted as what is left of all, and only the small ranges are walked.
    """
    closed, skewed = _active().filter(open=NO, failed=NO), now + DEFAULT_LIMITS.clock_skew
    every = closed.count()
    no_data = closed.filter(attention_until__isnull=True).count()
    past = closed.filter(attention_until__lt=now).count()
    not_fresh = closed.filter(ok_until__lt=now).count() + closed.filter(ok_until__isnull=True).count()
    # A success from the future, of companies that are within a deadline all the same.
    ahead = closed.filter(newest_success__gt=skewed, attention_until__gte=now).aggregate(
        all=Count("pk"), fresh=Count("pk", filter=Q(ok_until__gte=now))
    )
    opened = dict(
        _active()
        .filter(open=YES)
        .annotate(verdict=verdict(now))
        .values_list("verdict")
        .annotate(Count("pk"))
        .order_by()
    )
    fresh = every - not_fresh
    found = {
        CardStatus.FAILED: _active().filter(open=NO, failed=YES).count(),
        CardStatus.CHECK: past + ahead["all"],
        CardStatus.NO_DATA: no_data,
        CardStatus.ATTENTION: every - no_data - past - fresh - (ahead["all"] - ahead["fresh"]),
        CardStatus.RUNNING: 0,
        CardStatus.OK: fresh - ahead["fresh"],
    }
    return {status: count + opened.get(status.value, 0) for status, count in found.items()}


def page(now: datetime, wanted: Filter, after: Position | None, limit: int) -> list[CompanyState]:
    """The next `limit` active companies, worst first; within a status, the one that waits longest first.

    One query for the companies with an open run, at most two a status for the others, and none after the page is full.
    """
    states = _active()
    if wanted.text:
        found = companies_named(wanted.text, _FEW + 1)
        if len(found) <= _FEW:
            return [row for _, row in _judged(states.filter(pk__in=found), now, wanted, after, limit)]
        # Found in so many that a page is full long before all are read.
        states = named(states, "company__", wanted.text)
    ranked = _judged(states.filter(open=YES), now, wanted, after, limit)
    for status in _statuses(wanted, after):
        for condition in closed_ranges(status, now):
            here = states.filter(condition)
            if after is not None and after.status is status:
                here = here.filter(_behind(after))
            ranked += [(_RANK[status], row) for row in _for_cards(here).order_by("attention_until", "pk")[:limit]]
        if sum(row.open == NO for _, row in ranked) >= limit:
            break
    ranked.sort(key=lambda one: (one[0], *_place(one[1])))
    return [row for _, row in ranked[:limit]]


def running(now: datetime, limit: int) -> list[CompanyState]:
    """Active companies with a backup under way, the longest first."""
    ahead = now + DEFAULT_LIMITS.clock_skew
    states = _active().filter(open=YES, running_since__gt=run_limit(now), running_since__lte=ahead)
    return list(states.select_related("company").defer("company__agendas").order_by("running_since", "pk")[:limit])


def _judged(
    states: States, now: datetime, wanted: Filter, after: Position | None, limit: int
) -> list[tuple[int, CompanyState]]:
    """Row by row, in the order of the cards, with the rank of each row's status."""
    asked = [status.value for status in _statuses(wanted, after)]
    rank = Case(
        *(When(verdict=status.value, then=Value(rank)) for status, rank in _RANK.items()), output_field=IntegerField()
    )
    found = states.annotate(verdict=verdict(now)).filter(verdict__in=asked)
    if after is not None:
        found = found.filter(~Q(verdict=after.status.value) | _behind(after))
    ordered = _for_cards(found).order_by(rank, "attention_until", "pk")[:limit]
    return [(_RANK[vars(row)["verdict"]], row) for row in ordered]


def _for_cards(states: States) -> States:
    """With what a card shows of the company beside the evidence."""
    asked = Case(
        When(company__agendas__contains=_REMOTE_ASKED, then=Value(value=True)),
        default=Value(value=False),
        output_field=BooleanField(),
    )
    return states.annotate(remote_asked=asked).select_related("company").defer("company__agendas")


def _active() -> States:
    return CompanyState.objects.filter(active=YES)


def _statuses(wanted: Filter, after: Position | None) -> Iterator[CardStatus]:
    order = list(CardStatus)
    for status in order[order.index(after.status) if after else 0 :]:
        if not wanted.statuses or status in wanted.statuses:
            yield status


def _behind(after: Position) -> Q:
    same = Q(attention_until=after.attention_until, company_id__gt=after.company_id)
    if after.attention_until is None:  # the first in the order
        return Q(attention_until__isnull=True, company_id__gt=after.company_id) | Q(attention_until__isnull=False)
    return Q(attention_until__gt=after.attention_until) | same


def _place(row: CompanyState) -> tuple[bool, float, int]:
    """In the order of the index, where NULL comes first."""
    until = row.attention_until
    return until is not None, (until - _EPOCH).total_seconds() if until else 0.0, row.pk
