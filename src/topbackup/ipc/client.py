"""The other end: what commands, window and tray use to ask the agent."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from topbackup.errors import AgentNotRunning, BadUsage, Busy, NotConfigured, OperationFailed, TopBackupError
from topbackup.ipc.channel import Channel, LineReader, LineTooLong
from topbackup.ipc.messages import LONGEST_ANSWER, Request, parse_object, request_line
from topbackup.ipc.transport import connect
from topbackup.problems import AGENT_NOT_RUNNING, AGENT_SILENT, INTERNAL, MESSAGE_INVALID, Problem, all_problems

_PATIENCE = 30.0  # seconds for an answer, unless the request takes its time
_WRITING = 10.0
_LAST_WORDS = 1.0
_BY_EXIT = {kind.exit_code: kind for kind in (OperationFailed, BadUsage, NotConfigured, AgentNotRunning, Busy)}


class Client:
    """One connection. Requests are answered in their order."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._lines = LineReader(channel, LONGEST_ANSWER)
        self._number = 0

    @classmethod
    def of(cls, home: Path) -> Self:
        """Raises AgentNotRunning."""
        try:
            return cls(connect(home))
        except OSError as error:
            raise AgentNotRunning(AGENT_NOT_RUNNING) from error

    def ask(self, name: str, arguments: Mapping[str, Any] | None = None, *, patience: float = _PATIENCE) -> Any:
        """The answer. patience: seconds. Raises what the agent raised, by its code, or OperationFailed."""
        self._number += 1
        self._send(Request(name, arguments or {}, self._number))
        return self._answer(patience)

    def subscribe(self, arguments: Mapping[str, Any] | None = None) -> None:
        """From now on `events` gives what happens. This connection then answers nothing else."""
        self.ask("subscribe", arguments)

    def events(self, timeout: float) -> Iterator[Mapping[str, Any]]:
        """As they come; ends when none came within `timeout` seconds. Raises AgentNotRunning when the agent goes."""
        while True:
            try:
                document = self._next(timeout)
            except TimeoutError:
                return
            yield document.get("evento", {})

    def close(self) -> None:
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, request: Request) -> None:
        try:
            self._channel.write(request_line(request), _WRITING)
        except TimeoutError as error:
            raise OperationFailed(AGENT_SILENT) from error
        except OSError as error:
            self._last_words()
            raise AgentNotRunning(AGENT_NOT_RUNNING) from error

    def _last_words(self) -> None:
        """An agent that lets go at once (too many connections) says why before: it is there, not to be passed by."""
        try:
            document = self._next(_LAST_WORDS)
        except (TopBackupError, TimeoutError):
            return
        raise told_error(document.get("erro"))

    def _answer(self, patience: float) -> Any:
        try:
            document = self._next(patience)
        except TimeoutError as error:
            raise OperationFailed(AGENT_SILENT) from error
        if document.get("ok") is True:
            return document.get("resposta")
        raise told_error(document.get("erro"))

    def _next(self, patience: float) -> dict[str, Any]:
        deadline = time.monotonic() + patience
        try:
            while (line := self._lines.take()) is None:
                if not self._lines.fill(max(0.0, deadline - time.monotonic())):
                    raise AgentNotRunning(AGENT_NOT_RUNNING)
        except TimeoutError:
            raise
        except LineTooLong:
            raise OperationFailed(MESSAGE_INVALID, f"> {LONGEST_ANSWER} B") from None
        except OSError as error:
            raise AgentNotRunning(AGENT_NOT_RUNNING) from error
        return parse_object(line)


def told_error(error: object) -> TopBackupError:
    """The agent's error, as if it had been raised here."""
    found = error if isinstance(error, dict) else {}
    problem: Problem = all_problems().get(str(found.get("codigo")), INTERNAL)
    kind = _BY_EXIT.get(found.get("saida", 1), OperationFailed)
    detail = found.get("detalhe")
    return kind(problem, detail if isinstance(detail, str) else "")
