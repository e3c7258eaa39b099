"""A version to publish, and what may be changed of one that was: checked field by field."""

import base64
import binascii
import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.monitoring.models import AppVersion
from topcore import versions

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ED25519 = 64  # bytes of a signature
_LONGEST_CHANGELOG = 20_000
_REQUIRED = {"required": _("Fill this in.")}


class ChangeForm(forms.Form):
    """What agents read again at each look for updates."""

    changelog = forms.CharField(max_length=_LONGEST_CHANGELOG, error_messages=_REQUIRED)
    obrigatoria = forms.BooleanField(required=False)


class PublishForm(ChangeForm):
    """confirmar: publish though a later version is there already."""

    versao = forms.CharField(max_length=20, error_messages=_REQUIRED)
    url = forms.CharField(max_length=500, error_messages=_REQUIRED)
    sha256 = forms.CharField(max_length=100, error_messages=_REQUIRED)
    assinatura = forms.CharField(max_length=255, required=False)
    confirmar = forms.BooleanField(required=False)
    field_order = ("versao", "url", "sha256", "assinatura", "changelog", "obrigatoria", "confirmar")

    def clean_versao(self) -> str:
        text: str = self.cleaned_data["versao"]
        if versions.parse(text) is None:
            raise forms.ValidationError(_("Not a semantic version: three numbers, as 1.4.0, or 1.4.0-rc.1."))
        known = list(AppVersion.objects.values_list("version", flat=True))
        if text in known:
            raise forms.ValidationError(_("This version was published already. Change it in the list."))
        return text

    def clean_url(self) -> str:
        text: str = self.cleaned_data["url"]
        try:
            parts = urlsplit(text)
            _port = parts.port  # a bad one is told only when it is asked for
        except ValueError:
            raise forms.ValidationError(_("This is not an address.")) from None
        if parts.scheme != "https":
            raise forms.ValidationError(_("The address must begin with https://."))
        if not parts.hostname or parts.username is not None or re.search(r"[\s<>\"\\]", text):
            raise forms.ValidationError(_("This is not an address."))
        return text

    def clean_sha256(self) -> str:
        text = self.cleaned_data["sha256"].lower()
        if not _SHA256.fullmatch(text):
            raise forms.ValidationError(_("A SHA-256 has 64 characters from 0 to 9 and from a to f."))
        return str(text)

    def clean_assinatura(self) -> str:
        text: str = self.cleaned_data["assinatura"]
        if not text:
            return ""
        try:
            length = len(base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError):
            length = 0
        if length != _ED25519:
            raise forms.ValidationError(_("Not an Ed25519 signature: 64 bytes in base64, 88 characters."))
        return text

    def clean(self) -> dict[str, Any]:
        """Older than the latest: only when it is meant."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        text = said.get("versao")
        latest = versions.newest(AppVersion.objects.values_list("version", flat=True)) if text else None
        if text and latest and not said.get("confirmar"):
            mine, last = versions.parse(text), versions.parse(latest)
            if mine is not None and last is not None and mine <= last:
                self.add_error(
                    "confirmar",
                    _("%(latest)s is later than this version. Tick here if you mean it.") % {"latest": latest},
                )
        return said
