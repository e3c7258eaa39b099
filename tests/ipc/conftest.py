"""A server with a few requests of its own, on the transport of this system: the same on Linux and under Wine."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from topbackup.agent.documents import error_document
from topbackup.errors import BadUsage, Busy, OperationFailed
from topbackup.ipc.channel import Channel, Peer
from topbackup.ipc.client import Client
from topbackup.ipc.messages import Request
from topbackup.ipc.server import Limits, Server
from topbackup.ipc.transport import connect, listen
from topbackup.problems import BAD_ARGUMENT, FIREBIRD_LOGIN, RUN_BUSY

LIMITS = Limits(clients=8, message=1.0, silence=3.0, writing=1.0)


class Desk:
    """A server, and ways to it. released: lets go whoever asked to wait."""

    def __init__(self, home: Path, limits: Limits) -> None:
        self.home = home
        self.released = threading.Event()
        self.peers: list[Peer] = []
        self.server = Server(listen(home), self.answer, error_document, limits)
        self.server.start()

    def answer(self, request: Request, peer: Peer) -> Any:
        self.peers.append(peer)
        match request.name:
            case "echo":
                return dict(request.arguments)
            case "big":
                return "ã" * int(request.arguments["size"])
            case "wait":
                self.released.wait(20)
                return {}
            case "busy":
                raise Busy(RUN_BUSY, "C:/São João.fdb")
            case "wrong":
                raise BadUsage(BAD_ARGUMENT, "limite")
            case "refused":
                raise OperationFailed(FIREBIRD_LOGIN)
            case "defect":
                raise ZeroDivisionError("a secret in a defect's words")
            case "count":
                return ({"evento": "conta", "n": n} for n in range(int(request.arguments["to"])))
            case "endless":
                return self._endless()
        raise BadUsage(BAD_ARGUMENT, request.name)

    def _endless(self) -> Iterator[dict[str, Any]]:
        while not self.released.wait(0.01):
            yield {"evento": "pulso", "texto": "x" * 1000}

    def client(self) -> Client:
        return Client.of(self.home)

    def channel(self) -> Channel:
        return connect(self.home)

    def still_answers(self) -> None:
        with self.client() as client:
            assert client.ask("echo", {"vivo": True}) == {"vivo": True}

    def close(self) -> None:
        self.released.set()
        self.server.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path, LIMITS)
    yield opened
    opened.close()


@pytest.fixture
def roomy(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path, Limits())
    yield opened
    opened.close()


def open_handles() -> int:
    """Of this process: descriptors, or handles under Windows."""
    import psutil

    process = psutil.Process()
    if sys.platform == "win32":
        return int(process.num_handles())
    return int(process.num_fds())


def eventually(holds: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
