"""The ZIP of a backup: written in one pass from gbak's bytes, then read back from the disk and compared with them."""

import hashlib
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self

from isal import isal_zlib

from topbackup.backup.zip_writer import ZipWriter
from topbackup.destinations.folder import to_disk
from topbackup.errors import OperationFailed
from topbackup.i18n import _
from topbackup.problems import ARCHIVE_CHECK, FILE_INVALID

BLOCK = 1 << 16  # inflated, about a megabyte
_BLOCKS_AHEAD = 8
_RAW_DEFLATE = -15
_ENCRYPTED = 0x1  # general purpose bit flag (APPNOTE.TXT, 4.4.4)
_LOCAL_HEADER = 30  # bytes, before the name and the extra field (APPNOTE.TXT 4.3.7)


@dataclass(frozen=True)
class DumpDigest:
    """gbak's bytes as they flowed. size: bytes of the .fbk."""

    size: int
    sha256: str
    crc: int


@dataclass(frozen=True)
class ZipDigest:
    """The ZIP as it is on the disk. size: bytes."""

    size: int
    sha256: str


class _BackgroundSha256:
    """SHA-256 on the second core: hashlib works without the interpreter's lock. Few blocks wait, so memory is flat."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="sha256")
        self._waiting: deque[Future[None]] = deque()

    def update(self, block: bytes) -> None:
        if len(self._waiting) == _BLOCKS_AHEAD:
            self._waiting.popleft().result()
        self._waiting.append(self._worker.submit(self._digest.update, block))

    def hexdigest(self) -> str:
        self._worker.shutdown()
        return self._digest.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.shutdown(cancel_futures=True)


def write_archive(blocks: Iterable[bytes], part: Path, member: str, modified: datetime) -> DumpDigest:
    """Hash, deflate and store the blocks in a new ZIP, on the disk when this returns. modified: local time."""
    with _BackgroundSha256() as digest, part.open("w+b") as file:
        archive = ZipWriter(file, member, modified)
        for block in blocks:
            digest.update(block)
            archive.write(block)
        archive.finish()
        file.flush()
        to_disk(file.fileno())
        return DumpDigest(archive.size, digest.hexdigest(), archive.crc)


def read_back(part: Path, written: DumpDigest, go_on: Callable[[], None] = lambda: None) -> ZipDigest:
    """Read the ZIP from the disk and inflate it: it must hold the very bytes that came from gbak.

    go_on: called at each block; it raises where the run is to end. Raises OperationFailed with ARCHIVE_CHECK.
    """
    try:
        found, whole = _digest(part, go_on)
    except OperationFailed as invalid:
        if invalid.problem is not FILE_INVALID:
            raise  # `go_on` ended it
        raise OperationFailed(ARCHIVE_CHECK, invalid.detail) from invalid
    if found != written:
        raise OperationFailed(ARCHIVE_CHECK, str(part))
    return whole


def check_archive(path: Path, go_on: Callable[[], None] = lambda: None) -> tuple[DumpDigest, ZipDigest]:
    """A ZIP of whatever age: is it a whole one with a single .fbk? Raises OperationFailed with FILE_INVALID."""
    return _digest(path, go_on)


def dump_blocks(path: Path) -> Iterable[bytes]:
    """The bytes of the .fbk inside. Raises OperationFailed with FILE_INVALID."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_only_member(archive, path)) as member:
            while block := member.read(BLOCK):
                yield block
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise OperationFailed(FILE_INVALID, f"{path}: {_invalid_words(error)}") from error


def dump_size_of(path: Path) -> int:
    """Bytes of the .fbk inside, as the ZIP's directory has them: known before the whole file is read.

    Raises OperationFailed with FILE_INVALID; OSError.
    """
    return _member(path).file_size


def _member(path: Path) -> zipfile.ZipInfo:
    try:
        with zipfile.ZipFile(path) as archive:
            return _only_member(archive, path)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise OperationFailed(FILE_INVALID, f"{path}: {_invalid_words(error)}") from error


def _invalid_words(error: Exception) -> str:
    """zipfile and zlib say it in English, and in words for programmers."""
    if isinstance(error, NotImplementedError):
        return _("a kind of ZIP that TopBackup does not make")
    if isinstance(error, zipfile.BadZipFile) and not str(error).startswith("Bad CRC"):
        return _("not a ZIP file, or its end is missing")
    return _("what is inside is damaged")


def _digest(path: Path, go_on: Callable[[], None]) -> tuple[DumpDigest, ZipDigest]:
    """One pass over the file: its own SHA-256, and that of what it holds."""
    member = _member(path)
    size, crc = 0, 0
    with _BackgroundSha256() as whole, _BackgroundSha256() as inner, path.open("rb") as file:
        header = _read_exactly(file, _LOCAL_HEADER, path)
        skipped = _read_exactly(
            file, int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), path
        )
        whole.update(header + skipped)
        inflate, left = isal_zlib.decompressobj(_RAW_DEFLATE), member.compress_size
        while block := file.read(BLOCK):
            go_on()
            whole.update(block)
            deflated, left = block[:left], max(left - len(block), 0)
            try:
                dump = inflate.decompress(deflated) if deflated else b""
            except isal_zlib.error as error:  # type: ignore[misc]  # isal's stub declares its class as an instance
                raise OperationFailed(FILE_INVALID, f"{path}: {_invalid_words(error)}") from error
            inner.update(dump)
            crc = isal_zlib.crc32(dump, crc)
            size += len(dump)
        if not inflate.eof or left or (size, crc) != (member.file_size, member.CRC):
            raise OperationFailed(FILE_INVALID, f"{path}: {_('what is inside is damaged')}")
        return DumpDigest(size, inner.hexdigest(), crc), ZipDigest(file.tell(), whole.hexdigest())


def _only_member(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    members = archive.infolist()
    if len(members) != 1 or not members[0].filename.lower().endswith((".fbk", ".gbk")) or members[0].header_offset != 0:
        inside = _("it does not hold one .fbk alone ({count} files)").format(count=len(members))
        raise OperationFailed(FILE_INVALID, f"{path}: {inside}")
    if members[0].flag_bits & _ENCRYPTED:
        raise OperationFailed(FILE_INVALID, f"{path}: {_('it is protected by a password')}")
    return members[0]


def _read_exactly(file: BinaryIO, count: int, path: Path) -> bytes:
    content = file.read(count)
    if len(content) != count:
        raise OperationFailed(FILE_INVALID, str(path))
    return content
