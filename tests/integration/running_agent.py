"""A running agent under test: a process of its own, asked over its socket as every other program asks."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from tests.integration.shop import Shop
from topbackup.errors import AgentNotRunning
from topbackup.ipc.client import Client
from topbackup.journal import Journal
from topcore.agenda import DEFAULT_ZONE

TOPBACKUP = (sys.executable, "-m", "topbackup")
SETTABLE = (sys.executable, "-m", "tests.integration.agent_process")


class RunningAgent:
    """Of one shop. command: how it is started."""

    def __init__(self, shop: Shop, command: Sequence[str] | None = None) -> None:
        self.shop = shop
        self._command = command or (*TOPBACKUP, "run", "--quiet", "--config", str(shop.config))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "RunningAgent":
        """Returns once it answers."""
        with (self.shop.home / "agente.saida").open("ab") as said:
            self.process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        eventually(lambda: self.alive and self.answers(), 20, self.said)
        return self

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def said(self) -> str:
        log = self.shop.home / "logs" / "topbackup.log"
        return (self.shop.home / "agente.saida").read_text() + (log.read_text() if log.exists() else "")[-6000:]

    def answers(self) -> bool:
        try:
            self.ask("status")
        except AgentNotRunning:
            return False
        return True

    def ask(self, request: str, **arguments: Any) -> Any:
        with Client.of(self.shop.home) as client:
            return client.ask(request, arguments, patience=60)

    @property
    def status(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.ask("status")["agente"]
        return found

    @property
    def state(self) -> str:
        return str(self.status["estado"])

    def until(self, state: str, seconds: float = 30) -> None:
        eventually(lambda: self.state == state, seconds, self.said)

    @contextmanager
    def events(self) -> Iterator[Iterator[Mapping[str, Any]]]:
        with Client.of(self.shop.home) as client:
            client.subscribe()
            yield client.events(60)

    def stop(self, seconds: float = 30) -> int:
        assert self.process is not None
        if self.alive:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def children(self, name: str = "gbak") -> list[psutil.Process]:
        return [each for each in psutil.Process(self.pid).children(recursive=True) if each.name() == name]

    def log(self) -> str:
        return (self.shop.home / "logs" / "topbackup.log").read_text()


@contextmanager
def running(shop: Shop, command: Sequence[str] | None = None) -> Iterator[RunningAgent]:
    agent = RunningAgent(shop, command)
    try:
        yield agent.start()
    finally:
        if agent.process is not None:
            if agent.alive:
                agent.stop()
            assert agent.process.returncode in (0, -signal.SIGKILL), agent.said()


def eventually(holds: Callable[[], object], seconds: float, said: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s\n{said()}"
        time.sleep(0.05)


def set_rows(shop: Shop, rows: Sequence[tuple[int, str, str]]) -> None:
    """AGENDA_BACKUP holds these and no others: (ID, HORARIO, PREFIXO_BACKUP), every day."""
    inserts = "".join(
        f"insert into AGENDA_BACKUP values ({number}, '{at}', 'S','S','S','S','S','S','S',"
        f" '{shop.d1}', null, 'N', '{scheme}', null);\n"
        for number, at, scheme in rows
    )
    shop.server.sql(f"delete from AGENDA_BACKUP;\n{inserts}commit;\n", shop.database)


def minute(offset: int = 0) -> str:
    """HH:MM in the shop's zone, so many minutes from now."""
    from zoneinfo import ZoneInfo

    return f"{datetime.now(UTC).astimezone(ZoneInfo(DEFAULT_ZONE)) + timedelta(minutes=offset):%H:%M}"


def slept(shop: Shop, hours: float) -> None:
    """As if the rows had been read so long ago, and the computer had been asleep since."""
    since = (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="microseconds")
    with Journal.open(shop.parts.places.journal) as journal, journal.transaction() as cursor:
        cursor.execute("UPDATE AGENDA_VISTA SET DESDE = ?, LIDA = ?", (since, since))
        cursor.execute("UPDATE MEMORIA SET VALOR = ? WHERE CHAVE = 'agenda_lida'", (since,))
        cursor.execute("DELETE FROM PREVISTO WHERE UUID IS NULL")


def slots(shop: Shop) -> list[tuple[int, str, str, str | None]]:
    """(ID, slot, result, UUID), as the book has them."""
    with Journal.open(shop.parts.places.journal) as journal:
        return [
            tuple(row) for row in journal.rows("SELECT AGENDA, HORARIO, RESULTADO, UUID FROM PREVISTO ORDER BY 2, 1")
        ]


def gbaks(shop: Shop) -> list[psutil.Process]:
    """Every gbak at this shop's server or files that still lives; other tests run beside this one."""
    own = (str(shop.server.port), str(shop.home))
    return [
        process
        for process in psutil.process_iter(["name", "status", "cmdline"])
        if process.info["name"] == "gbak"
        and process.info["status"] != psutil.STATUS_ZOMBIE
        and any(mark in " ".join(process.info["cmdline"] or ()) for mark in own)
    ]


def log_lines(path: Path) -> list[str]:
    return path.read_text().splitlines()
