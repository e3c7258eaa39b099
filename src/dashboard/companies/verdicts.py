"""What one row of LOG_BACKUPS amounts to: the rules of topcore/health.py for a single run, in words."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboard.monitoring.copies import NONE_LEFT
from dashboard.monitoring.run_facts import fact_of, is_refuted
from topcore.health import DEFAULT_LIMITS, RunFact
from topcore.tables import CardStatus, RunStatus


class Verdict(Enum):
    """DOUBTFUL: it says that it succeeded, and something about it cannot be true. LOST: its files were, afterwards."""

    DONE = "feito"
    INCOMPLETE = "incompleto"
    REFUTED = "reprovado"
    LOST = "perdido"
    FAILED = "falhou"
    INTERRUPTED = "interrompido"
    RUNNING = "executando"
    PENDING = "pendente"
    DOUBTFUL = "duvidoso"
    UNKNOWN = "desconhecido"

    @property
    def bad(self) -> bool:
        """Is there something that a person must know the cause of?"""
        return self in (Verdict.INCOMPLETE, Verdict.REFUTED, Verdict.LOST, Verdict.FAILED, Verdict.INTERRUPTED)


LABELS = {
    Verdict.DONE: _("Backup done"),
    Verdict.INCOMPLETE: _("Partly done"),
    Verdict.REFUTED: _("Test restore failed"),
    Verdict.LOST: _("Lost"),
    Verdict.FAILED: _("Failed"),
    Verdict.INTERRUPTED: _("Interrupted"),
    Verdict.RUNNING: _("Running"),
    Verdict.PENDING: _("Waiting"),
    Verdict.DOUBTFUL: _("Doubtful"),
    Verdict.UNKNOWN: _("Unknown state"),
}
# The colour and the sign that the panel gives to what is as grave.
TONES = {
    Verdict.DONE: CardStatus.OK,
    Verdict.INCOMPLETE: CardStatus.ATTENTION,
    Verdict.REFUTED: CardStatus.FAILED,
    Verdict.LOST: CardStatus.FAILED,
    Verdict.FAILED: CardStatus.FAILED,
    Verdict.INTERRUPTED: CardStatus.FAILED,
    Verdict.RUNNING: CardStatus.RUNNING,
    Verdict.PENDING: CardStatus.RUNNING,
    Verdict.DOUBTFUL: CardStatus.CHECK,
    Verdict.UNKNOWN: CardStatus.NO_DATA,
}


@dataclass(frozen=True)
class Told:
    """The columns that decide, as the database gave them: letters may be any, numbers may be text."""

    status: Any
    proof: Any
    error_code: Any
    size_bytes: Any
    started_at: datetime | None
    received_at: datetime | None
    next_due: datetime | None = None


def verdict(told: Told, now: datetime) -> Verdict:
    """now: aware."""
    if told.status not in list(RunStatus):
        return Verdict.UNKNOWN
    status = RunStatus(told.status)
    if status is RunStatus.FAILED:
        return Verdict.FAILED
    if status is RunStatus.SUCCEEDED:
        return _of_success(told, now)
    known = [moment for moment in (told.started_at, told.received_at) if moment is not None]
    if not known:
        return Verdict.UNKNOWN
    patience = DEFAULT_LIMITS.longest_run if status is RunStatus.RUNNING else DEFAULT_LIMITS.open_grace
    if min(known) <= now - patience:  # not the other way round: a date may be the last that there is
        return Verdict.INTERRUPTED
    return Verdict.RUNNING if status is RunStatus.RUNNING else Verdict.PENDING


def fact(told: Told) -> RunFact | None:
    """As topcore's type; None for what proves nothing: an unknown letter, or no start."""
    return fact_of(
        status=told.status,
        started_at=told.started_at,
        received_at=told.received_at,
        error_code=told.error_code,
        proven=told.proof,
        next_due=told.next_due,
        size_bytes=told.size_bytes,
    )


def _of_success(told: Told, now: datetime) -> Verdict:
    if is_refuted(told.proof):
        return Verdict.LOST if told.error_code == NONE_LEFT else Verdict.REFUTED
    made = fact(told)
    if made is None or not made.succeeded or made.started_at > now + DEFAULT_LIMITS.clock_skew:
        return Verdict.DOUBTFUL
    return Verdict.INCOMPLETE if made.partial else Verdict.DONE
