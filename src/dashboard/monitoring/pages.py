"""The page, its fragment that is fetched again and again, and what is shown when something is wrong."""

import sys
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.accounts.roles import Role, needs
from dashboard.monitoring.board import board
from dashboard.monitoring.faces import LABELS
from dashboard.monitoring.freshness import StaleEvidence
from dashboard.monitoring.parameters import LONGEST_SEARCH, BadParameter, parse
from topcore.tables import CardStatus


@needs(Role.VIEWER)
@require_safe
@never_cache
def panel(request: HttpRequest) -> HttpResponse:
    """The panel."""
    return _shown(request, "dashboard/panel.html")


@needs(Role.VIEWER)
@require_safe
@never_cache
def fragment(request: HttpRequest) -> HttpResponse:
    """Counters and cards alone, for the script of the panel."""
    return _shown(request, "dashboard/board.html")


@login_not_required
def went_wrong(request: HttpRequest) -> HttpResponse:
    """Any error: one sentence, no detail. What may pass by itself is 503, a defect is 500."""
    error = sys.exc_info()[1]
    status, message = 500, _("Something went wrong here. The people in charge find the cause in the log.")
    if isinstance(error, StaleEvidence):
        status, message = 503, _(
            "The state of the companies is not being updated, so no card is shown rather than an old one."
            " Run `topbackup-dashboard check --database default`: it says what to do."
        )  # fmt: skip
    elif isinstance(error, DatabaseError):
        status, message = 503, _("The database does not answer. Try again in a minute.")
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"erro": "indisponivel" if status == 503 else "interno", "mensagem": message}, status=status
        )
    # Without the request: its user may be what cannot be read.
    return render(None, "dashboard/error.html", {"message": message}, status=status)


def _shown(request: HttpRequest, template: str) -> HttpResponse:
    try:
        asked = parse(request.GET)
    except BadParameter as bad:
        return render(
            request,
            "dashboard/error.html",
            {"message": _("The address is not right: “%(field)s”.") % {"field": bad.field}},
            status=400,
        )
    found = board(asked)
    context: dict[str, Any] = {
        "board": found,
        "asked": asked,
        "longest_search": LONGEST_SEARCH,
        "filters": [_chip(request, status, found.counters[status], asked.wanted.statuses) for status in CardStatus],
        "following": _query(request, depois=found.following) if found.following else "",
        "first": _query(request, depois=""),
        "everything": _query(request, depois="", status=""),
        "first_page": asked.after is None,
        "current_query": request.GET.urlencode(),
    }
    return render(request, template, context)


def _chip(request: HttpRequest, status: CardStatus, number: int, chosen: frozenset[CardStatus]) -> dict[str, Any]:
    """A counter that filters; when it is chosen already, a click takes the filter away."""
    return {
        "status": status.value,
        "label": LABELS[status],
        "number": number,
        "chosen": status in chosen,
        "query": _query(request, depois="", status="" if chosen == {status} else status.value),
    }


def _query(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return query.urlencode()
