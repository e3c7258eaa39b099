"""One company's month as evidence: every run with its file and its proof, bounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Company
from dashboard.monitoring.run_facts import fact_of
from dashboard.monitoring.wall_time import CLOUD_ZONE
from dashboard.reports.months import runs_of
from topcore.health import RunFact
from topcore.month import MonthRun, MonthSummary, Span, summary

LONGEST = 1500  # runs in one document: two an hour, all month


@dataclass(frozen=True)
class Line:
    """One run. proven_at: when a restore proved it; None where none did."""

    fact: RunFact
    ended_at: datetime | None
    file_name: str
    sha256: str
    proven_at: datetime | None
    message: str


@dataclass(frozen=True)
class Evidence:
    """cut: there were more runs than a document holds, and the lines are the first of them."""

    name: str
    legal_name: str
    tax_id: str
    span: Span
    lines: tuple[Line, ...]
    cut: bool
    month: MonthSummary


def evidence(company: Company, span: Span, now: datetime) -> Evidence:
    """One query. The totals count all runs, also where the lines are cut."""
    found = list(_lines(company, span, now))
    within = [line for line in found if line.fact.began in span]
    return Evidence(
        shown(company.trade_name) or shown(company.legal_name) or shown(company.tax_id),
        shown(company.legal_name),
        shown(company.tax_id),
        span,
        tuple(within[:LONGEST]),
        len(within) > LONGEST,
        summary([MonthRun(line.fact, line.proven_at) for line in found], span, now),
    )


def _lines(company: Company, span: Span, now: datetime) -> Sequence[Line]:
    rows = runs_of([company.pk], span).order_by("started_at", "pk")
    lines = []
    for run in rows.iterator():
        fact = fact_of(
            status=run.status,
            started_at=run.started_at,
            received_at=run.received_at,
            error_code=run.error_code,
            proven=run.proven,
            next_due=run.next_due,
            size_bytes=run.size_bytes,
        )
        if fact is not None:
            proven = run.proven_at if MonthRun(fact, run.proven_at).proven(now) else None
            message = shown(run.error_message)
            lines.append(Line(fact, run.ended_at, shown(run.file_name), shown(run.sha256), proven, message))
    return lines


def local(moment: datetime) -> datetime:
    """In the zone in which the report's days are counted."""
    return moment.astimezone(CLOUD_ZONE)
