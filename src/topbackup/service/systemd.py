"""Linux: the systemd unit, and what the agent tells systemd (sd_notify(3): ready, watchdog, stopping)."""

import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

from topbackup.errors import OperationFailed
from topbackup.i18n import _
from topbackup.problems import NOT_ALLOWED, SERVICE_FAILED, SERVICE_NO_SYSTEMD, Problem
from topbackup.system_words import system_words

_log = logging.getLogger(__name__)
UNIT = "topbackup.service"
_UNITS = Path("/etc/systemd/system")
_BOOTED = Path("/run/systemd/system")  # there where systemd is what runs the system: sd_booted(3)
_PATIENCE = 90.0  # seconds for systemctl, which waits for the agent to stop

# Writable for the service: its own home, and the folders that AGENDA_BACKUP names, which nobody knows beforehand; so
# the system's own folders are closed and the rest is left open. gbak of a local server must reach /tmp's FIFO, hence no
# PrivateTmp; the CAP_ ones: to give a pipe to the server's account, and to read where the shop's files are.
_TEXT = """[Unit]
Description=TopBackup: Firebird backups that are proven
Documentation=man:topbackup(1)
Wants=network-online.target
After=network-online.target firebird.service firebird3.0.service mariadb.service

[Service]
Type=notify
ExecStart={command}
Restart=always
RestartSec=10
WatchdogSec=180
TimeoutStartSec=60
TimeoutStopSec=60
KillMode=mixed
NoNewPrivileges=yes
ProtectSystem=full
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
PrivateDevices=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
LockPersonality=yes
SystemCallArchitectures=native
CapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_KILL
UMask=0077

[Install]
WantedBy=multi-user.target
"""


def unit_text(program: list[str], config: Path) -> str:
    """The unit for this program and these settings. Raises OperationFailed for a path that a unit cannot hold."""
    words = [*program, "run", "--quiet", "--config", str(config)]
    return _TEXT.format(command=" ".join(_quoted(word) for word in words))


def install(program: list[str], config: Path, units: Path = _UNITS) -> None:
    """Write the unit, and let it begin with the computer; all of it or nothing.

    Raises OperationFailed with SERVICE_FAILED, or SERVICE_NO_SYSTEMD.
    """
    _need_systemd()
    unit, text = units / UNIT, unit_text(program, config)
    before = unit.read_text(encoding="utf-8") if unit.exists() else None
    try:
        unit.write_text(text, encoding="utf-8")
        _systemctl("daemon-reload")
        _systemctl("enable", UNIT)
    except OSError as error:
        raise OperationFailed(SERVICE_FAILED, f"{unit}: {system_words(error)}") from error
    except OperationFailed:
        if before is None:
            unit.unlink()
        else:
            unit.write_text(before, encoding="utf-8")
        raise


def obstacle() -> Problem | None:
    """Why `install` could not succeed here and now; None where it may."""
    if not _BOOTED.is_dir():
        return SERVICE_NO_SYSTEMD
    return None if os.access(_UNITS, os.W_OK) else NOT_ALLOWED


def uninstall(units: Path = _UNITS) -> None:
    """Stop it and take it away; nothing of the settings, the journal or the backups."""
    _need_unit(units)
    _systemctl("disable", "--now", UNIT)
    try:
        (units / UNIT).unlink()
    except OSError as error:
        raise OperationFailed(SERVICE_FAILED, f"{units / UNIT}: {system_words(error)}") from error
    _systemctl("daemon-reload")


def start(units: Path = _UNITS) -> None:
    _need_unit(units)
    _systemctl("start", UNIT)


def stop(units: Path = _UNITS) -> None:
    _need_unit(units)
    _systemctl("stop", UNIT)


def state(units: Path = _UNITS) -> str:
    """What systemd says: active, inactive, failed, activating; `not-installed` without a unit."""
    if not (units / UNIT).exists():
        return "not-installed"
    _need_systemd()
    done = _run("is-active", UNIT)
    return done.stdout.strip() or "unknown"


class Notifier:
    """To the socket that systemd names in NOTIFY_SOCKET. What systemd does not hear is its own matter."""

    def __init__(self, address: str) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address

    def ready(self) -> None:
        self._tell("READY=1")

    def alive(self) -> None:
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        self._tell("STOPPING=1")

    def _tell(self, words: str) -> None:
        if sys.platform == "win32":
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told:
                told.connect(self._address)
                told.sendall(words.encode())
        except OSError as error:
            _log.warning("systemd does not hear: %s", error)


def supervisor() -> Notifier | None:
    """Where systemd started us; None elsewhere. Programs that we start do not inherit it."""
    address = os.environ.pop("NOTIFY_SOCKET", None)
    return Notifier(address) if address else None


def _quoted(word: str) -> str:
    """As systemd.syntax(7) and systemd.service(5) want an argument: quoted, %, $ and backslash doubled."""
    if any(ord(sign) < 32 for sign in word):
        raise OperationFailed(SERVICE_FAILED, repr(word))
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _need_systemd() -> None:
    if not _BOOTED.is_dir():
        raise OperationFailed(SERVICE_NO_SYSTEMD)


def _need_unit(units: Path) -> None:
    """Asked here, so that the user hears it in his own language."""
    _need_systemd()
    if not (units / UNIT).exists():
        raise OperationFailed(SERVICE_FAILED, _("not installed: {unit}").format(unit=units / UNIT))


def _systemctl(*arguments: str) -> None:
    done = _run(*arguments)
    if done.returncode != 0:
        said = done.stderr.strip() or str(done.returncode)
        raise OperationFailed(SERVICE_FAILED, f"systemctl {arguments[0]}: {said}")


def _run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(  # noqa: S603 - fixed words, no shell
            ["systemctl", *arguments],  # noqa: S607 - its place differs between distributions
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise OperationFailed(SERVICE_FAILED, f"systemctl {arguments[0]}: {_PATIENCE:.0f} s") from error
    except OSError as error:
        raise OperationFailed(SERVICE_FAILED, f"systemctl: {system_words(error)}") from error
