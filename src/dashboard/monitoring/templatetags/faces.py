"""Template filters of the cards."""

from datetime import datetime, timedelta

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format, number_format
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
    return date_format(localtime(moment), "DAY_TIME_FORMAT" if abs(moment - now) < _PLAIN else "SHORT_DATE_FORMAT")


@register.filter
def size(number: int | None) -> str:
    """Bytes in the reader's language: `47,7 MB`, `47.7 MB`. TAMANHO_FORMATADO is Portuguese, as it is stored."""
    return "—" if number is None else filesizeformat(number)


@register.filter
def number(count: int) -> str:
    """`12.345`, `12,345`."""
    return number_format(count, force_grouping=True)
