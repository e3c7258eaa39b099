"""What went wrong in the last 90 days, by cause: with the catalogue's words, or said to be unknown to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Left
from django.utils.functional import Promise

from dashboard.companies.review import Seen
from dashboard.companies.run_faces import LONGEST_MESSAGE
from dashboard.companies.verdicts import LABELS, TONES, Verdict
from dashboard.monitoring.cards import shown
from dashboard.monitoring.catalogue import Entry, entry
from dashboard.monitoring.models import Run
from topcore.sources import same_source, source_key

_MOST = 12
# What the dashboard itself found out, and no agent told: the catalogue's words for it.
_FOUND_OUT = {Verdict.INTERRUPTED: "TB-INTERROMPIDO", Verdict.REFUTED: "TB-PROVA-FALHOU"}


@dataclass(frozen=True)
class Cause:
    """verdict: of the latest. code: as the agent told it. entry: None where the catalogue does not know it.

    overcome: a good backup began after the latest, of each database that it befell.
    """

    verdict: Verdict
    code: str
    entry: Entry | None
    message: str
    times: int
    first: datetime
    last: datetime
    last_id: int
    overcome: bool

    @property
    def label(self) -> Promise:
        return LABELS[self.verdict]

    @property
    def tone(self) -> str:
        return TONES[self.verdict].value


def causes(seen: Sequence[Seen]) -> list[Cause]:
    """seen: newest first. The latest cause first. One query, for the messages."""
    grouped: dict[tuple[str, Verdict | None], list[Seen]] = {}
    for run in seen:
        if run.verdict.bad and run.told.started_at is not None:
            code = shown(run.told.error_code)
            grouped.setdefault((code, None if code else run.verdict), []).append(run)
    shown_here = list(grouped.items())[:_MOST]
    latest = [runs[0].id for _, runs in shown_here]
    messages = dict(
        Run.objects.filter(pk__in=latest)
        .annotate(message=Left("error_message", LONGEST_MESSAGE))
        .values_list("pk", "message")
    )
    good = [run for run in seen if run.verdict is Verdict.DONE]
    return [_cause(code, runs, messages.get(runs[0].id), good) for (code, _), runs in shown_here]


def _overcome(runs: Sequence[Seen], good: Sequence[Seen]) -> bool:
    """Both newest first. A success that names no database counts for any."""
    latest = {source_key(run.source): run for run in reversed(runs)}
    return all(_followed(failure, good) for failure in latest.values())


def _followed(failure: Seen, good: Sequence[Seen]) -> bool:
    last = next((run for run in good if not run.source or same_source(run.source, failure.source, frozenset())), None)
    if last is None or last.told.started_at is None or failure.told.started_at is None:
        return False
    return last.told.started_at > failure.told.started_at


def _cause(code: str, runs: list[Seen], message: object, good: Sequence[Seen]) -> Cause:
    newest, oldest = runs[0].told.started_at, runs[-1].told.started_at
    assert newest is not None
    assert oldest is not None
    known = code or _FOUND_OUT.get(runs[0].verdict, "")
    return Cause(
        verdict=runs[0].verdict,
        code=code,
        entry=entry(known),
        message=shown(message),
        times=len(runs),
        first=oldest,
        last=newest,
        last_id=runs[0].id,
        overcome=_overcome(runs, good),
    )
