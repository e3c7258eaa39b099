"""Which companies are odd (topcore.anomalies), kept in ANOMALIA and brought up to date a few companies at a time.

A company is due when its last success is not the one it was analysed with. A page analyses a few and says how many are
left; `topbackup-dashboard analisar` does all.
"""

# ruff: noqa: S608 - SQL is put together from our own names only; values are parameters

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from dashboard.alerts.models import Acknowledgement, Analysis, FoundAnomaly
from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Company, CompanyState, Run
from dashboard.monitoring.wall_time import wall_text
from topcore.anomalies import RUNS_LOOKED_AT, Finding, Success, findings
from topcore.tables import YES, CloudTable, Proof, RunColumn, RunStatus

PER_PAGE = 40  # companies that a page view may analyse: some 30 ms
PER_TURN = 200
_LOCK_CONFLICTS = (1205, 1213, "database is locked")  # as MySQL and SQLite tell it
_READ = (
    *("company_id", "status", "proven", "started_at", "ended_at", "received_at"),
    *("size_bytes", "source", "destination_1", "destination_2"),
)
_LONGEST_PLACE = 500
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class _Due:
    company_id: int
    last_success_id: int
    last_success: datetime


def waiting() -> int:
    """How many active companies were not analysed with their last success yet."""
    return _due().count()


def analyse_some(now: datetime, limit: int) -> int:
    """Analyse at most `limit` companies that are due. Returns how many; 0 too where another writer was in the way."""
    due = [
        _Due(identity, run, began)
        for identity, run, began in _due()
        .values_list("pk", "newest_success_id", "newest_success")
        .order_by("pk")[:limit]
        if run is not None and began is not None
    ]
    if not due:
        return 0
    history = _history(due)
    found = {each.company_id: findings(history.get(each.company_id, ()), now) for each in due}
    try:
        with transaction.atomic():
            _keep(due, found, now)
    except OperationalError as error:
        if error.args[0] not in _LOCK_CONFLICTS:
            raise
        return 0  # whoever was in the way did the same work
    return len(due)


def forget_the_gone() -> int:
    """Take away what is kept of companies that are no more. Returns how many rows."""
    gone = ~Exists(Company.objects.filter(pk=OuterRef("company_id")))
    return sum(kept.objects.filter(gone).delete()[0] for kept in (Acknowledgement, FoundAnomaly, Analysis))


def _due() -> QuerySet[CompanyState]:
    done = Analysis.objects.filter(pk=OuterRef("pk"), last_success_id=OuterRef("newest_success_id"))
    states = CompanyState.objects.filter(~Exists(done), active=YES, newest_success_id__isnull=False)
    return states.filter(newest_success__isnull=False)


def _history(due: Sequence[_Due]) -> dict[int, list[Success]]:
    """The last successes of each: a walk backwards along the index, of bounded length, whatever the history's."""
    one = (
        f"SELECT ID FROM (SELECT ID FROM {CloudTable.RUN} WHERE {RunColumn.COMPANY} = %s"
        f" AND {RunColumn.STATUS} = %s AND {RunColumn.STARTED_AT} <= %s"
        f" ORDER BY {RunColumn.STARTED_AT} DESC LIMIT {RUNS_LOOKED_AT}) T"
    )
    values: list[int | str] = []
    for each in due:
        values += [each.company_id, RunStatus.SUCCEEDED.value, wall_text(each.last_success)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(due)), values)
        wanted = {identity for (identity,) in cursor.fetchall()}
    # The last success by its own ID too: one with a start in the future counts from when it was received.
    wanted |= {each.last_success_id for each in due}
    history: dict[int, list[Success]] = {}
    for run in Run.objects.filter(pk__in=wanted).only(*_READ):
        success = _success(run)
        if success is not None:
            history.setdefault(run.company_id, []).append(success)
    return history


def _success(run: Run) -> Success | None:
    """None for what is none after all: a letter in the other case, a file that did not restore, no start."""
    if run.status != RunStatus.SUCCEEDED or (run.proven or "").upper() == Proof.REFUTED or run.started_at is None:
        return None
    return Success(
        run.pk,
        run.started_at,
        run.ended_at,
        run.received_at,
        run.size_bytes if isinstance(run.size_bytes, int) and run.size_bytes >= 0 else None,
        shown(run.source),
        shown(run.destination_1),
        shown(run.destination_2),
    )


def _keep(due: Sequence[_Due], found: dict[int, list[Finding]], now: datetime) -> None:
    companies = [each.company_id for each in due]
    known = {(row.company_id, row.kind): row for row in FoundAnomaly.objects.filter(company_id__in=companies)}
    fresh = {(company, each.kind.value): each for company, all_of_it in found.items() for each in all_of_it}
    gone = [row.pk for key, row in known.items() if key not in fresh]
    if gone:
        FoundAnomaly.objects.filter(pk__in=gone).delete()
    changed = [_filled(known[key], finding) for key, finding in fresh.items() if key in known]
    if changed:
        FoundAnomaly.objects.bulk_update(changed, ["run_id", "usual", "found", "place"])
    new = [
        _filled(FoundAnomaly(company_id=company, kind=kind, since=finding.since), finding)
        for (company, kind), finding in fresh.items()
        if (company, kind) not in known
    ]
    FoundAnomaly.objects.bulk_create(new, ignore_conflicts=True)
    Analysis.objects.filter(pk__in=companies).delete()
    Analysis.objects.bulk_create(
        [Analysis(company_id=each.company_id, last_success_id=each.last_success_id, at=now) for each in due],
        ignore_conflicts=True,
    )


def _filled(row: FoundAnomaly, finding: Finding) -> FoundAnomaly:
    row.run_id, row.place = finding.run_id, finding.place[:_LONGEST_PLACE]
    row.usual, row.found = _bounded(finding.usual), _bounded(finding.found)
    return row


def _bounded(value: int | None) -> int | None:
    return None if value is None else min(value, _LARGEST)
