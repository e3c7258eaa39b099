"""From what is owed to what is ordered: a due slot becomes a run, or goes on record with the reason why it cannot."""

import time
from collections.abc import Callable
from datetime import datetime

from topbackup.agent.backup_now import Order, write_down
from topbackup.agent.parts import Parts
from topbackup.agent.runs import Runs
from topbackup.agent.scheduled import Rules, Schedule, tell_late
from topbackup.agent.watch import Watch
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.journal import Journal
from topbackup.problems import AGENDA_UNREADABLE

_AGAIN = 60.0  # seconds until a run that could not begin is ordered again


class Ordering:
    """trouble: why the customer's database cannot be read now; parts: as the settings are now."""

    def __init__(
        self,
        journal: Journal,
        schedule: Schedule,
        runs: Runs,
        watch: Watch,
        *,
        trouble: Callable[[], TopBackupError | None],
        parts: Callable[[], Parts],
    ) -> None:
        self._journal, self._schedule, self._runs, self._watch = journal, schedule, runs, watch
        self._trouble, self._parts = trouble, parts
        self._not_before: dict[int, float] = {}

    def turn(self, now: datetime, rules: Rules) -> bool:
        """Order what is owed at `now` (aware). True: a failure was written down, which the cloud should know."""
        in_hand = {ticket.order.agenda_id for ticket in self._runs.in_hand() if ticket.order.slot is not None}
        written = False
        for found in self._schedule.owed(now, rules, {number for number in in_hand if number is not None}):
            order = Order(found.agenda.id, slot=found.run)
            why_not = self._why_not(found.agenda.id)
            if why_not is not None:
                write_down(self._journal, self._parts(), order, why_not)
                written = True
            elif time.monotonic() >= self._not_before.get(found.agenda.id, 0.0):
                tell_late(found, now, rules.delay)
                self._runs.submit(order)
        return written

    def could_not_begin(self, order: Order) -> None:
        """Its slot is still owed; not at once."""
        if order.agenda_id is not None:
            self._not_before[order.agenda_id] = time.monotonic() + _AGAIN

    def database_is_back(self) -> None:
        """Nothing has to wait any more."""
        self._not_before.clear()

    def _why_not(self, agenda_id: int) -> TopBackupError | None:
        """Its database is away, or the row itself does not hold any more."""
        trouble = self._trouble()
        if trouble is not None or self._watch.registration is None:
            return trouble
        agendas = self._watch.registration.agendas
        if any(agenda.id == agenda_id for agenda in agendas.agendas):
            return None
        reasons = [f"{row.row}: {row.reason}" for row in agendas.rejected if row.row == str(agenda_id)]
        return OperationFailed(AGENDA_UNREADABLE, *reasons)
