"""The panel, the same on a wall, and the fragment of both that is fetched again and again."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.accounts.roles import Role, needs
from dashboard.monitoring.board import Board, board
from dashboard.monitoring.faces import LABELS
from dashboard.monitoring.parameters import LARGEST_BOARD, LONGEST_SEARCH, BadParameter, Request, parse
from dashboard.monitoring.versions import version_of
from topcore.tables import CardStatus

WALL = "parede"
_NEEDS_ATTENTION = frozenset(CardStatus) - {CardStatus.RUNNING, CardStatus.OK}
_ON_A_WALL = 120  # more than fit on any: the script shows those that do, and the number of the others


@needs(Role.VIEWER)
@require_safe
@never_cache
def panel(request: HttpRequest) -> HttpResponse:
    """The panel; its fragment alone for htmx; with ?parede=1 for a wall."""
    part = request.headers.get("HX-Request") == "true"
    answer = _shown(request, part=part)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@needs(Role.VIEWER)
@require_safe
@never_cache
def fragment(request: HttpRequest) -> HttpResponse:
    """What of the panel may change, with an ETag: 304 where nothing that is shown has."""
    return _shown(request, part=True)


def _shown(request: HttpRequest, *, part: bool) -> HttpResponse:
    try:
        asked, wall = parse(request.GET, LARGEST_BOARD), _wall(request)
    except BadParameter as bad:
        message = _("The address is not right: “%(field)s”.") % {"field": bad.field}
        return render(request, "dashboard/error.html", {"message": message}, status=400)
    if wall:
        asked = replace(asked, wanted=replace(asked.wanted, statuses=_NEEDS_ATTENTION), limit=_ON_A_WALL)
    found = board(asked)
    etag = f'"{version_of(found.version, get_language(), request.GET.urlencode())}"'
    # A page has more than the board: only the fragment may be answered by "nothing new".
    unchanged = get_conditional_response(request, etag) if part else None
    if unchanged is not None:
        return unchanged
    context = _context(request, asked, found) | {"etag": etag}
    if wall:
        context["theme"] = "claro" if request.GET.get("tema") == "claro" else "escuro"
    room = "wall" if wall else "panel"
    answer = render(request, f"dashboard/{room}{'_part' if part else ''}.html", context)
    answer.headers["ETag"] = etag
    return answer


def _wall(request: HttpRequest) -> bool:
    value = request.GET.get(WALL, "")
    if value not in ("", "0", "1"):
        raise BadParameter(WALL, "0 or 1")
    return value == "1"


def _context(request: HttpRequest, asked: Request, found: Board) -> dict[str, Any]:
    chips = [_chip(request, status, found.counters[status], asked.wanted.statuses) for status in CardStatus]
    following = _query(request, depois=[found.following], limite=[]) if found.following else ""
    listed = len(found.cards)
    return {
        "board": found,
        "asked": asked,
        "listed": listed,
        "all_listed": not found.following and asked.after is None,
        "attention": sum(found.counters[status] for status in _NEEDS_ATTENTION),
        "longest_search": LONGEST_SEARCH,
        "filters": chips,
        "chips_version": version_of([(chip["number"], chip["query"]) for chip in chips]),
        "summary_version": version_of(found.total, listed, bool(following), request.GET.urlencode()),
        "going_version": version_of([backup.version for backup in found.running], found.more_running),
        "following": following,
        "first": _query(request, depois=[], limite=[]),
        "first_page": asked.after is None,
        "pager_version": version_of(following, asked.after),
    }


def _chip(request: HttpRequest, status: CardStatus, number: int, chosen: frozenset[CardStatus]) -> dict[str, Any]:
    """A counter that filters, beside those that are chosen already; a second click takes it away."""
    toggled = [each.value for each in CardStatus if each in chosen ^ {status}]
    return {
        "status": status.value,
        "label": LABELS[status],
        "number": number,
        "chosen": status in chosen,
        "query": _query(request, depois=[], limite=[], status=toggled),
    }


def _query(request: HttpRequest, **changes: list[str]) -> str:
    query = request.GET.copy()
    for name, values in changes.items():
        query.pop(name, None)
        if values:
            query.setlist(name, values)
    for name in [name for name in query if not any(query.getlist(name))]:
        del query[name]
    return query.urlencode()
