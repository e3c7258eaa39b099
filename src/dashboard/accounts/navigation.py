"""The sections of the site that this login may see, for the top of every page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.accounts.roles import LABELS, Role, role_of


@dataclass(frozen=True)
class Section:
    """view: the name of its first page's address."""

    view: str
    label: Promise
    role: Role = Role.VIEWER


SECTIONS = (
    Section("painel", _("Panel")),
    Section("alertas", _("Alerts")),
    Section("relatorios", _("Reports")),
    Section("versoes", _("Versions")),
    Section("usuarios", _("Users"), Role.ADMIN),
    Section("auditoria", _("Changes"), Role.ADMIN),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """A context processor: `sections` (label, address, current) and `role`, in words. Nothing before the login."""
    user = getattr(request, "user", None)
    role = None if user is None else role_of(user)
    if role is None:
        return {"sections": (), "role": None, "role_label": ""}
    seen = [section for section in SECTIONS if role.covers(section.role)]
    return {
        "role": role.value,
        "role_label": LABELS[role],
        "sections": [
            {"label": section.label, "href": (href := reverse(section.view)), "current": _within(request.path, href)}
            for section in seen
        ],
    }


def _within(path: str, href: str) -> bool:
    return path == href if href == "/" else path.startswith(href)
