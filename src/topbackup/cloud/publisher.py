"""The publisher empties the outbox into the cloud, whenever the cloud answers. It never raises into a backup."""

import logging
import random as stdlib_random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

import pybreaker

from topbackup.circuit import Circuit
from topbackup.clock import SYSTEM_CLOCK, Clock
from topbackup.cloud.failures import RecordRefused
from topbackup.cloud.retry import Random, backoff_delay
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.problems import CLOUD_BREAKER_OPEN, INTERNAL
from topcore.record import Failure, OutboxEntry

if TYPE_CHECKING:
    from topbackup.cloud.store import CloudStore

logger = logging.getLogger(__name__)


class BreakerState(StrEnum):
    CLOSED = pybreaker.STATE_CLOSED
    OPEN = pybreaker.STATE_OPEN
    HALF_OPEN = pybreaker.STATE_HALF_OPEN


@dataclass(frozen=True)
class PublisherState:
    """failures: in a row. next_attempt_at: aware UTC; None when nothing has to be waited for."""

    breaker: BreakerState
    failures: int
    next_attempt_at: datetime | None


@dataclass(frozen=True)
class DrainResult:
    """sent: acknowledged in this drain. failure: why the rest waits; None when nothing went wrong.

    waiting: entries left in the outbox; None when they cannot be counted, which is not the same as none.
    """

    sent: int
    waiting: int | None
    failure: Failure | None = None


@dataclass(frozen=True)
class Patience:
    """How often and how soon to try again; seconds.

    attempts: of one record in one drain, with pauses of `backoff_delay(…, pause, longest_pause)` between them.
    trip_after: failures in a row until the breaker opens. It then rests for at least `shortest_rest`, longer with each
    attempt that fails after a rest, up to `longest_rest`.
    """

    attempts: int = 3
    pause: float = 1.0
    longest_pause: float = 30.0
    trip_after: int = 5
    shortest_rest: float = 5.0
    rest: float = 60.0
    longest_rest: float = 1800.0
    batch: int = 100


@dataclass
class _Progress:
    """How far a drain has come: up to which sequence, which runs were refused, how many entries it left behind."""

    last: int | None = None
    refused: set[UUID] = field(default_factory=set)
    left: int = 0
    failure: Failure | None = None


class Publisher:
    """Sends the outbox in its order, each entry acknowledged after the cloud has committed it.

    * Killed between the two, it sends the entry again: the cloud knows the run by its UUID, so it is there once.
    * The cloud does not answer, does not let us in, or was not migrated: the drain stops there, and order is kept.
    * The cloud refuses one record and takes others (RecordRefused): that entry keeps its place and is tried again in
      every drain, and so do the later entries of the same run, unsent; the other runs go on. Nothing is thrown away,
      nothing is sent twice, and within a run nothing overtakes. A refused run comes late once the cloud takes it.

    outbox: `pending(limit)` in the order of `sequence`, `acknowledge(sequence)`, `waiting()` how many are left. sleep:
    seconds. One drain at a time; safe to call from several threads.
    """

    def __init__(
        self,
        pending: Callable[[int], Sequence[OutboxEntry]],
        acknowledge: Callable[[int], None],
        waiting: Callable[[], int],
        open_store: "Callable[[], CloudStore]",
        *,
        clock: Clock = SYSTEM_CLOCK,
        random: Random = stdlib_random.random,
        sleep: Callable[[float], None] = time.sleep,
        patience: Patience | None = None,
    ) -> None:
        self._pending = pending
        self._acknowledge = acknowledge
        self._waiting = waiting
        self._open_store = open_store
        self._clock = clock
        self._random = random
        self._sleep = sleep
        self._patience = patience or Patience()
        self._draining = threading.Lock()
        self._circuit = Circuit(clock.monotonic)
        self._trips = 0
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=self._patience.trip_after,
            reset_timeout=self._patience.shortest_rest,
            exclude=[RecordRefused],  # the cloud answered: it is well
            state_storage=self._circuit,
            throw_new_error_on_trip=False,
        )

    @property
    def state(self) -> PublisherState:
        """What the breaker says now."""
        left = None
        if self._circuit.state == pybreaker.STATE_OPEN:
            seconds = max(0.0, self._breaker.reset_timeout - self._circuit.open_for())
            left = self._clock.now() + timedelta(seconds=seconds)
        return PublisherState(BreakerState(self._circuit.state), self._circuit.counter, left)

    def drain(self, first: "Callable[[CloudStore], None] | None" = None) -> DrainResult:
        """Send what can be sent, and say what is left. Never raises. While another one is on its way, does nothing.

        first: what to tell the cloud before the outbox, over the same connection and by the same rules.
        """
        if not self._draining.acquire(blocking=False):
            return DrainResult(0, self._count_waiting())
        sent = 0
        progress = _Progress()
        try:
            with _Sender(self._open_store) as sender:
                if first is not None:
                    self._introduce(first, sender, progress)
                while fresh := self._fresh(progress):
                    for entry in fresh:
                        sent += self._publish(entry, sender, progress)
                        progress.last = entry.sequence
        except TopBackupError as error:
            failure: Failure | None = error.failure()
        except pybreaker.CircuitBreakerError:
            failure = OperationFailed(CLOUD_BREAKER_OPEN).failure()
        except Exception:
            logger.exception("the publisher found an error of its own")
            failure = OperationFailed(INTERNAL).failure()
        else:
            failure = progress.failure
        finally:
            self._draining.release()
        result = DrainResult(sent, self._count_waiting(), failure)
        if failure is not None:
            logger.warning("sent %d, %s waiting: %s %s", result.sent, result.waiting, failure.code, failure.message)
        return result

    def _introduce(self, first: "Callable[[CloudStore], None]", sender: "_Sender", progress: _Progress) -> None:
        try:
            self._send(first, sender)
        except RecordRefused as refused:
            logger.warning("the company was not taken: %s", refused)
            progress.failure = refused.failure()

    def _fresh(self, progress: _Progress) -> list[OutboxEntry]:
        """The next entries that this drain has not met. Those left behind come on top, or they would fill the batch."""
        entries = self._pending(self._patience.batch + progress.left)
        return [entry for entry in entries if progress.last is None or entry.sequence > progress.last]

    def _publish(self, entry: OutboxEntry, sender: "_Sender", progress: _Progress) -> int:
        """1 when it was sent and acknowledged, 0 when it has to wait."""
        run_id = entry.record.run_id
        if run_id not in progress.refused:
            try:
                self._send(lambda store: store.save_run(entry.record), sender)
            except RecordRefused as refused:
                logger.warning("entry %d, run %s, stays in the outbox: %s", entry.sequence, run_id, refused)
                progress.failure = progress.failure or refused.failure()
                progress.refused.add(run_id)
        if run_id in progress.refused:
            progress.left += 1
            return 0
        self._acknowledge(entry.sequence)
        return 1

    def _send(self, work: "Callable[[CloudStore], None]", sender: "_Sender") -> None:
        attempt = 1
        while True:
            try:
                self._breaker.call(sender.send, work)
            except RecordRefused:
                raise
            except OperationFailed as error:
                if self._circuit.state == pybreaker.STATE_OPEN:
                    self._rest_longer()
                    raise
                if not error.retry or attempt >= self._patience.attempts:
                    raise
            else:
                self._trips = 0
                return
            self._sleep(backoff_delay(attempt, self._patience.pause, self._patience.longest_pause, self._random))
            attempt += 1

    def _rest_longer(self) -> None:
        self._trips += 1
        patience = self._patience
        delay = backoff_delay(self._trips, patience.rest, patience.longest_rest, self._random)
        self._breaker.reset_timeout = max(patience.shortest_rest, delay)

    def _count_waiting(self) -> int | None:
        try:
            return self._waiting()
        except Exception:
            logger.exception("the outbox cannot be counted")
            return None


class _Sender:
    """The store, opened at the first record and closed with the drain: an idle agent holds no connection."""

    def __init__(self, open_store: "Callable[[], CloudStore]") -> None:
        self._open_store = open_store
        self._store: CloudStore | None = None

    def send(self, work: "Callable[[CloudStore], None]") -> None:
        if self._store is None:
            self._store = self._open_store()
        work(self._store)

    def __enter__(self) -> "_Sender":
        return self

    def __exit__(self, *_: object) -> None:
        if self._store is not None:
            self._store.close()
