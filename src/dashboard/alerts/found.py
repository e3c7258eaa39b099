"""Every alert there is now, one a company and cause: read from the evidence, the anomalies and the versions.

Of a company of several databases the evidence is that of each (of_databases.py). Eleven queries, whatever the number
of companies. Only identities and instants are read: a page of names is looked up by who shows it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from dashboard.alerts.alert import Alert, episode, of_failure, owed_away
from dashboard.alerts.causes import Cause, Kind, of_code
from dashboard.alerts.models import FoundAnomaly
from dashboard.alerts.of_databases import OF_EVIDENCE, of_databases
from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import AppVersion, Company, CompanyState, Run
from dashboard.monitoring.verdict import with_status
from topcore import versions
from topcore.anomalies import Anomaly
from topcore.health import DEFAULT_LIMITS
from topcore.tables import NO, YES, CardStatus
from topcore.versions import Published, Standing

_NEW_COMPANY = timedelta(days=1)
_OF_AGENT = {Standing.FORBIDDEN: Kind.FORBIDDEN_AGENT, Standing.OUTDATED: Kind.OLD_AGENT}


def alerts(now: datetime, only: Kind | None = None) -> list[Alert]:
    """Of active companies, in no order. only: no more is read than this kind needs."""
    sources: tuple[tuple[Callable[[datetime], Iterator[Alert]], frozenset[Kind]], ...] = (
        (_failed, frozenset({Kind.FAILED, Kind.REFUTED, Kind.INTERRUPTED})),
        (_silent, frozenset({Kind.SILENT, Kind.AHEAD})),
        (_never, frozenset({Kind.NEVER})),
        (_partial, frozenset({Kind.MISSING_COPY})),
        (_missing_away, frozenset({Kind.MISSING_AWAY})),
        (of_databases, OF_EVIDENCE),
        (_anomalies, frozenset(map(Kind, Anomaly))),
        (_old_agents, frozenset(_OF_AGENT.values())),
    )
    wanted = [source for source, kinds in sources if only is None or only in kinds]
    return [alert for source in wanted for alert in source(now) if only is None or alert.cause.kind is only]


def published() -> list[Published]:
    """VERSAO_APP as far as the order of versions goes."""
    rows = AppVersion.objects.values_list("version", "mandatory")
    return [Published(shown(text), mandatory == YES) for text, mandatory in rows]


def _of_one(condition: Q) -> QuerySet[CompanyState]:
    """Active companies, all of whose runs are of one database."""
    return CompanyState.objects.filter(condition, active=YES, several=NO)


def _failed(now: datetime) -> Iterator[Alert]:
    failure = Run.objects.filter(pk=OuterRef("last_failure_id"))
    states = _of_one(with_status(CardStatus.FAILED, now)).annotate(
        code=Subquery(failure.values("error_code")[:1]), letter=Subquery(failure.values("status")[:1])
    )
    for state in states:
        yield of_failure(state, state.letter, state.code, now)


def _silent(now: datetime) -> Iterator[Alert]:
    rows = _of_one(with_status(CardStatus.CHECK, now))
    ahead = now + DEFAULT_LIMITS.clock_skew
    for identity, success, until, last in rows.values_list("pk", "last_success", "attention_until", "last_success_id"):
        if success is not None and success > ahead:
            yield Alert(identity, Cause(Kind.AHEAD), None, episode(last), last)
        else:
            yield Alert(identity, Cause(Kind.SILENT), until, episode(last), last)


def _never(now: datetime) -> Iterator[Alert]:
    old_enough = Q(company__registered_at__isnull=True) | Q(company__registered_at__lte=now - _NEW_COMPANY)
    rows = _of_one(with_status(CardStatus.NO_DATA, now) & old_enough)
    for identity, registered in rows.values_list("pk", "company__registered_at"):
        yield Alert(identity, Cause(Kind.NEVER), registered, episode(None))


def _partial(now: datetime) -> Iterator[Alert]:
    success = Run.objects.filter(pk=OuterRef("last_success_id"))
    rows = _of_one(with_status(CardStatus.ATTENTION, now) & Q(ok_until__isnull=True))
    rows = rows.annotate(code=Subquery(success.values("error_code")[:1]))
    for identity, since, code, last in rows.values_list("pk", "last_success", "code", "last_success_id"):
        yield Alert(identity, of_code(Kind.MISSING_COPY, shown(code)), since, episode(last), last)


def _missing_away(now: datetime) -> Iterator[Alert]:
    """A copy that is owed to a place away: once an attempt failed, or after a day."""
    marks = dict(_of_one(Q(last_success_id__isnull=False)).values_list("last_success_id", "pk"))
    owing = Run.objects.filter(
        pk__in=_of_one(Q(last_success_id__isnull=False)).values("last_success_id"), uploaded=NO, copies__isnull=False
    )
    for identity, text in owing.values_list("pk", "copies"):
        owed = owed_away(marks[identity], identity, text, now)
        if owed is not None:
            yield owed


def _anomalies(_now: datetime) -> Iterator[Alert]:
    rows = FoundAnomaly.objects.filter(company__companystate__active=YES, kind__in=list(Anomaly))
    for identity, company, kind, since, run in rows.values_list("pk", "company_id", "kind", "since", "run_id"):
        yield Alert(company, Cause(Kind(kind)), since, str(identity), run)


def _old_agents(_now: datetime) -> Iterator[Alert]:
    rows, known = published(), dict[str, Standing]()
    if not rows:
        return
    reported = Company.objects.filter(companystate__active=YES, agent_version__isnull=False)
    for identity, version in reported.values_list("pk", "agent_version"):
        text = shown(version)
        if text not in known:
            known[text] = versions.standing(text, rows)
        kind = _OF_AGENT.get(known[text])
        if kind is not None:
            yield Alert(identity, Cause(kind), None, text[:64])
