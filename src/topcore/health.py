"""The status of a company, computed on read from evidence and now (design §4.4). The rule lives here and only here.

Time alone turns a card: a dead agent cannot stay green. What the customer's clock claims is held against the server's:
a run cannot have begun after it was reported, so its start is the earlier of DATA_INICIO and DATA_RECEBIDO.

Where an agent looks after several databases, a backup of one proves nothing of another: the rule is applied to each,
and `weakest` makes one evidence of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from topcore.tables import CardStatus, Proof, RunStatus


@dataclass(frozen=True)
class Limits:
    """How long things may take; all from design §4.4 and §4.6.

    run_timeout: BACKUP_TIMEOUT. open_grace: added to it before a run in E, and allowed to one in P, is interrupted.
    without_agenda: green after a success when no next slot is known. slot_allowance: green after a known next slot.
    attention: yellow after green. longest_gap: a next slot farther away than this (a weekly agenda, and a day) is a
    wrong clock's and is not believed. clock_skew: a success later than now by more than this proves nothing.
    """

    run_timeout: timedelta = timedelta(seconds=3600)
    open_grace: timedelta = timedelta(minutes=15)
    without_agenda: timedelta = timedelta(hours=24)
    slot_allowance: timedelta = timedelta(hours=1)
    attention: timedelta = timedelta(hours=24)
    longest_gap: timedelta = timedelta(days=8)
    clock_skew: timedelta = timedelta(minutes=15)

    @property
    def longest_run(self) -> timedelta:
        """After so much a run in E is interrupted."""
        return self.run_timeout + self.open_grace


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class RunFact:
    """One row of LOG_BACKUPS, as far as the status goes. All instants are aware.

    received_at: the server's clock when the row came. partial: STATUS S with a CODIGO_ERRO, a backup of which a copy is
    missing. size: bytes of the archive, as told; None where nobody told (agents of 1.0.x may not).
    """

    started_at: datetime
    received_at: datetime
    status: RunStatus
    partial: bool = False
    proof: Proof = Proof.NOT_TRIED
    next_due: datetime | None = None
    size: int | None = None

    @property
    def began(self) -> datetime:
        return min(self.started_at, self.received_at)

    @property
    def failed(self) -> bool:
        return self.status is RunStatus.FAILED or self.refuted

    @property
    def refuted(self) -> bool:
        return self.status is RunStatus.SUCCEEDED and self.proof is Proof.REFUTED

    @property
    def succeeded(self) -> bool:
        """A file without a byte is no backup, whatever its run says of itself."""
        without_a_byte = self.size is not None and self.size <= 0
        return self.status is RunStatus.SUCCEEDED and self.proof is not Proof.REFUTED and not without_a_byte


@dataclass(frozen=True)
class Deadlines:
    """ok_until: None for a partial success, which is never green. Stored as OK_ATE and ATENCAO_ATE."""

    ok_until: datetime | None
    attention_until: datetime


@dataclass(frozen=True)
class Evidence:
    """What EMPRESA_ESTADO holds of one company: starts of runs, and the deadlines of the last success.

    last_success, last_failure, running_since, pending_since: when the latest such run began. Never a stored status.
    newest_success: the same as last_success, but where several databases are seen as one.
    """

    last_success: datetime | None = None
    last_failure: datetime | None = None
    running_since: datetime | None = None
    pending_since: datetime | None = None
    deadlines: Deadlines | None = None
    newest_success: datetime | None = None


def deadlines(success: RunFact, limits: Limits = DEFAULT_LIMITS) -> Deadlines:
    """Until when a success keeps a card green, then yellow."""
    slot = believed_slot(success, limits)
    ok_until = success.began + limits.without_agenda if slot is None else slot + limits.slot_allowance
    return Deadlines(None if success.partial else ok_until, ok_until + limits.attention)


def believed_slot(run: RunFact, limits: Limits = DEFAULT_LIMITS) -> datetime | None:
    """The next slot that the run told; None where none was, or a wrong clock did.

    A clock that is ahead (the run began after it was reported) told that run's next slot, too.
    """
    clock_holds = run.started_at <= run.received_at + limits.clock_skew
    if clock_holds and run.next_due is not None and run.began < run.next_due <= run.began + limits.longest_gap:
        return run.next_due
    return None


def evidence(history: Iterable[RunFact], limits: Limits = DEFAULT_LIMITS) -> Evidence:
    """Fold a history in the order of its LOG_BACKUPS.ID: what the triggers keep incrementally.

    Of two successes that began in the same instant the later row counts.
    """
    result = Evidence()
    for run in history:
        result = _with(result, run, limits)
    return result


def _with(known: Evidence, run: RunFact, limits: Limits) -> Evidence:
    success, failure = known.last_success, known.last_failure
    running, pending, until = known.running_since, known.pending_since, known.deadlines
    if run.failed:
        failure = _later(failure, run.began)
    elif run.succeeded:
        if success is None or run.began >= success:
            success, until = run.began, deadlines(run, limits)
    elif run.status is RunStatus.RUNNING:
        running = _later(running, run.began)
    elif run.status is RunStatus.PENDING:
        pending = _later(pending, run.began)
    return Evidence(success, failure, running, pending, until, success)


def weakest(databases: Sequence[Evidence]) -> Evidence:
    """A company's databases as one, so that `status` of it is OK only where it is OK of each.

    Of a single one: itself. Of several: the success that lies longest back, none where one database has none; the
    earliest deadlines; and only failures and open runs that their own database's success has not followed.
    """
    if len(databases) == 1:
        return databases[0]
    successes = [each.last_success for each in databases]
    failures = [each.last_failure for each in databases if _not_before_success(each, each.last_failure)]
    running = [each.running_since for each in databases if _not_before_success(each, each.running_since)]
    pending = [each.pending_since for each in databases if _not_before_success(each, each.pending_since)]
    return Evidence(
        None if None in successes else min(filter(None, successes), default=None),
        max(filter(None, failures), default=None),
        max(filter(None, running), default=None),
        # The oldest: the longer one has waited, the surer it is that nobody will end it.
        min(filter(None, pending), default=None),
        _earliest([each.deadlines for each in databases]),
        max(filter(None, successes), default=None),
    )


def _earliest(deadlines: Sequence[Deadlines | None]) -> Deadlines | None:
    known = [each for each in deadlines if each is not None]
    if not known or len(known) < len(deadlines):
        return None
    green = [each.ok_until for each in known]
    return Deadlines(None if None in green else min(filter(None, green)), min(each.attention_until for each in known))


def status(known: Evidence, now: datetime, limits: Limits = DEFAULT_LIMITS) -> CardStatus:
    """The card's status at the instant `now` (aware). The first rule that holds wins."""
    began = known.running_since
    if began is not None and began <= now + limits.clock_skew and now < began + limits.longest_run:
        return CardStatus.RUNNING
    if has_failed(known, now, limits):
        return CardStatus.FAILED
    if known.last_success is None or known.deadlines is None:
        return CardStatus.NO_DATA
    if max(known.last_success, known.newest_success or known.last_success) > now + limits.clock_skew:
        return CardStatus.CHECK
    if known.deadlines.ok_until is not None and now <= known.deadlines.ok_until:
        return CardStatus.OK
    if now <= known.deadlines.attention_until:
        return CardStatus.ATTENTION
    return CardStatus.CHECK


def went_wrong(run: RunFact, now: datetime, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Is this run a failure at `now` (aware)? Failed, refuted, of a file without a byte, or left open for too long."""
    if run.status is RunStatus.RUNNING:
        return now >= run.began + limits.longest_run
    if run.status is RunStatus.PENDING:
        return now >= run.began + limits.open_grace
    return not run.succeeded


def has_failed(known: Evidence, now: datetime, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Did the last finished run fail, or was it interrupted? Begun in the same instant as a success: yes."""
    return any(
        _not_before_success(known, began) for began in (known.last_failure, interrupted_since(known, now, limits))
    )


def interrupted_since(known: Evidence, now: datetime, limits: Limits = DEFAULT_LIMITS) -> datetime | None:
    """When the run began that was left open for too long and that no success has followed; None if there is none.

    One that is said to begin in the future is of a clock that was wrong, and nobody ends it any more.
    """
    left_open = [
        began
        for began, limit in (
            (known.running_since, limits.longest_run),
            (known.pending_since, limits.open_grace),
        )
        if began is not None
        and (now >= began + limit or began > now + limits.clock_skew)
        and _not_before_success(known, began)
    ]
    return max(left_open, default=None)


def _not_before_success(known: Evidence, began: datetime | None) -> bool:
    return began is not None and (known.last_success is None or began >= known.last_success)


def _later(known: datetime | None, new: datetime) -> datetime:
    return new if known is None else max(known, new)
