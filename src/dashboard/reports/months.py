"""The month of many companies: a page of them first, then all their runs in one query along the index."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Company, Run
from dashboard.monitoring.run_facts import LETTERS, fact_of
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
)


@dataclass(frozen=True)
class CompanyMonth:
    """One line of the report."""

    company_id: int
    name: str
    tax_id: str
    month: MonthSummary


def months(companies: Sequence[Company], span: Span, now: datetime) -> list[CompanyMonth]:
    """One query, whatever the number of companies; in the order of `companies`."""
    runs: dict[int, list[MonthRun]] = {company.pk: [] for company in companies}
    for company_id, run in _runs([company.pk for company in companies], span):
        runs[company_id].append(run)
    return [
        CompanyMonth(
            company.pk,
            shown(company.trade_name) or shown(company.legal_name) or shown(company.tax_id),
            shown(company.tax_id),
            summary(runs[company.pk], span, now),
        )
        for company in companies
    ]


def runs_of(companies: Iterable[int], span: Span) -> QuerySet[Run]:
    """What the month is judged by: its runs, those of LOOK_BACK before it, and as many after it: a clock that was ahead
    dated them into the next month, and they count when they were reported. In no order.
    """
    # By DATA_INICIO, as the index has it; all four letters are named, so that the index serves for its date too.
    return Run.objects.filter(
        company_id__in=list(companies),
        status__in=LETTERS,
        started_at__gte=span.since - LOOK_BACK,
        started_at__lt=span.until + LOOK_BACK,
    )


def _runs(companies: Iterable[int], span: Span) -> Iterator[tuple[int, MonthRun]]:
    for row in runs_of(companies, span).values(*_READ).iterator():
        company_id, proven_at = row.pop("company_id"), row.pop("proven_at")
        fact = fact_of(**row)
        if fact is not None:
            yield company_id, MonthRun(fact, proven_at)
