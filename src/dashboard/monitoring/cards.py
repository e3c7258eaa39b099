"""A company as a card: one frozen dataclass, of which the page, the fragment and the JSON are three faces."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.monitoring.copies import Copies, copies_of
from dashboard.monitoring.models import Company, CompanyState, Run
from dashboard.monitoring.reasons import Known, reason, since
from dashboard.monitoring.sizes import recent_sizes
from dashboard.monitoring.versions import version_of
from topcore.health import DEFAULT_LIMITS, Deadlines, Evidence, has_failed, status
from topcore.record import size_text
from topcore.tables import CardStatus, RunStatus

_LONGEST_TEXT = 300
_OF_A_RUN = (
    "status", "error_code", "error_message", "size_bytes", "destination_1", "destination_2", "uploaded", "next_due",
    "copies",
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """reason: one sentence in the user's language. since: from when on it is so. copies: of the last success.

    attention_until: the place in the order of the cards. error_code: of what `reason` tells, where it has one.
    sizes: of the last successes in bytes, the oldest first. Nothing here changes with time alone but the status and
    what follows from it, so that a card that looks the same is the same.
    """

    company_id: int
    name: str
    legal_name: str
    tax_id: str
    status: CardStatus
    reason: str
    since: datetime | None
    error_code: str
    last_success: datetime | None
    next_due: datetime | None
    size_bytes: int | None
    size: str | None
    sizes: tuple[int, ...]
    copies: Copies | None
    agent_version: str
    last_contact: datetime | None
    last_proof: datetime | None
    attention_until: datetime | None

    @property
    def version(self) -> str:
        """The same as long as nothing that is shown has changed."""
        return version_of(self)


def cards(states: Iterable[CompanyState], now: datetime) -> list[Card]:
    """Two queries more: for the runs that the evidence names, and for the sizes."""
    rows = list(states)
    named = {row.last_success_id for row in rows} | {
        row.last_failure_id for row in rows if has_failed(evidence_of(row), now)
    }
    runs = Run.objects.only(*_OF_A_RUN).in_bulk(named - {None})
    sizes = recent_sizes([row.pk for row in rows])
    return [
        _card(
            row,
            row.company,
            success=runs.get(row.last_success_id),
            failure=runs.get(row.last_failure_id),
            sizes=sizes.get(row.pk, ()),
            now=now,
        )
        for row in rows
    ]


def evidence_of(row: CompanyState) -> Evidence:
    """The state row as topcore's type."""
    deadlines = Deadlines(row.ok_until, row.attention_until) if row.attention_until else None
    return Evidence(row.last_success, row.last_failure, row.running_since, row.pending_since, deadlines)


def shown(value: Any, longest: int = _LONGEST_TEXT) -> str:
    """What a column holds, as text of bearable length: SQLite takes anything anywhere."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)
    clean = " ".join(text.replace("\0", "").split())
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


def _card(
    row: CompanyState,
    company: Company,
    *,
    success: Run | None,
    failure: Run | None,
    sizes: tuple[int, ...],
    now: datetime,
) -> Card:
    known = Known(
        evidence_of(row),
        refuted=failure is not None and failure.status == RunStatus.SUCCEEDED,
        failure_message=shown(failure.error_message) if failure else "",
        partial_message=shown(success.error_message) if success else "",
        registered_at=company.registered_at,
        now=now,
    )
    verdict = status(known.evidence, now)
    size = success.size_bytes if success and isinstance(success.size_bytes, int) and success.size_bytes >= 0 else None
    return Card(
        company_id=company.pk,
        name=shown(company.trade_name) or shown(company.legal_name) or shown(company.tax_id),
        legal_name=shown(company.legal_name),
        tax_id=shown(company.tax_id),
        status=verdict,
        reason=reason(verdict, known),
        since=since(verdict, known),
        error_code=_error_code(verdict, success, failure, known),
        last_success=row.last_success,
        next_due=_next_due((row.last_success, success), (row.last_failure, failure)),
        size_bytes=size,
        size=size_text(size),
        sizes=sizes,
        copies=None if success is None else copies_of(success, remote_wanted=bool(getattr(row, "remote_asked", False))),
        agent_version=shown(company.agent_version),
        last_contact=row.last_contact,
        last_proof=row.last_proof if row.last_proof and row.last_proof <= now + DEFAULT_LIMITS.clock_skew else None,
        attention_until=row.attention_until,
    )


def _next_due(*told: tuple[datetime | None, Run | None]) -> datetime | None:
    """Of the run that began last and told one. A slot is no later for being a wrong clock's."""
    slots = [(began, run.next_due) for began, run in told if began and run and run.next_due]
    return max(slots)[1] if slots else None


def _error_code(verdict: CardStatus, success: Run | None, failure: Run | None, known: Known) -> str:
    if verdict is CardStatus.FAILED and failure and not known.interrupted:
        return shown(failure.error_code)
    if verdict is CardStatus.ATTENTION and success:
        return shown(success.error_code)
    return ""
