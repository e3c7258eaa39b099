"""Coming in: user and password; then, for a login that has an app for it, the code. Nobody is logged in before that."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.accounts import lockout, second_factor
from dashboard.accounts.forms import Code

_WAITING = "segundo_passo"  # the session's key
_PATIENCE = 5 * 60  # seconds between the password and the code


@dataclass(frozen=True)
class _Waiting:
    """Who gave the right password and owes the code. proof: changes with the password; at: seconds since 1970."""

    user_id: int
    proof: str
    backend: str
    following: str
    at: float


class Entrance(LoginView):
    template_name = "dashboard/login.html"

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user: Any = form.get_user()
        if second_factor.device_of(user) is None:
            return super().form_valid(form)
        waiting = _Waiting(
            user.pk, user.get_session_auth_hash(), user.backend, self.get_success_url(), time.time()
        )  # fmt: skip
        self.request.session[_WAITING] = asdict(waiting)
        return redirect("entrar-codigo")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """no_login_yet: the page says how the first is created."""
        return super().get_context_data(**kwargs) | {"no_login_yet": not User.objects.exists()}


@login_not_required
@sensitive_post_parameters("codigo")
@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The code. A wrong one counts towards the lock of this login, and has to be waited for."""
    waiting = _waiting(request)
    user = None if waiting is None else _person(waiting)
    if waiting is None or user is None:
        request.session.pop(_WAITING, None)
        return redirect("entrar")
    if request.method == "GET":
        return render(request, "accounts/second_step.html", {"form": Code()})
    if lockout.is_locked(request, user.username):
        return lockout.locked(request, None, {"username": user.username})
    form = Code(request.POST)
    verdict = second_factor.verify(user, form.cleaned_data["codigo"]) if form.is_valid() else None
    if verdict is not None and verdict.right:
        login(request, user, waiting.backend)
        request.session.pop(_WAITING, None)
        return redirect(waiting.following)
    if verdict is not None and verdict.wait_until is None:
        lockout.count_failure(request, user.username)
    if verdict is not None:
        form.add_error("codigo", complaint(verdict))
    return render(request, "accounts/second_step.html", {"form": form}, status=400)


def complaint(verdict: second_factor.Verdict) -> str:
    """Why a code was not taken."""
    if verdict.wait_until is None:
        return _("The code is not right. Codes change every 30 seconds, and each can be used once.")
    return _("After a wrong code there is a pause. Wait a few seconds, then give the code that the app shows then.")


def _waiting(request: HttpRequest) -> _Waiting | None:
    stored = request.session.get(_WAITING)
    if stored is None:
        return None
    waiting = _Waiting(**stored)
    return waiting if 0 <= time.time() - waiting.at <= _PATIENCE else None


def _person(waiting: _Waiting) -> User | None:
    """As long as the login is active, and the password still the one that was given."""
    user = User.objects.filter(pk=waiting.user_id, is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), waiting.proof):
        return None
    return user
