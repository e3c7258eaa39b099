"""The agent, whole: what it opens, what it does at each turn, and how it stops. The same on every system.

A turn is made every half minute and whenever something happened: an alarm rang, a run ended, the agenda was read. It
asks what is owed and orders it; all that takes time is done in threads of its own: the run, the watch on the database,
the line to the cloud, the connections of other programs.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from topbackup.agent import by_hand, orders, questions  # noqa: F401 - they enter their requests into the registry
from topbackup.agent.alarms import Alarms
from topbackup.agent.attempts import Attempts
from topbackup.agent.backup_now import company_on_record
from topbackup.agent.cloud_loop import CloudLoop
from topbackup.agent.controller import Controller, Part
from topbackup.agent.databases import note_databases
from topbackup.agent.documents import error_document, sending_document
from topbackup.agent.events import Events
from topbackup.agent.files_here import FilesHere
from topbackup.agent.memory import give_back, keep_small
from topbackup.agent.ordering import Ordering
from topbackup.agent.parts import Parts, Registration
from topbackup.agent.rejected import note_rejected
from topbackup.agent.requests import answer
from topbackup.agent.runs import Runs, Ticket
from topbackup.agent.scheduled import Rules, Schedule
from topbackup.agent.sending import Sending
from topbackup.agent.telling import Telling
from topbackup.agent.uploads import Uploads
from topbackup.agent.watch import Watch
from topbackup.backup.lock import run_lock
from topbackup.cancellation import Cancellation
from topbackup.clock import SYSTEM_CLOCK, Clock
from topbackup.cloud import DrainResult
from topbackup.errors import Busy, NotConfigured, OperationFailed, TopBackupError
from topbackup.ipc.server import Server
from topbackup.ipc.transport import listen
from topbackup.journal import SlotBook
from topbackup.problems import AGENT_RUNNING, JOURNAL_CORRUPT, RUN_INTERRUPTED
from topbackup.settings_file import stamp
from topbackup.version import __version__
from topcore.company import TaxId

_log = logging.getLogger(__name__)
_TURN = 30.0  # seconds: how late a sleep, a clock that was set, or a settings file that was changed is noticed
_STOPPING = 20.0  # seconds for a run to end: gbak is killed at once, its folders are tidied up
_FAREWELL = 5.0  # seconds for the cloud to hear of it


class Supervisor(Protocol):
    """Who started the agent and looks after it: systemd, or Windows' service manager."""

    def ready(self) -> None: ...

    def alive(self) -> None:
        """Told at each turn: an agent that hangs is silent, and is started anew."""

    def stopping(self) -> None: ...


class Host:
    """One agent for one settings file. `run` returns when `stop` was called."""

    def __init__(self, config: Path, supervisor: Supervisor | None = None, clock: Clock = SYSTEM_CLOCK) -> None:
        """Raises NotConfigured."""
        self._config, self._supervisor = config, supervisor
        self._stamp = stamp(config)
        self.parts = Parts.of(config)
        self.parts = Parts(self.parts.settings, self.parts.places, clock)
        self.events = Events()
        self.began = clock.now()
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._failure: TopBackupError | None = None
        self._by_hand: set[Cancellation] = set()

    def run(self) -> None:
        """Be the agent until stopped. Raises Busy when another one is; OperationFailed when this one cannot go on."""
        keep_small()
        with self._alone():
            self._open()
            try:
                self._serve()
            finally:
                self._close()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Soon. From any thread but a signal handler, which may have interrupted the holder of the same lock."""
        self._stopping.set()
        self._wake.set()

    @property
    def stopped(self) -> bool:
        return self._stopping.is_set()

    def wake(self) -> None:
        """Make a turn now."""
        self._wake.set()

    @property
    def rules(self) -> Rules:
        company = self.company()
        return Rules.of(self.parts.settings, "" if company is None else company.characters)

    def company(self) -> TaxId | None:
        """Whose backups these are, as far as it is known."""
        if self.watch.registration is not None:
            return self.watch.registration.company.tax_id
        return company_on_record(self.journal, self.parts)

    def reload(self) -> None:
        """Read the settings anew. An error in them is told, and the old ones stay. Raises NotConfigured."""
        self._stamp = stamp(self._config)
        try:
            fresh = Parts.of(self._config)
        except NotConfigured as error:
            self.controller.in_trouble(Part.SETTINGS, error)
            raise
        self.parts = Parts(fresh.settings, fresh.places, self.parts.clock)
        self.controller.in_trouble(Part.SETTINGS, None)
        _log.info("settings read anew")

    @contextmanager
    def by_hand(self) -> Iterator[Cancellation]:
        """For what a person waits for, a verification or a restore: ended when the agent stops."""
        cancel = Cancellation()
        self._by_hand.add(cancel)
        try:
            yield cancel
        finally:
            self._by_hand.discard(cancel)

    # From here on: the life of the agent, in its order.

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with ExitStack() as held:
            try:
                held.enter_context(run_lock(self.parts.places.locks, "agente"))
            except Busy:
                raise Busy(AGENT_RUNNING, str(self._config)) from None
            yield

    def _open(self) -> None:
        try:
            self.journal, interrupted = self.parts.open_journal()
        except OperationFailed as failed:
            if failed.problem is not JOURNAL_CORRUPT:
                raise
            _log.error("%s %s", failed.code, failed)
            self.journal, interrupted = self.parts.open_journal()  # a new one: the spoiled one is set aside
        _log.info("TopBackup %s begins; runs found interrupted: %d", __version__, len(interrupted))
        self.controller = Controller(self.journal, self.events, self.parts.clock.now)
        self.book = SlotBook(self.journal)
        self.schedule = Schedule(self.book)
        self._last_told: Registration | None = None
        self.watch = Watch(self._ask_the_database, self._read, self._in_trouble)
        attempts = Attempts(self.journal, self.controller, self.watch, lambda: self.parts)
        self.runs = Runs(attempts.back_up, self._ticket_changed)
        self.cloud = CloudLoop(
            self.journal,
            parts=lambda: self.parts,
            registration=lambda: self.watch.registration if self.watch.healthy else None,
            company=self.company,
            told=self._told_the_cloud,
        )
        self.uploads = Uploads(self.journal, lambda: self.parts, self._told_of_an_upload, self.cloud.news)
        self.files_here = FilesHere(
            self.journal,
            now=self.parts.clock.now,
            busy=lambda: bool(self.runs.in_hand()),
            changed=lambda: self.events.tell("copias"),
            recorded=self.cloud.news,
        )
        self._telling = Telling(self.events, self.controller, self.cloud.news)
        self._ordering = Ordering(
            self.journal,
            self.schedule,
            self.runs,
            self.watch,
            trouble=lambda: self.controller.trouble_of(Part.DATABASE),
            parts=lambda: self.parts,
        )
        self.alarms = Alarms(self.wake)
        self._server = self._listening()
        self.alarms.start()
        self.runs.start()
        self.watch.start()
        self.cloud.start()
        self.uploads.start()
        self.files_here.start()
        if interrupted:
            self.cloud.news()

    def _serve(self) -> None:
        if self._supervisor is not None:
            self._supervisor.ready()
        while True:
            self._wake.clear()
            if self._stopping.is_set():  # looked at after the clearing: else a stop between the two would be lost
                return
            self._guarded(self._turn)
            if self._supervisor is not None:
                self._supervisor.alive()
            self._wake.wait(_TURN)

    def _turn(self) -> None:
        if stamp(self._config) != self._stamp:
            self.reload()
            self.watch.look_now()
        self.controller.look_at_the_pause()
        if not self.watch.looked:
            return  # what the rows are now decides what they owe
        self.controller.ready()
        if self.controller.paused_until is None and self._ordering.turn(self.parts.clock.now(), self.rules):
            self.cloud.news()
        if self.controller.trouble_of(Part.JOURNAL) is not None:
            self.journal.remember("ultimo_turno", self.parts.clock.now().isoformat())  # can it be written again?
            self.controller.in_trouble(Part.JOURNAL, None)

    def _close(self) -> None:
        if self._supervisor is not None:
            self._supervisor.stopping()
        _log.info("TopBackup ends")
        self.alarms.close()
        self.watch.close()
        self.files_here.close()
        for cancel in list(self._by_hand):
            cancel.ask(RUN_INTERRUPTED)
        self.uploads.end()
        if not self.runs.close(_STOPPING):
            _log.error("the run did not end in %.0f s", _STOPPING)
        if not self.uploads.close(_FAREWELL):
            _log.warning("the upload did not end in %.0f s: it is resumed at the next start", _FAREWELL)
        self.controller.stopped()
        time.sleep(0.1)  # those who listen hear it before they are let go
        if self._server is not None:
            self._server.close()
        self.cloud.close(_FAREWELL)
        self.journal.close()

    # What the threads tell.

    def _ticket_changed(self, ticket: Ticket) -> None:
        """In the run's thread."""
        self._telling.ticket(ticket)
        if ticket.done.is_set():
            if ticket.error is not None:
                self._ordering.could_not_begin(ticket.order)
            self.wake()
            self.uploads.news()
            self.files_here.look_now()
            give_back()

    def _told_of_an_upload(self, sending: Sending) -> None:
        """In the thread of the uploads."""
        self.events.tell("envio", **sending_document(sending))

    def _told_the_cloud(self, result: DrainResult) -> None:
        """In the thread of the line to the cloud, or of who asked for a contact."""
        self.events.tell("nuvem", enviados=result.sent, pendentes=result.waiting)
        give_back()

    def _ask_the_database(self) -> Registration:
        """With the settings as they are at that moment."""
        return self.parts.registration()

    def _read(self, registration: Registration) -> None:
        """In the watch's thread."""
        rules = Rules.of(self.parts.settings, registration.company.tax_id.characters)
        self.schedule.read_again(registration, self.parts.clock.now(), rules.zone)
        note_rejected(self.journal, registration.agendas, self.parts.clock.now())
        note_databases(self.journal, registration.agendas, self.parts.settings)
        self.alarms.set(registration.agendas.agendas, rules.zone, rules.delay)
        if registration != self._last_told:  # whoever hears of it may ask for it, and each asking is a reading
            self._last_told = registration
            valid, rejected = registration.agendas.agendas, registration.agendas.rejected
            self.events.tell("agenda", validas=len(valid), rejeitadas=len(rejected))
        give_back()

    def _in_trouble(self, error: TopBackupError | None) -> None:
        """In the watch's thread: what the database says, or that it is well again."""
        self.controller.in_trouble(Part.DATABASE, error)
        if error is None:
            self._ordering.database_is_back()
        else:
            self._last_told = None  # back again, its rows are told though they are the same
        self.wake()

    def _listening(self) -> Server | None:
        """An agent that nobody can speak to still makes its backups."""
        try:
            listener = listen(self.parts.places.home, self.parts.settings.app.ipc_group)
        except (OSError, LookupError) as error:
            _log.error("no other program can reach this agent: %s", error)
            return None
        server = Server(listener, lambda request, peer: answer(self, request, peer), error_document)
        server.start()
        return server

    def _guarded(self, turn: Callable[[], None]) -> None:
        try:
            turn()
        except TopBackupError as error:
            _log.error("%s %s", error.code, error)
            if error.problem is JOURNAL_CORRUPT:
                self._failure = error  # started anew, it sets the spoiled journal aside
                self.stop()
            elif not isinstance(error, NotConfigured):
                self.controller.in_trouble(Part.JOURNAL, error)
        except Exception:  # noqa: BLE001 - the next turn comes
            _log.exception("a turn found a defect")
