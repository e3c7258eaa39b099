"""A state row as topcore's type."""

from dashboard.monitoring.models import CompanyState, DatabaseState
from topcore.health import Deadlines, Evidence


def evidence_of(row: CompanyState | DatabaseState) -> Evidence:
    """What is known of a company, or of one of its databases."""
    deadlines = Deadlines(row.ok_until, row.attention_until) if row.attention_until else None
    newest = row.newest_success if isinstance(row, CompanyState) else row.last_success
    return Evidence(row.last_success, row.last_failure, row.running_since, row.pending_since, deadlines, newest)
