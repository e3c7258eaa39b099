"""The calendar's days in words: what a cell says to the eye, to a screen reader, and in the legend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from topcore.calendar import Day, Outcome, Slot

LABELS: dict[Outcome, Promise] = {
    Outcome.DONE: _("done on time"),
    Outcome.LATE: _("done late"),
    Outcome.INCOMPLETE: _("incomplete: a copy is missing"),
    Outcome.FAILED: _("failed"),
    Outcome.MISSED: _("missed: due, and nothing was done"),
    Outcome.UNCLEAR: _("not known of which database"),
    Outcome.OPEN: _("still to come"),
    Outcome.RAN: _("ran"),
    Outcome.NONE_DUE: _("nothing due"),
    Outcome.UNKNOWN: _("agenda not known, nothing ran"),
}
# Monday first. With texts of our own: Django's Portuguese says Sab, and everybody else Sáb.
WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
_ORDER = (
    *(Outcome.DONE, Outcome.LATE, Outcome.INCOMPLETE, Outcome.FAILED, Outcome.MISSED, Outcome.UNCLEAR),
    *(Outcome.OPEN, Outcome.RAN, Outcome.NONE_DUE, Outcome.UNKNOWN),
)


@dataclass(frozen=True)
class Cell:
    """A day that can be chosen. month: shown where a month begins. words: all that there is to say."""

    day: date
    outcome: str
    month: str
    words: str


@dataclass(frozen=True)
class LegendEntry:
    outcome: str
    label: Promise
    number: int


def cells(days: Sequence[Day]) -> list[Cell]:
    return [
        Cell(day.day, day.outcome.value, _month(day.day, first=place == 0), _words(day))
        for place, day in enumerate(days)
    ]


def legend(days: Iterable[Day]) -> list[LegendEntry]:
    """What occurs, and how often."""
    outcomes = [day.outcome for day in days]
    return [
        LegendEntry(outcome.value, LABELS[outcome], outcomes.count(outcome))
        for outcome in _ORDER
        if outcome in outcomes
    ]


def _month(day: date, *, first: bool) -> str:
    return date_format(day, "b") if first or day.day == 1 else ""


def _words(day: Day) -> str:
    parts = [f"{date_format(day.day, 'l')}, {date_format(day.day, 'SHORT_DATE_FORMAT')}: {LABELS[day.outcome]}"]
    parts += [_slot(slot) for slot in day.slots]
    if day.succeeded:
        parts.append(ngettext("%(number)d backup", "%(number)d backups", day.succeeded) % {"number": day.succeeded})
    if day.failed:
        parts.append(ngettext("%(number)d failure", "%(number)d failures", day.failed) % {"number": day.failed})
    return "; ".join(parts)


def _slot(slot: Slot) -> str:
    due = date_format(localtime(slot.at), "TIME_FORMAT")
    if slot.started_at is None:
        return gettext("due at %(due)s: %(outcome)s") % {"due": due, "outcome": LABELS[slot.outcome]}
    return gettext("due at %(due)s: %(outcome)s, began on %(began)s") % {
        "due": due,
        "outcome": LABELS[slot.outcome],
        "began": date_format(localtime(slot.started_at), "DAY_TIME_FORMAT"),
    }
