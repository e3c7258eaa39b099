"""What may be done to a login, and by whom it was done: each change and its record are one transaction.

One rule over all: there is always an administrator who can log in. Changes that could break it wait for each other.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from dashboard.accounts import lockout, second_factor, sessions
from dashboard.accounts.audit import Action, record
from dashboard.accounts.roles import Role, give, granted


class LastAdministrator(Exception):
    """It would leave nobody who may create or change a login."""


class NameIsTaken(Exception):
    """Another login has it, perhaps with other capitals."""


def is_taken(username: str) -> bool:
    """MySQL holds ana and Ana for one login, so that everywhere they are."""
    return User.objects.filter(Q(username=username) | Q(username__iexact=username)).exists()


def create(by: Any, username: str, role: Role, password: str) -> User:
    """Raises NameIsTaken."""
    if is_taken(username):
        raise NameIsTaken
    try:
        with transaction.atomic():
            user: User = get_user_model().objects.create_user(username, password=password)
            give(user, role)
            record(by, Action.LOGIN_CREATED, username, role.value)
    except IntegrityError:  # somebody else was quicker
        raise NameIsTaken from None
    return user


@transaction.atomic
def change_role(by: Any, user: User, role: Role) -> None:
    """Takes effect with the person's next request. Raises LastAdministrator."""
    before = granted(user)
    if before is role:
        return
    if role is not Role.ADMIN:
        require_another_administrator(user)
    user.is_superuser = False  # Django's own, above all roles: given by hand only, and taken with them
    user.save(update_fields=["is_superuser"])
    give(user, role)
    record(by, Action.LOGIN_CHANGED, user.username, f"{before.value if before else '—'} → {role.value}")


@transaction.atomic
def deactivate(by: Any, user: User) -> None:
    """At once: open sessions end too. Raises LastAdministrator."""
    require_another_administrator(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    sessions.end_all(user)
    record(by, Action.LOGIN_DISABLED, user.username)


@transaction.atomic
def reactivate(by: Any, user: User) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(by, Action.LOGIN_ENABLED, user.username)


@transaction.atomic
def give_password(by: Any, user: User, password: str, *, keep_session: str | None = None) -> None:
    """All sessions end that began with the old one, but the one that is named."""
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user, but=keep_session)
    record(by, Action.PASSWORD_CHANGED, user.username)


@transaction.atomic
def unlock(by: Any, user: User) -> None:
    """Wrong passwords and codes so far are forgotten."""
    lockout.unlock(user.username)
    second_factor.forget_failures(user)
    record(by, Action.LOGIN_UNLOCKED, user.username)


def administrators() -> QuerySet[User]:
    """Who may log in and change logins."""
    return User.objects.filter(Q(is_superuser=True) | Q(groups__name=Role.ADMIN.value), is_active=True).distinct()


def require_another_administrator(user: User) -> None:
    """Raises LastAdministrator. Inside a transaction: two who demote each other at the same moment do it in turn."""
    Group.objects.select_for_update().get_or_create(name=Role.ADMIN.value)
    if not administrators().exclude(pk=user.pk).exists() and administrators().filter(pk=user.pk).exists():
        raise LastAdministrator
