"""The instant of a request, from one place: a test that asks about another instant puts its own here."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Aware, UTC."""
    return timezone.now()
