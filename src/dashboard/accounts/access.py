"""The door of every page: denied unless the view says that it is open, or names a role that this login has."""

from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard.accounts.roles import needed_by, role_of
from dashboard.monitoring.problem import problem


class RoleRequired(LoginRequiredMiddleware):
    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        denied: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        if denied is not None or not getattr(view_func, "login_required", True):
            return denied
        role = role_of(request.user)
        if role is not None and role.covers(needed_by(view_func)):
            return None
        message = _("Your login may not see or do this. An administrator can change that under “Users”.")
        if _by_program(request):
            return problem(403, "permissao", message)
        return render(request, "dashboard/error.html", {"message": message}, status=403)

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """401 for the endpoints of programs and of our own scripts, which could not follow a redirect."""
        if _by_program(request):
            return problem(401, "login", _("Log in first: there is no session, or it has ended."))
        return super().handle_no_permission(request, view_func)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """settings.CSRF_FAILURE_VIEW: a form without the token of this browser. reason: Django's, for its log alone."""
    message = _("This page was open for too long, or the form came from elsewhere. Load it again, and repeat.")
    if _by_program(request):
        return problem(403, "csrf", message)
    return render(None, "dashboard/error.html", {"message": message}, status=403)


def _by_program(request: HttpRequest) -> bool:
    return (
        request.path.startswith("/api/")
        or request.headers.get("X-Requested-With") == "fetch"
        or request.headers.get("HX-Request") == "true"
    )
