"""The thread that sends what is owed to places away, and then takes away what retention gives up.

Never in a backup's way: it begins from finished files, and a failure of it is none of the backup.
"""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from topbackup.agent.parts import Parts
from topbackup.agent.sending import Sending
from topbackup.backup.delivery import deliver
from topbackup.backup.sweep import sweep_all
from topbackup.cancellation import Cancellation
from topbackup.cloud import backoff_delay
from topbackup.destinations.contract import Transfer
from topbackup.destinations.opening import RemotePlace
from topbackup.errors import OperationFailed
from topbackup.journal import Journal, Upload, UploadQueue
from topbackup.logs import lines_of_run
from topbackup.problems import (
    FILE_ALTERED,
    FILE_MISSING,
    INTERNAL,
    OUTSIDE_HOURS,
    RUN_INTERRUPTED,
    UPLOAD_FILE_GONE,
    UPLOAD_SUPERSEDED,
)
from topcore.hours import is_open

_log = logging.getLogger(__name__)
_PAUSE, _LONGEST, _LEAST = 60.0, 3600.0, 15.0  # seconds until the next attempt; doubled at each, with full jitter
_SWEEP = 6 * 3600.0  # seconds: how often retention looks at all places where nothing has changed
_LOOK = 60.0  # seconds: how late an opening hour or a changed setting is noticed
_NOTHING_TO_SEND = (UPLOAD_FILE_GONE, FILE_ALTERED, FILE_MISSING)


@dataclass(frozen=True)
class _Rest:
    """Of a destination that failed. failures: in a row; until: of the monotonic clock."""

    failures: int
    until: float


class Uploads:
    """parts: as the settings are now. told: hears of progress; changed: the journal has news for the cloud."""

    def __init__(
        self,
        journal: Journal,
        parts: Callable[[], Parts],
        told: Callable[[Sending], None],
        changed: Callable[[], None],
    ) -> None:
        self._journal, self._parts, self._told, self._changed = journal, parts, told, changed
        self.queue = UploadQueue(journal, OperationFailed(UPLOAD_SUPERSEDED).failure())
        self._cancel = Cancellation()
        self._wake = threading.Event()
        self._rests: dict[str, _Rest] = {}
        self._sweep_at = 0.0
        self._thread = threading.Thread(target=self._serve, name="uploads", daemon=True)
        self.sending: Sending | None = None

    def start(self) -> None:
        self._thread.start()

    def news(self) -> None:
        """A run ended: there may be something to send, or to take away."""
        self._sweep_at = 0.0
        self._wake.set()

    def try_now(self) -> int:
        """Whatever waits is tried now, without the rest after a failure; how many that are."""
        self._rests.clear()
        waiting = self.queue.try_now(self._parts().clock.now())
        self._wake.set()
        return waiting

    def end(self) -> None:
        """The agent stops: what is on its way is left half there, and resumed."""
        self._cancel.ask(RUN_INTERRUPTED)
        self._wake.set()

    def close(self, patience: float) -> bool:
        """As `end`. False: it did not end in time; its thread dies with the process."""
        self.end()
        if self._thread.ident is None:
            return True
        self._thread.join(patience)
        return not self._thread.is_alive()

    def send_all(self) -> None:
        """All that is due now, in the caller's thread, then the sweep."""
        while not self._cancel.is_set() and (upload := self._due()) is not None:
            with lines_of_run(upload.run_id):
                self._send(upload)
            self._changed()
            self._sweep_at = 0.0
        monotonic = self._parts().clock.monotonic()
        if not self._cancel.is_set() and monotonic >= self._sweep_at:
            self._sweep_at = monotonic + _SWEEP
            sweep_all(self._journal, self._parts().sweeping())

    def _serve(self) -> None:
        while True:
            self._wake.clear()
            if self._cancel.is_set():
                return
            try:
                self.send_all()
            except Exception:  # noqa: BLE001 - the next turn comes
                _log.exception("a turn of the uploads found a defect")
            self._wake.wait(_LOOK)

    def _due(self) -> Upload | None:
        parts = self._parts()
        now, zone = parts.clock.now(), parts.settings.app.zone
        closed = {remote.nome for remote in parts.settings.remotes if not is_open(remote.hours, now, zone)}
        monotonic = parts.clock.monotonic()
        resting = {name for name, rest in self._rests.items() if monotonic < rest.until}
        return self.queue.due(now, closed | resting)

    def _send(self, upload: Upload) -> None:
        parts = self._parts()
        try:
            place = parts.remote_place(upload.destination)
            placed = deliver(upload, place, self._transfer(upload, place))
        except OperationFailed as failed:
            self._failed(upload, failed)
        except Exception as defect:  # noqa: BLE001 - the other uploads go on
            _log.exception("the upload to %s found a defect", upload.destination)
            self._failed(upload, OperationFailed(INTERNAL, type(defect).__name__))
        else:
            self._rests.pop(upload.destination, None)
            self.queue.placed(upload, parts.clock.now(), placed.checked.value)
            _log.info("%s is at %s, checked by %s", upload.record.file_name, upload.destination, placed.checked.value)
        finally:
            self.sending = None

    def _failed(self, upload: Upload, failed: OperationFailed) -> None:
        if self._cancel.is_set():
            return  # it was not the destination that failed
        _log.warning("upload to %s: %s %s", upload.destination, failed.code, failed)
        if failed.problem in _NOTHING_TO_SEND:
            self.queue.given_up(upload, failed.failure())
        else:
            pause = self._rest(upload.destination, failed)
            self.queue.failed(upload, failed.failure(), self._parts().clock.now() + pause)

    def _rest(self, destination: str, failed: OperationFailed) -> timedelta:
        """Until the next attempt there, whatever waits. What a person has to mend is looked at once an hour."""
        if failed.problem is OUTSIDE_HOURS:
            return timedelta(0)  # `due` leaves it alone until it opens
        known = self._rests.get(destination)
        failures = 1 if known is None else known.failures + 1
        seconds = _LONGEST
        if failed.retry:
            seconds = max(_LEAST, backoff_delay(failures, _PAUSE, _LONGEST, random.random))
        self._rests[destination] = _Rest(failures, self._parts().clock.monotonic() + seconds)
        return timedelta(seconds=seconds)

    def _transfer(self, upload: Upload, place: RemotePlace) -> Transfer:
        size = upload.record.size or 0

        def go_on() -> None:
            self._cancel.check()
            parts = self._parts()
            if not is_open(place.hours, parts.clock.now(), parts.settings.app.zone):
                raise OperationFailed(OUTSIDE_HOURS, upload.destination)

        def told(done: int) -> None:
            if self.sending is None:
                self.queue.begin(upload)  # bytes are there: it is finished before newer ones begin
            self.sending = Sending(upload.run_id, upload.destination, done, size)
            self._told(self.sending)

        return Transfer(
            go_on=go_on,
            told=told,
            rate=place.rate,
            want=place.want,
            recall=lambda: self.queue.recall(upload),
            remember=lambda note: self.queue.remember(upload, note),
            abandoned=lambda: self.queue.abandoned(upload),
        )
