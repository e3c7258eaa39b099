"""The queue of backups: one at a time, in the order they were asked for, each asked for once however often one asks."""

import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from topbackup.agent.backup_now import Order
from topbackup.backup.workplace import Progress
from topbackup.cancellation import Cancellation
from topbackup.errors import Busy, OperationFailed, TopBackupError
from topbackup.problems import INTERNAL, QUEUE_FULL, RUN_CANCELLED, RUN_INTERRUPTED
from topcore.record import BackupRecord

_log = logging.getLogger(__name__)
_LONGEST_QUEUE = 32
type Work = Callable[[Order, Callable[[Progress], None], Cancellation], BackupRecord]


@dataclass
class Ticket:
    """One order on its way. record or error is there once `done` is set; error: it could not begin."""

    number: int
    order: Order
    asked_by: set[str] = field(default_factory=set)
    cancel: Cancellation = field(default_factory=Cancellation)
    done: threading.Event = field(default_factory=threading.Event)
    began: bool = False
    progress: Progress | None = None
    record: BackupRecord | None = None
    error: TopBackupError | None = None


class Runs:
    """work: makes one backup, in this queue's own thread. changed: told when a ticket began, came along, or ended."""

    def __init__(self, work: Work, changed: Callable[[Ticket], None]) -> None:
        self._work = work
        self._changed = changed
        self._tickets: list[Ticket] = []
        self._numbers = itertools.count(1)
        self._turn = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="runs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def submit(self, order: Order, asked_by: str = "") -> Ticket:
        """The ticket of this order; the same one while it waits or runs. Raises Busy when too many wait.

        asked_by: the account of the person; empty for the schedule.
        """
        with self._turn:
            same = next((each for each in self._tickets if each.order == order), None)
            if same is not None and not same.cancel.is_set():
                same.asked_by.add(asked_by)
                return same
            if self._closing:
                raise Busy(RUN_INTERRUPTED)
            if len(self._tickets) >= _LONGEST_QUEUE:
                raise Busy(QUEUE_FULL, str(len(self._tickets)))
            ticket = Ticket(next(self._numbers), order, {asked_by})
            self._tickets.append(ticket)
            self._turn.notify()
            return ticket

    def in_hand(self) -> tuple[Ticket, ...]:
        """The one that runs, and those that wait, in order."""
        with self._turn:
            return tuple(self._tickets)

    def cancel(self, which: Callable[[Ticket], bool] = lambda ticket: True) -> int:
        """End the run and empty the queue, of those that are meant; how many that were."""
        with self._turn:
            asked = [ticket for ticket in self._tickets if not ticket.cancel.is_set() and which(ticket)]
        for ticket in asked:
            ticket.cancel.ask(RUN_CANCELLED)
        return len(asked)

    def close(self, patience: float) -> bool:
        """The agent stops: what runs is ended as interrupted, what waits never begins. False: it did not end in time.

        patience: seconds.
        """
        with self._turn:
            self._closing = True
            for ticket in self._tickets:
                ticket.cancel.ask(RUN_INTERRUPTED)
            self._turn.notify()
        if self._thread.ident is None:
            return True
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._tickets or self._closing)
                if not self._tickets:
                    return
                ticket = self._tickets[0]
            self._one(ticket)
            with self._turn:
                self._tickets.remove(ticket)
            ticket.done.set()
            self._changed(ticket)

    def _one(self, ticket: Ticket) -> None:
        def told(progress: Progress) -> None:
            ticket.progress = progress
            self._changed(ticket)

        try:
            if ticket.order.slot is None or ticket.cancel.interrupted:
                ticket.cancel.check()  # a slot that a person cancelled goes on record as such, and is not tried again
            ticket.began = True
            self._changed(ticket)
            ticket.record = self._work(ticket.order, told, ticket.cancel)
        except TopBackupError as error:
            _log.warning("the backup asked for as %s did not begin: %s %s", ticket.order, error.code, error)
            ticket.error = error
        except Exception as defect:  # noqa: BLE001 - the queue goes on with the next
            _log.exception("the backup asked for as %s found a defect", ticket.order)
            ticket.error = OperationFailed(INTERNAL, type(defect).__name__)


def ticket_document(ticket: Ticket) -> dict[str, Any]:
    """As it is told to other programs. JSON-able."""
    progress = ticket.progress
    return {
        "pedido": ticket.number,
        "agenda": ticket.order.agenda_id,
        "banco": ticket.order.database,
        "previsto": ticket.order.slot and ticket.order.slot.isoformat(),
        "executando": ticket.began,
        "passo": None if progress is None else progress.step,
        "feito": None if progress is None else progress.done,
        "total": None if progress is None else progress.total,
    }
