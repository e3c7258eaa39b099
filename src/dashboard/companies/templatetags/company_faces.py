"""Template filters of the company page."""

from datetime import timedelta

from django import template
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from dashboard.companies.run_faces import duration_text
from topcore.agenda import Agenda, Weekday
from topcore.tables import NamingScheme

register = template.Library()
_LATE_NEWS = timedelta(hours=1)


@register.filter
def days_text(agenda: Agenda) -> str:
    """`every day`, `SEG TER QUA QUI SEX`, or that it is switched off."""
    if not agenda.days:
        return _("switched off: no day is marked")
    if len(agenda.days) == len(Weekday):
        return _("every day")
    return " ".join(day.name for day in sorted(agenda.days))


@register.filter
def naming_text(agenda: Agenda) -> str:
    """How the files are named, in words."""
    return {
        NamingScheme.VERSIONED: _("V: one file per backup"),
        NamingScheme.WEEKDAY: _("S: one file per weekday"),
        NamingScheme.SINGLE: _("U: one single file"),
    }[agenda.naming]


@register.filter
def delay_text(delay: timedelta) -> str:
    """How long after its start a run was told of; empty where that is as it should be."""
    return duration_text(delay) if delay > _LATE_NEWS else ""


@register.filter
def until(moment: object, now: object) -> str:
    """`in 3 hours`; empty for what is past."""
    if moment is None or moment <= now:  # type: ignore[operator] # both are datetimes; templates know no types
        return ""
    try:
        return _("in %(time)s") % {"time": timesince(now, moment, depth=1)}  # type: ignore[arg-type] # as above
    except (OverflowError, ValueError):  # the end of time
        return ""
