"""Who looks at the site in a test."""

from django.contrib.auth import get_user_model
from django.test import Client

from dashboard.accounts.roles import Role, give


def log_in(client: Client, role: Role, username: str = "ana") -> None:
    """A new login of this role, without the form."""
    user = get_user_model().objects.create_user(username)
    give(user, role)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
