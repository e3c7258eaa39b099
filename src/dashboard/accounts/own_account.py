"""One's own account: password, second factor, sessions, and how the site looks."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from dashboard.accounts import appearance as looks
from dashboard.accounts import people, second_factor, sessions
from dashboard.accounts.audit import Action, record
from dashboard.accounts.entrance import complaint
from dashboard.accounts.forms import Appearance, Code, OwnPassword, Proof
from dashboard.accounts.roles import Role, needs


@needs(Role.VIEWER)
@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _page(request)


@needs(Role.VIEWER)
@sensitive_post_parameters()
@never_cache
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """This session goes on; all others end."""
    user: Any = request.user
    form = OwnPassword(request.POST, user=user)
    if form.is_valid() and not _is_password(request, form.cleaned_data["senha_atual"]):
        form.add_error("senha_atual", _("This is not your current password."))
    if not form.is_valid():
        return _page(request, status=400, password=form)
    with transaction.atomic():
        people.give_password(user, user, form.cleaned_data["senha"], keep_session=request.session.session_key)
        update_session_auth_hash(request, user)
    messages.success(request, _("Your password is changed. Your other sessions have ended."))
    return redirect("conta")


@needs(Role.VIEWER)
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Everywhere but here."""
    with transaction.atomic():
        number = sessions.end_all(request.user, but=request.session.session_key)
        if number:
            record(request.user, Action.SESSIONS_ENDED, request.user.get_username(), str(number))
    messages.success(
        request,
        ngettext("%(number)d other session has ended.", "%(number)d other sessions have ended.", number)
        % {"number": number},
    )
    return redirect("conta")


@needs(Role.VIEWER)
@require_POST
def choose_appearance(request: HttpRequest) -> HttpResponse:
    """Theme and language, remembered in this browser."""
    form = Appearance(request.POST)
    if not form.is_valid():
        return _page(request, status=400, appearance=form)
    response = redirect("conta")
    looks.choose(response, form.cleaned_data["tema"], form.cleaned_data["idioma"])
    return response


@needs(Role.VIEWER)
@never_cache
@require_POST
def begin_second_factor(request: HttpRequest) -> HttpResponse:
    """A new key, to be read by the app."""
    if second_factor.device_of(request.user) is None:
        second_factor.begin(request.user)
    return redirect("segundo-fator")


@needs(Role.VIEWER)
@sensitive_post_parameters("codigo")
@never_cache
def confirm_second_factor(request: HttpRequest) -> HttpResponse:
    """The key, and the first code of the app; then the recovery codes, this once."""
    device = second_factor.pending(request.user)
    if device is None:
        return redirect("conta")
    form = Code(request.POST or None)
    if form.is_valid():
        codes = second_factor.confirm(request.user, form.cleaned_data["codigo"])
        if codes is not None:
            sessions.end_all(request.user, but=request.session.session_key)  # they came in without a code
            return render(request, "accounts/recovery_codes.html", {"codes": codes})
        form.add_error("codigo", _("The code is not right. Is the clock of the telephone right? Try the next code."))
    context = {"form": form, "key": second_factor.key_text(device)}
    return render(request, "accounts/second_factor.html", context, status=400 if form.is_bound else 200)


@needs(Role.VIEWER)
@never_cache
@require_safe
def second_factor_picture(request: HttpRequest) -> HttpResponse:
    """The key as a QR code, for as long as it is not confirmed."""
    device = second_factor.pending(request.user)
    if device is None:
        return HttpResponse(status=404)
    return HttpResponse(second_factor.picture(device), content_type="image/svg+xml")


@needs(Role.VIEWER)
@sensitive_post_parameters("prova")
@never_cache
@require_POST
def switch_off_second_factor(request: HttpRequest) -> HttpResponse:
    """Only for whoever has the password or a code: an open session alone is not enough."""
    form = _proven(request)
    if not form.is_valid():
        return _page(request, status=400, off=form)
    second_factor.switch_off(request.user, by=request.user)
    messages.success(request, _("The second factor is off: your password is enough to log in."))
    return redirect("conta")


@needs(Role.VIEWER)
@sensitive_post_parameters("prova")
@never_cache
@require_POST
def make_recovery_codes(request: HttpRequest) -> HttpResponse:
    """In the place of the old ones; shown this once."""
    if second_factor.device_of(request.user) is None:
        return redirect("conta")
    form = _proven(request)
    if not form.is_valid():
        return _page(request, status=400, off=form)
    return render(request, "accounts/recovery_codes.html", {"codes": second_factor.new_codes(request.user)})


def _proven(request: HttpRequest) -> Proof:
    """The form, with an error unless it holds the password or a code. Wrong passwords count towards the lock."""
    form = Proof(request.POST)
    if form.is_valid():
        verdict = second_factor.verify(request.user, form.cleaned_data["prova"])
        if not verdict.right and not _is_password(request, form.cleaned_data["prova"]):
            waits = verdict.wait_until is not None
            form.add_error("prova", complaint(verdict) if waits else _("This is neither your password nor a code."))
    return form


def _is_password(request: HttpRequest, password: str) -> bool:
    """By the same door as a login: with its count of wrong ones, and its lock."""
    return authenticate(request, username=request.user.get_username(), password=password) is not None


def _page(request: HttpRequest, status: int = 200, **forms: Any) -> HttpResponse:
    user: Any = request.user
    device = second_factor.device_of(user)
    context = {
        "password": OwnPassword(user=user),
        "off": Proof(),
        "appearance": Appearance(initial=Appearance.chosen(request)),
        "device": device,
        "codes_left": second_factor.codes_left(user) if device else 0,
        "sessions": sessions.others_of(user, request.session.session_key),
    }
    return render(request, "accounts/account.html", context | forms, status=status)
