"""Template filters of the reports."""

from datetime import timedelta

from django import template

from dashboard.measures import duration_text

register = template.Library()


@register.filter
def lasted(duration: timedelta | None) -> str:
    """A stretch of time in words."""
    return "—" if duration is None else duration_text(int(duration.total_seconds()))
