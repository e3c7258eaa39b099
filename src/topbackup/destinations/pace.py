"""The local file as blocks: no faster than allowed, and asked at each whether to go on."""

import os
import time
from collections.abc import Callable, Iterable, Iterator

from topbackup.destinations.contract import Outgoing, Transfer, identity_of
from topbackup.errors import OperationFailed
from topbackup.problems import FILE_ALTERED, FILE_MISSING

BLOCK = 256 << 10
_SMALLEST = 4 << 10
_NAP = 0.2  # seconds: how late a cancellation may be heard while we wait
_CREDIT = 1.0  # seconds: after a stall, no burst to make up for more than this


class Pace:
    """At most `rate` bytes a second. go_on: asked while it waits."""

    def __init__(
        self,
        rate: int | None,
        go_on: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate, self._go_on, self._monotonic, self._sleep = rate, go_on, monotonic, sleep
        self._due = monotonic()  # when the next byte may go

    @property
    def block(self) -> int:
        """Bytes to send at once: a quarter of a second's worth at the most."""
        return BLOCK if self._rate is None else max(_SMALLEST, min(BLOCK, self._rate // 4))

    def spend(self, count: int) -> None:
        """Count so many bytes, and wait until they were allowed."""
        self._go_on()
        if self._rate is None:
            return
        self._due = max(self._due, self._monotonic() - _CREDIT) + count / self._rate
        while (ahead := self._due - self._monotonic()) > 0:
            self._sleep(min(ahead, _NAP))
            self._go_on()


class Sending:
    """The blocks of a file from `start` on. sent: up to where they were handed out."""

    start: int

    def __init__(self, file: Outgoing, start: int, transfer: Transfer) -> None:
        self._file, self._transfer = file, transfer
        self.start = self.sent = start

    def begin_anew(self) -> None:
        """What was there cannot be gone on with."""
        self.start = self.sent = 0

    @property
    def all_sent(self) -> bool:
        return self.sent == self._file.size

    def __iter__(self) -> Iterator[bytes]:
        """Raises OperationFailed: the file here is away, or another than it was. Never an OSError of the local disk."""
        pace, local = Pace(self._transfer.rate, self._transfer.go_on), LocalFile(self._file)
        while self.sent < self._file.size:
            block = local.block(self.sent, min(pace.block, self._file.size - self.sent))
            pace.spend(len(block))
            self.sent += len(block)
            yield block
            self._transfer.told(self.sent)


class LocalFile:
    """The file here, opened for each block alone: on Windows an open file cannot be replaced, and a slow upload may not
    keep the next backup of an S or U name from being published. That it was replaced meanwhile is noticed.
    """

    def __init__(self, file: Outgoing) -> None:
        self._file = file
        self._identity = file.identity

    def block(self, offset: int, length: int) -> bytes:
        """Bytes from there, at least one. Raises OperationFailed: FILE_MISSING, FILE_ALTERED."""
        try:
            with self._file.path.open("rb", buffering=0) as local:
                identity = identity_of(os.fstat(local.fileno()))
                local.seek(offset)
                block = local.read(length)
        except OSError as error:
            raise local_trouble(self._file, error) from error
        self._identity = self._identity or identity
        if not block or identity != self._identity:
            raise OperationFailed(FILE_ALTERED, str(self._file.path))
        return block


def paced(blocks: Iterable[bytes], transfer: Transfer) -> Iterator[bytes]:
    """What comes from there, no faster than allowed."""
    pace = Pace(transfer.rate, transfer.go_on)
    for block in blocks:
        pace.spend(len(block))
        yield block


def beginning(file: Outgoing, end: int, length: int) -> bytes:
    """`length` bytes of the local file that end at `end`."""
    return LocalFile(file).block(end - length, length)


def must_be_whole(file: Outgoing) -> None:
    """Raises OperationFailed where the local file is away or not of its size any more."""
    try:
        size = file.path.stat().st_size
    except OSError as error:
        raise local_trouble(file, error) from error
    if size != file.size:
        raise OperationFailed(FILE_ALTERED, str(file.path))


def local_trouble(file: Outgoing, error: OSError) -> OperationFailed:
    return OperationFailed(FILE_MISSING, f"{file.path}: {error.strerror or type(error).__name__}")
