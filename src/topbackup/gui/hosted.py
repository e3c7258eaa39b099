"""The agent in the window's own process: for a computer without the service."""

import gc
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from topbackup.errors import AgentNotRunning, TopBackupError
from topbackup.ipc.client import Client
from topbackup.logs import log_to_file
from topbackup.places import Places

_log = logging.getLogger(__name__)
_STARTING = 20.0  # seconds
_ENDING = 30.0  # seconds: gbak is killed at once, the journal and the cloud are told


class HostedAgent:
    """Begun by the constructor, in a thread. Raises NotConfigured."""

    def __init__(self, config: Path) -> None:
        # Not at the top: a window beside a service must not carry the agent's parts.
        from topbackup.agent.host import Host  # noqa: PLC0415

        # The agent collects what its work left behind; the window's widgets are no part of that, and looking through
        # them all would hold the screen up.
        gc.freeze()
        log_to_file(Places(config).logs, agent=True)
        self._host = Host(config)
        self._thread = threading.Thread(target=self._be, name="agente", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def wait_until_it_answers(self, home: Path, wanted: Callable[[], bool]) -> bool:
        """False: it ended before, or is not wanted any more."""
        deadline = time.monotonic() + _STARTING
        while self.alive and wanted() and time.monotonic() < deadline:
            try:
                Client.of(home).close()
            except AgentNotRunning:
                time.sleep(0.05)
            else:
                return True
        return False

    def stop(self) -> None:
        self._host.stop()
        self._thread.join(_ENDING)

    def _be(self) -> None:
        try:
            self._host.run()
        except TopBackupError as error:
            _log.warning("the window could not be the agent: %s %s", error.code, error)
        except Exception:  # noqa: BLE001 - the window says that no agent answers
            _log.exception("the agent in the window found a defect")
