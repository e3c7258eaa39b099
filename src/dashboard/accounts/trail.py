"""`auditoria/`: who changed what, the newest first."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.accounts.audit import LABELS, Action
from dashboard.accounts.models import AuditEntry
from dashboard.accounts.roles import Role, needs

_PAGE = 50
_LONGEST_NAME = 150
_LARGEST_ID = 2**63 - 1


class _Bad(ValueError):
    """The message is the parameter's name."""


@needs(Role.ADMIN)
@never_cache
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """quem, acao: filters; antes: the last entry of the page before. One query, along an index."""
    try:
        who, action, before = _who(request.GET), _action(request.GET), _before(request.GET)
    except _Bad as bad:
        message = _("The address is not right: “%(field)s”.") % {"field": bad}
        return render(request, "dashboard/error.html", {"message": message}, status=400)
    entries = AuditEntry.objects.order_by("-id")
    if who:
        entries = entries.filter(who=who)
    if action is not None:
        entries = entries.filter(action=action.value)
    if before is not None:
        entries = entries.filter(id__lt=before)
    rows = list(entries[: _PAGE + 1])
    context = {
        "entries": rows[:_PAGE],
        "who": who,
        "action": action,
        "actions": sorted(((one.value, str(LABELS[one])) for one in Action), key=lambda pair: pair[1]),
        "filtered": bool(who or action),
        "first": _query(who, action),
        "following": _query(who, action, rows[_PAGE - 1].pk) if len(rows) > _PAGE else "",
        "first_page": before is None,
    }
    return render(request, "accounts/trail.html", context)


def _who(query: QueryDict) -> str:
    who = query.get("quem", "").strip()
    if len(who) > _LONGEST_NAME or "\0" in who:
        raise _Bad("quem")
    return who


def _action(query: QueryDict) -> Action | None:
    value = query.get("acao", "")
    try:
        return Action(value) if value else None
    except ValueError:
        raise _Bad("acao") from None


def _before(query: QueryDict) -> int | None:
    value = query.get("antes", "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 19 and int(value) <= _LARGEST_ID):
        raise _Bad("antes")
    return int(value)


def _query(who: str, action: Action | None, before: int | None = None) -> str:
    query = QueryDict(mutable=True)
    for name, value in (("quem", who), ("acao", action.value if action else ""), ("antes", before)):
        if value:
            query[name] = str(value)
    return query.urlencode()
