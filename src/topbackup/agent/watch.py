"""The watch on the customer's database: reads EMPRESA and AGENDA_BACKUP every 30 minutes and when asked."""

import logging
import random
import threading
from collections.abc import Callable

from topbackup.agent.parts import Registration
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.problems import INTERNAL

_log = logging.getLogger(__name__)
SYNC_INTERVAL = 1800.0  # CONFIG_SYNC_INTERVAL of design §4.6, seconds
_SHORTEST, _LONGEST = 5.0, 300.0  # seconds between two attempts while the database is away


class Watch:
    """read: asks the database; known: hears each answer; troubled: hears why there is none, and None once there is.

    All in the watch's own thread: a server that does not answer holds up nobody else.
    """

    def __init__(
        self,
        read: Callable[[], Registration],
        known: Callable[[Registration], None],
        troubled: Callable[[TopBackupError | None], None],
    ) -> None:
        self._read = read
        self._known = known
        self._troubled = troubled
        self._asked = threading.Event()
        self._closing = self._soon = False
        self._failures = 0
        self._turn = threading.Condition()
        self._looks = 0
        self._looking = False
        self.looked = False
        """Is the first reading over?"""
        self.registration: Registration | None = None
        self._thread = threading.Thread(target=self._keep_watch, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Soon: what it is waiting for from the database may keep the thread for some seconds more."""
        self._closing = True
        self._asked.set()

    @property
    def healthy(self) -> bool:
        """Did the last reading go well?"""
        return self.looked and self._failures == 0

    def look_now(self, timeout: float = 0.0) -> bool:
        """Read once more; wait up to `timeout` seconds for the answer. False: none came in time."""
        with self._turn:
            # A reading that is on its way may have begun before what the asker changed.
            wanted = self._looks + (2 if self._looking else 1)
            self._asked.set()
            return timeout > 0 and self._turn.wait_for(lambda: self._looks >= wanted, timeout)

    def failed(self, error: TopBackupError) -> None:
        """A run could not read it: look again, after the pause of a failure."""
        self._failed(error)
        self._soon = True
        self._asked.set()

    def _keep_watch(self) -> None:
        while True:
            self._asked.clear()
            if self._closing:
                return
            self._look()
            self._asked.wait(SYNC_INTERVAL if self._failures == 0 else self._pause())
            if self._soon:
                self._soon = False
                self._asked.clear()
                self._asked.wait(self._pause())

    def _look(self) -> None:
        with self._turn:
            self._looking = True
        error = self._attempt()
        self.looked = True  # before anybody is told of it: who is woken by that looks here first
        if error is None:
            self._failures = 0
            self._troubled(None)
        else:
            self._failed(error)
        with self._turn:
            self._looks += 1
            self._looking = False
            self._turn.notify_all()

    def _attempt(self) -> TopBackupError | None:
        try:
            registration = self._read()
            self.registration = registration
            self._known(registration)
        except TopBackupError as error:
            return error
        except Exception as defect:  # noqa: BLE001 - the watch goes on
            _log.exception("the watch found a defect")
            return OperationFailed(INTERNAL, type(defect).__name__)
        return None

    def _failed(self, error: TopBackupError) -> None:
        self._failures += 1
        self._troubled(error)

    def _pause(self) -> float:
        """Doubled at each failure, with a random part, so that many computers do not ask one server in one moment."""
        return min(_LONGEST, _SHORTEST * 2.0 ** min(self._failures - 1, 10)) * random.uniform(0.75, 1.0)  # noqa: S311 - no secret hangs on it
