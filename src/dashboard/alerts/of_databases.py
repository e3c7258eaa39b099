"""The alerts of companies of several databases: each database's own, by the rules of a company that has one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from dashboard.alerts.alert import Alert, episode, episode_of, joined, of_failure, owed_away
from dashboard.alerts.causes import Cause, Kind, of_code
from dashboard.monitoring.cards import shown
from dashboard.monitoring.evidence import evidence_of
from dashboard.monitoring.models import DatabaseState, Run
from topcore.health import DEFAULT_LIMITS, status
from topcore.tables import NO, YES, CardStatus

OF_EVIDENCE = frozenset({
    *(Kind.FAILED, Kind.REFUTED, Kind.INTERRUPTED, Kind.SILENT, Kind.AHEAD, Kind.NEVER, Kind.MISSING_COPY),
    Kind.MISSING_AWAY,
})  # fmt: skip
_NEVER = datetime.max.replace(tzinfo=UTC)


def of_databases(now: datetime) -> Iterator[Alert]:
    """One a company and cause: of two databases with the same trouble, that of the one that has had it for longer.

    Two queries.
    """
    rows = DatabaseState.objects.filter(company__companystate__several=YES, company__companystate__active=YES)
    states = list(rows)
    named = {state.last_failure_id for state in states} | {state.last_success_id for state in states}
    runs = Run.objects.only("status", "error_code", "copies", "uploaded").in_bulk(named - {None})
    found: dict[tuple[int, Cause], list[Alert]] = {}
    for state in states:
        for alert in _of_one(state, runs, now):
            here = replace(alert, database=state.source, episode=episode_of(state))
            found.setdefault((here.company_id, here.cause), []).append(here)
    for those in found.values():
        longest = min(those, key=lambda alert: alert.since or _NEVER)
        yield replace(longest, episode=joined(alert.episode for alert in those))


def _of_one(state: DatabaseState, runs: dict[int, Run], now: datetime) -> Iterable[Alert]:
    company, last = state.company_id, state.last_success_id
    success, failure = runs.get(last or 0), runs.get(state.last_failure_id or 0)
    match status(evidence_of(state), now):
        case CardStatus.FAILED:
            yield of_failure(state, failure and failure.status, failure and failure.error_code, now)
        case CardStatus.CHECK if state.last_success and state.last_success > now + DEFAULT_LIMITS.clock_skew:
            yield Alert(company, Cause(Kind.AHEAD), None, episode(last), last)
        case CardStatus.CHECK:
            yield Alert(company, Cause(Kind.SILENT), state.attention_until, episode(last), last)
        case CardStatus.NO_DATA:
            yield Alert(company, Cause(Kind.NEVER), None, episode(None))
        case CardStatus.ATTENTION if state.ok_until is None:
            code = shown(success.error_code) if success else ""
            yield Alert(company, of_code(Kind.MISSING_COPY, code), state.last_success, episode(last), last)
        case _:
            pass
    if success is not None and success.uploaded == NO and success.copies is not None:
        owed = owed_away(company, success.pk, success.copies, now)
        if owed is not None:
            yield owed
