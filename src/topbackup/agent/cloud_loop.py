"""The agent's line to the cloud: a contact every 30 minutes, soon after news, and again after a failure; never in a
backup's way."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from topbackup.agent.cloud_link import cloud_address, introduction
from topbackup.agent.parts import Parts, Registration
from topbackup.cloud import DrainResult, Pace, Patience, Publisher, PublisherState, open_cloud
from topbackup.journal import Journal
from topbackup.settings import CloudSettings
from topcore.company import TaxId

if TYPE_CHECKING:
    from topbackup.cloud.store import CloudStore

_log = logging.getLogger(__name__)
_ONE_ATTEMPT = Patience(attempts=1)  # the loop itself is what tries again


class CloudLoop:
    """parts, registration, company: what is known now, asked for at each contact. told: hears each result."""

    def __init__(
        self,
        journal: Journal,
        parts: Callable[[], Parts],
        registration: Callable[[], Registration | None],
        company: Callable[[], TaxId | None],
        told: Callable[[DrainResult], None],
    ) -> None:
        self._journal, self._parts = journal, parts
        self._registration, self._company, self._told = registration, company, told
        self._publisher: Publisher | None = None
        self._settings: CloudSettings | None = None
        self._turn = threading.Condition()
        self._closing = False
        self._news = False
        self._next_at = 0.0
        self._failures = 0
        self._contact = threading.Lock()
        self._thread = threading.Thread(target=self._serve, name="cloud", daemon=True)
        self.result: DrainResult | None = None

    def start(self) -> None:
        self._next_at = time.monotonic() + self._pace().at_start()
        self._thread.start()

    def close(self, patience: float) -> None:
        """One last contact where there is news; waits `patience` seconds for it."""
        with self._turn:
            self._closing = True
            self._turn.notify()
        if self._thread.ident is not None:
            self._thread.join(patience)

    def news(self) -> None:
        """The journal has something for the cloud. After a failure the wait goes on: it will be told then."""
        with self._turn:
            self._news = True
            if self._failures == 0:
                self._next_at = min(self._next_at, time.monotonic() + self._pace().after_news())
                self._turn.notify()

    @property
    def state(self) -> PublisherState | None:
        """The breaker; None before the first contact, and without a cloud."""
        return None if self._publisher is None else self._publisher.state

    @property
    def next_in(self) -> float:
        """Seconds to the next contact."""
        return max(0.0, self._next_at - time.monotonic())

    def synchronise(self) -> DrainResult:
        """A contact now, in the caller's thread. Raises NotConfigured when the settings name no cloud."""
        with self._contact:
            parts = self._parts()
            publisher = self._publisher_for(parts)
            registration, now = self._registration(), parts.clock.now()
            company = self._company()
            with self._turn:
                self._news = False
            if registration is not None:
                self.result = publisher.drain(introduction(parts, self._journal, registration))
            elif company is not None:  # its database is away, and its agent is not: the heart beats
                self.result = publisher.drain(lambda store: _beat(store, company, now))
            else:
                self.result = publisher.drain()
        with self._turn:
            self._failures = 0 if self.result.failure is None else self._failures + 1
            pace = self._pace()
            wait = pace.after_success() if self._failures == 0 else pace.after_failure(self._failures)
            self._next_at = time.monotonic() + (pace.after_news() if self._news and not self._failures else wait)
        self._told(self.result)
        return self.result

    def _serve(self) -> None:
        while True:
            with self._turn:
                while not self._closing and (left := self.next_in) > 0:
                    self._turn.wait(left)
                if self._closing and not self._news:
                    return
                closing = self._closing
            self._speak()
            if closing:
                return

    def _speak(self) -> None:
        if not self._parts().settings.mysql.configured:
            self._next_at = time.monotonic() + self._pace().interval
            self._news = False
            return
        try:
            self.synchronise()
        except Exception:  # noqa: BLE001 - the loop goes on; the publisher tells its own failures as results
            _log.exception("the line to the cloud found a defect")
            self._failures += 1
            self._next_at = time.monotonic() + self._pace().after_failure(self._failures)

    def _publisher_for(self, parts: Parts) -> Publisher:
        """The same as before, with its breaker, as long as the settings name the same cloud."""
        if self._publisher is None or self._settings != parts.settings.mysql:
            address = cloud_address(parts.settings.mysql)
            journal = self._journal
            self._publisher = Publisher(
                journal.pending,
                journal.acknowledge,
                journal.waiting,
                lambda: open_cloud(address),
                clock=parts.clock,
                patience=_ONE_ATTEMPT,
            )
            self._settings = parts.settings.mysql
        return self._publisher

    def _pace(self) -> Pace:
        return Pace(spread=self._parts().settings.mysql.spread_seconds)


def _beat(store: "CloudStore", company: TaxId, now: datetime) -> None:
    if not store.touch(company, now):
        _log.info("the cloud does not know %s yet", company.formatted)
