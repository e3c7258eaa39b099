"""A company's page and its history: what can be seen."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.accounts.roles import Role, needs, role_of
from dashboard.companies import charts, history, notes, parameters
from dashboard.companies.days import WEEKDAYS
from dashboard.companies.dossier import dossier, found, state_of
from dashboard.companies.export import MOST_ROWS, lines
from dashboard.companies.run_faces import face
from dashboard.companies.verdicts import LABELS, Verdict
from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Company
from dashboard.monitoring.parameters import BadParameter
from topcore.tables import RunStatus

_ROWS = 50
_MOST_SOURCES = 20
_STATUS_LABELS = {
    RunStatus.SUCCEEDED: LABELS[Verdict.DONE],
    RunStatus.FAILED: LABELS[Verdict.FAILED],
    RunStatus.RUNNING: LABELS[Verdict.RUNNING],
    RunStatus.PENDING: LABELS[Verdict.PENDING],
}


def of_a_company(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view is given the company; an unknown one is told in a sentence, and so is an address that is not right."""

    @wraps(view)
    def wrapped(request: HttpRequest, company_id: int, **more: Any) -> HttpResponseBase:
        company = found(company_id)
        if company is None:
            return said(request, _("There is no company with the number %(number)s.") % {"number": company_id}, 404)
        try:
            return view(request, company, **more)
        except BadParameter as bad:
            return said(request, _("The address is not right: “%(field)s”.") % {"field": bad.field}, 400)

    return wrapped


def said(request: HttpRequest, message: str, status: int) -> HttpResponse:
    return render(request, "dashboard/error.html", {"message": message}, status=status)


@needs(Role.VIEWER)
@require_safe
@never_cache
@of_a_company
def company_page(request: HttpRequest, company: Company) -> HttpResponse:
    """The company's page."""
    return shown_page(request, company)


def shown_page(request: HttpRequest, company: Company, *, draft: str = "", error: str = "") -> HttpResponse:
    """draft, error: a note that was not taken."""
    all_of_it = dossier(company, timezone.now())
    role = role_of(request.user)
    context = {
        "dossier": all_of_it,
        "card": all_of_it.card,
        "now": all_of_it.now,
        "chart": charts.for_script(all_of_it.points),
        "may_write": role is not None and role.covers(Role.SUPPORT),
        "notes": [(note, notes.may_strike(note, request.user)) for note in all_of_it.notes],
        "draft": draft,
        "error": error,
        "longest_note": notes.LONGEST,
        "most_notes": notes.SHOWN,
        "most_points": charts.MOST_POINTS,
        "weekdays": WEEKDAYS,
        "first_weekday": all_of_it.cells[0].day.weekday(),
    }
    return render(request, "companies/company.html", context, status=400 if error else 200)


@needs(Role.VIEWER)
@require_safe
@never_cache
@of_a_company
def history_page(request: HttpRequest, company: Company) -> HttpResponse:
    """The runs that the address asks for, newest first."""
    now, wanted, after = timezone.now(), parameters.wanted(request.GET), parameters.place(request.GET)
    rows = history.page(company.pk, wanted, after, _ROWS + 1, now)
    sources = history.sources(company.pk, now, _MOST_SOURCES)
    if wanted.source and wanted.source not in sources:
        sources.append(wanted.source)
    last = history.place_of(rows[_ROWS - 1]) if len(rows) > _ROWS else None
    context = {
        "company": company,
        "name": shown(company.trade_name) or shown(company.legal_name) or shown(company.tax_id),
        "active": state_of(company).active == "S",
        "runs": [face(run, getattr(run, "message", ""), now) for run in rows[:_ROWS]],
        "wanted": wanted,
        "sources": sources,
        "statuses": _STATUS_LABELS.items(),
        "filtered": bool(parameters.address(wanted)),
        "first": parameters.address(wanted) if after else "",
        "first_page": after is None,
        "following": parameters.address(wanted, depois=parameters.place_text(last)) if last else "",
        "csv": parameters.address(wanted),
        "most_rows": MOST_ROWS,
        "now": now,
    }
    return render(request, "companies/history.html", context)


@needs(Role.VIEWER)
@require_safe
@never_cache
@of_a_company
def history_csv(request: HttpRequest, company: Company) -> HttpResponseBase:
    """The same rows as a file, written as they are read."""
    now, wanted = timezone.now(), parameters.wanted(request.GET)
    rows = history.everything(company.pk, wanted, MOST_ROWS + 1, now)
    name = f"historico-{slugify(shown(company.tax_id, 30)) or company.pk}.csv"
    return StreamingHttpResponse(
        _in_blocks(lines(rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _in_blocks(texts: Iterator[str]) -> Iterator[str]:
    """A row is too little for a packet."""
    block: list[str] = []
    for text in texts:
        block.append(text)
        if len(block) == 200:
            yield "".join(block)
            block = []
    yield "".join(block)
