"""The line to the agent, in threads of its own: connects, listens, reads again what changed, and finds the agent anew.

Where no service is installed and no agent answers, this process becomes the agent: the window asks it over the same
pipe as any other program would, so there is one way for all.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from topbackup.clock import SYSTEM_CLOCK, Clock
from topbackup.errors import AgentNotRunning, NotConfigured, OperationFailed, TopBackupError
from topbackup.gui.hosted import HostedAgent
from topbackup.gui.state import AgendaRead, Happened, HistoryRead, Linked, Message, StatusRead, Unlinked
from topbackup.gui.words import rows_of
from topbackup.ipc.client import Client, told_error
from topbackup.places import Places
from topbackup.problems import AGENT_SILENT
from topbackup.service import control
from topbackup.settings_file import need

_log = logging.getLogger(__name__)
RUNS = 200  # of the history that is shown
_PULSE = 20.0  # seconds: the agent says something each 15
_SHORTEST, _LONGEST = 0.4, 5.0  # seconds between two attempts
_TELLING = (
    "estado",
    "inicio",
    "resultado",
    "agenda",
    "nuvem",
    "copias",
    "pulso",
    "perdidos",
)  # after these the status is another
_LONG = 600.0  # seconds for what takes a look at a disk or a server
type Followed = Callable[[Mapping[str, Any]], object]


class AgentLink:
    """told: hears each message, in a thread of the link's. may_host: become the agent where there is none."""

    def __init__(
        self, config: Path, told: Callable[[Message], None], *, may_host: bool = True, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self._config, self._told, self._may_host, self._clock = config.absolute(), told, may_host, clock
        self._home = Places(self._config).home
        self._wake, self._open, self._held = threading.Event(), True, False
        self._hosted: HostedAgent | None = None
        self._line: Client | None = None
        self._thread = threading.Thread(target=self._keep, name="ligacao", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Let go; an agent in this process ends with its run as interrupted. Takes up to half a minute then."""
        self._open = False
        self._wake.set()
        line = self._line
        if line is not None:
            line.close()
        self.stop_hosting()

    @property
    def hosting(self) -> bool:
        return self._hosted is not None and self._hosted.alive

    def backing_up(self) -> bool:
        """Is the agent at a backup, or has one waiting? Blocks. An agent that does not answer is at none."""
        try:
            agent = self.ask("status", patience=20).get("agente")
        except TopBackupError as error:
            _log.debug("not known to be at a backup: %s", error)
            return False
        return bool(rows_of((agent or {}).get("pedidos")))

    def stop_hosting(self) -> None:
        """Before a service takes over: the agent in this process ends, and is not begun again until `hurry`."""
        self._held = True
        hosted, self._hosted = self._hosted, None
        if hosted is not None:
            hosted.stop()

    def hurry(self) -> None:
        """Something changed that makes an attempt worth while now: settings were saved, a service was started."""
        self._held = False
        self._wake.set()

    def ask(self, name: str, arguments: Mapping[str, Any] | None = None, *, patience: float = _LONG) -> Any:
        """One request over a connection of its own. Blocks: never on the Tk thread. Raises what the agent raised."""
        with Client.of(self._home) as client:
            return client.ask(name, arguments, patience=patience)

    def follow(self, name: str, arguments: Mapping[str, Any], heard: Followed, until: Callable[[], bool]) -> Any:
        """A request that is answered by events; its verdict. until: looked at at each event; True: give up, and end it.

        Blocks. Raises what the agent raised; None is given where it was given up.
        """
        with Client.of(self._home) as client:
            client.ask(name, {**arguments, "seguir": True}, patience=_LONG)
            for event in client.events(_PULSE):
                if until():
                    return None
                if event.get("evento") == "resultado":
                    if event.get("erro") is not None:
                        raise told_error(event["erro"])
                    return event.get("veredito")
                heard(event)
        raise OperationFailed(AGENT_SILENT)

    def read_again(self) -> None:
        """Status, history and agenda, as they are now. Blocks; an agent that is away is found so by `_keep`."""
        try:
            self._read_status()
            self._read_history()
        except TopBackupError as error:
            _log.debug("not read again: %s", error)
            return
        self.read_agenda()

    def read_agenda(self, *, known: bool = False) -> None:
        """Asks the customer's database; may take half a minute. Blocks. known: as the agent last read it, at once."""
        try:
            self._told(AgendaRead(self.ask("agenda", {"conhecida": known})))
        except AgentNotRunning:
            return
        except TopBackupError as error:
            self._told(AgendaRead(None, error))

    def _keep(self) -> None:
        failures = 0
        while self._open:
            self._wake.clear()
            try:
                need(self._config)
                for _ in self._listen():
                    failures = 0
            except NotConfigured as error:
                self._told(Unlinked(error, unconfigured=True))
            except AgentNotRunning as error:
                if self._become_the_agent():
                    continue
                self._told(Unlinked(error))
            except TopBackupError as error:
                self._told(Unlinked(error))
            except Exception:  # noqa: BLE001 - the next attempt comes
                _log.exception("the link found a defect")
            failures += 1
            pause = min(_LONGEST, _SHORTEST * 2.0 ** min(failures, 6)) * random.uniform(0.8, 1.0)  # noqa: S311 - no secret
            self._wake.wait(pause)

    def _listen(self) -> Iterator[None]:
        """As long as the agent talks. Yields once it has answered. Raises what ends it."""
        with Client.of(self._home) as line:
            self._line = line
            status = line.ask("status")
            self._told(Linked(str((status.get("agente") or {}).get("versao", "?")), self.hosting))
            self._told(StatusRead(status, self._clock.now()))
            self._read_history()
            self._begin_reading()
            line.subscribe()
            yield
            for event in line.events(_PULSE):
                self._told(Happened(event, time.monotonic()))
                kind = event.get("evento")
                if kind in _TELLING:
                    self._read_status()
                if kind in ("resultado", "copias"):
                    self._read_history()
                if kind == "agenda":
                    self._begin_reading()
        if self._open:
            raise OperationFailed(AGENT_SILENT)

    def _begin_reading(self) -> None:
        """What the agent knows: a window, and each change that it hears of, costs the shop's database nothing."""
        reading = partial(self.read_agenda, known=True)
        threading.Thread(target=reading, name="ligacao-agenda", daemon=True).start()

    def _read_status(self) -> None:
        self._told(StatusRead(self.ask("status", patience=20), self._clock.now()))

    def _read_history(self) -> None:
        self._told(HistoryRead(self.ask("history", {"limite": RUNS, "copias": True}, patience=20)))

    def _become_the_agent(self) -> bool:
        """Only where no service would: two cannot be, and the one that begins with the computer is the better one."""
        if (
            not (self._open and self._may_host)
            or self._held
            or self.hosting
            or control.service().state() != "not-installed"
        ):
            return False
        try:
            self._hosted = HostedAgent(self._config)
        except NotConfigured as error:
            self._told(Unlinked(error, unconfigured=True))
            return False
        return self._hosted.wait_until_it_answers(self._home, lambda: self._open)
