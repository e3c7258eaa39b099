"""One company's month as evidence: every run with its file and its proof, bounded."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Company, Run
from dashboard.monitoring.run_facts import fact_of
from dashboard.monitoring.wall_time import CLOUD_ZONE
from dashboard.reports.months import judged, runs_of
from topcore.health import RunFact
from topcore.month import MonthRun, MonthSummary, Span

LONGEST = 1500  # runs in one document: two an hour, all month


@dataclass(frozen=True)
class Line:
    """One run. proven_at: when a restore proved it; None where none did. dated_ahead: it counts for nothing."""

    fact: RunFact
    dated_ahead: bool
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
    told = _told(company, span, now)
    within = [_line(run, made, now) for run, made in told if made.belongs_to(span, now)]
    return Evidence(
        shown(company.trade_name) or shown(company.legal_name) or shown(company.tax_id),
        shown(company.legal_name),
        shown(company.tax_id),
        span,
        tuple(within[:LONGEST]),
        len(within) > LONGEST,
        judged(company.agendas, [made for _run, made in told], span, now),
    )


def _told(company: Company, span: Span, now: datetime) -> list[tuple[Run, MonthRun]]:
    """In the order in which they began."""
    found = []
    for run in runs_of([company.pk], span, now).iterator():
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
            found.append((run, MonthRun(fact, run.proven_at, shown(run.source, 500))))
    return sorted(found, key=lambda pair: (pair[1].fact.began, pair[0].pk))


def _line(run: Run, made: MonthRun, now: datetime) -> Line:
    return Line(
        made.fact,
        made.dated_ahead(now),
        run.ended_at,
        shown(run.file_name),
        shown(run.sha256),
        run.proven_at if made.proven(now) else None,
        shown(run.error_message),
    )


def local(moment: datetime) -> datetime:
    """In the zone in which the report's days are counted."""
    return moment.astimezone(CLOUD_ZONE)
