"""`/metrics` for Prometheus: open with TOPBACKUP_DASHBOARD_METRICS_TOKEN as bearer; without the variable, not there."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from dashboard.monitoring import queries
from dashboard.monitoring.models import CompanyState
from dashboard.operations import health, measures
from topcore.health import DEFAULT_LIMITS


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The site's own state, asked of the database now, and what was counted of its requests."""
    if not settings.METRICS_TOKEN:
        raise Http404
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not constant_time_compare(given.strip(), settings.METRICS_TOKEN):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    site = CollectorRegistry()
    site.register(_Site())
    text = generate_latest(site) + generate_latest(measures.registry())
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class _Site(Collector):
    """No company is counted where the evidence is not current: no number is better than an old one."""

    def describe(self) -> list[Metric]:
        """Nothing: registering it asks the database for nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        up = health.database_answers()
        yield GaugeMetricFamily("topbackup_database_up", "1: the database answers.", int(up))
        if not up:
            return
        current = health.migrated() and health.evidence_is_current()
        yield GaugeMetricFamily("topbackup_evidence_current", "1: the state of the companies is kept.", int(current))
        if not current:
            return
        try:
            yield from _companies()
        except DatabaseError:  # it went away in between
            return


def _companies() -> Iterator[Metric]:
    now = timezone.now()
    companies = GaugeMetricFamily("topbackup_companies", "Active companies by status, now.", labels=("status",))
    for status, number in queries.counters(now).items():
        companies.add_metric((status.value,), number)
    yield companies
    known = CompanyState.objects.filter(last_contact__lte=now + DEFAULT_LIMITS.clock_skew)  # no clock of the future
    newest = known.aggregate(newest=Max("last_contact"))["newest"]
    if newest is not None:
        age = (now - newest).total_seconds()
        yield GaugeMetricFamily("topbackup_newest_contact_age_seconds", "Since any agent was heard of.", age)
