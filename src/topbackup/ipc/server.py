"""The agent's end: a thread for each connection, and limits on all that a connection may take."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from topbackup.errors import Busy, OperationFailed, TopBackupError
from topbackup.ipc.channel import Channel, LineReader, LineTooLong, Listener, Peer
from topbackup.ipc.messages import (
    LONGEST_ANSWER,
    LONGEST_REQUEST,
    Request,
    answer_line,
    error_line,
    event_line,
    parse_request,
)
from topbackup.problems import AGENT_FULL, ANSWER_TOO_LONG, INTERNAL, MESSAGE_INVALID

_log = logging.getLogger(__name__)

type Answer = Callable[[Request, Peer], Any]
"""Gives the answer, or an iterator of events that goes on until the other end leaves; raises TopBackupError."""


@dataclass(frozen=True)
class Limits:
    """Seconds, but for clients: how many connections at once; administrators may have them all.

    each: of one ordinary account. reserved: of all, kept for administrators.
    message: to send one, once begun. silence: a connection that asks nothing. writing: to take an answer.
    """

    clients: int = 64
    each: int = 16
    reserved: int = 8
    message: float = 10.0
    silence: float = 120.0
    writing: float = 10.0


class Server:
    """error_document: an error as the object that a client reads."""

    def __init__(
        self,
        listener: Listener,
        answer: Answer,
        error_document: Callable[[TopBackupError], Mapping[str, Any]],
        limits: Limits | None = None,
    ) -> None:
        self._listener = listener
        self._answer = answer
        self._error_document = error_document
        self._limits = limits or Limits()
        self._channels: dict[Channel, Peer] = {}
        self._turn = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._accept, name="ipc", daemon=True)

    @property
    def where(self) -> str:
        return self._listener.where

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Nobody new, and those who are there are let go."""
        self._closing = True
        self._listener.close()
        with self._turn:
            channels = list(self._channels)
        for channel in channels:
            channel.close()

    def _accept(self) -> None:
        while not self._closing:
            try:
                channel = self._listener.accept()
            except OSError as error:
                _log.warning("a connection failed: %s", error)
                time.sleep(0.1)  # out of descriptors, it would fail again at once
                continue
            if channel is None:
                return
            with self._turn:
                full = not self._room_for(channel.caller)
                if not full:
                    self._channels[channel] = channel.caller
            target = self._turn_away if full else self._serve
            try:
                threading.Thread(target=target, args=(channel,), name="ipc-client", daemon=True).start()
            except RuntimeError:  # no more threads
                self._leave(channel)

    def _room_for(self, caller: Peer) -> bool:
        """One account that takes all that it can get shuts nobody else out, and never an administrator."""
        if caller.administrator:
            return len(self._channels) < self._limits.clients
        ordinary = [each for each in self._channels.values() if not each.administrator]
        own = sum(each.account == caller.account for each in ordinary)
        free = self._limits.clients - self._limits.reserved
        return own < self._limits.each and len(ordinary) < free and len(self._channels) < self._limits.clients

    def _turn_away(self, channel: Channel) -> None:
        try:
            channel.write(self._error(0, Busy(AGENT_FULL)), self._limits.writing / 10)
        except OSError:
            _log.debug("turned away, and gone already")
        finally:
            channel.close()

    def _serve(self, channel: Channel) -> None:
        reader = LineReader(channel, LONGEST_REQUEST)
        try:
            while (line := self._next_line(reader)) is not None:
                if line.strip():
                    self._one(channel, line)
        except LineTooLong:
            self._farewell(channel, OperationFailed(MESSAGE_INVALID, f"> {LONGEST_REQUEST} B"))
        except TimeoutError:
            _log.debug("a connection was silent or slow, and is let go")
        except OSError as error:
            _log.debug("a connection broke: %s", error)
        except Exception:  # noqa: BLE001 - one connection's trouble is nobody else's
            _log.exception("a connection found a defect")
        finally:
            self._leave(channel)

    def _next_line(self, reader: LineReader) -> bytes | None:
        """None at the end of the stream. A message may not trickle in: its time counts from its first byte."""
        began: float | None = None
        while (line := reader.take()) is None:
            if reader.begun and began is None:
                began = time.monotonic()
            left = self._limits.silence if began is None else began + self._limits.message - time.monotonic()
            if left <= 0:
                raise TimeoutError
            if not reader.fill(left):
                return None
        return line

    def _one(self, channel: Channel, line: bytes) -> None:
        number = 0
        try:
            request = parse_request(line)
            number = request.number
            answer = self._answer(request, channel.peer)
        except TopBackupError as error:
            self._write(channel, self._error(number, error))
        except OSError:
            raise
        except Exception as defect:  # noqa: BLE001 - told to the one who asked
            _log.exception("a request found a defect")
            self._write(channel, self._error(number, OperationFailed(INTERNAL, type(defect).__name__)))
        else:
            if isinstance(answer, Iterator):
                self._write(channel, answer_line(number, {}))
                for event in answer:
                    self._write(channel, event_line(number, event))
            else:
                told = answer_line(number, answer)
                if len(told) > LONGEST_ANSWER:
                    told = self._error(number, OperationFailed(ANSWER_TOO_LONG, f"> {LONGEST_ANSWER >> 20} MiB"))
                self._write(channel, told)

    def _write(self, channel: Channel, content: bytes) -> None:
        channel.write(content, self._limits.writing)

    def _error(self, number: int, error: TopBackupError) -> bytes:
        return error_line(number, {**self._error_document(error), "saida": error.exit_code})

    def _farewell(self, channel: Channel, error: TopBackupError) -> None:
        try:
            self._write(channel, self._error(0, error))
        except OSError:
            _log.debug("gone before it could be told why")

    def _leave(self, channel: Channel) -> None:
        with self._turn:
            self._channels.pop(channel, None)
        channel.close()
