"""A company as a card: one frozen dataclass, of which the page, the fragment and the JSON are three faces."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.monitoring.catalogue import entry
from dashboard.monitoring.copies import NONE_LEFT, Copies, copies_of, overwritten
from dashboard.monitoring.databases import Database, databases_of, each_database, spokesman
from dashboard.monitoring.evidence import evidence_of
from dashboard.monitoring.models import CompanyState, DatabaseState, Run
from dashboard.monitoring.reasons import Known, reason, since
from dashboard.monitoring.sizes import recent_sizes
from dashboard.monitoring.versions import version_of
from topcore.health import DEFAULT_LIMITS, has_failed, status
from topcore.record import size_text
from topcore.tables import CardStatus, RunStatus

_LONGEST_TEXT = 300
_OF_A_RUN = (
    "status", "error_code", "error_message", "size_bytes", "destination_1", "destination_2", "uploaded", "next_due",
    "copies", "source_next_due", "file_name",
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """reason: one sentence in the user's language. since: from when on it is so. copies: of the last success.

    attention_until: the place in the order of the cards. error_code: of what `reason` tells, where it has one.
    sizes: of the last successes in bytes, the oldest first. databases: of a company that has several, worst first; all
    else is then of the first of them that has the card's status. Nothing here changes with time alone but the status
    and what follows from it, so that a card that looks the same is the same.
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
    databases: tuple[Database, ...] = ()

    @property
    def version(self) -> str:
        """The same as long as nothing that is shown has changed."""
        return version_of(self)


def cards(states: Iterable[CompanyState], now: datetime) -> list[Card]:
    """At most three queries more: for the databases, the runs that the evidence names, and the sizes."""
    rows = list(states)
    databases = databases_of(rows)
    told = {row.pk: spokesman(row, databases.get(row.pk, ()), now) for row in rows}
    named = {row.last_success_id for row in told.values()} | {
        row.last_failure_id for row in told.values() if has_failed(evidence_of(row), now)
    }
    runs = Run.objects.only(*_OF_A_RUN).in_bulk(named - {None})
    sizes = recent_sizes(
        list(told), {company: row.source for company, row in told.items() if isinstance(row, DatabaseState)}
    )
    return [
        _card(
            row,
            told[row.pk],
            each_database(databases.get(row.pk, ()), now),
            success=runs.get(told[row.pk].last_success_id),
            failure=runs.get(told[row.pk].last_failure_id),
            sizes=sizes.get(row.pk, ()),
            now=now,
        )
        for row in rows
    ]


def shown(value: Any, longest: int = _LONGEST_TEXT) -> str:
    """What a column holds, as text of bearable length: SQLite takes anything anywhere."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)
    clean = " ".join(text.replace("\0", "").split())
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


def _card(
    row: CompanyState,
    told: CompanyState | DatabaseState,
    databases: tuple[Database, ...],
    *,
    success: Run | None,
    failure: Run | None,
    sizes: tuple[int, ...],
    now: datetime,
) -> Card:
    company = row.company
    known = Known(
        evidence_of(told),
        refuted=failure is not None and failure.status == RunStatus.SUCCEEDED,
        failure_message=_why(failure),
        partial_message=_why(success),
        registered_at=company.registered_at,
        now=now,
        database=told.source if isinstance(told, DatabaseState) else "",
        lost=failure is not None and failure.status == RunStatus.SUCCEEDED and failure.error_code == NONE_LEFT,
    )
    # Of all databases; that of `told` is the same but in the moment when another one's backup is running.
    verdict = status(evidence_of(row), now)
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
        last_success=told.last_success,
        next_due=_next_due((told.last_success, success), (told.last_failure, failure)),
        size_bytes=size,
        size=size_text(size),
        sizes=sizes,
        copies=_copies(success, failure, remote_wanted=bool(getattr(row, "remote_asked", False))),
        agent_version=shown(company.agent_version),
        last_contact=row.last_contact,
        last_proof=told.last_proof if told.last_proof and told.last_proof <= now + DEFAULT_LIMITS.clock_skew else None,
        attention_until=row.attention_until,
        databases=databases,
    )


def _copies(success: Run | None, failure: Run | None, *, remote_wanted: bool) -> Copies | None:
    """Of the last success. failure: what came after it, and may have taken its files' place."""
    if success is None:
        return None
    found = copies_of(success, remote_wanted=remote_wanted)
    replaced = failure is not None and failure.status == RunStatus.SUCCEEDED and failure.file_name == success.file_name
    return overwritten(found) if replaced else found


def _why(run: Run | None) -> str:
    """What the agent said, or else what its code means."""
    if run is None:
        return ""
    found = None if run.error_message else entry(shown(run.error_code))
    return found.sentence if found else shown(run.error_message)


def _next_due(*told: tuple[datetime | None, Run | None]) -> datetime | None:
    """Of the run that began last and told one. A slot is no later for being a wrong clock's."""
    slots = [(began, slot) for began, run in told if began and run and (slot := run.source_next_due or run.next_due)]
    return max(slots)[1] if slots else None


def _error_code(verdict: CardStatus, success: Run | None, failure: Run | None, known: Known) -> str:
    if verdict is CardStatus.FAILED and failure and not known.interrupted:
        return shown(failure.error_code)
    if verdict is CardStatus.ATTENTION and success:
        return shown(success.error_code)
    return ""
