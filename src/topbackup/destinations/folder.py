"""A folder as a destination: a name in it that is whole means a file that is whole.

Everything is written as `NAME.part`, put on the disk, read back from it, and only then renamed over the older file.
"""

import errno
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from topbackup.errors import OperationFailed
from topbackup.problems import (
    ARCHIVE_CHECK,
    DESTINATION_FAILED,
    DESTINATION_FULL,
    DESTINATION_MISSING,
    DESTINATION_READ_ONLY,
    Problem,
)
from topbackup.system_words import system_words
from topcore.naming import PART_SUFFIX

_BLOCK = 1 << 20
_TRIED = 4096  # bytes of the file that tries a folder out
_SHARING_SECONDS = 5.0  # to wait until another program lets go of a file, on Windows


@dataclass(frozen=True)
class Folder:
    """A local or mounted folder. Every error is an OperationFailed with a TB-DESTINO code that names the folder."""

    path: Path

    def part(self, name: str) -> Path:
        return self.path / (name + PART_SUFFIX)

    def check(self, needed: int) -> None:
        """Is it there, and are `needed` bytes free? It is never made: a missing folder is a disk that is not there."""
        with self.told():
            if not self.path.is_dir():
                raise OperationFailed(DESTINATION_MISSING, str(self.path))
            free = shutil.disk_usage(self.path).free
        self.must_fit(needed, free)

    def must_fit(self, needed: int, free: int) -> None:
        """Both in bytes. Raises OperationFailed."""
        if free < needed:
            raise OperationFailed(DESTINATION_FULL, f"{self.path}: {free >> 20} MB < {needed >> 20} MB")

    def try_out(self, needed: int = 0) -> int:
        """Write a small file as a backup would, read it back, take it away; the bytes that are free here."""
        self.check(needed)
        name, content = f"topbackup-{uuid4().hex}", os.urandom(_TRIED)
        try:
            self.write(name, content)
            with self.told():
                if self.part(name).read_bytes() != content:
                    raise OperationFailed(ARCHIVE_CHECK, str(self.path))
                return shutil.disk_usage(self.path).free
        finally:
            with self.told():
                self.discard(name)

    def publish(self, name: str) -> Path:
        """Rename NAME.part, whole and on the disk, over an older NAME; the one moment at which that is replaced."""
        final = self.path / name
        with self.told():
            replace(self.part(name), final)
            sync_names(self.path)
        return final

    def discard(self, name: str) -> None:
        """Take NAME.part away, if it is there. A folder that is gone has nothing left to take away."""
        discard(self.part(name))

    def write(self, name: str, content: bytes) -> None:
        """NAME.part with this content, on the disk."""
        with self.told(), self.part(name).open("wb") as file:
            file.write(content)
            to_disk(file.fileno())

    def copy_in(self, source: Path, name: str, sha256: str, go_on: Callable[[], None]) -> None:
        """NAME.part as a copy of `source`, read back from the disk and compared with its SHA-256.

        go_on: called at each block; it raises where the run is to end.
        """
        with self.told():
            with source.open("rb") as original, self.part(name).open("wb") as copy:
                while block := original.read(_BLOCK):
                    go_on()
                    copy.write(block)
                to_disk(copy.fileno())
            if sha256_of(self.part(name)) != sha256:
                raise OperationFailed(ARCHIVE_CHECK, str(self.part(name)))

    @contextmanager
    def told(self) -> Iterator[None]:
        """The system's errors, told as ours."""
        try:
            yield
        except OSError as error:
            raise OperationFailed(self._problem(error), f"{self.path}: {system_words(error)}") from error

    def _problem(self, error: OSError) -> Problem:
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
                return DESTINATION_FULL
            case errno.EACCES | errno.EPERM | errno.EROFS:
                return DESTINATION_READ_ONLY
            case _:
                return DESTINATION_FAILED if self.path.is_dir() else DESTINATION_MISSING


def device_of(path: Path) -> str | None:
    """The volume that a file or folder is on; None where it is not on this computer, or cannot be asked."""
    try:
        return str(path.stat().st_dev)
    except OSError:
        return None


def discard(path: Path) -> None:
    """Delete a file that may not be there any more, or in a folder that may not."""
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:
        return


def to_disk(descriptor: int) -> None:
    """fsync, and forget the pages, so that what is read back comes from the disk. The file must be flushed."""
    os.fsync(descriptor)
    if sys.platform == "linux":
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def sha256_of(path: Path) -> str:
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace(part: Path, final: Path) -> None:
    """Atomic. On Windows an antivirus or an indexer that looks at a new file makes it fail for a moment: try again."""
    deadline = time.monotonic() + (_SHARING_SECONDS if sys.platform == "win32" else 0.0)
    while True:
        try:
            part.replace(final)
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.1)
        else:
            return


def sync_names(folder: Path) -> None:
    """A rename survives a power cut only when its folder is on the disk too. Windows' NTFS journals it itself."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
