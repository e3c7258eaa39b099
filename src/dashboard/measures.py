"""Measures in words, for every room."""

from django.utils.translation import ngettext


def duration_text(seconds: int) -> str:
    """`2 h 05 min`, `12 min`, `40 s`; days for what is longer than two of them."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return ngettext("%(number)d day", "%(number)d days", hours // 24) % {"number": hours // 24}
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min" if minutes else f"{rest} s"
