"""A run as the page shows it: one row of the history, one entry of the timeline."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.companies.verdicts import LABELS, TONES, Told, Verdict, fact, verdict
from dashboard.monitoring.cards import shown
from dashboard.monitoring.catalogue import Entry, entry
from dashboard.monitoring.copies import NONE_LEFT
from dashboard.monitoring.faces import size_text
from dashboard.monitoring.models import Run
from topcore.month import MonthRun
from topcore.tables import YES, Proof, RunStatus

LONGEST_PATH = 500
LONGEST_MESSAGE = 2000


@dataclass(frozen=True)
class RunFace:
    """All texts are in the user's language and of bearable length. entry: of the catalogue, where it knows the code."""

    id: int
    verdict: Verdict
    started_at: datetime | None
    ended_at: datetime | None
    duration: str
    size: str | None
    file_name: str
    source: str
    copies: tuple["Copy", ...]
    proof: str
    manual: bool
    error_code: str
    message: str
    entry: Entry | None
    received_at: datetime | None

    @property
    def label(self) -> Promise:
        return LABELS[self.verdict]

    @property
    def tone(self) -> str:
        return TONES[self.verdict].value


def told(run: Run) -> Told:
    return Told(
        run.status, run.proven, run.error_code, run.size_bytes, run.started_at, run.received_at, run.next_due
    )  # fmt: skip


def face(run: Run, message: Any, now: datetime) -> RunFace:
    """message: the beginning of MENSAGEM_ERRO."""
    code = shown(run.error_code)
    return RunFace(
        id=run.pk,
        verdict=verdict(told(run), now),
        started_at=run.started_at,
        ended_at=run.ended_at,
        duration=duration_text(duration(run.started_at, run.ended_at)),
        size=size_text(size(run.size_bytes)),
        file_name=shown(run.file_name),
        source=shown(run.source, LONGEST_PATH),
        copies=copies(run),
        proof=_proof(run, now),
        manual=run.manual == YES,
        error_code=code,
        message=shown(message, LONGEST_MESSAGE),
        entry=entry(code),
        received_at=run.received_at,
    )


@dataclass(frozen=True)
class Copy:
    """path: empty for the remote one, whose place the cloud is not told."""

    name: str
    path: str = ""


def copies(run: Run) -> tuple[Copy, ...]:
    """Where the backup was put. Empty for what did not succeed: its folders are only where it should have gone."""
    if run.status != RunStatus.SUCCEEDED:
        return ()
    found = [
        Copy(_("folder %(number)d") % {"number": number}, shown(path, LONGEST_PATH))
        for number, path in enumerate((run.destination_1, run.destination_2), 1)
        if path
    ]
    if run.uploaded == YES:
        found.append(Copy(_("remote")))
    return tuple(found)


def size(value: Any) -> int | None:
    """Bytes, where the column holds a possible number."""
    return value if isinstance(value, int) and value >= 0 else None


def duration(started_at: datetime | None, ended_at: datetime | None) -> timedelta | None:
    """None where one is missing, or the clock was set back in between."""
    if started_at is None or ended_at is None or ended_at < started_at:
        return None
    return ended_at - started_at


def duration_text(length: timedelta | None) -> str:
    """`42 s`, `7 min 5 s`, `3 h 20 min`, `2 days`."""
    if length is None:
        return ""
    seconds = round(length.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    if length < timedelta(days=2):
        return f"{seconds // 3600} h {seconds % 3600 // 60} min"
    return ngettext("%(number)d day", "%(number)d days", length.days) % {"number": length.days}


def _proof(run: Run, now: datetime) -> str:
    """As the report of the month counts it: a proof has a date that can be true."""
    if run.status != RunStatus.SUCCEEDED:
        return ""
    if run.proven == Proof.PROVEN:
        made = fact(told(run))
        true = made is not None and MonthRun(made, run.proven_at).proven(now)
        return _("restored and compared") if true else _("proof without a date that can be true")
    if isinstance(run.proven, str) and run.proven.upper() == Proof.REFUTED:
        return _("no good file is left") if run.error_code == NONE_LEFT else _("did not restore")
    return _("not tested")
