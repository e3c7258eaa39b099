"""The process of TopBackupService: the agent's host under Windows' service manager."""

import logging
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from topbackup.agent.host import Host
from topbackup.errors import TopBackupError
from topbackup.logs import log_to_file
from topbackup.places import Places

assert sys.platform == "win32", "chosen by service.control"

import servicemanager  # noqa: E402 - pywin32, below the platform check so that type checkers elsewhere skip it
import win32service  # noqa: E402
import win32serviceutil  # noqa: E402
import winerror  # noqa: E402

from topbackup.service.windows import NAME  # noqa: E402

_log = logging.getLogger(__name__)
_START_MILLISECONDS = 30_000
_STOP_MILLISECONDS = 40_000  # to end a run and tell the cloud; the host itself gives up sooner
_config = Path()


class _Service(win32serviceutil.ServiceFramework):
    """Start: run the host in this thread. Stop, and the computer's shutdown: end it in time.

    It is the host's Supervisor, too: the service runs when the host says that it is ready, not before.
    """

    _svc_name_ = NAME

    def __init__(self, arguments: Iterable[str]) -> None:
        super().__init__(arguments)
        self._host: Host | None = None
        self._stopped = threading.Event()

    def SvcRun(self) -> None:  # noqa: N802 - pywin32's name for it; its own would report RUNNING at once
        try:
            self.ReportServiceStatus(win32service.SERVICE_START_PENDING, waitHint=_START_MILLISECONDS)
            log_to_file(Places(_config).logs, agent=True)
            self._host = Host(_config, self)
            if not self._stopped.is_set():
                self._host.run()
        except TopBackupError as error:
            _log.error("the service cannot go on: %s %s", error.code, error)
            servicemanager.LogErrorMsg(f"{error.code} {error.sentence}")
            self._failed(error.exit_code)
        except Exception:
            _log.exception("the service found a defect")
            self._failed(1)
            raise

    def SvcStop(self) -> None:  # noqa: N802 - pywin32's name for it
        self.stopping()
        self._stopped.set()
        if self._host is not None:
            self._host.stop()

    SvcShutdown = SvcStop

    def ready(self) -> None:
        self.ReportServiceStatus(win32service.SERVICE_RUNNING)

    def alive(self) -> None:
        """Windows' service manager asks for no sign of life."""

    def stopping(self) -> None:
        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING, waitHint=_STOP_MILLISECONDS)

    def _failed(self, code: int) -> None:
        """Stopped with a code of its own: a failure to the service manager, which starts the agent anew."""
        self.ReportServiceStatus(
            win32service.SERVICE_STOPPED, win32ExitCode=winerror.ERROR_SERVICE_SPECIFIC_ERROR, svcExitCode=code
        )


def serve(config: Path) -> None:
    """Hand this process to the service manager, which started it. Returns when the service has stopped."""
    global _config  # noqa: PLW0603 - pywin32 makes the service object itself, from its class alone
    _config = config
    servicemanager.Initialize()
    servicemanager.PrepareToHostSingle(_Service)
    servicemanager.StartServiceCtrlDispatcher()  # type: ignore[no-untyped-call]  # pywin32's stub says nothing of it
