"""Who looks at the site in a test."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.test import Client

from dashboard.accounts.roles import Role, give

PASSWORD = "pão-de-queijo-77"


def person(role: Role | None, username: str = "ana", password: str | None = None) -> User:
    """A new login."""
    user: User = get_user_model().objects.create_user(username, password=password)
    if role is not None:
        give(user, role)
    return user


def log_in(client: Client, role: Role | None, username: str = "ana") -> None:
    """A new login of this role, without the form."""
    client.force_login(person(role, username), "django.contrib.auth.backends.ModelBackend")
