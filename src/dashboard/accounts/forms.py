"""What people fill in about logins, checked."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.accounts import people
from dashboard.accounts.appearance import THEMES, appearance, language_of
from dashboard.accounts.roles import LABELS, Role

LONGEST_PASSWORD = 1000  # more is no password but a load
_LONGEST_CODE = 40


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        help_text=help_text,
    )


def _rules() -> str:
    """settings.AUTH_PASSWORD_VALIDATORS in one sentence."""
    return gettext(
        "At least %(length)d characters; not a common password, not only digits, and not like the user’s name."
    ) % {"length": settings.SHORTEST_PASSWORD}


_RULES = lazy(_rules, str)()  # in the language of the moment


class NewPassword(forms.Form):
    """senha: for this person, by the rules of settings.AUTH_PASSWORD_VALIDATORS."""

    senha = _password(_("New password"), "new-password", _RULES)
    senha_repetida = _password(_("New password, again"), "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, second = values.get("senha"), values.get("senha_repetida")
        if first and second and first != second:
            self.add_error("senha_repetida", gettext("The two passwords are not the same."))
        elif first:
            try:
                validate_password(first, self._user)
            except ValidationError as error:
                self.add_error("senha", error)
        return values


class OwnPassword(NewPassword):
    """senha_atual is proven by the view, which counts wrong ones."""

    senha_atual = _password(_("Current password"), "current-password")
    field_order = ("senha_atual", "senha", "senha_repetida")


class NewLogin(NewPassword):
    usuario = forms.CharField(
        label=_("User"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Letters, digits and @ . + - _ only. It cannot be changed later."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    papel = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, LABELS[role]) for role in Role], initial=Role.VIEWER.value
    )
    field_order = ("usuario", "papel", "senha", "senha_repetida")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=User(), **kwargs)

    def clean_usuario(self) -> str:
        username: str = self.cleaned_data["usuario"]
        if people.is_taken(username):
            raise ValidationError(gettext("There is a login of this name already."))
        self._user.username = username  # the password may not be like it
        return username


class RoleOf(forms.Form):
    papel = forms.ChoiceField(label=_("Role"), choices=[(role.value, LABELS[role]) for role in Role])


class Code(forms.Form):
    """codigo: of the app, or a recovery code."""

    codigo = forms.CharField(
        label=_("Code"),
        max_length=_LONGEST_CODE,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class Proof(forms.Form):
    """prova: the password or a code, before something is taken away."""

    prova = _password(_("Your password, or a code"), "current-password")


class Appearance(forms.Form):
    """tema, idioma."""

    tema = forms.ChoiceField(label=_("Theme"), choices=list(THEMES.items()), required=False, widget=forms.RadioSelect)
    idioma = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    @staticmethod
    def chosen(request: HttpRequest) -> dict[str, str]:
        return {"tema": appearance(request)["theme"], "idioma": language_of(request)}
