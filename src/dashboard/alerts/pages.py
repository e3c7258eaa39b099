"""The page of alerts, one group of it, and what may be done about them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dashboard.accounts.roles import Role, needs, role_of
from dashboard.alerts.acknowledgements import acknowledge, reopen
from dashboard.alerts.alert import Alert
from dashboard.alerts.analysis import PER_PAGE, analyse_some, waiting
from dashboard.alerts.board import ROWS, SHELF_LABELS, Alarms, Shelf, alarms, group, groups, rows
from dashboard.alerts.causes import Cause, parse
from dashboard.alerts.forms import DecisionForm
from dashboard.asked import names_bad_parameters, page_of
from dashboard.monitoring.parameters import BadParameter

_LONGEST_LIST = 2_000_000  # characters: a hundred thousand companies
_ALL = "todas"


@needs(Role.VIEWER)
@require_safe
@never_cache
@names_bad_parameters
def overview(request: HttpRequest) -> HttpResponse:
    """All groups of one list."""
    shelf, now = _shelf(request.GET), timezone.now()
    analyse_some(now, PER_PAGE)
    found = alarms(now)
    context = {
        "now": now,
        "shelf": shelf,
        "shelves": _shelves(found, shelf),
        "groups": groups(found, shelf),
        "waiting": waiting(),
    }
    return render(request, "alerts/overview.html", context)


@needs(Role.VIEWER)
@require_safe
@never_cache
@names_bad_parameters
def companies(request: HttpRequest) -> HttpResponse:
    """The companies of one group: a fragment for htmx, a page for everybody else."""
    cause, shelf = _cause(request.GET), _shelf(request.GET)
    found = alarms(timezone.now(), cause)
    form = DecisionForm(now=found.now)
    return _group_page(request, found, cause, shelf, form, number=page_of(request))


@needs(Role.SUPPORT)
@require_POST
@names_bad_parameters
def know(request: HttpRequest) -> HttpResponse:
    """Acknowledge: the companies that are ticked, or all of the group as the person saw it."""
    cause = _cause(request.POST)
    found = alarms(timezone.now(), cause)
    form = DecisionForm(request.POST, now=found.now)
    chosen = _chosen(request.POST, found.of(cause, Shelf.OPEN))
    if not chosen:
        form.add_error(None, _("Tick at least one company. Those that are no longer in the group cannot be chosen."))
    if not form.is_valid():
        return _group_page(request, found, cause, Shelf.OPEN, form, status=400)
    number = acknowledge(request.user, cause, chosen, form.decision(), found.now)
    said = ngettext(
        "Acknowledged at %(number)d company. Its card stays as it is.",
        "Acknowledged at %(number)d companies. Their cards stay as they are.",
        number,
    )
    messages.success(request, said % {"number": number})
    return redirect("alertas")


@needs(Role.SUPPORT)
@require_POST
@names_bad_parameters
def open_again(request: HttpRequest) -> HttpResponse:
    """Take acknowledgements back."""
    cause, shelf = _cause(request.POST), _shelf(request.POST)
    found = alarms(timezone.now(), cause)
    chosen = _chosen(request.POST, found.of(cause, shelf))
    number = reopen(request.user, cause, [alert.company_id for alert in chosen])
    if number:
        said = ngettext("Reopened at %(number)d company.", "Reopened at %(number)d companies.", number)
        messages.success(request, said % {"number": number})
    else:
        messages.warning(request, _("Nothing was reopened: tick at least one company."))
    return redirect(f"{reverse('alertas')}?lista={shelf.value}")


def _group_page(
    request: HttpRequest,
    found: Alarms,
    cause: Cause,
    shelf: Shelf,
    form: DecisionForm,
    *,
    number: int = 1,
    status: int = 200,
) -> HttpResponse:
    chosen = group(found, cause, shelf)
    page = Paginator(chosen.members, ROWS).get_page(number)
    role = role_of(request.user)
    context: dict[str, Any] = {
        "now": found.now,
        "group": chosen,
        "shelf": shelf,
        "shelf_label": SHELF_LABELS[shelf],
        "page": page,
        "rows": rows(found, page.object_list),
        "form": form,
        "may_act": role is not None and role.covers(Role.SUPPORT),
        "seen": ",".join(str(alert.company_id) for alert in chosen.members),
        "ticked": request.POST.getlist("empresa"),
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "alerts/companies.html" if fragment else "alerts/group.html", context, status=status)


def _shelves(found: Alarms, chosen: Shelf) -> list[dict[str, Any]]:
    numbers = found.numbers()
    return [
        {"value": shelf.value, "label": SHELF_LABELS[shelf], "number": numbers[shelf], "chosen": shelf is chosen}
        for shelf in Shelf
    ]


def _chosen(said: QueryDict, there: list[Alert]) -> list[Alert]:
    """Of the alerts that are there, those that were seen and meant."""
    seen = said.get("vistas", "")
    names = seen.split(",") if said.get("alcance") == _ALL and seen else said.getlist("empresa")
    if len(seen) > _LONGEST_LIST or not all(name.isascii() and name.isdigit() and len(name) <= 19 for name in names):
        raise BadParameter("empresa", "the ID of a company")
    meant = set(map(int, names))
    return [alert for alert in there if alert.company_id in meant]


def _cause(said: QueryDict) -> Cause:
    cause = parse(said.get("causa", ""))
    if cause is None:
        raise BadParameter("causa", "the key of a cause")
    return cause


def _shelf(said: QueryDict) -> Shelf:
    value = said.get("lista", Shelf.OPEN.value)
    if value not in list(Shelf):
        raise BadParameter("lista", f"one of {', '.join(Shelf)}")
    return Shelf(value)
