r"""A folder of a NAS: \\server\share\folder on Windows, a mounted folder elsewhere. Writes by the rules of folder.py.

An operation of the system on a share that went away returns when the system gives up: there is no time-out of ours.
"""

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from topbackup.destinations.contract import Entry, Outgoing, Step
from topbackup.destinations.folder import discard, sync_names, to_disk
from topbackup.destinations.folder import replace as replace_file
from topbackup.destinations.pace import BLOCK
from topbackup.destinations.probing import Telling
from topbackup.destinations.staged import Session, Staged
from topbackup.errors import OperationFailed
from topbackup.problems import (
    REMOTE_FULL,
    REMOTE_LOST,
    REMOTE_MISSING,
    REMOTE_PATH,
    REMOTE_PERMISSION,
    REMOTE_RENAME,
    REMOTE_TIMEOUT,
    Problem,
)
from topbackup.settings_remote import FolderRemote


def folder_destination(remote: FolderRemote) -> Staged:
    return Staged(remote.nome, remote.caminho, partial(_session, remote))


@contextmanager
def _session(remote: FolderRemote, at: Telling) -> Iterator[Session]:
    at(Step.CONNECT)
    with _connected(remote):
        at(Step.LOGIN)
        session = FolderSession(Path(remote.caminho))
        session.must_be_there()
        yield session


def _connected(remote: FolderRemote) -> AbstractContextManager[None]:
    if sys.platform == "win32" and remote.usuario:
        from topbackup.destinations.share_connection import connected  # noqa: PLC0415 - needs pywin32

        return connected(remote.caminho, remote.usuario, remote.senha.get_secret_value())
    return nullcontext()


@dataclass(frozen=True)
class FolderSession:
    """The Session of staged.py. What was written is read from the disk again, not from memory (folder.to_disk)."""

    path: Path

    def must_be_there(self) -> None:
        """It is never made: a folder that is missing is a disk or a share that is not there."""
        with self._told(REMOTE_PATH):
            if not self.path.is_dir():
                raise OperationFailed(REMOTE_PATH, str(self.path))

    def size(self, name: str) -> int | None:
        with self._told(REMOTE_PATH):
            try:
                return (self.path / name).stat().st_size
            except FileNotFoundError:
                self.must_be_there()
                return None

    def read(self, name: str, offset: int, length: int | None = None) -> Iterator[bytes]:
        with self._told(REMOTE_MISSING), (self.path / name).open("rb", buffering=0) as file:
            file.seek(offset)
            left = sys.maxsize if length is None else length
            while left > 0 and (block := file.read(min(BLOCK, left))):
                left -= len(block)
                yield block

    def write(self, name: str, offset: int, blocks: Iterable[bytes]) -> None:
        with self._told(REMOTE_PATH), (self.path / name).open("r+b" if offset else "wb") as file:
            file.seek(offset)
            for block in blocks:
                file.write(block)
            file.flush()
            to_disk(file.fileno())

    def rename(self, old: str, new: str) -> None:
        with self._told(REMOTE_RENAME, refused=REMOTE_RENAME):
            replace_file(self.path / old, self.path / new)
            sync_names(self.path)

    def delete(self, name: str) -> None:
        with self._told(REMOTE_PATH):
            discard(self.path / name)

    def entries(self) -> list[Entry]:
        with self._told(REMOTE_PATH), os.scandir(self.path) as found:
            return [
                Entry(entry.name, entry.stat().st_size, datetime.fromtimestamp(entry.stat().st_mtime, UTC))
                for entry in found
                if entry.is_file()
            ]

    def same(self, name: str, file: Outgoing) -> bool | None:
        """Nobody is there to compute one: reading it back is the only way."""
        return None

    @contextmanager
    def _told(self, missing: Problem, refused: Problem = REMOTE_PERMISSION) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            match error.errno:
                case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
                    problem = REMOTE_FULL
                case errno.EACCES | errno.EPERM | errno.EROFS:
                    problem = refused
                case errno.ENOENT | errno.ENOTDIR:
                    problem = missing if self.path.is_dir() else REMOTE_PATH
                case errno.ETIMEDOUT | errno.EHOSTDOWN | errno.EHOSTUNREACH:
                    problem = REMOTE_TIMEOUT
                case _:
                    problem = REMOTE_LOST
            raise OperationFailed(problem, f"{self.path}: {error.strerror or error}") from None
