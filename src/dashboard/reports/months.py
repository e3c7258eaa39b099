"""The month of many companies: a page of them first, then all their runs in one query along the index."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from dashboard.companies.published import published, schedule_of
from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Company, Run
from dashboard.monitoring.run_facts import LETTERS, fact_of
from dashboard.monitoring.wall_time import CLOUD_ZONE, LAST
from topcore.calendar import Ran
from topcore.month import LOOK_BACK, MonthRun, MonthSummary, Span, summary

_READ = (
    "company_id",
    "status",
    "started_at",
    "received_at",
    "error_code",
    "proven",
    "next_due",
    "size_bytes",
    "proven_at",
    "source",
)


@dataclass(frozen=True)
class CompanyMonth:
    """One line of the report."""

    company_id: int
    name: str
    tax_id: str
    month: MonthSummary


def months(companies: Sequence[Company], span: Span, now: datetime) -> list[CompanyMonth]:
    """Two queries, whatever the number of companies; in the order of `companies`, whose agendas may be deferred."""
    documents = dict(Company.objects.filter(pk__in=[company.pk for company in companies]).values_list("pk", "agendas"))
    runs: dict[int, list[MonthRun]] = {company.pk: [] for company in companies}
    for company_id, run in _runs([company.pk for company in companies], span, now):
        runs[company_id].append(run)
    return [
        CompanyMonth(
            company.pk,
            shown(company.trade_name) or shown(company.legal_name) or shown(company.tax_id),
            shown(company.tax_id),
            judged(documents.get(company.pk), runs[company.pk], span, now),
        )
        for company in companies
    ]


def judged(agendas: Any, runs: Sequence[MonthRun], span: Span, now: datetime) -> MonthSummary:
    """agendas: the company's document. runs: those of `runs_of`. What was missed is what the calendar says."""
    ran = [Ran(run.fact, run.source) for run in runs]
    schedule = schedule_of(published(agendas, now), ran, span.since)
    return summary(runs, span, now, schedule=schedule, zone=CLOUD_ZONE)


def runs_of(companies: Iterable[int], span: Span, now: datetime) -> QuerySet[Run]:
    """What the month is judged by: its runs, and those of LOOK_BACK on both sides of it. In no order.

    A clock that was far ahead dated its runs later still: they belong to the month in which they were reported, and
    where nobody can say when that was, to the month that is now.
    """
    near = Q(started_at__lt=span.until + LOOK_BACK)
    reported = Q(received_at__gte=span.since, received_at__lt=span.until)
    # By DATA_INICIO, as the index has it; all four letters are named, so that the index serves for its date too.
    found = Run.objects.filter(
        company_id__in=list(companies),
        status__in=LETTERS,
        started_at__gte=span.since - LOOK_BACK,
        started_at__lt=LAST,
    )
    return found if now in span else found.filter(near | reported)


def _runs(companies: Iterable[int], span: Span, now: datetime) -> Iterator[tuple[int, MonthRun]]:
    for row in runs_of(companies, span, now).values(*_READ).iterator():
        company_id, proven_at, source = row.pop("company_id"), row.pop("proven_at"), shown(row.pop("source"), 500)
        fact = fact_of(**row)
        if fact is not None:
            yield company_id, MonthRun(fact, proven_at, source)
