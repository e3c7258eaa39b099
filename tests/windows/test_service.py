"""TopBackupService through the service manager: installed, started, asked, stopped in a backup, removed."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pywintypes
import win32api
import win32con
import win32process
import win32service

from topbackup.errors import AgentNotRunning
from topbackup.ipc.client import Client
from topbackup.service import windows


def topbackup(config: Path, *arguments: str, code: int = 0) -> str:
    command = [sys.executable, "-X", "utf8", "-m", "topbackup", *arguments, "--config", str(config)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120, env=dict(os.environ))
    assert done.returncode == code, done.stdout.decode() + done.stderr.decode() + log(config)
    return done.stdout.decode()


def log(config: Path) -> str:
    path = config.parent.parent / "logs" / "topbackup.log"
    return path.read_text(encoding="utf-8") if path.exists() else "no log"


@pytest.fixture
def installed(config: Path) -> Iterator[Path]:
    if windows.state() != "not-installed":
        windows.uninstall()
    topbackup(config, "--install")
    yield config
    if windows.state() != "not-installed":
        windows.uninstall()


def eventually(holds: Callable[[], object], config: Path, seconds: float = 40.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, log(config)
        time.sleep(0.1)


def ask(config: Path, name: str, **arguments: Any) -> Any:
    try:
        with Client.of(config.parent.parent) as client:
            return client.ask(name, arguments)
    except AgentNotRunning:
        return None


def gbaks() -> list[int]:
    """PIDs. Not by psutil, whose way through the service's processes fails under Wine (WinError 87)."""
    found = []
    rights = win32con.PROCESS_QUERY_INFORMATION | win32con.PROCESS_VM_READ
    for pid in win32process.EnumProcesses():
        with contextlib.suppress(pywintypes.error):  # the system's own, or ended meanwhile
            handle = win32api.OpenProcess(rights, False, pid)
            name = str(win32process.GetModuleFileNameEx(handle, 0))
            win32api.CloseHandle(handle)
            if name.lower().endswith("gbak.exe"):
                found.append(pid)
    return found


def test_installed_as_it_should_be(installed: Path) -> None:
    manager = win32service.OpenSCManager(None, None, win32service.SC_MANAGER_CONNECT)
    service = win32service.OpenService(manager, windows.NAME, win32service.SERVICE_ALL_ACCESS)
    configured = win32service.QueryServiceConfig(service)
    assert configured[1] == win32service.SERVICE_AUTO_START
    assert configured[0] == win32service.SERVICE_WIN32_OWN_PROCESS
    assert str(installed) in configured[3]
    assert '"' in configured[3], "a path with blanks must be quoted"
    win32service.CloseServiceHandle(service)
    win32service.CloseServiceHandle(manager)
    assert json.loads(topbackup(installed, "--status", "--json", code=4)) == {"servico": "inactive"}
    topbackup(installed, "--uninstall")
    assert json.loads(topbackup(installed, "--status", "--json", code=4)) == {"servico": "not-installed"}


def test_it_is_restarted_after_a_failure_and_begins_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the service manager is asked for: Wine's own does not give it back (a real Windows does: the checklist)."""
    asked: dict[int, Any] = {}
    monkeypatch.setattr(
        win32service, "ChangeServiceConfig2", lambda service, level, value: asked.update({level: value})
    )
    windows._describe(0)
    actions = asked[win32service.SERVICE_CONFIG_FAILURE_ACTIONS]
    assert actions["Actions"] == [(win32service.SC_ACTION_RESTART, 10_000)] * 3
    assert actions["ResetPeriod"] == 86_400
    assert asked[win32service.SERVICE_CONFIG_DELAYED_AUTO_START_INFO] is True


@pytest.mark.timeout(240)
def test_started_asked_stopped_in_a_backup_and_removed(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Path(os.environ["LAB_GBAK"])
    topbackup(installed, "--start")
    eventually(lambda: (ask(installed, "status") or {}).get("agente", {}).get("estado") == "RUNNING", installed)
    assert "em execução" in topbackup(installed, "--status")
    topbackup(installed, "backup")
    assert ask(installed, "history")[0]["status"] == "S"

    # A gbak that takes minutes: the stop must not wait for it.
    marker = installed.parent.parent / "gbak.cmd"
    marker.write_text(f'@if "%1"=="-z" ("{slow}" %* & exit /b)\r\n@set GBAK_STAND_IN_SLEEP=120000\r\n@"{slow}" %*\r\n')
    document = json.loads(installed.read_text(encoding="utf-8"))
    document["firebird"]["gbak_path"] = str(marker)
    installed.write_text(json.dumps(document), encoding="utf-8")
    ask(installed, "reload")
    ask(installed, "backup")
    eventually(gbaks, installed)
    began = time.monotonic()
    topbackup(installed, "--stop")
    assert time.monotonic() - began < 30
    assert windows.state() == "inactive"
    eventually(lambda: not gbaks(), installed)
    runs = json.loads(topbackup(installed, "history", "--json"))
    assert runs[0]["codigo_erro"] == "TB-INTERROMPIDO"
    assert sorted(path.suffix for path in (installed.parent.parent / "destino").iterdir()) == [".json", ".zip"]
    topbackup(installed, "--uninstall")
    assert windows.state() == "not-installed"


def test_an_agent_that_cannot_begin_is_a_failed_service(installed: Path) -> None:
    """The service manager must see it fail, to start it anew later."""
    installed.write_text('{"backup": {"timeout_seconds": 0}}', encoding="utf-8")
    topbackup(installed, "--start", code=1)
    assert windows.state() == "inactive"
    assert "the service cannot go on: TB-CONFIG-INVALIDA" in log(installed)
