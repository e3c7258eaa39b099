"""Template filters of the reports."""

from datetime import timedelta

from django import template

from dashboard.measures import duration_text
from topcore.record import size_text

register = template.Library()


@register.filter
def size(number: int | None) -> str:
    """Bytes in words."""
    return size_text(number) or "—"


@register.filter
def lasted(duration: timedelta | None) -> str:
    """A stretch of time in words."""
    return "—" if duration is None else duration_text(int(duration.total_seconds()))
