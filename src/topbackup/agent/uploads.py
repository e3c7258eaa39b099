"""The threads that send what is owed to places away, one for each, and then take away what retention gives up.

Never in a backup's way: they begin from finished files, and a failure of theirs is none of the backup. One process
sends at a time: the agent, or a command while there is none.
"""

import logging
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import timedelta

from topbackup.agent.apart import is_apart
from topbackup.agent.parts import Parts
from topbackup.agent.sending import Sending
from topbackup.backup.delivery import deliver
from topbackup.backup.lock import run_lock
from topbackup.backup.sweep import sweep_all
from topbackup.cancellation import Cancellation
from topbackup.cloud import backoff_delay
from topbackup.destinations.contract import Transfer
from topbackup.destinations.opening import RemotePlace
from topbackup.errors import Busy, OperationFailed
from topbackup.journal import Journal, Upload, UploadQueue, waiting_uploads
from topbackup.logs import lines_of_run
from topbackup.problems import (
    FILE_ALTERED,
    FILE_MISSING,
    INTERNAL,
    OUTSIDE_HOURS,
    RUN_INTERRUPTED,
    UPLOAD_FILE_AWAY,
    UPLOAD_FILE_GONE,
    UPLOAD_SUPERSEDED,
)
from topcore.hours import is_open

_log = logging.getLogger(__name__)
_PAUSE, _LONGEST, _LEAST = 60.0, 3600.0, 15.0  # seconds until the next attempt; doubled at each, with full jitter
_SWEEP = 6 * 3600.0  # seconds: how often retention looks at all places where nothing has changed
_LOOK = 60.0  # seconds: how late an opening hour or a changed setting is noticed
_NOTHING_TO_SEND = (UPLOAD_FILE_GONE, UPLOAD_SUPERSEDED)  # known, not guessed: the next attempt reads the whole file
_HERE = (UPLOAD_FILE_AWAY, FILE_ALTERED, FILE_MISSING)  # trouble with the file here: the destination need not rest
_FILE_AGAIN = timedelta(minutes=5)


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
        self._lanes: dict[str, threading.Thread] = {}
        self._sendings: dict[str, Sending] = {}
        # Two destinations with one address would write the same half file.
        self._addresses: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._thread = threading.Thread(target=self._serve, name="uploads", daemon=True)

    @property
    def sending(self) -> Sending | None:
        """What is on its way now; of several, the one whose destination sorts first."""
        return min(self._sendings.copy().values(), key=lambda each: each.destination, default=None)

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
        """As `end`. False: something did not end in time; its thread dies with the process."""
        self.end()
        threads = [thread for thread in (self._thread, *self._lanes.values()) if thread.ident is not None]
        until = time.monotonic() + patience
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def send_all(self) -> None:
        """All that is due now, then the sweep; ends when both have. Raises Busy: another process is sending."""
        with self._alone():
            self._begin_lanes()
            for lane in self._lanes.values():
                lane.join()
            self._sweep_in_turn()

    def _serve(self) -> None:
        """A turn at each piece of news, and each minute; alone among processes from the first turn that can be."""
        with ExitStack() as held:
            alone = False
            while True:
                self._wake.clear()
                if self._cancel.is_set():
                    return
                try:
                    if not alone:
                        held.enter_context(self._alone())
                        alone = True
                    self._begin_lanes()
                    self._sweep_in_turn()
                except Busy:
                    _log.info("another process is sending")
                except OperationFailed as failed:
                    _log.warning("uploads: %s %s", failed.code, failed)
                except Exception:  # noqa: BLE001 - the next turn comes
                    _log.exception("a turn of the uploads found a defect")
                self._wake.wait(_LOOK)

    def _alone(self) -> AbstractContextManager[None]:
        return run_lock(self._parts().places.locks, "envios")

    def _begin_lanes(self) -> None:
        """A destination that is slow, or hangs, holds no other one up."""
        for name in self.queue.destinations():
            lane = self._lanes.get(name)
            if (lane is None or not lane.is_alive()) and self._due(name) is not None:
                self._lanes[name] = threading.Thread(target=self._lane, args=(name,), name=f"envio-{name}", daemon=True)
                self._lanes[name].start()

    def _lane(self, destination: str) -> None:
        try:
            while not self._cancel.is_set() and (upload := self._due(destination)) is not None:
                with lines_of_run(upload.run_id):
                    self._send(upload)
                self._changed()
                self._sweep_at = 0.0
        except Exception:  # noqa: BLE001 - the next turn begins another
            _log.exception("the uploads to %s found a defect", destination)
        self._wake.set()

    def _sweep_in_turn(self) -> None:
        monotonic = self._parts().clock.monotonic()
        if not self._cancel.is_set() and monotonic >= self._sweep_at:
            self._sweep_at = monotonic + _SWEEP
            sweep_all(self._journal, self._parts().sweeping())

    def _due(self, destination: str) -> Upload | None:
        parts = self._parts()
        now, zone = parts.clock.now(), parts.settings.app.zone
        closed = any(
            remote.nome == destination and not is_open(remote.hours, now, zone) for remote in parts.settings.remotes
        )
        rest = self._rests.get(destination)
        if closed or (rest is not None and parts.clock.monotonic() < rest.until):
            return None
        return self.queue.due(now, destination)

    def _send(self, upload: Upload) -> None:
        parts = self._parts()
        try:
            place = parts.remote_place(upload.destination)
            with self._addresses[place.destination.where]:
                placed = deliver(upload, place, self._transfer(upload, place), self.queue.later_than)
        except OperationFailed as failed:
            self._failed(upload, failed)
        except Exception as defect:  # noqa: BLE001 - the other uploads go on
            _log.exception("the upload to %s found a defect", upload.destination)
            self._failed(upload, OperationFailed(INTERNAL, type(defect).__name__))
        else:
            self._rests.pop(upload.destination, None)
            self.queue.placed(
                upload, parts.clock.now(), placed.checked.value, apart=is_apart(upload.record, place, parts)
            )
            _log.info("%s is at %s, checked by %s", upload.record.file_name, upload.destination, placed.checked.value)
        finally:
            self._sendings.pop(upload.destination, None)

    def _failed(self, upload: Upload, failed: OperationFailed) -> None:
        if self._cancel.is_set():
            return  # it was not the destination that failed
        _log.warning("upload to %s: %s %s", upload.destination, failed.code, failed)
        if failed.problem in _NOTHING_TO_SEND:
            self.queue.given_up(upload, failed.failure())
        elif failed.problem in _HERE:
            self.queue.failed(upload, failed.failure(), self._parts().clock.now() + _FILE_AGAIN)
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
            if upload.destination not in self._sendings:
                self.queue.begin(upload)  # bytes are there: it is finished before newer ones begin
            sending = Sending(upload.run_id, upload.destination, done, size)
            self._sendings[upload.destination] = sending
            self._told(sending)

        return Transfer(
            go_on=go_on,
            told=told,
            rate=place.rate,
            want=place.want,
            recall=lambda: self.queue.recall(upload),
            remember=lambda note: self.queue.remember(upload, note),
            abandoned=lambda: self.queue.abandoned(upload),
        )


def send_here(parts: Parts, *, at_once: bool = False) -> list[Upload]:
    """Without an agent: all that is due; what waits after that. at_once: also what rests after a failure.

    Raises Busy: another process is sending.
    """
    journal, _interrupted = parts.open_journal()
    with journal:
        uploads = Uploads(journal, lambda: parts, lambda sending: None, lambda: None)
        if at_once:
            uploads.try_now()
        uploads.send_all()
        return waiting_uploads(journal)
