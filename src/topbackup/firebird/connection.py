"""A short, read-only connection to a Firebird server, whose every error is an OperationFailed of the catalogue."""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pybreaker

from topbackup.circuit import Circuit
from topbackup.errors import OperationFailed
from topbackup.firebird.address import Credentials, DatabaseAddress
from topbackup.firebird.failures import problem_from_text, readable, said
from topbackup.problems import (
    FIREBIRD_BREAKER_OPEN,
    FIREBIRD_ERROR,
    FIREBIRD_TIMEOUT,
    FIREBIRD_UNREACHABLE,
    Problem,
)
from topbackup.system_words import system_words

if TYPE_CHECKING:
    import firebirdsql

# firebirdsql is imported when the first connection is made: it takes a quarter of the half second that a
# command of the CLI may take to start, and most commands only speak with the agent.

_FAILURES_TO_OPEN = 5
_REST_SECONDS = 60.0
_UNANSWERED = (FIREBIRD_UNREACHABLE, FIREBIRD_TIMEOUT)
# It knows no NONE. In this one every byte is a character, so that nothing a server says can fail to decode.
_EVERY_BYTE = "ISO8859_1"
_WINDOWS_PATH = re.compile(r"^[A-Za-z]:[\\/]|^\\\\")


class Connection:
    """Made by `connect`. For one thread; its transaction is read-only and sees what others commit meanwhile."""

    def __init__(self, raw: "firebirdsql.Connection", peer: "_Peer") -> None:
        self._raw = raw
        self._peer = peer
        self._in_step = True

    def query(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """All rows of a SELECT or an EXECUTE BLOCK. Raises OperationFailed."""
        try:
            cursor = self._raw.cursor()
            cursor.execute(statement, tuple(parameters))
            rows = [tuple(row) for row in cursor.fetchall() or ()]
            cursor.close()
        except Exception as error:  # noqa: BLE001 - see _Peer.failure
            self._in_step = self._in_step and _is_an_answer(error)
            failed = self._peer.failure(error)
        else:
            return rows
        raise failed

    def close(self) -> None:
        """Detach. A peer that is out of step, or silent, is left without a farewell that would cost the time limit
        once more."""
        if self._in_step:
            with suppress(Exception):  # whatever was read is read
                self._raw.close()
        _abandon(self._raw)


@contextmanager
def connect(address: DatabaseAddress, login: Credentials, charset: str, timeout: float) -> Iterator[Connection]:
    """Attach for the block, and detach whatever happens in it.

    charset: Firebird's name for the connection's character set; NONE, and names that are not known, become ISO8859_1.
    timeout: seconds that the server may take to accept, and to answer each request.
    Raises OperationFailed; after five attempts in a row that a server did not answer, FIREBIRD_BREAKER_OPEN at once for
    the next minute.
    """
    try:
        with breaker_of(address).calling():
            connection = _attached(address, login, charset, timeout)
    except pybreaker.CircuitBreakerError:
        raise OperationFailed(FIREBIRD_BREAKER_OPEN, address.server) from None
    try:
        yield connection
    finally:
        connection.close()


def _attached(address: DatabaseAddress, login: Credentials, charset: str, timeout: float) -> Connection:
    import firebirdsql  # noqa: PLC0415 - see the top

    peer = _Peer(address.server, timeout, login.password)
    try:
        raw = firebirdsql.connect(
            host=(address.host or "localhost").strip("[]"),
            port=address.port,
            # It sends bytes as they are; a text it would encode in the connection's character set.
            database=cast("str", _path_on_the_wire(address.path)),
            user=login.user,
            password=login.password,
            charset=_known_charset(charset),
            timeout=timeout,
            statement_timeout=timeout,
            readonly=True,
        )
        return Connection(raw, peer)
    except UnicodeDecodeError:
        if _known_charset(charset) == _EVERY_BYTE:
            raise
        # An error message with an accent (a path, or Windows's own words in Portuguese) that UTF8 cannot hold: ask
        # again, so as to hear what it says.
        failed = None
    except Exception as error:  # noqa: BLE001 - see _Peer.failure
        failed = peer.failure(error)
    # Raised out here: as its context, the driver's error would keep the half-made connection and its socket open.
    if failed is not None:
        raise failed
    return _attached(address, login, _EVERY_BYTE, timeout)


@dataclass(frozen=True)
class _Peer:
    """Whom we ask, how long we wait (seconds), and what no message may hold."""

    server: str
    timeout: float
    password: str = field(repr=False)

    def failure(self, error: Exception) -> OperationFailed:
        """The catalogue's form of what the driver let out.

        That may be anything: it trusts its peer, and takes a server that dies in the middle of a packet, or a peer that
        is no Firebird, for one that sends strange numbers (AttributeError, IndexError, struct.error, zlib.error…).
        """
        import firebirdsql  # noqa: PLC0415 - see the top

        if isinstance(error, TimeoutError):
            return OperationFailed(FIREBIRD_TIMEOUT, f"{self.server}: {self.timeout:g} s")
        if isinstance(error, OSError):
            return OperationFailed(FIREBIRD_UNREACHABLE, f"{self.server}: {system_words(error)}")
        if not isinstance(error, (firebirdsql.Error, firebirdsql.Warning)):
            # The text of such an error may hold a piece of what was being sent.
            return OperationFailed(FIREBIRD_ERROR, f"{self.server}: {type(error).__name__}")
        words = readable(str(error))
        problem = problem_from_text(words) or FIREBIRD_ERROR
        return OperationFailed(problem, said(self._without_password(words)[:500]))

    def _without_password(self, words: str) -> str:
        return words.replace(self.password, "***") if self.password else words


def _is_an_answer(error: Exception) -> bool:
    """Did the server say this in good order? Then the connection may go on; else the two are out of step."""
    import firebirdsql  # noqa: PLC0415 - see the top

    return (
        isinstance(error, firebirdsql.DatabaseError)
        and not isinstance(error, firebirdsql.InternalError)
        and bool(error.gds_codes)
        and problem_from_text(str(error)) not in _UNANSWERED
    )


def _abandon(raw: "firebirdsql.Connection") -> None:
    if raw.sock is not None:
        with suppress(OSError):
            raw.sock.close()  # type: ignore[no-untyped-call] # the driver's own gap
        raw.sock, raw.db_handle = None, None


def _known_charset(charset: str) -> str:
    from firebirdsql.consts import charset_map  # noqa: PLC0415 - see the top

    name = charset.strip().upper()
    return name if charset_map.get(name) else _EVERY_BYTE


def _path_on_the_wire(path: str) -> bytes:
    """Without a UTF-8 mark in the request, a server on Windows takes the path in its own code page, one on Linux as it
    is on the disk."""
    if _WINDOWS_PATH.match(path):
        with suppress(UnicodeEncodeError):
            return path.encode("cp1252")
    return path.encode(errors="surrogateescape")


_breakers: dict[tuple[str, int], pybreaker.CircuitBreaker] = {}
_breakers_lock = threading.Lock()


def breaker_of(address: DatabaseAddress) -> pybreaker.CircuitBreaker:
    """The breaker of a server, one for the whole process; a wrong password or a missing file is an answer."""
    key = ((address.host or "localhost").casefold(), address.port)
    with _breakers_lock:
        if key not in _breakers:
            _breakers[key] = pybreaker.CircuitBreaker(
                fail_max=_FAILURES_TO_OPEN,
                reset_timeout=_REST_SECONDS,
                exclude=[lambda error: _problem_of(error) not in _UNANSWERED],
                state_storage=Circuit(time.monotonic),
                throw_new_error_on_trip=False,  # the attempt that opens it still says what happened
            )
        return _breakers[key]


def _problem_of(error: object) -> Problem | None:
    return error.problem if isinstance(error, OperationFailed) else None
