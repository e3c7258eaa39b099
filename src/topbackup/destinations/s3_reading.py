"""One part of a local file, as botocore wants to send it: it is read once to be signed, and once to be sent."""

import io
from collections.abc import Callable
from typing import Any

from topbackup.destinations.contract import Outgoing, Transfer
from topbackup.destinations.pace import LocalFile, Pace


class Part(io.RawIOBase):
    """Bytes `start` to `start + length` of the file, from memory never more than a block of it.

    failed: what ended a read, a request to stop too; botocore wraps it beyond recognition.
    """

    def __init__(self, file: Outgoing, start: int, length: int, transfer: Transfer) -> None:
        self._file, self._start, self._length, self._transfer = file, start, length, transfer
        self._pace = Pace(transfer.rate, transfer.go_on)
        self._place = 0
        self._sending = False
        self.failed: Exception | None = None
        self._local = LocalFile(file)

    def send_now(self, **_: Any) -> None:
        """botocore's event before-send: from here on what is read goes over the line."""
        self._sending = True

    def __len__(self) -> int:
        return self._length

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._length}[whence]
        self._place = base + offset
        return self._place

    def read(self, size: int | None = -1) -> bytes:
        left = self._length - self._place
        wanted = left if size is None or size < 0 else min(size, left)
        return self._stopping(lambda: self._block(wanted))

    def _block(self, wanted: int) -> bytes:
        if wanted <= 0:
            return b""
        block = self._local.block(self._start + self._place, wanted)
        if self._sending:
            self._pace.spend(len(block))
        else:
            self._transfer.go_on()
        self._place += len(block)
        if self._sending:
            self._transfer.told(self._start + self._place)
        return block

    def _stopping(self, read: Callable[[], bytes]) -> bytes:
        try:
            return read()
        except Exception as error:
            self.failed = error
            raise
