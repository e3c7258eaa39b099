"""What every private server has in common: a free port, a process of its own, an end whatever happens."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_PR_SET_PDEATHSIG = 1  # prctl(2)
_PATIENCE = 20.0


class ServerDidNotStart(RuntimeError):
    """With the tail of the server's log."""


def free_port() -> int:
    """A TCP port on loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """A program that was started in a session of its own, and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


class ServerProcess:
    """A server started by hand. It is killed with the thread that started it, so that nothing outlives a test run."""

    def __init__(self, command: Sequence[str], *, port: int, log: Path, environment: Mapping[str, str], folder: Path):
        self._command, self.port, self._log = list(command), port, log
        self._environment, self._folder = dict(environment), folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens. Raises ServerDidNotStart."""
        libc = ctypes.CDLL(None)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL),  # noqa: PLW1509 - one system call
            )
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self.alive:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2):
                return
            time.sleep(0.01)
        self.kill()
        raise ServerDidNotStart(self._log.read_text(errors="replace")[-2000:])

    @property
    def pid(self) -> int:
        assert self._process is not None, "started"
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask it to end; kill it when it does not."""
        self._signal(signal.SIGCONT)
        self._signal(signal.SIGTERM)
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
        self.kill()

    def kill(self) -> None:
        """SIGKILL, as a power cut would end it."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(10)

    def suspend(self) -> None:
        """SIGSTOP: it hangs, its connections stay open."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)


class PrivateServer:
    """What a test may do to any server of ours; its kind sets `_process`, and says how it is made and asked."""

    _process: ServerProcess

    def stop(self) -> None:
        self._process.stop()

    def kill(self) -> None:
        self._process.kill()

    def suspend(self) -> None:
        self._process.suspend()

    def resume(self) -> None:
        self._process.resume()

    @property
    def alive(self) -> bool:
        return self._process.alive

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
