"""A company's runs, newest first, by the index on (ID_EMPRESA, DATA_INICIO): a page is a walk along it.

A page is named by the last row of the one before, so that what comes meanwhile moves nothing. Rows without a usable
start have no place in time: they come last, by their number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection
from django.db.models import Case, CharField, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Left, Substr, Upper
from django.db.models.lookups import Exact

from dashboard.companies.run_faces import LONGEST_MESSAGE
from dashboard.monitoring.models import Run
from dashboard.monitoring.wall_time import CLOUD_ZONE, FIRST, LAST
from topcore.health import DEFAULT_LIMITS
from topcore.tables import Proof, RunStatus

_CHUNK = 500
type Runs = QuerySet[Run]


@dataclass(frozen=True)
class Wanted:
    """What of the history is asked for. first, last: days of America/Sao_Paulo, both included. source: BANCO_ORIGEM."""

    status: RunStatus | None = None
    first: date | None = None
    last: date | None = None
    failures: bool = False
    unproven: bool = False
    source: str = ""


@dataclass(frozen=True)
class Place:
    """The last row of the page before. started_at: None among those without a usable start."""

    started_at: datetime | None
    run_id: int


def place_of(run: Run) -> Place:
    """run: one that `page` gave."""
    return Place(run.started_at if getattr(run, "dated", False) else None, run.pk)


def page(company_id: int, wanted: Wanted, after: Place | None, limit: int, now: datetime) -> list[Run]:
    """At most two queries. Each run has the beginning of its MENSAGEM_ERRO as `message`."""
    runs = _matching(of_company(company_id), wanted, now)
    rows: list[Run] = []
    if after is None or after.started_at is not None:
        dated = runs.filter(begun_between(*_period(wanted)))
        if after is not None:
            same = Q(started_at=after.started_at, pk__lt=after.run_id)
            # The first condition says nothing new, but it is a range of the index.
            dated = dated.filter(Q(started_at__lte=after.started_at), Q(started_at__lt=after.started_at) | same)
        rows += dated.annotate(dated=Value(1)).order_by("-started_at", "-pk")[:limit]
    if len(rows) < limit and wanted.first is None and wanted.last is None:
        rest = runs.filter(_undated())
        if after is not None and after.started_at is None:
            rest = rest.filter(pk__lt=after.run_id)
        rows += rest.order_by("-pk")[: limit - len(rows)]
    return rows


def everything(company_id: int, wanted: Wanted, limit: int, now: datetime) -> Iterator[Run]:
    """Page after page, at most `limit` runs: never more than one page in memory."""
    after: Place | None = None
    while limit > 0:
        rows = page(company_id, wanted, after, min(_CHUNK, limit), now)
        yield from rows
        if len(rows) < min(_CHUNK, limit):
            return
        after, limit = place_of(rows[-1]), limit - len(rows)


def sources(company_id: int, now: datetime, limit: int) -> list[str]:
    """The databases of the last 90 days, for the choice."""
    recent = of_company(company_id).filter(begun_between(now - timedelta(days=90), now + timedelta(days=1)))
    found = recent.exclude(source=None).order_by().values_list("source", flat=True).distinct()[:limit]
    return sorted(text for text in found if isinstance(text, str) and text)


def of_company(company_id: int) -> Runs:
    message = Left("error_message", LONGEST_MESSAGE)
    return Run.objects.filter(company_id=company_id).defer("error_message").annotate(message=message)


def begun_between(first: datetime, last: datetime) -> Q:
    """Rows with a usable start, from `first` on and before `last`."""
    between = Q(started_at__gte=max(first, FIRST), started_at__lt=min(last, LAST))
    return between if connection.vendor == "mysql" else between & Q(_is_a_date())


def _undated() -> Q:
    outside = Q(started_at__isnull=True) | Q(started_at__lt=FIRST) | Q(started_at__gte=LAST)
    if connection.vendor == "mysql":
        return outside
    no_date = Q(Exact(Func(_is_a_date(), Value(0), function="COALESCE", output_field=IntegerField()), Value(0)))
    return outside | no_date


def _is_a_date() -> Exact:
    """SQLite keeps any text where a date should be. Computed with, the 31st of February becomes another day."""
    text = Substr("started_at", 1, 19, output_field=CharField())
    as_date = Func(text, Value("+0 days"), function="datetime", output_field=CharField())
    # All of it is a date too, not only its beginning; and it names no zone.
    whole = Func(F("started_at"), function="datetime", output_field=CharField())
    rest = Substr("started_at", 20, 1, output_field=CharField())
    dated = Case(When(Exact(whole, text) & Q(Exact(rest, Value("")) | Exact(rest, Value("."))), then=as_date))
    return Exact(dated, text)


def _period(wanted: Wanted) -> tuple[datetime, datetime]:
    first = FIRST if wanted.first is None else _midnight(wanted.first)
    return first, LAST if wanted.last is None else _midnight(wanted.last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CLOUD_ZONE)


def _matching(runs: Runs, wanted: Wanted, now: datetime) -> Runs:
    if wanted.status is not None:
        runs = runs.filter(status=wanted.status)
    if wanted.failures:
        refuted = Q(Exact(Upper("proven"), Value(Proof.REFUTED.value)), status=RunStatus.SUCCEEDED)
        runs = runs.filter(Q(status=RunStatus.FAILED) | refuted | _left_open(now))
    if wanted.unproven:
        said = Q(proven__isnull=True) | ~Q(proven=Proof.PROVEN)
        runs = runs.filter(said | _impossible_proof(now), status=RunStatus.SUCCEEDED)
    if wanted.source:
        runs = runs.filter(source=wanted.source)
    return runs


def _impossible_proof(now: datetime) -> Q:
    """As topcore.month has it: of no backup, without a date, before the backup began, or in the future."""
    ahead = now + DEFAULT_LIMITS.clock_skew
    of_none = Q(started_at__isnull=True) | Q(started_at__gt=ahead) | Q(size_bytes__lte=0)
    before = Q(proven_at__lt=F("started_at")) & (Q(received_at__isnull=True) | Q(proven_at__lt=F("received_at")))
    return of_none | Q(proven_at__isnull=True) | before | Q(proven_at__gt=ahead)


def _left_open(now: datetime) -> Q:
    """Interrupted, as verdicts.verdict says it."""
    running = Q(status=RunStatus.RUNNING) & _began_by(now - DEFAULT_LIMITS.longest_run)
    return running | Q(status=RunStatus.PENDING) & _began_by(now - DEFAULT_LIMITS.open_grace)


def _began_by(limit: datetime) -> Q:
    limit = limit.astimezone(UTC)
    return Q(started_at__lte=limit) | Q(received_at__lte=limit)
