"""How a person wants the site: theme and language, in two cookies that hold no more than that."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _

THEME_COOKIE = "topbackup_tema"
THEMES = {"": _("As the system has it"), "claro": _("Light"), "escuro": _("Dark")}
_YEAR = 365 * 24 * 3600


class ChosenLanguage:
    """Portuguese, unless the person chose another: a browser's own wish does not decide here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self._get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(request: HttpRequest) -> str:
    """A code of settings.LANGUAGES."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def appearance(request: HttpRequest) -> dict[str, Any]:
    """A context processor: `theme`, empty where the system decides."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return {"theme": chosen if chosen in THEMES else ""}


def choose(response: HttpResponseBase, theme: str, language: str) -> None:
    """Remember both for a year, in this browser."""
    for name, value in ((THEME_COOKIE, theme), (settings.LANGUAGE_COOKIE_NAME, language)):
        response.set_cookie(
            name, value, max_age=_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )
