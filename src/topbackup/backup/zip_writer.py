"""A ZIP with one deflated member, written in one pass while the member's size is still unknown.

Ours because zipfile cannot be given another deflate than zlib's, which is slower than gbak (37 MB/s against 60 on the
machine of the benchmark), and because a file without data descriptors opens everywhere: the header's sizes are
filled in at the end. Zip64 fields are written only where a size needs them, so that an ordinary backup stays an
ordinary ZIP (APPNOTE.TXT 6.3.10).
"""

import struct
from datetime import datetime
from typing import BinaryIO

from isal import isal_zlib
from zlib_ng import zlib_ng

# 136 MB/s and 1.03 × the size of zlib 6 on a shop's dump, where isal 3 has 417 MB/s and 1.12 (docs/benchmarks.md): as
# long as it is quicker than gbak its speed is nobody's, and the size is every upload's.
_LEVEL = 5
_RAW_DEFLATE = -15
_LIMIT_32 = 0xFFFFFFFF
_VERSION_DEFLATE, _VERSION_ZIP64 = 20, 45
_UTF8_NAME = 0x0800
_DEFLATED = 8
_ZIP64_ID = 0x0001
_PADDING_ID = 0xD935  # a registered padding field: keeps the place of the Zip64 one until the size is known
_UNIX_REGULAR_0600 = 0o100600 << 16
_MADE_BY_UNIX = 3 << 8

_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END = struct.Struct("<4sHHHHLLH")
_END_64 = struct.Struct("<4sQHHLLQQQQ")
_LOCATOR_64 = struct.Struct("<4sLQL")
_EXTRA_64 = struct.Struct("<HHQQ")


class ZipWriter:
    """write() takes the member's bytes; finish() makes the file whole. The file must be seekable and empty.

    modified: local wall time, as ZIP has no zone. zip64_from: bytes from which Zip64 fields are used; tests lower it.
    """

    def __init__(self, file: BinaryIO, name: str, modified: datetime, *, zip64_from: int = _LIMIT_32) -> None:
        self._file = file
        self._name = name.encode()
        self._modified = modified
        self._zip64_from = zip64_from
        self._deflate = zlib_ng.compressobj(_LEVEL, zlib_ng.DEFLATED, _RAW_DEFLATE)
        self.crc = 0
        self.size = 0
        self.compressed_size = 0
        file.write(self._local_header())

    def write(self, block: bytes | memoryview) -> None:
        self.crc = isal_zlib.crc32(block, self.crc)
        self.size += len(block)
        self._emit(self._deflate.compress(block))

    def finish(self) -> None:
        """Write what is still in the compressor and the directory, and fill in the header's sizes."""
        self._emit(self._deflate.flush())
        directory_at = self._file.tell()
        self._file.write(self._directory(directory_at))
        self._file.seek(0)
        self._file.write(self._local_header())
        self._file.seek(0, 2)

    def _emit(self, compressed: bytes) -> None:
        if compressed:
            self._file.write(compressed)
            self.compressed_size += len(compressed)

    @property
    def _large(self) -> bool:
        return max(self.size, self.compressed_size) >= self._zip64_from

    def _common(self) -> tuple[int, int, int, int, int, int, int, int, int]:
        """The fields that the local header and the directory share, from `version needed` to the name's length."""
        moment = self._modified
        date = max(moment.year - 1980, 0) << 9 | moment.month << 5 | moment.day
        time = moment.hour << 11 | moment.minute << 5 | moment.second // 2
        version = _VERSION_ZIP64 if self._large else _VERSION_DEFLATE
        compressed, size = (_LIMIT_32, _LIMIT_32) if self._large else (self.compressed_size, self.size)
        return version, _UTF8_NAME, _DEFLATED, time, date, self.crc, compressed, size, len(self._name)

    def _extra(self) -> bytes:
        field = _ZIP64_ID if self._large else _PADDING_ID
        sizes = (self.size, self.compressed_size) if self._large else (0, 0)
        return _EXTRA_64.pack(field, _EXTRA_64.size - 4, *sizes)

    def _local_header(self) -> bytes:
        extra = self._extra()
        return _LOCAL.pack(b"PK\x03\x04", *self._common(), len(extra)) + self._name + extra

    def _directory(self, at: int) -> bytes:
        extra = self._extra() if self._large else b""
        version = _VERSION_ZIP64 if self._large else _VERSION_DEFLATE
        entry = (
            _CENTRAL.pack(
                b"PK\x01\x02", _MADE_BY_UNIX | version, *self._common(), len(extra), 0, 0, 0, _UNIX_REGULAR_0600, 0
            )
            + self._name
            + extra
        )
        end_64 = b""
        if self._large or at >= self._zip64_from:
            end_64 = _END_64.pack(
                b"PK\x06\x06",
                _END_64.size - 12,
                _MADE_BY_UNIX | _VERSION_ZIP64,
                _VERSION_ZIP64,
                0,
                0,
                1,
                1,
                len(entry),
                at,
            ) + _LOCATOR_64.pack(b"PK\x06\x07", 0, at + len(entry), 1)
        end_at = _LIMIT_32 if end_64 else at
        return entry + end_64 + _END.pack(b"PK\x05\x06", 0, 0, 1, 1, len(entry), end_at, 0)
