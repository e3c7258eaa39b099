"""Why a card has its status, in one sentence, and since when. The status itself comes from topcore/health.py."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from topcore.health import DEFAULT_LIMITS, Evidence, interrupted_since
from topcore.sources import file_name
from topcore.tables import CardStatus


@dataclass(frozen=True)
class Known:
    """All that a sentence may need. refuted: the last failure is a restore that did not give the data back.

    lost: it is a backup whose files were found deleted or changed, and of which nothing else is left.

    database: which one all of this is about, where the company has several.
    """

    evidence: Evidence
    refuted: bool
    failure_message: str
    partial_message: str
    registered_at: datetime | None
    now: datetime
    database: str = ""
    lost: bool = False

    @property
    def interrupted(self) -> datetime | None:
        """When the run began that was left open, where it is what the card is about."""
        began, failure = interrupted_since(self.evidence, self.now), self.evidence.last_failure
        return began if began is not None and (failure is None or began > failure) else None

    @property
    def partial(self) -> bool:
        return self.evidence.deadlines is not None and self.evidence.deadlines.ok_until is None

    @property
    def ahead(self) -> bool:
        """Does the last success come from the future?"""
        success = self.evidence.last_success
        return success is not None and success > self.now + DEFAULT_LIMITS.clock_skew


def reason(status: CardStatus, known: Known) -> str:
    """One sentence for people; of several databases, with the name of the one that it is about."""
    sentence = _sentence(status, known)
    return f"{file_name(known.database)}: {sentence}" if known.database else sentence


def _sentence(status: CardStatus, known: Known) -> str:
    match status:
        case CardStatus.RUNNING:
            return _("A backup is running now.")
        case CardStatus.FAILED:
            return _failure(known)
        case CardStatus.NO_DATA if known.database:
            return _("No finished backup of this database has arrived yet.")
        case CardStatus.NO_DATA:
            return _("No finished backup has arrived from this company yet.")
        case CardStatus.CHECK:
            return _silence(known)
        case CardStatus.ATTENTION if known.partial:
            if known.partial_message:
                return _("The last backup is incomplete: %(message)s") % {"message": known.partial_message}
            return _("The last backup is incomplete: one of its copies is missing.")
        case CardStatus.ATTENTION:
            return _("The next backup is late: it was expected by %(when)s.") % {"when": _when(_ok_until(known))}
        case CardStatus.OK:
            return _("The last backup succeeded; the next is expected by %(when)s.") % {"when": _when(_ok_until(known))}


def since(status: CardStatus, known: Known) -> datetime | None:
    """From when on it has been so; None when that cannot be said."""
    match status:
        case CardStatus.RUNNING:
            return known.evidence.running_since
        case CardStatus.FAILED:
            return known.interrupted or known.evidence.last_failure
        case CardStatus.NO_DATA:
            return known.registered_at
        case CardStatus.CHECK:
            deadlines = known.evidence.deadlines
            return None if known.ahead or deadlines is None else deadlines.attention_until
        case CardStatus.ATTENTION:
            return known.evidence.last_success if known.partial else _ok_until(known)
        case CardStatus.OK:
            return known.evidence.last_success


def _failure(known: Known) -> str:
    if known.interrupted is not None:
        return _("The backup that began on %(when)s was interrupted: it never ended.") % {
            "when": _when(known.interrupted)
        }
    if known.lost:
        return _("No good file of the last backup is left: %(message)s") % {"message": known.failure_message}
    if known.refuted:
        return _("The test restore of the last backup failed: do not rely on that file.")
    if known.failure_message:
        return _("The last backup failed: %(message)s") % {"message": known.failure_message}
    return _("The last backup failed, and the agent did not say why.")


def _silence(known: Known) -> str:
    if known.ahead:
        return _("The clocks disagree: the last backup comes from the future, and proves nothing.")
    return _("No good backup since %(when)s: find out why.") % {"when": _when(known.evidence.last_success)}


def _ok_until(known: Known) -> datetime | None:
    return known.evidence.deadlines.ok_until if known.evidence.deadlines else None


def _when(moment: datetime | None) -> str:
    return "—" if moment is None else date_format(localtime(moment), "SHORT_DATETIME_FORMAT")
