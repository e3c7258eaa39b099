"""FTP and FTPS, as 1.0.x had it and as servers of the last thirty years speak it."""

import ftplib
import hashlib
import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import NoReturn

from topbackup.destinations.contract import Entry, Outgoing, Step
from topbackup.destinations.ftp_connection import Connection, fingerprint_there
from topbackup.destinations.ftp_listing import is_readable, of_list, of_mlsd
from topbackup.destinations.ftp_replies import Phase, problem_of, readable
from topbackup.destinations.network_failures import network_failure
from topbackup.destinations.pace import BLOCK
from topbackup.destinations.probing import Telling
from topbackup.destinations.staged import Session, Staged
from topbackup.errors import OperationFailed
from topbackup.problems import (
    REMOTE_CERTIFICATE,
    REMOTE_CERTIFICATE_HOST,
    REMOTE_LOST,
    REMOTE_PERMISSION,
    REMOTE_TIMEOUT,
    REMOTE_TLS,
    REMOTE_UNABLE,
)
from topbackup.settings_remote import FtpRemote, TlsMode

_DIGESTS = (("HASH", "sha256", 64), ("XSHA256", "sha256", 64), ("XMD5", "md5", 32))
_DIGEST_SECONDS = 600.0  # a server reads a large file for as long as its disk takes


def ftp_destination(remote: FtpRemote) -> Staged:
    scheme = "ftp" if remote.tls is TlsMode.NONE else "ftps"
    host = f"[{remote.host}]" if ":" in remote.host else remote.host
    where = f"{scheme}://{host}:{remote.port}/{remote.caminho.strip('/')}"
    return Staged(remote.nome, where, partial(_session, remote, where))


@contextmanager
def _session(remote: FtpRemote, where: str, at: Telling) -> Iterator[Session]:
    session = FtpSession(remote, where)
    try:
        at(Step.CONNECT)
        session.open()
        at(Step.LOGIN)
        session.enter()
        yield session
    finally:
        session.leave()


class FtpSession:
    """The Session of staged.py."""

    def __init__(self, remote: FtpRemote, where: str) -> None:
        self._remote, self._where = remote, where
        self._ftp = Connection(remote)
        self._charset = "utf-8"
        self._features = ""

    def open(self) -> None:
        try:
            with self._told(Phase.CONNECT if self._remote.tls is TlsMode.NONE else Phase.SECURE):
                self._ftp.open()
        except OperationFailed as error:
            if error.problem not in (REMOTE_CERTIFICATE, REMOTE_CERTIFICATE_HOST):
                raise
            raise OperationFailed(error.problem, f"{error.detail}; SHA-256 {fingerprint_there(self._remote)}") from None

    def leave(self) -> None:
        """Raises nothing."""
        self._ftp.leave()

    def enter(self) -> None:
        with self._told(Phase.LOGIN):
            self._ftp.enter()
        with self._told(Phase.LOOK), suppress(ftplib.error_perm):
            self._features = self._ftp.sendcmd("FEAT").upper()
            if "UTF8" in self._features:
                self._ftp.sendcmd("OPTS UTF8 ON")
        with self._told(Phase.FOLDER):
            self._choose(self._remote.caminho)

    def size(self, name: str) -> int | None:
        with self._told(Phase.LOOK):
            try:
                return self._ftp.size(self._wire(name))
            except ftplib.error_perm as refused:
                if str(refused)[:3] in ("550", "553"):
                    return None
        return next((entry.size for entry in self.entries() if entry.name == name), None)

    def read(self, name: str, offset: int, length: int | None = None) -> Iterator[bytes]:
        with self._told(Phase.READ):
            try:
                data = self._ftp.transfer(f"RETR {self._wire(name)}", offset or None)
            except ftplib.Error as refused:
                if offset and str(refused)[:3] != "550":
                    raise OperationFailed(REMOTE_UNABLE, readable(str(refused))) from None
                raise
            with closing(data):
                left = length
                while block := data.recv(BLOCK if left is None else min(BLOCK, left + 1)):
                    if left is None:
                        yield block
                        continue
                    yield block[:left]
                    left -= len(block)
                    if left < 0:
                        self._hang_up(data)
                        return
                self._ftp.finish(data)

    def write(self, name: str, offset: int, blocks: Iterable[bytes]) -> None:
        with self._told(Phase.WRITE):
            data = self._storing(self._wire(name), offset)
            with closing(data):
                for block in blocks:
                    try:
                        data.sendall(block)
                    except OSError as error:
                        data.close()
                        self._say_why(error)
                self._ftp.finish(data)

    def rename(self, old: str, new: str) -> None:
        with self._told(Phase.RENAME):
            self._ftp.rename(self._wire(old), self._wire(new))

    def delete(self, name: str) -> None:
        with self._told(Phase.DELETE):
            try:
                self._ftp.delete(self._wire(name))
            except ftplib.error_perm as refused:
                words = readable(str(refused))
            else:
                return
        if self._still_there(name):
            raise OperationFailed(REMOTE_PERMISSION, f"{self._where}: {words}")

    def entries(self) -> list[Entry]:
        if "MLS" in self._features:
            try:
                return [entry for entry in map(of_mlsd, self._lines("MLSD")) if entry is not None]
            except OperationFailed as refused:
                if refused.problem is not REMOTE_UNABLE:
                    raise
        lines = self._lines("LIST")
        if all(map(is_readable, lines)):
            return [entry for entry in map(of_list, lines) if entry is not None]
        return self._by_names()

    def same(self, name: str, file: Outgoing) -> bool | None:
        for command, algorithm, digits in _DIGESTS:
            if not re.search(rf"^ {command}\b", self._features, re.MULTILINE):
                continue
            told = self._digest(command, name, digits)
            if told is not None:
                return told == (file.sha256 if algorithm == "sha256" else _md5(file))
        return None

    def _still_there(self, name: str) -> bool:
        """A server that has no way to say is believed."""
        try:
            return self.size(name) is not None
        except OperationFailed as error:
            if error.problem is not REMOTE_UNABLE:
                raise
            return False

    def _hang_up(self, data: socket.socket) -> None:
        """In the middle of a file. What servers answer to that differs, and some end the session: so a new one."""
        data.close()
        self._ftp.close()
        self._ftp = Connection(self._remote)
        self.open()
        self.enter()

    def _digest(self, command: str, name: str, digits: int) -> str | None:
        """None where the server does not do it after all, or takes too long: then by size alone, or read back."""
        assert self._ftp.sock is not None, "open"
        with self._told(Phase.LOOK):
            try:
                if command == "HASH":
                    self._ftp.sendcmd("OPTS HASH SHA-256")
                self._ftp.sock.settimeout(_DIGEST_SECONDS)
                reply = self._ftp.sendcmd(f"{command} {self._wire(name)}")
            except ftplib.Error:
                return None
            finally:
                self._ftp.sock.settimeout(self._ftp.timeout)
        found = re.search(rf"\b[0-9a-fA-F]{{{digits}}}\b", reply.replace(name, ""))
        return found.group().lower() if found else None

    def _storing(self, name: str, offset: int) -> socket.socket:
        """REST and STOR write at the very place, whatever another connection of ours may still be flushing there; APPE
        where the server has the former switched off."""
        if offset == 0:
            return self._ftp.transfer(f"STOR {name}", None)
        try:
            return self._ftp.transfer(f"STOR {name}", offset)
        except ftplib.Error:
            pass
        try:
            return self._ftp.transfer(f"APPE {name}", None)
        except ftplib.Error as refused:
            raise OperationFailed(REMOTE_UNABLE, readable(str(refused))) from None

    def _say_why(self, error: OSError) -> NoReturn:
        """The data connection broke; the server may have said why (552: quota) on the control channel."""
        if not isinstance(error, TimeoutError):
            self._ftp.voidresp()
        raise error

    def _lines(self, command: str) -> list[str]:
        with self._told(Phase.LOOK):
            try:
                data = self._ftp.transfer(command, None)
            except ftplib.error_perm as refused:
                if str(refused)[:3] == "550":  # how some say that there is nothing
                    return []
                raise
            with closing(data):
                listing = bytearray()
                while block := data.recv(BLOCK):
                    listing += block
                self._ftp.finish(data)
        return [self._name(line) for line in bytes(listing).replace(b"\r\n", b"\n").split(b"\n") if line]

    def _by_names(self) -> list[Entry]:
        """NLST, and each one's size: for a server whose LIST has a form of its own."""
        entries = []
        for name in self._lines("NLST"):
            with self._told(Phase.LOOK):
                try:
                    size = self._ftp.size(self._wire(name))
                except ftplib.error_perm as refused:
                    if str(refused)[:3] in ("550", "553"):
                        continue  # a folder
                    raise
            if size is not None:
                entries.append(Entry(name, size, None))
        return entries

    def _choose(self, path: str) -> None:
        """A folder with accents may have been named in UTF-8 or in Latin-1, whatever the server says today."""
        if path in ("", "."):
            return
        try:
            self._ftp.cwd(self._wire(path))
        except ftplib.error_perm:
            if path.isascii():
                raise
            self._charset = "cp1252"
            self._ftp.cwd(self._wire(path))

    def _wire(self, name: str) -> str:
        return name.encode(self._charset).decode("latin-1")

    def _name(self, line: bytes) -> str:
        try:
            return line.decode(self._charset)
        except UnicodeDecodeError:
            return line.decode("latin-1")

    @contextmanager
    def _told(self, phase: Phase) -> Iterator[None]:
        """ftplib's and the network's errors, told as ours; the password is in none (Connection.getline)."""
        try:
            yield
        except ftplib.Error as error:
            reply = readable(str(error))
            raise OperationFailed(problem_of(reply, phase), f"{self._where}: {reply}") from None
        except (OSError, EOFError) as error:
            self._ftp.broken = True
            failure = network_failure(error, self._where)
            # In a session that was secured, a server that dies may say so in the clear.
            if failure.problem is REMOTE_TLS and phase is not Phase.SECURE:
                failure = OperationFailed(REMOTE_LOST, failure.detail)
            # A server that speaks no TLS here answers in the clear, or not at all.
            if phase is Phase.SECURE and failure.problem in (REMOTE_LOST, REMOTE_TIMEOUT) and not self._greeted:
                failure = OperationFailed(REMOTE_TLS, failure.detail)
            raise failure from None
        except UnicodeEncodeError as error:
            raise OperationFailed(REMOTE_UNABLE, f"{self._where}: {error.reason}") from None

    @property
    def _greeted(self) -> bool:
        return bool(self._ftp.welcome)


def _md5(file: Outgoing) -> str:
    with file.path.open("rb", buffering=0) as local:
        return hashlib.file_digest(local, partial(hashlib.md5, usedforsecurity=False)).hexdigest()
