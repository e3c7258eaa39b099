"""The backups under way, for the strip at the top of the panel and for programs."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.monitoring import queries
from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Run
from dashboard.monitoring.verdict import run_limit
from dashboard.monitoring.versions import version_of
from topcore.sources import file_name
from topcore.tables import NO, YES, RunStatus


@dataclass(frozen=True)
class RunningBackup:
    """manual: None where the row does not say. source: the database, a path or an alias."""

    company_id: int
    name: str
    tax_id: str
    since: datetime | None
    file_name: str
    source: str
    manual: bool | None

    @property
    def database(self) -> str:
        return file_name(self.source)

    @property
    def version(self) -> str:
        """The same as long as nothing that is shown has changed."""
        return version_of(self)


def running_now(now: datetime, limit: int) -> list[RunningBackup]:
    """The longest first, at most `limit`. Two queries."""
    states = queries.running(now, limit)
    # Not before the limit of a run: old ones that were never ended may be many.
    runs = Run.objects.filter(
        company__in=[state.pk for state in states], status=RunStatus.RUNNING, started_at__gt=run_limit(now)
    )
    latest = {run.company_id: run for run in sorted(runs, key=lambda run: run.pk)}
    return [
        RunningBackup(
            company_id=state.pk,
            name=shown(state.company.trade_name) or shown(state.company.legal_name) or shown(state.company.tax_id),
            tax_id=shown(state.company.tax_id),
            since=state.running_since,
            file_name=shown(run.file_name) if (run := latest.get(state.pk)) else "",
            source=shown(run.source) if run else "",
            manual={YES: True, NO: False}.get(shown(run.manual)) if run else None,
        )
        for state in states
    ]
