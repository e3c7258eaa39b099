"""The report as a CSV file for a spreadsheet: UTF-8 with a mark at the start, semicolons, decimal commas."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from dashboard.monitoring.models import CompanyState
from dashboard.monitoring.search import named
from dashboard.monitoring.spreadsheet import MARK, row
from dashboard.reports.months import CompanyMonth, months
from topcore.month import Span
from topcore.tables import YES

_CHUNK = 500  # companies to one query


def lines(span: Span, text: str, now: datetime) -> Iterator[str]:
    """Every active company, by name or CNPJ where `text` is not empty; read as it is sent."""
    yield MARK + row([
        _("Company"), _("CNPJ"), _("Month"), _("Successes"), _("Partial"), _("Proven by restore"), _("Failures"),
        _("Missed"), _("Bytes"), _("Largest gap (hours)"), _("Date in the future"),
    ])  # fmt: skip
    after = 0
    states = CompanyState.objects.filter(active=YES).select_related("company").defer("company__agendas")
    if text:
        states = named(states, "company__", text)
    while chunk := [state.company for state in states.filter(pk__gt=after).order_by("pk")[:_CHUNK]]:
        yield "".join(_of(found, span) for found in months(chunk, span, now))
        after = chunk[-1].pk


def _of(found: CompanyMonth, span: Span) -> str:
    month = found.month
    gap = "" if month.largest_gap is None else f"{month.largest_gap.total_seconds() / 3600:.1f}".replace(".", ",")
    missed = "" if month.missed is None else str(month.missed)
    return row([
        found.name, found.tax_id, f"{span.since:%m/%Y}", str(month.successes), str(month.partial),
        str(month.proven), str(month.failures), missed, str(month.size), gap, str(month.doubtful),
    ])  # fmt: skip
