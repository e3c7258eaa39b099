"""What is shown when something is wrong: one sentence for people, a problem document for programs."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard.environment import ALLOWED_HOSTS
from dashboard.monitoring.freshness import StaleEvidence
from dashboard.monitoring.problem import problem

_FOR_PROGRAMS = "/api/"


@login_not_required
def went_wrong(request: HttpRequest) -> HttpResponse:
    """Any error, without its details. What may pass by itself is 503, a defect is 500."""
    error = sys.exc_info()[1]
    status, message = 500, _("Something went wrong here. The people in charge find the cause in the log.")
    if isinstance(error, StaleEvidence):
        status, message = 503, _(
            "The state of the companies is not being updated, so no card is shown rather than an old one."
            " Run `topbackup-dashboard check --database default`: it says what to do."
        )  # fmt: skip
    elif isinstance(error, DatabaseError):
        status, message = 503, _("The database does not answer. Try again in a minute.")
    return _told(request, status, "indisponivel" if status == 503 else "interno", message)


@login_not_required
def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that nothing answers."""
    return _told(request, 404, "endereco", _("There is nothing at this address."))


@login_not_required
def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django refuses: by a name that the site does not go by, too long, malformed."""
    if isinstance(exception, DisallowedHost):
        message = _("The site does not go by this name. Its administrator can add it to %(variable)s.") % {
            "variable": ALLOWED_HOSTS
        }
    else:
        message = _("The site does not understand this request. Go back, load the page again, and repeat.")
    return _told(request, 400, "pedido", message)


def _told(request: HttpRequest, status: int, error: str, message: str) -> HttpResponse:
    if request.path.startswith(_FOR_PROGRAMS):
        return problem(status, error, message)
    # Without the request: its user may be what cannot be read.
    return render(None, "dashboard/error.html", {"message": message}, status=status)
