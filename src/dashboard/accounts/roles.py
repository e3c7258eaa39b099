"""What a login may do. A role contains those before it; a login without one sees nothing."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group
from django.utils.translation import gettext_lazy as _

_ATTRIBUTE = "needed_role"
_CACHED = "_topbackup_role"


class Role(StrEnum):
    """The values are the names of Django's groups."""

    VIEWER = "leitor"
    SUPPORT = "suporte"
    ADMIN = "administrador"

    def covers(self, needed: "Role") -> bool:
        """May this role do what `needed` may?"""
        order = list(Role)
        return order.index(self) >= order.index(needed)


LABELS = {
    Role.VIEWER: _("Viewer"),
    Role.SUPPORT: _("Support"),
    Role.ADMIN: _("Administrator"),
}


def needs[View: Callable[..., Any]](role: Role) -> Callable[[View], View]:
    """Mark a view as open to this role and those above. A view that is not marked is for administrators."""

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, role)
        return view

    return mark


def needed_by(view: Callable[..., Any]) -> Role:
    """The least role that may see it."""
    role: Role = getattr(view, _ATTRIBUTE, Role.ADMIN)
    return role


def role_of(user: AbstractBaseUser | AnonymousUser) -> Role | None:
    """The highest that it has; asked of the database once a request."""
    if not user.is_authenticated or not user.is_active:
        return None
    if not hasattr(user, _CACHED):
        setattr(user, _CACHED, granted(user))
    found: Role | None = getattr(user, _CACHED)
    return found


def give(user: Any, role: Role) -> None:
    """This role and no other."""
    user.groups.set([Group.objects.get_or_create(name=role.value)[0]])
    setattr(user, _CACHED, role)


def granted(user: Any) -> Role | None:
    """The highest that it was given, also while it is deactivated, and may do nothing."""
    if user.is_superuser:
        return Role.ADMIN
    names = {group.name for group in user.groups.all()}
    return next((role for role in reversed(Role) if role.value in names), None)
