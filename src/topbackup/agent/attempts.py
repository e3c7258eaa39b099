"""One attempt at a backup, as the agent makes it: what keeps it from beginning goes on record and into the state."""

import logging
from collections.abc import Callable

from topbackup.agent.backup_now import Order, back_up_now, write_down
from topbackup.agent.controller import Controller, Part
from topbackup.agent.parts import Parts, Registration
from topbackup.agent.watch import Watch
from topbackup.backup.workplace import Progress
from topbackup.cancellation import Cancellation
from topbackup.errors import Busy, OperationFailed, TopBackupError
from topbackup.journal import Journal
from topbackup.problems import INTERNAL, JOURNAL_CORRUPT, JOURNAL_LOCKED, JOURNAL_UNWRITABLE, SLOT_SETTLED
from topcore.record import BackupRecord

_log = logging.getLogger(__name__)
_OF_THE_JOURNAL = (JOURNAL_CORRUPT, JOURNAL_LOCKED, JOURNAL_UNWRITABLE)


class Attempts:
    """parts: as the settings are now. In the thread of the runs."""

    def __init__(self, journal: Journal, controller: Controller, watch: Watch, parts: Callable[[], Parts]) -> None:
        self._journal, self._controller, self._watch, self._parts = journal, controller, watch, parts

    def back_up(self, order: Order, told: Callable[[Progress], None], cancel: Cancellation) -> BackupRecord:
        """Make the backup. Raises as `back_up_now`; a defect is told as INTERNAL."""
        read: list[Registration] = []
        try:
            record = back_up_now(self._parts(), order, told, cancel, read.append, journal=self._journal)
        except TopBackupError as error:
            if isinstance(error, OperationFailed) and not read:
                self._watch.failed(error)
            if not cancel.interrupted:
                self._did_not_begin(order, error)
            raise
        except Exception as defect:
            _log.exception("the backup asked for as %s found a defect", order)
            internal = OperationFailed(INTERNAL, type(defect).__name__)
            self._did_not_begin(order, internal)
            raise internal from defect
        self._controller.in_trouble(Part.RUN, None)
        return record

    def _did_not_begin(self, order: Order, error: TopBackupError) -> None:
        """A card must turn when a backup was due and could not be made, whatever kept it from beginning."""
        if error.problem in _OF_THE_JOURNAL:
            self._controller.in_trouble(Part.JOURNAL, error)
        elif order.slot is not None and error.problem is not SLOT_SETTLED and not isinstance(error, Busy):
            try:
                write_down(self._journal, self._parts(), order, error)
            except OperationFailed as failed:
                self._controller.in_trouble(Part.JOURNAL, failed)
        if error.problem is INTERNAL:
            self._controller.in_trouble(Part.RUN, error)
