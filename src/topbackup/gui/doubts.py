"""What keeps `Protected` from being said although the last backup was a good one. Pure.

The card's rule looks at runs, each database's own. A person at the computer is told of what no run tells: a schedule
that is empty or partly rejected, a copy that never left the house, a file that was deleted just now.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from topbackup.gui.doubt import Doubt
from topbackup.gui.files_here import one_is_gone, out_of_sight
from topbackup.gui.state import View
from topbackup.gui.theme import Tone
from topbackup.gui.words import happened, instant, mend_of, rows_of, when
from topbackup.i18n import _

COPY_PATIENCE = timedelta(hours=24)  # a slow line may need a night; a day without the copy away needs a person


def doubt(view: View, now: datetime) -> Doubt | None:
    """The worst one; None: there is none. now: aware."""
    return one_is_gone(view, now) or _rejected_rows(view) or _no_schedule(view) or _missing_copy(view, now)


def missing_copies(view: View, now: datetime) -> list[str]:
    """A line for each copy that is out of sight, or that the last run still owes to a place away."""
    return out_of_sight(view, now) + [
        _("Copy at {name} missing since {when}.").format(name=name, when=when(since, now, view.zone))
        for name, since, _code, _message in _owed(view)
    ]


def _rejected_rows(view: View) -> Doubt | None:
    rejected = (view.status or {}).get("agendas_rejeitadas")
    if not isinstance(rejected, Mapping) or not rejected.get("quantas"):
        return None
    return Doubt(
        Tone.ATTENTION,
        _("Attention: rows of the agenda are rejected, and make no backup: {count}.").format(count=rejected["quantas"]),
        " · ".join(f"{row.get('id')}: {row.get('motivo')}" for row in rows_of(rejected.get("linhas"))[:3]),
        _("Correct them in the ERP's table AGENDA_BACKUP; the page Agendas shows each with its reason."),
    )


def _no_schedule(view: View) -> Doubt | None:
    if view.next_slot is not None or not view.agent:
        return None
    return Doubt(
        Tone.ATTENTION,
        _("Attention: no backup is scheduled."),
        _("No backup is scheduled: AGENDA_BACKUP has no valid row with a day."),
        _("Switch a row on in the ERP's table AGENDA_BACKUP, with a time and at least one day."),
    )


def _missing_copy(view: View, now: datetime) -> Doubt | None:
    for name, owed, code, message in _owed(view):
        since = _without_any_since(view, name, owed)
        if now - since < COPY_PATIENCE:
            continue
        _cause, mend, who = mend_of(code) if code else ("", "", "")
        return Doubt(
            Tone.ATTENTION,
            _("Attention: the copy away is missing since {when}.").format(when=when(since, now, view.zone)),
            f"{name}: {happened(code, message)}" if code else name,
            _("{mend} ({who} acts)").format(mend=mend, who=who) if mend else "",
            code,
        )
    return None


def _without_any_since(view: View, destination: str, since: datetime) -> datetime:
    """A newer backup takes an older one's place in the queue: what counts is when a copy last got there."""
    for run in view.runs:  # newest first
        for copy in rows_of(run.get("remotas")):
            if copy.get("destino") == destination:
                if copy.get("em") is not None:
                    return since
                since = min(since, instant(copy.get("desde")) or since)
    return since


def _owed(view: View) -> Iterator[tuple[str, datetime, str, str]]:
    """Destination, since when, code and message of each copy away of the last run that is not there."""
    last = (view.status or {}).get("ultimo")
    for copy in rows_of(last.get("remotas")) if isinstance(last, Mapping) else ():
        since = instant(copy.get("desde"))
        if copy.get("em") is None and since is not None:
            code, message = copy.get("codigo_erro"), copy.get("mensagem_erro")
            yield str(copy.get("destino")), since, str(code or ""), str(message or "")
