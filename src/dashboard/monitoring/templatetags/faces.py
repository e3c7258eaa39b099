"""Template filters and tags of the cards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from dashboard.monitoring import sparkline as drawing
from dashboard.monitoring.faces import LABELS, size_text
from topcore.tables import CardStatus

register = template.Library()
_PLAIN = timedelta(days=180)
_SECONDS_OF_A_MINUTE = 60


@register.filter
def label(status: CardStatus) -> str:
    """A status in words."""
    return str(LABELS[status])


@register.simple_tag
def moment(at: datetime, now: datetime) -> SafeString:
    """A <time> in words, which the script keeps up to date; the exact time beside it for who asks."""
    local = localtime(at)
    exact = date_format(local, "MOMENT_FORMAT")
    words = ago(at, now) or exact
    return format_html('<time datetime="{}" title="{}" data-ago>{}</time>', local.isoformat(), exact, words)


@register.filter
def ago(at: datetime, now: datetime) -> str:
    """`3 hours ago`; what lies ahead has no such words."""
    if at > now:
        return ""
    if (now - at).total_seconds() < _SECONDS_OF_A_MINUTE:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(at, now, depth=1)}


@register.filter
def short(at: datetime | None, now: datetime) -> str:
    """Day and time; the year too, where it is not plain which is meant."""
    if at is None:
        return "—"
    return date_format(localtime(at), "DAY_TIME_FORMAT" if abs(at - now) < _PLAIN else "SHORT_DATETIME_FORMAT")


@register.filter
def size(number: int | None) -> str:
    """Bytes in the reader's language; — where they are not known."""
    return size_text(number) or "—"


@register.filter
def number(count: int) -> str:
    """`12.345`, `12,345`."""
    return number_format(count, force_grouping=True)


@register.filter
def elapsed(since: datetime, now: datetime) -> str:
    """How long it runs: `12 min`, `1 h 05 min`."""
    minutes = max(0, int((now - since).total_seconds() // _SECONDS_OF_A_MINUTE))
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


@register.simple_tag
def sparkline(sizes: Sequence[int]) -> drawing.Sparkline | None:
    """The small line of a card's sizes."""
    return drawing.sparkline(sizes)
