"""Who knows of which alert. It says nothing about a card: what is acknowledged or silenced stays as red as it was.

An acknowledgement is for one cause at one company and for one episode of it: when the company has recovered, it is
over, and the next failure is a new one, even where nobody looked in between.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.formats import date_format

from dashboard.accounts import audit
from dashboard.alerts.alert import Alert, covers, episode, episode_of
from dashboard.alerts.causes import Cause, Kind, parse
from dashboard.alerts.models import Acknowledgement
from dashboard.monitoring.models import DatabaseState, Run
from topcore.tables import NO, YES, Proof, RunStatus

_BATCH = 1000
_NAMED = 20  # companies in one entry of the audit log


@dataclass(frozen=True)
class Decision:
    """What a person says about alerts. silent_until: aware, or None."""

    comment: str
    silent_until: datetime | None


def current(
    alerts: Collection[Alert], now: datetime, only: Cause | None = None
) -> dict[tuple[int, str], Acknowledgement]:
    """Those that hold, by company and cause; the others are taken away. Three queries, and one where some ended.

    only: `alerts` are all of this cause, and no other is asked for.
    """
    shown = {(alert.company_id, alert.cause.key): alert for alert in alerts}
    kept, over = dict[tuple[int, str], Acknowledgement](), list[int]()
    whole = Run.objects.filter(
        Q(proven__isnull=True) | ~Q(proven=Proof.REFUTED),
        company_id=OuterRef("company_id"),
        status=RunStatus.SUCCEEDED,
        started_at__gt=OuterRef("episode_since"),
        error_code__isnull=True,
    )
    # Of a company of several databases, that of another may be whole: there the alert's own end counts.
    partial = Q(cause__startswith=Kind.MISSING_COPY.value, company__companystate__several=NO)
    given = Acknowledgement.objects.all() if only is None else Acknowledgement.objects.filter(cause=only.key)
    rows = given.annotate(last=F("company__companystate__last_success_id"), several=F("company__companystate__several"))
    databases = DatabaseState.objects.filter(company__in=given.values("company"))
    marks = {(state.company_id, episode_of(state)) for state in databases}
    ended = set(given.filter(partial & Exists(whole)).values_list("pk", flat=True))
    for row in rows:
        alert = shown.get((row.company_id, row.cause))
        parts = {(row.company_id, part) for part in row.episode.split("+")}
        unchanged = row.episode == episode(vars(row)["last"]) or parts <= marks
        if row.pk not in ended and _holds(row, alert, now, unchanged=unchanged):
            kept[row.company_id, row.cause] = row
        else:
            over.append(row.pk)
    for start in range(0, len(over), _BATCH):
        Acknowledgement.objects.filter(pk__in=over[start : start + _BATCH]).delete()
    return kept


def acknowledge(user: Any, cause: Cause, alerts: Sequence[Alert], decision: Decision, now: datetime) -> int:
    """alerts: of this cause, as they stood when the person saw them. Returns how many."""
    rows = [
        Acknowledgement(
            company_id=alert.company_id,
            cause=cause.key,
            episode=alert.episode,
            episode_since=alert.since or now,
            who=user.get_username()[:150],
            at=now,
            silent_until=decision.silent_until,
            comment=decision.comment,
        )
        for alert in alerts
    ]
    with transaction.atomic():
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            companies = [row.company_id for row in batch]
            Acknowledgement.objects.filter(cause=cause.key, company_id__in=companies).delete()
            Acknowledgement.objects.bulk_create(batch, ignore_conflicts=True)
        if rows:
            until = f" · {date_format(decision.silent_until, 'SHORT_DATE_FORMAT')}" if decision.silent_until else ""
            detail = f"{_companies([alert.company_id for alert in alerts])}{until} · {decision.comment}"
            audit.record(user, audit.Action.ALERT_ACKNOWLEDGED, cause.key, detail)
    return len(rows)


def reopen(user: Any, cause: Cause, companies: Sequence[int]) -> int:
    """As if nobody had known of it. Returns how many there were."""
    with transaction.atomic():
        number = 0
        for start in range(0, len(companies), _BATCH):
            batch = companies[start : start + _BATCH]
            number += Acknowledgement.objects.filter(cause=cause.key, company_id__in=batch).delete()[0]
        if number:
            audit.record(user, audit.Action.ALERT_REOPENED, cause.key, _companies(companies))
    return number


def _holds(row: Acknowledgement, alert: Alert | None, now: datetime, *, unchanged: bool) -> bool:
    """unchanged: no success has come since, of the company or of the database that it was about."""
    cause = parse(row.cause)
    if cause is None or (row.silent_until is not None and row.silent_until <= now):
        return False
    if alert is not None and cause.kind is not Kind.MISSING_COPY:
        return covers(row.episode, alert.episode)
    if cause.kind.is_anomaly:
        return False
    # No alert of it just now: a backup is running, or another cause stands before it.
    if cause.kind is Kind.MISSING_COPY:
        return vars(row)["several"] != YES or alert is not None
    return unchanged


def _companies(identities: Sequence[int]) -> str:
    """`EMPRESA 3, 7, 12 (+40)`."""
    named = ", ".join(str(identity) for identity in identities[:_NAMED])
    more = f" (+{len(identities) - _NAMED})" if len(identities) > _NAMED else ""
    return f"EMPRESA {named}{more}"
