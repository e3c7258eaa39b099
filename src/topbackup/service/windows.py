"""Windows: TopBackupService, as the service manager knows it: installed, started, asked, stopped, taken away."""

import ctypes
import sys
import time
from pathlib import Path
from typing import Any

from topbackup.errors import OperationFailed
from topbackup.problems import NOT_ALLOWED, SERVICE_FAILED, Problem

assert sys.platform == "win32", "chosen by service.control"

import pywintypes  # noqa: E402 - pywin32, below the platform check so that type checkers elsewhere skip it
import win32service  # noqa: E402
import winerror  # noqa: E402

NAME = "TopBackupService"
_DISPLAY = "TopBackup"
_DESCRIPTION = "Backups de bancos Firebird, comprovados."
_PATIENCE = 60.0
_RESTART_AFTER = 10_000  # milliseconds
_FORGIVEN_AFTER = 86_400  # seconds without a failure, after which failures are counted anew
_STATES = {
    win32service.SERVICE_RUNNING: "active",
    win32service.SERVICE_STOPPED: "inactive",
    win32service.SERVICE_START_PENDING: "activating",
    win32service.SERVICE_STOP_PENDING: "deactivating",
    win32service.SERVICE_PAUSED: "paused",
}


def install(program: list[str], config: Path) -> None:
    """Automatic, delayed start, started anew after a failure. Raises OperationFailed with SERVICE_FAILED."""
    command = " ".join(f'"{word}"' for word in [*program, "service-host", "--config", str(config)])
    with _manager(win32service.SC_MANAGER_CREATE_SERVICE) as manager:
        try:
            service = win32service.CreateService(
                manager,
                NAME,
                _DISPLAY,
                win32service.SERVICE_ALL_ACCESS,
                win32service.SERVICE_WIN32_OWN_PROCESS,
                win32service.SERVICE_AUTO_START,
                win32service.SERVICE_ERROR_NORMAL,
                command,
                None,
                False,
                None,
                None,
                None,
            )
        except pywintypes.error as error:
            raise _failed("CreateService", error) from error
        try:
            _describe(service)
        finally:
            win32service.CloseServiceHandle(service)


def obstacle() -> Problem | None:
    """Why `install` could not succeed with the rights that we have; None where it may."""
    return None if ctypes.windll.shell32.IsUserAnAdmin() else NOT_ALLOWED


def uninstall() -> None:
    """Stop it and take it away; nothing of the settings, the journal or the backups."""
    if state() in ("active", "activating", "paused"):
        stop()
    with _opened(win32service.SERVICE_ALL_ACCESS) as service:
        try:
            win32service.DeleteService(service)
        except pywintypes.error as error:
            raise _failed("DeleteService", error) from error


def start() -> None:
    """Returns when it runs. Raises OperationFailed when it does not come up."""
    with _opened(win32service.SERVICE_START | win32service.SERVICE_QUERY_STATUS) as service:
        try:
            win32service.StartService(service, None)
        except pywintypes.error as error:
            if error.winerror != winerror.ERROR_SERVICE_ALREADY_RUNNING:
                raise _failed("StartService", error) from error
        _await(service, win32service.SERVICE_RUNNING, "StartService")


def stop() -> None:
    """Returns when it has stopped."""
    with _opened(win32service.SERVICE_STOP | win32service.SERVICE_QUERY_STATUS) as service:
        try:
            win32service.ControlService(service, win32service.SERVICE_CONTROL_STOP)
        except pywintypes.error as error:
            if error.winerror != winerror.ERROR_SERVICE_NOT_ACTIVE:
                raise _failed("ControlService", error) from error
        _await(service, win32service.SERVICE_STOPPED, "ControlService")


def state() -> str:
    """active, inactive, activating, deactivating, paused; `not-installed`."""
    try:
        with _opened(win32service.SERVICE_QUERY_STATUS) as service:
            return _STATES.get(win32service.QueryServiceStatus(service)[1], "unknown")
    except _NotInstalled:
        return "not-installed"


class _NotInstalled(OperationFailed):
    pass


class _opened:  # noqa: N801 - a context manager, used like a function
    """The service, with these rights."""

    def __init__(self, rights: int) -> None:
        self._rights = rights
        self._manager = _manager(win32service.SC_MANAGER_CONNECT)
        self._service: Any = None

    def __enter__(self) -> Any:
        manager = self._manager.__enter__()
        try:
            self._service = win32service.OpenService(manager, NAME, self._rights)
        except pywintypes.error as error:
            self._manager.__exit__()
            if error.winerror == winerror.ERROR_SERVICE_DOES_NOT_EXIST:
                raise _NotInstalled(SERVICE_FAILED, NAME) from error
            raise _failed("OpenService", error) from error
        return self._service

    def __exit__(self, *_: object) -> None:
        win32service.CloseServiceHandle(self._service)
        self._manager.__exit__()


class _manager:  # noqa: N801 - see above
    def __init__(self, rights: int) -> None:
        self._rights = rights
        self._handle: Any = None

    def __enter__(self) -> Any:
        try:
            self._handle = win32service.OpenSCManager(None, None, self._rights)
        except pywintypes.error as error:
            raise _failed("OpenSCManager", error) from error
        return self._handle

    def __exit__(self, *_: object) -> None:
        win32service.CloseServiceHandle(self._handle)


def _describe(service: Any) -> None:
    changes: list[tuple[int, Any]] = [
        (win32service.SERVICE_CONFIG_DESCRIPTION, _DESCRIPTION),
        (
            win32service.SERVICE_CONFIG_FAILURE_ACTIONS,
            {
                "ResetPeriod": _FORGIVEN_AFTER,
                "RebootMsg": "",
                "Command": "",
                "Actions": [(win32service.SC_ACTION_RESTART, _RESTART_AFTER)] * 3,
            },
        ),
        # Delayed, so that a PC that starts is not slower for it, and the Firebird service is there first.
        (win32service.SERVICE_CONFIG_DELAYED_AUTO_START_INFO, True),
    ]
    for level, value in changes:
        try:
            win32service.ChangeServiceConfig2(service, level, value)
        except pywintypes.error as error:
            if error.winerror != winerror.ERROR_INVALID_LEVEL:  # Wine knows no delayed start
                raise _failed("ChangeServiceConfig2", error) from error


def _await(service: Any, wanted: int, step: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while (found := win32service.QueryServiceStatus(service)[1]) != wanted:
        ended = wanted == win32service.SERVICE_RUNNING and found == win32service.SERVICE_STOPPED
        if ended or time.monotonic() > deadline:
            raise OperationFailed(SERVICE_FAILED, f"{step}: {_STATES.get(found, found)}")
        time.sleep(0.1)


def _failed(step: str, error: "pywintypes.error") -> OperationFailed:
    return OperationFailed(SERVICE_FAILED, f"{step}: {error.winerror} {error.strerror}")
