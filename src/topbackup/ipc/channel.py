"""A connection to the agent, as both its ends see it: bytes with time limits, and who is at the other end."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Peer:
    """Who is at the other end, as the system says. administrator: may change the agent.

    account: the system's own key of the account (uid, SID); two names may be one.
    """

    name: str
    administrator: bool
    account: str = "?"


class Channel(Protocol):
    """A stream of bytes. Every trouble of the transport is an OSError; a limit that ran out, TimeoutError."""

    @property
    def peer(self) -> Peer:
        """The other end; at the client's side, the agent."""

    @property
    def caller(self) -> Peer:
        """The other end as far as it is known before a byte was read: to count by, not to allow anything by."""

    def read(self, timeout: float) -> bytes:
        """The next bytes, as they come; b"" at the end of the stream. timeout: seconds."""

    def write(self, content: bytes, timeout: float) -> None:
        """All of it, or an OSError."""

    def close(self) -> None:
        """Let go; what another thread waits for on it ends. May be called twice."""


class Listener(Protocol):
    """Where the agent waits for connections."""

    @property
    def where(self) -> str:
        """The address, for people."""

    def accept(self) -> Channel | None:
        """The next connection; None once closed. OSError: this one failed, others may come."""

    def close(self) -> None:
        """No more connections; `accept` returns."""


class LineReader:
    """Lines out of a channel, none longer than `longest` bytes."""

    def __init__(self, channel: Channel, longest: int) -> None:
        self._channel = channel
        self._longest = longest
        self._held = bytearray()

    @property
    def begun(self) -> bool:
        """Is a part of a line there?"""
        return bool(self._held)

    def take(self) -> bytes | None:
        """A whole line that is there already, without its end; None. Raises LineTooLong."""
        line, found, rest = bytes(self._held).partition(b"\n")
        if len(line) > self._longest:
            raise LineTooLong
        if not found:
            return None
        self._held = bytearray(rest)
        return line

    def fill(self, timeout: float) -> bool:
        """Read once more; False at the end of the stream."""
        content = self._channel.read(timeout)
        self._held += content
        return bool(content)


class LineTooLong(Exception):
    """The sender's line is over the limit: nothing after it can be told from it any more."""
