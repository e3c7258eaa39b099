"""Template filters of the cards."""

from datetime import datetime

from django import template
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.monitoring.faces import LABELS
from topcore.tables import CardStatus

register = template.Library()


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
def copies(number: int) -> str:
    """`2 copies`."""
    return ngettext("%(number)d copy", "%(number)d copies", number) % {"number": number}
