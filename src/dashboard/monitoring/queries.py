"""Which companies have which status now: counted and listed by ranges of an index.

The rule is topcore/health.py's. Here it is a condition on rows, and a test holds the two together. Companies without an
open run (nearly all) fall into ranges of EMPRESA_ESTADO's indexes; the few with one are judged row by row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Case, CharField, Count, F, Func, Q, QuerySet, Value, When
from django.db.models.functions import Replace
from django.db.models.lookups import Exact

from dashboard.monitoring.models import CompanyState
from dashboard.monitoring.search import characters_of_tax_id, without_accents
from topcore.health import DEFAULT_LIMITS
from topcore.tables import NO, YES, CardStatus

type States = QuerySet[CompanyState]


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
    """How many active companies have each status at the instant `now`, worst first."""
    closed, skewed = _active().filter(open=NO, failed=NO), now + DEFAULT_LIMITS.clock_skew
    fresh = closed.filter(ok_until__gte=now).count()
    late_or_fresh = closed.filter(attention_until__gte=now).count()
    # A success from the future is in the two ranges above: partial in the second only, and whole in both.
    ahead = closed.filter(last_success__gt=skewed).aggregate(all=Count("pk"), whole=Count("ok_until"))
    opened = dict(
        _active()
        .filter(open=YES)
        .annotate(verdict=_verdict(now))
        .values_list("verdict")
        .annotate(Count("pk"))
        .order_by()
    )
    found = {
        CardStatus.FAILED: _active().filter(open=NO, failed=YES).count(),
        CardStatus.CHECK: closed.filter(attention_until__lt=now).count() + ahead["all"],
        CardStatus.NO_DATA: closed.filter(attention_until__isnull=True).count(),
        CardStatus.ATTENTION: late_or_fresh - fresh - (ahead["all"] - ahead["whole"]),
        CardStatus.RUNNING: 0,
        CardStatus.OK: fresh - ahead["whole"],
    }
    return {status: count + opened.get(status.value, 0) for status, count in found.items()}


def page(now: datetime, wanted: Filter, after: Position | None, limit: int) -> list[CompanyState]:
    """The next `limit` active companies, worst first; within a status, the one that waits longest first.

    At most one query a status, and none for those after the page is full.
    """
    rows: list[CompanyState] = []
    for status in _statuses(wanted, after):
        here = matching(_active(), wanted.text).filter(with_status(status, now))
        if after is not None and after.status is status:
            here = here.filter(_behind(after))
        ordered = here.select_related("company").defer("company__agendas").order_by("attention_until", "pk")
        rows += ordered[: limit - len(rows)]
        if len(rows) >= limit:
            break
    return rows


def running(now: datetime, limit: int) -> list[CompanyState]:
    """Active companies with a backup under way, the longest first."""
    states = _active().filter(running_since__gt=_run_limit(now)).select_related("company").defer("company__agendas")
    return list(states.order_by("running_since", "pk")[:limit])


def with_status(status: CardStatus, now: datetime) -> Q:
    """The condition that a row's status is this one. Rows without an open run are found by a range."""
    ahead = Q(last_success__gt=now + DEFAULT_LIMITS.clock_skew)
    ranges = {
        CardStatus.FAILED: Q(failed=YES),
        CardStatus.CHECK: Q(failed=NO) & (Q(attention_until__lt=now) | ahead),
        CardStatus.NO_DATA: Q(failed=NO, attention_until__isnull=True),
        CardStatus.ATTENTION: Q(failed=NO, attention_until__gte=now)
        & (Q(ok_until__lt=now) | Q(ok_until__isnull=True))
        & ~ahead,
        CardStatus.OK: Q(failed=NO, ok_until__gte=now) & ~ahead,
    }
    judged = Q(open=YES) & Q(Exact(_verdict(now), Value(status.value)))
    closed = ranges.get(status)
    return judged if closed is None else Q(open=NO) & closed | judged


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


def _run_limit(now: datetime) -> datetime:
    """A run that began after this may still be running."""
    return now - DEFAULT_LIMITS.run_timeout - DEFAULT_LIMITS.open_grace


def _verdict(now: datetime) -> Case:
    """health.status() for any row, rule by rule."""
    no_success_since = {
        column: Q(last_success__isnull=True) | Q(**{f"{column}__gte": F("last_success")})
        for column in ("running_since", "pending_since")
    }
    interrupted = Q(running_since__lte=_run_limit(now)) & no_success_since["running_since"]
    left_pending = Q(pending_since__lte=now - DEFAULT_LIMITS.open_grace) & no_success_since["pending_since"]
    return Case(
        When(running_since__gt=_run_limit(now), then=Value(CardStatus.RUNNING.value)),
        When(Q(failed=YES) | interrupted | left_pending, then=Value(CardStatus.FAILED.value)),
        When(attention_until__isnull=True, then=Value(CardStatus.NO_DATA.value)),
        When(last_success__gt=now + DEFAULT_LIMITS.clock_skew, then=Value(CardStatus.CHECK.value)),
        When(ok_until__gte=now, then=Value(CardStatus.OK.value)),
        When(attention_until__gte=now, then=Value(CardStatus.ATTENTION.value)),
        default=Value(CardStatus.CHECK.value),
        output_field=CharField(),
    )


def matching(states: States, text: str) -> States:
    """Those whose company has `text` in its name or in its CNPJ; all for an empty one."""
    if not text:
        return states
    if connection.vendor == "sqlite":
        plain = without_accents(text)
        names = {
            f"plain_{name}": Func(F(f"company__{name}"), function="SEM_ACENTO", output_field=CharField())
            for name in ("trade_name", "legal_name")
        }
        states = states.annotate(**names)
        found = Q(plain_trade_name__contains=plain) | Q(plain_legal_name__contains=plain)
    else:
        found = Q(company__trade_name__icontains=text) | Q(company__legal_name__icontains=text)
    characters = characters_of_tax_id(text)
    if characters:
        states = states.annotate(tax_id_characters=_without("company__tax_id", "./- "))
        found |= Q(tax_id_characters__icontains=characters)
    return states.filter(found)


def _without(column: str, characters: str) -> Replace | F:
    expression: Replace | F = F(column)
    for character in characters:
        expression = Replace(expression, Value(character), Value(""))
    return expression
