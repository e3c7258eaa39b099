"""What the alerts' pages show: groups by cause, in one of three lists, and one group's companies."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.alerts.acknowledgements import current
from dashboard.alerts.alert import Alert
from dashboard.alerts.causes import MENDS, TITLES, Cause, Kind
from dashboard.alerts.details import detail
from dashboard.alerts.found import alerts
from dashboard.alerts.models import Acknowledgement, FoundAnomaly
from dashboard.monitoring.cards import shown
from dashboard.monitoring.catalogue import entry
from dashboard.monitoring.freshness import require_current_evidence
from dashboard.monitoring.models import Company, Run
from topcore.tables import CardStatus

ROWS = 50
_LONGEST_TITLE = 140


class Shelf(StrEnum):
    """In which list an alert stands; the values are those of `lista` in addresses."""

    OPEN = "abertos"
    KNOWN = "cientes"
    SILENCED = "silenciados"


SHELF_LABELS: dict[Shelf, Promise] = {
    Shelf.OPEN: _("Open"),
    Shelf.KNOWN: _("Acknowledged"),
    Shelf.SILENCED: _("Silenced"),
}


@dataclass(frozen=True)
class Group:
    """One cause. members: the longest first. act: who must act."""

    cause: Cause
    title: str
    mend: str
    act: str
    members: tuple[Alert, ...]

    @property
    def since(self) -> datetime | None:
        """Of the one that it has lasted longest for, as far as is known."""
        return min((alert.since for alert in self.members if alert.since is not None), default=None)

    @property
    def tone(self) -> CardStatus:
        return self.cause.kind.tone


@dataclass(frozen=True)
class Row:
    """One company in a group."""

    alert: Alert
    name: str
    tax_id: str
    detail: str
    known: Acknowledgement | None


@dataclass(frozen=True)
class Alarms:
    """All alerts at one instant, and who knows of which."""

    now: datetime
    all: list[Alert]
    known: dict[tuple[int, str], Acknowledgement]

    def shelf(self, alert: Alert) -> Shelf:
        """The list of an alert."""
        known = self.known.get((alert.company_id, alert.cause.key))
        if known is None:
            return Shelf.OPEN
        return Shelf.KNOWN if known.silent_until is None else Shelf.SILENCED

    def numbers(self) -> dict[Shelf, int]:
        """How many alerts each list has."""
        counted = Counter(map(self.shelf, self.all))
        return {shelf: counted[shelf] for shelf in Shelf}

    def of(self, cause: Cause, shelf: Shelf) -> list[Alert]:
        """The alerts of one cause in one list, the longest first."""
        return _longest_first(alert for alert in self.all if alert.cause == cause and self.shelf(alert) is shelf)


def alarms(now: datetime, only: Cause | None = None) -> Alarms:
    """Read all of it, or all of one cause. Raises StaleEvidence."""
    require_current_evidence(now)
    found = alerts(now) if only is None else [each for each in alerts(now, only.kind) if each.cause == only]
    return Alarms(now, found, current(found, now, only))


def groups(found: Alarms, shelf: Shelf) -> list[Group]:
    """By cause, the gravest kind first, and within a kind the one with most companies. One query."""
    members: dict[Cause, list[Alert]] = {}
    for alert in found.all:
        if found.shelf(alert) is shelf:
            members.setdefault(alert.cause, []).append(alert)
    by_cause = {cause: _longest_first(those) for cause, those in members.items()}
    examples = _examples(by_cause)
    kinds = list(Kind)
    order = sorted(by_cause, key=lambda cause: (kinds.index(cause.kind), -len(by_cause[cause]), cause.code))
    return [_group(cause, by_cause[cause], examples.get(cause, "")) for cause in order]


def group(found: Alarms, cause: Cause, shelf: Shelf) -> Group:
    """One of them; it may be empty."""
    members = found.of(cause, shelf)
    return _group(cause, members, _examples({cause: members}).get(cause, ""))


def rows(found: Alarms, members: Iterable[Alert]) -> list[Row]:
    """Three queries, for the names, the runs and the anomalies of a page of companies."""
    chosen = list(members)
    companies = Company.objects.defer("agendas").in_bulk([alert.company_id for alert in chosen])
    runs = Run.objects.in_bulk([alert.run_id for alert in chosen if alert.run_id])
    odd = FoundAnomaly.objects.filter(company_id__in=companies, kind__in={alert.cause.kind.value for alert in chosen})
    anomalies = {(found_here.company_id, found_here.kind): found_here for found_here in odd}
    return [
        Row(
            alert,
            shown(company.trade_name) or shown(company.legal_name) or shown(company.tax_id),
            shown(company.tax_id),
            detail(
                alert,
                company,
                runs.get(alert.run_id or 0),
                anomalies.get((alert.company_id, alert.cause.kind.value)),
            ),
            found.known.get((alert.company_id, alert.cause.key)),
        )
        for alert in chosen
        if (company := companies.get(alert.company_id)) is not None
    ]


def _group(cause: Cause, members: list[Alert], example: str) -> Group:
    told = entry(cause.code) if cause.code else None
    title, mend, act = str(TITLES[cause.kind]), str(MENDS[cause.kind]), str(_("support"))
    if told is not None:
        title, mend, act = told.sentence, told.mend, told.act
    elif cause.code and example:
        title = example if len(example) <= _LONGEST_TITLE else f"{example[: _LONGEST_TITLE - 1]}…"
    elif cause.code:
        title = cause.code
    if cause.code and cause.kind is Kind.MISSING_COPY:
        title = str(_("A copy is missing: %(reason)s") % {"reason": title})
    return Group(cause, title, mend, act, tuple(members))


def _examples(members: dict[Cause, list[Alert]]) -> dict[Cause, str]:
    """Of each cause with a code that the catalogue does not know, what one of the agents said."""
    named = {
        cause: those[-1].run_id
        for cause, those in members.items()
        if cause.code and those and those[-1].run_id is not None and entry(cause.code) is None
    }
    runs = Run.objects.in_bulk([identity for identity in named.values() if identity is not None])
    return {cause: shown(runs[identity].error_message) for cause, identity in named.items() if identity in runs}


def _longest_first(those: Iterable[Alert]) -> list[Alert]:
    return sorted(
        those,
        key=lambda alert: (alert.since is None, alert.since.timestamp() if alert.since else 0.0, alert.company_id),
    )
