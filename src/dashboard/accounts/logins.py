"""`usuarios/`: the administrators' pages about everybody's login."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django_otp.plugins.otp_totp.models import TOTPDevice

from dashboard.accounts import lockout, people, second_factor
from dashboard.accounts.forms import NewLogin, NewPassword, RoleOf
from dashboard.accounts.roles import LABELS, Role, granted, needs

_PAGE = 100
_LONGEST_NAME = 150


@dataclass(frozen=True)
class Line:
    """One login, as the list shows it."""

    user: User
    role: Promise | str
    second_factor: bool
    locked_until: datetime | None


@needs(Role.ADMIN)
@never_cache
@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """By name, a page at a time: `depois` is the last name of the page before. Five queries, however many there are."""
    after = request.GET.get("depois", "")
    if len(after) > _LONGEST_NAME or "\0" in after:
        return _bad(request, "depois")
    rows = list(User.objects.filter(username__gt=after).prefetch_related("groups").order_by("username")[: _PAGE + 1])
    context = {
        "lines": _lines(rows[:_PAGE]),
        "following": rows[_PAGE - 1].username if len(rows) > _PAGE else "",
        "first_page": not after,
    }
    return render(request, "accounts/logins.html", context)


@needs(Role.ADMIN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A login with a role and a first password."""
    form = NewLogin(request.POST or None)
    if form.is_valid():
        values = form.cleaned_data
        try:
            user = people.create(request.user, values["usuario"], Role(values["papel"]), values["senha"])
        except people.NameIsTaken:
            form.add_error("usuario", _("There is a login of this name already."))
        else:
            messages.success(request, _("The login %(user)s is created.") % {"user": user.username})
            return redirect("usuarios")
    return render(request, "accounts/new_login.html", {"form": form}, status=400 if form.is_bound else 200)


@needs(Role.ADMIN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, user_id: int) -> HttpResponse:
    """All that may be done to a login; `acao` says what."""
    user = get_object_or_404(User.objects.prefetch_related("groups"), pk=user_id)
    if request.method == "GET":
        return _page(request, user)
    deed = _DEEDS.get(request.POST.get("acao", ""))
    if deed is None:
        return _bad(request, "acao")
    try:
        outcome = deed(request, user)
    except people.LastAdministrator:
        messages.error(
            request,
            _("%(user)s is the last active administrator. Make somebody else one first.") % {"user": user.username},
        )
        return redirect("usuario", user.pk)
    if isinstance(outcome, HttpResponse):
        return outcome
    messages.success(request, outcome)
    return redirect("usuario", user.pk)


def _change_role(request: HttpRequest, user: User) -> str | HttpResponse:
    form = RoleOf(request.POST)
    if not form.is_valid():
        return _page(request, user, status=400, role=form)
    role = Role(form.cleaned_data["papel"])
    people.change_role(request.user, user, role)
    return _("%(user)s has the role “%(role)s”.") % {"user": user.username, "role": LABELS[role]}


def _give_password(request: HttpRequest, user: User) -> str | HttpResponse:
    form = NewPassword(request.POST, user=user)
    if not form.is_valid():
        return _page(request, user, status=400, password=form)
    people.give_password(request.user, user, form.cleaned_data["senha"])
    return _("%(user)s has a new password. Their sessions have ended.") % {"user": user.username}


def _deactivate(request: HttpRequest, user: User) -> str:
    people.deactivate(request.user, user)
    return _("%(user)s can no longer log in, from this moment.") % {"user": user.username}


def _reactivate(request: HttpRequest, user: User) -> str:
    people.reactivate(request.user, user)
    return _("%(user)s can log in again.") % {"user": user.username}


def _unlock(request: HttpRequest, user: User) -> str:
    people.unlock(request.user, user)
    return _("%(user)s may try to log in again at once.") % {"user": user.username}


def _switch_off_second_factor(request: HttpRequest, user: User) -> str:
    second_factor.switch_off(user, by=request.user)
    return _("The second factor of %(user)s is off.") % {"user": user.username}


_DEEDS: dict[str, Callable[[HttpRequest, User], str | HttpResponse]] = {
    "papel": _change_role,
    "senha": _give_password,
    "desativar": _deactivate,
    "reativar": _reactivate,
    "desbloquear": _unlock,
    "desligar-segundo-fator": _switch_off_second_factor,
}


def _page(request: HttpRequest, user: User, status: int = 200, **forms: Any) -> HttpResponse:
    role = granted(user)
    context = {
        "line": _lines([user])[0],
        "role": RoleOf(initial={"papel": role.value if role else Role.VIEWER.value}),
        "password": NewPassword(user=user),
        "is_self": user.pk == request.user.pk,
        "now": timezone.now(),
    }
    return render(request, "accounts/login_detail.html", context | forms, status=status)


def _lines(users: list[User]) -> list[Line]:
    locks = lockout.locks((user.username for user in users), timezone.now())
    with_app = set(TOTPDevice.objects.filter(user__in=users, confirmed=True).values_list("user_id", flat=True))
    return [
        Line(
            user,
            LABELS[role] if (role := granted(user)) else _("no role"),
            user.pk in with_app,
            locks.get(user.username),
        )
        for user in users
    ]


def _bad(request: HttpRequest, field: str) -> HttpResponse:
    message = _("The address is not right: “%(field)s”.") % {"field": field}
    return render(request, "dashboard/error.html", {"message": message}, status=400)
