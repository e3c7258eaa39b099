"""One FTP connection: control channel and data connections, in the clear or under TLS. ftplib does the protocol.

The control channel is Latin-1, so that every byte of a name passes; `ftp.py` knows what the bytes mean. ftplib's own
TLS class opens data connections without the control channel's session, which vsftpd and proftpd refuse as they should.
"""

import contextlib
import ftplib
import hashlib
import socket
import ssl
from collections.abc import Callable

from topbackup.errors import OperationFailed
from topbackup.problems import REMOTE_CERTIFICATE_PIN, REMOTE_DATA_PORT, REMOTE_TLS
from topbackup.settings_remote import FtpRemote, TlsMode

_GOODBYE_SECONDS = 5.0  # for a TLS close or a QUIT that some servers never answer
_HIDDEN = "•••"
_NO_CERTIFICATE = "0" * 64


class Connection(ftplib.FTP):
    """Raises ftplib's errors, OSError and EOFError; OperationFailed for a data connection and a pinned certificate."""

    def __init__(self, remote: FtpRemote) -> None:
        super().__init__(timeout=remote.tempo_segundos, encoding="latin-1")
        self._remote = remote
        self._secret = remote.senha.get_secret_value()
        self._context: ssl.SSLContext | None = None
        self.broken = False  # no more words are to be expected on the control channel
        self.host, self.port = remote.host, remote.port
        self.set_pasv(remote.modo_passivo)

    def open(self) -> None:
        """Connect, take the greeting, and secure the channel as the settings ask."""
        if self._remote.tls is not TlsMode.NONE:
            self._context = _context(self._remote.certificado_sha256)
        self.sock = socket.create_connection((self.host, self.port), self._remote.tempo_segundos)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # firewalls forget a silent control channel
        self.af = self.sock.family
        if self._remote.tls is TlsMode.IMPLICIT:
            self.sock = self._secured(self.sock)
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        if self._remote.tls is TlsMode.EXPLICIT:
            self.voidcmd("AUTH TLS")
            self.sock = self._secured(self.sock)
            self.file = self.sock.makefile("r", encoding=self.encoding)

    def enter(self) -> None:
        """Log in; data connections are protected too."""
        self._log_in()
        if self._context is not None:
            self.voidcmd("PBSZ 0")
            self.voidcmd("PROT P")
        self.voidcmd("TYPE I")

    def getline(self) -> str:
        """A server may repeat what it was told; the password goes no further than here."""
        line = super().getline()
        for secret in filter(None, _spellings(self._secret)):
            line = line.replace(secret, _HIDDEN)
        return line

    def _log_in(self) -> None:
        """An accent in a password is two bytes in UTF-8, as the standard has it, and one for old servers."""
        users, secrets = _spellings(self._remote.usuario), _spellings(self._secret)
        refused: ftplib.error_perm | None = None
        for user, secret in dict.fromkeys(zip(users, secrets, strict=True)):
            try:
                self.login(user, secret)
            except ftplib.error_perm as error:
                refused = refused or error
            except (OSError, EOFError):
                if refused is None:
                    raise
                break  # it hung up on the first one
            else:
                return
        assert refused is not None, "one attempt at least"
        raise refused

    def transfer(self, command: str, start: int | None) -> socket.socket:
        """The data connection of STOR, RETR, LIST and the like. start: what REST is told; None: nothing."""
        with contextlib.ExitStack() as undo:
            if self.passiveserver:
                connection = undo.enter_context(self._passive())
                self._ask(command, start)
            else:
                with self.makeport() as listener:
                    self._ask(command, start)
                    listener.settimeout(self.timeout)
                    connection = undo.enter_context(_or_blocked(listener.accept)[0])
            connection.settimeout(self.timeout)
            if self._context is not None:
                connection = self._secured_data(connection)
            undo.pop_all()
            return connection

    def finish(self, connection: socket.socket) -> None:
        """The data's end, told to the server; then its answer. Some servers never answer TLS's goodbye."""
        with contextlib.suppress(OSError):
            if isinstance(connection, ssl.SSLSocket):
                connection.settimeout(_GOODBYE_SECONDS)
                connection.unwrap()
            connection.shutdown(socket.SHUT_WR)
        connection.close()
        self.voidresp()

    def leave(self) -> None:
        """QUIT where the channel still lives, and close; raises nothing."""
        with contextlib.suppress(OSError, EOFError, ftplib.Error):
            if self.sock is not None and not self.broken:
                self.sock.settimeout(_GOODBYE_SECONDS)
                self.quit()
        self.close()

    def _passive(self) -> socket.socket:
        """Where the server names another address than its own, as behind a router, its own counts."""
        host, port = self.makepasv()
        return _or_blocked(lambda: socket.create_connection((host, port), self.timeout))

    def _ask(self, command: str, start: int | None) -> None:
        if start is not None:
            self.sendcmd(f"REST {start}")
        reply = self.sendcmd(command)
        if reply[0] == "2":  # some servers send a transfer's own answer first, if it ended before we looked
            reply = self.getresp()
        if reply[0] != "1":
            raise ftplib.error_reply(reply)  # noqa: S321 - what FTP lacks, docs/destinos.md says

    def _secured_data(self, plain: socket.socket) -> ssl.SSLSocket:
        try:
            return self._secured(plain)
        except (ssl.SSLEOFError, ssl.SSLCertVerificationError):
            raise
        except ssl.SSLError as error:
            raise OperationFailed(REMOTE_TLS, f"{self.host}: {error.reason}") from None

    def _secured(self, plain: socket.socket) -> ssl.SSLSocket:
        """Data connections resume the control channel's session: the proof that both ends are the same ones."""
        assert self._context is not None, "TLS is asked for"
        control = self.sock
        session = control.session if isinstance(control, ssl.SSLSocket) else None
        secured = self._context.wrap_socket(plain, server_hostname=self.host, session=session)
        pin = self._remote.certificado_sha256
        if pin and fingerprint(secured) != pin:
            found = fingerprint(secured)
            secured.close()
            raise OperationFailed(REMOTE_CERTIFICATE_PIN, f"{self.host}: {found}")
        return secured


def _context(pin: str) -> ssl.SSLContext:
    """The system's authorities and the name, or the pinned certificate alone. TLS 1.2 at least."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if pin:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # `_secured` compares
    return context


def fingerprint(secured: ssl.SSLSocket) -> str:
    """SHA-256 of the certificate that the other side showed, hexadecimal."""
    return hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()


def fingerprint_there(remote: FtpRemote) -> str:
    """Of a server whose certificate was refused, for a person to compare. Neither user nor password is sent.

    Empty where it cannot be had."""
    unpinned = remote.model_copy(update={"certificado_sha256": _NO_CERTIFICATE})
    looking = Connection(unpinned)
    try:
        looking.open()
    except OperationFailed as refused:
        return refused.detail.rpartition(": ")[2]
    except (OSError, EOFError, ftplib.Error):
        return ""
    finally:
        looking.close()
    raise AssertionError("no certificate has this fingerprint")


def _spellings(text: str) -> tuple[str, str]:
    """In UTF-8 and in Latin-1 (Windows' own), as the Latin-1 control channel takes them."""
    return tuple(text.encode(charset, errors="replace").decode("latin-1") for charset in ("utf-8", "cp1252"))  # type: ignore[return-value]  # two charsets


def _or_blocked[T](connect: Callable[[], T]) -> T:
    """The control channel works, and this does not open: a firewall, or ports that are not forwarded."""
    try:
        return connect()
    except OSError as error:
        raise OperationFailed(REMOTE_DATA_PORT, error.strerror or type(error).__name__) from None
