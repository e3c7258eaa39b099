"""The systemd unit, and what the real agent tells the socket that systemd gives it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from topbackup.errors import OperationFailed
from topbackup.service import systemd
from topbackup.service.systemd import Notifier, state, unit_text


def test_the_unit_starts_the_agent_in_the_foreground_and_watches_it() -> None:
    text = unit_text(["/opt/topbackup/bin/topbackup"], Path("/var/lib/topbackup/config.json"))
    lines = text.splitlines()
    assert (
        'ExecStart="/opt/topbackup/bin/topbackup" "run" "--quiet" "--config" "/var/lib/topbackup/config.json"' in lines
    )
    for wanted in ("Type=notify", "Restart=always", "WatchdogSec=180", "KillMode=mixed", "NoNewPrivileges=yes"):
        assert wanted in lines
    assert "WantedBy=multi-user.target" in lines


@pytest.mark.parametrize(
    ("path", "quoted"),
    [
        ("/a b/c.json", '"/a b/c.json"'),
        ('/a"b/c.json', '"/a\\"b/c.json"'),
        ("/100%/c.json", '"/100%%/c.json"'),
        ("/$HOME/c.json", '"/$$HOME/c.json"'),
        ("/a\\b/c.json", '"/a\\\\b/c.json"'),
        ("/São João/c.json", '"/São João/c.json"'),
    ],
)
def test_a_path_is_one_argument_whatever_is_in_it(path: str, quoted: str) -> None:
    assert unit_text(["/t"], Path(path)).count(f'"--config" {quoted}\n') == 1


def test_a_path_that_would_begin_a_new_line_is_refused() -> None:
    with pytest.raises(OperationFailed) as failed:
        unit_text(["/t"], Path("/a\nExecStart=/evil"))
    assert failed.value.code == "TB-SERVICO"


def test_systemd_s_own_check_of_the_unit(tmp_path: Path) -> None:
    """`systemd-analyze verify`, installed by scripts/setup.sh: syntax, and every directive known."""
    analyze = shutil.which("systemd-analyze")
    assert analyze is not None, "systemd-analyze is missing: scripts/setup.sh test installs it"
    unit = tmp_path / "topbackup.service"
    unit.write_text(unit_text([sys.executable, "-m", "topbackup"], tmp_path / "config.json"))
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False, timeout=60
    )
    complaints = [line for line in done.stderr.splitlines() if "topbackup" in line]
    assert complaints == [], done.stderr


def test_without_systemd_nothing_is_installed_and_what_to_do_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systemd, "_BOOTED", tmp_path / "nobody")
    with pytest.raises(OperationFailed) as failed:
        systemd.install(["/t"], tmp_path / "config.json", tmp_path)
    assert failed.value.code == "TB-SERVICO-SEM-SYSTEMD"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("before", [None, "an older unit"])
@pytest.mark.parametrize("refused", ["daemon-reload", "enable"])
def test_an_installation_that_systemd_refuses_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str, before: str | None
) -> None:
    """systemctl is a stand-in: there is no systemd here that would refuse."""
    systemctl = tmp_path / "bin" / "systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text(f'#!/bin/sh\n[ "$1" != {refused} ] || {{ echo recusado >&2; exit 1; }}\n')
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", str(systemctl.parent), prepend=os.pathsep)
    monkeypatch.setattr(systemd, "_BOOTED", tmp_path)
    unit = tmp_path / systemd.UNIT
    if before is not None:
        unit.write_text(before)
    with pytest.raises(OperationFailed, match="recusado") as failed:
        systemd.install(["/t"], tmp_path / "config.json", tmp_path)
    assert failed.value.code == "TB-SERVICO"
    assert (unit.read_text() if unit.exists() else None) == before


def test_not_installed_is_said(tmp_path: Path) -> None:
    assert state(tmp_path) == "not-installed"


def test_the_agent_tells_systemd_that_it_is_ready_alive_and_stopping(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"firebird": {"database_path": "/nada/x.fdb"}}')
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(address))
        told.settimeout(20)
        environment = os.environ | {"NOTIFY_SOCKET": str(address)}
        command = [sys.executable, "-m", "topbackup", "run", "--quiet", "--config", str(config)]
        with subprocess.Popen(command, env=environment) as agent:
            heard = [told.recv(100), told.recv(100)]
            agent.send_signal(signal.SIGTERM)
            while heard[-1] != b"STOPPING=1":
                heard.append(told.recv(100))
            assert agent.wait(20) == 0
    assert heard[:2] == [b"READY=1", b"WATCHDOG=1"]


def test_a_systemd_that_does_not_hear_harms_nothing(tmp_path: Path) -> None:
    Notifier(str(tmp_path / "nobody")).ready()
    Notifier("@topbackup-nobody").alive()
