"""Parameters of an address, checked: a bad one is named on a page of its own, with 400, and never guessed at."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard.monitoring.parameters import LONGEST_SEARCH, BadParameter
from dashboard.monitoring.wall_time import CLOUD_ZONE
from topcore.month import Span

_LARGEST_PAGE, _FIRST_YEAR = 100_000, 2000


def names_bad_parameters[View: Callable[..., Any]](view: View) -> View:
    """A BadParameter that the view raises becomes a page with 400."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer: HttpResponseBase = view(request, *args, **kwargs)
        except BadParameter as bad:
            message = _("The address is not right: “%(field)s”.") % {"field": bad.field}
            return render(request, "dashboard/error.html", {"message": message}, status=400)
        return answer

    return answered  # type: ignore[return-value] # the same parameters and the same kind of answer


def text_of(request: HttpRequest, name: str = "busca") -> str:
    """A search."""
    text = _one_of(request, name).strip()
    if len(text) > LONGEST_SEARCH or "\0" in text:
        raise BadParameter(name, f"a text of at most {LONGEST_SEARCH} characters")
    return text


def page_of(request: HttpRequest) -> int:
    """The number of a page, from 1."""
    value = _one_of(request, "pagina", "1")
    if not (value.isascii() and value.isdigit() and len(value) <= 6 and 1 <= int(value) <= _LARGEST_PAGE):
        raise BadParameter("pagina", "a number from 1")
    return int(value)


def month_of(request: HttpRequest, now: datetime) -> Span:
    """`mes=2026-11`, in the cloud's zone; this month where nothing is said, and none that is still to come."""
    local = now.astimezone(CLOUD_ZONE)
    value = _one_of(request, "mes") or f"{local:%Y-%m}"
    year, _hyphen, month = value.partition("-")
    if not (len(value) == 7 and value.isascii() and year.isdigit() and month.isdigit()):
        raise BadParameter("mes", "a month as 2026-11")
    if not (_FIRST_YEAR <= int(year) <= local.year and 1 <= int(month) <= 12):
        raise BadParameter("mes", "a month as 2026-11")
    since = datetime(int(year), int(month), 1, tzinfo=CLOUD_ZONE)
    if since > now:
        raise BadParameter("mes", "a month that has begun")
    return Span(since, following_month(since))


def _one_of(request: HttpRequest, name: str, otherwise: str = "") -> str:
    """The parameter's value; of two nobody could say which was meant."""
    values = request.GET.getlist(name)
    if len(values) > 1:
        raise BadParameter(name, "once only")
    return values[0] if values else otherwise


def following_month(since: datetime) -> datetime:
    """The first instant of the month after the one that begins at `since`."""
    return since.replace(year=since.year + since.month // 12, month=since.month % 12 + 1)
