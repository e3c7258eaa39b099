"""SFTP: files over SSH. Imported only where such a destination is used: paramiko takes some 20 MB."""

import errno
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import paramiko

from topbackup.destinations.contract import Entry, Outgoing
from topbackup.destinations.network_failures import network_failure
from topbackup.destinations.pace import BLOCK
from topbackup.destinations.probing import Telling
from topbackup.destinations.sftp_connection import connect, digest, end, listing
from topbackup.destinations.sftp_hosts import KnownHosts
from topbackup.destinations.staged import Session, Staged
from topbackup.errors import OperationFailed
from topbackup.problems import (
    REMOTE_ERROR,
    REMOTE_FULL,
    REMOTE_LOGIN,
    REMOTE_LOST,
    REMOTE_MISSING,
    REMOTE_PATH,
    REMOTE_PERMISSION,
    REMOTE_RENAME,
    REMOTE_TIMEOUT,
    Problem,
)
from topbackup.settings_remote import SftpRemote

_IN_FLIGHT = 64  # read requests of 32 KiB that wait for their answers: 2 MiB of memory


def sftp_destination(remote: SftpRemote, known_hosts: Path) -> Staged:
    host = f"[{remote.host}]" if ":" in remote.host else remote.host
    where = f"sftp://{host}:{remote.porta}/{remote.caminho.strip('/')}"
    return Staged(remote.nome, where, partial(_session, remote, KnownHosts(known_hosts), where))


@contextmanager
def _session(remote: SftpRemote, hosts: KnownHosts, where: str, at: Telling) -> Iterator[Session]:
    with told(where, REMOTE_ERROR):
        client = connect(remote, hosts, at)
    try:
        yield SftpSession(client, where, remote.caminho)
    finally:
        end(client)


class SftpSession:
    """The Session of staged.py. Paths are bytes, as the protocol has them."""

    def __init__(self, client: paramiko.SFTPClient, where: str, folder: str) -> None:
        self._sftp, self._where = client, where
        self._folder = self._found(folder.rstrip("/") or ("/" if folder else "."))

    def size(self, name: str) -> int | None:
        with told(self._where, REMOTE_ERROR):
            try:
                return self._sftp.stat(self._path(name)).st_size
            except FileNotFoundError:
                return None

    def read(self, name: str, offset: int, length: int | None = None) -> Iterator[bytes]:
        """Asked for ahead, so that the line is full however long it is."""
        with told(self._where, REMOTE_ERROR), self._sftp.open(self._path(name), "rb") as file:
            size = file.stat().st_size or 0
            stop = size if length is None else min(size, offset + length)
            file.seek(offset)
            if stop > offset:
                file.prefetch(stop, max_concurrent_requests=_IN_FLIGHT)
            while offset < stop and (block := file.read(min(BLOCK, stop - offset))):
                offset += len(block)
                yield block

    def write(self, name: str, offset: int, blocks: Iterable[bytes]) -> None:
        """Without waiting for the answer to each request: paramiko reads the answers as they come."""
        with told(self._where, REMOTE_FULL):
            try:
                file = self._sftp.open(self._path(name), "r+b" if offset else "wb")
            except FileNotFoundError:
                raise OperationFailed(REMOTE_PATH, self._where) from None
            with file:
                file.set_pipelined(True)
                file.seek(offset)
                for block in blocks:
                    file.write(block)

    def rename(self, old: str, new: str) -> None:
        """By OpenSSH's extension, which replaces; else by the plain request, which must not."""
        with told(self._where, REMOTE_RENAME):
            try:
                self._sftp.posix_rename(self._path(old), self._path(new))
            except OSError:
                self._sftp.rename(self._path(old), self._path(new))

    def delete(self, name: str) -> None:
        with told(self._where, REMOTE_PERMISSION):
            try:
                self._sftp.remove(self._path(name))
            except FileNotFoundError:
                return

    def entries(self) -> list[Entry]:
        with told(self._where, REMOTE_ERROR):
            return [
                Entry(_readable(name), found.st_size or 0, datetime.fromtimestamp(found.st_mtime or 0, UTC))
                for name, found in listing(self._sftp, self._folder)
                if stat.S_ISREG(found.st_mode or 0)
            ]

    def same(self, name: str, file: Outgoing) -> bool | None:
        """By the extension check-file-name, which proftpd's SFTP has and OpenSSH's has not."""
        with told(self._where, REMOTE_ERROR):
            found = digest(self._sftp, self._path(name))
        return None if found is None else found == file.sha256

    def _found(self, folder: str) -> bytes:
        """A folder with accents may have been named in UTF-8 or in Latin-1."""
        spellings = dict.fromkeys([folder.encode("utf-8"), folder.encode("cp1252", errors="replace")])
        with told(self._where, REMOTE_PATH):
            for spelling in spellings:
                try:
                    found = self._sftp.stat(spelling)
                except FileNotFoundError:
                    continue
                if stat.S_ISDIR(found.st_mode or 0):
                    return spelling
        raise OperationFailed(REMOTE_PATH, self._where)

    def _path(self, name: str) -> bytes:
        return self._folder + b"/" + name.encode("utf-8")


def _readable(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("latin-1")


@contextmanager
def told(where: str, otherwise: Problem) -> Iterator[None]:
    """paramiko's and the network's errors, told as ours. otherwise: what SFTP's bare «Failure» means at this point."""
    try:
        yield
    except paramiko.AuthenticationException as error:
        allowed = getattr(error, "allowed_types", None)
        raise OperationFailed(REMOTE_LOGIN, f"{where}: {', '.join(allowed)}" if allowed else where) from None
    except paramiko.SSHException as error:
        cut = "banner" in str(error) or "connection" in str(error).lower() or "EOF" in str(error)
        raise OperationFailed(REMOTE_LOST if cut else REMOTE_ERROR, f"{where}: {error}") from None
    except EOFError:
        raise OperationFailed(REMOTE_LOST, where) from None
    except TimeoutError:
        raise OperationFailed(REMOTE_TIMEOUT, where) from None
    except OSError as error:
        raise _of_request(error, where, otherwise) from None


def _of_request(error: OSError, where: str, otherwise: Problem) -> OperationFailed:
    """A refusal of the server (paramiko gives it as an OSError) or a trouble of the network."""
    match error.errno:
        case errno.ENOENT:
            return OperationFailed(REMOTE_MISSING if otherwise is REMOTE_ERROR else otherwise, where)
        case errno.EACCES:
            return OperationFailed(REMOTE_RENAME if otherwise is REMOTE_RENAME else REMOTE_PERMISSION, where)
        case None if "closed" in str(error).lower():
            return OperationFailed(REMOTE_LOST, where)
        case None:
            return OperationFailed(otherwise, f"{where}: {error}")
        case _:
            return network_failure(error, where)
