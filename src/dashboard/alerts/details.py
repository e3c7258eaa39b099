"""What an alert says about one company, in one sentence."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from dashboard.alerts.alert import Alert
from dashboard.alerts.causes import Kind
from dashboard.alerts.models import FoundAnomaly
from dashboard.measures import duration_text
from dashboard.monitoring.cards import shown
from dashboard.monitoring.faces import size_text
from dashboard.monitoring.models import Company, Run
from dashboard.monitoring.told_copies import told
from topcore.sources import file_name


def detail(alert: Alert, company: Company, run: Run | None, anomaly: FoundAnomaly | None) -> str:
    """run: the failed one, or the last good one; None where there is none. Empty where nothing more is known."""
    return ": ".join(filter(None, (file_name(shown(alert.database)), _detail(alert, company, run, anomaly))))


def _detail(alert: Alert, company: Company, run: Run | None, anomaly: FoundAnomaly | None) -> str:
    match alert.cause.kind:
        case Kind.FAILED | Kind.MISSING_COPY:
            return shown(run.error_message) if run else ""
        case Kind.MISSING_AWAY:
            said = told(run.copies) if run else None
            return (
                "; ".join(f"{shown(copy.destination)}: {shown(copy.message) or '—'}" for copy in said.missing)
                if said
                else ""
            )
        case Kind.REFUTED:
            return _("File: %(name)s") % {"name": shown(run.file_name)} if run else ""
        case Kind.SILENT | Kind.AHEAD:
            when = date_format(localtime(run.started_at), "SHORT_DATETIME_FORMAT") if run and run.started_at else "—"
            return _("Last good backup: %(when)s") % {"when": when}
        case Kind.OLD_AGENT | Kind.FORBIDDEN_AGENT:
            return _("Agent %(version)s") % {"version": shown(company.agent_version)}
        case _ if anomaly is not None:
            return _of_anomaly(alert.cause.kind, anomaly)
    return ""


def _of_anomaly(kind: Kind, found: FoundAnomaly) -> str:
    usual, value, place = found.usual or 0, found.found or 0, shown(found.place)
    match kind:
        case Kind.SIZE_FELL:
            return _("%(found)s, where %(usual)s was usual") % {"found": size_text(value), "usual": size_text(usual)}
        case Kind.SAME_SIZE:
            return _("%(found)s in the last %(number)d backups") % {"found": size_text(value), "number": usual}
        case Kind.SLOW:
            words = {"found": duration_text(value), "usual": duration_text(usual)}
            return _("%(found)s, where %(usual)s was usual") % words
        case Kind.CLOCK if value:
            return _("The clock is ahead by %(time)s") % {"time": duration_text(value)}
        case Kind.CLOCK:
            return _("A backup ended before it began")
        case Kind.SAME_PLACE:
            return _("Both copies go to %(place)s") % {"place": place}
    return ""
