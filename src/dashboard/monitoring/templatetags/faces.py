"""Template filters of the cards."""

from datetime import datetime, timedelta

from django import template
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from dashboard.monitoring.faces import LABELS
from topcore.tables import CardStatus

register = template.Library()
_PLAIN = timedelta(days=180)


@register.filter
def label(status: CardStatus) -> str:
    """A status in words."""
    return str(LABELS[status])


@register.filter
def ago(moment: datetime, now: datetime) -> str:
    """`3 hours ago`; what lies ahead has no such words."""
    if moment > now:
        return ""
    if (now - moment).total_seconds() < 60:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(moment, now, depth=1)}


@register.filter
def short(moment: datetime | None, now: datetime) -> str:
    """Day and time; the year too, where it is not plain which is meant."""
    if moment is None:
        return "—"
    return date_format(localtime(moment), "d/m H:i" if abs(moment - now) < _PLAIN else "d/m/Y")
