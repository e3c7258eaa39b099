"""The month on the screen, as CSV, and one company's as PDF."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.accounts.roles import Role, needs
from dashboard.asked import month_of, names_bad_parameters, text_of
from dashboard.monitoring import queries
from dashboard.monitoring.cards import cards
from dashboard.monitoring.freshness import require_current_evidence
from dashboard.monitoring.models import Company
from dashboard.monitoring.parameters import LONGEST_SEARCH, parse, token
from dashboard.monitoring.search import characters_of_tax_id
from dashboard.reports.document import document
from dashboard.reports.evidence import evidence
from dashboard.reports.months import months
from dashboard.reports.table import lines
from topcore.month import Span

PAGE = 50
_MONTHS_OFFERED = 13
_LARGEST_ID = 2**63 - 1


@needs(Role.VIEWER)
@require_safe
@never_cache
@names_bad_parameters
def overview(request: HttpRequest) -> HttpResponse:
    """Companies as the panel orders them, worst now first; on a page, the worst month first."""
    now = timezone.now()
    span, asked = month_of(request, now), parse(request.GET)
    require_current_evidence(now)
    states = queries.page(now, asked.wanted, asked.after, PAGE + 1)
    shown_states = states[:PAGE]
    found = months([state.company for state in shown_states], span, now)
    following = token(cards(shown_states[-1:], now)[0]) if len(states) > PAGE else ""
    context: dict[str, Any] = {
        "span": span,
        "months": _months(now, span),
        "rows": sorted(found, key=lambda row: row.month.badness),
        "any_doubtful": any(row.month.doubtful for row in found),
        "text": asked.wanted.text,
        "longest_search": LONGEST_SEARCH,
        "following": following,
        "first_page": asked.after is None,
        "mes": f"{span.since:%Y-%m}",
    }
    return render(request, "reports/overview.html", context)


@needs(Role.VIEWER)
@require_safe
@names_bad_parameters
def table(request: HttpRequest) -> HttpResponseBase:
    """All companies of the search as CSV, sent while it is read."""
    now = timezone.now()
    span = month_of(request, now)
    answer = StreamingHttpResponse(lines(span, text_of(request), now), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, f"backups-{span.since:%Y-%m}.csv")
    answer["Cache-Control"] = "no-store"
    return answer


@needs(Role.VIEWER)
@require_safe
@names_bad_parameters
def company_document(request: HttpRequest, company_id: int) -> HttpResponse:
    """One company's month as PDF."""
    now = timezone.now()
    span = month_of(request, now)
    company = get_object_or_404(Company, pk=min(company_id, _LARGEST_ID))
    content = document(evidence(company, span, now), now, request.get_host())
    owner = characters_of_tax_id(company.tax_id or "") or str(company.pk)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"backups-{owner}-{span.since:%Y-%m}.pdf")
    answer["Cache-Control"] = "no-store"
    return answer


def _months(now: datetime, chosen: Span) -> list[dict[str, Any]]:
    """This month and a year of those before it; and the one that is shown, however old."""
    since, offered = _month_of_instant(now), []
    for _ in range(_MONTHS_OFFERED):
        offered.append(since)
        since = _month_of_instant(since - timedelta(days=1))
    if chosen.since not in offered:
        offered.append(chosen.since)
    return [{"value": f"{first:%Y-%m}", "since": first, "chosen": first == chosen.since} for first in offered]


def _month_of_instant(moment: datetime) -> datetime:
    """The first instant of its month, in the cloud's zone."""
    return timezone.localtime(moment).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
