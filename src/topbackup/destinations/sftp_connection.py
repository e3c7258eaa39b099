"""An SSH connection for SFTP: the server's key first, then the login, then the channel. paramiko does the protocol."""

import contextlib
import socket
import time
from collections.abc import Iterator
from typing import Any

import paramiko

from topbackup.destinations.contract import Step
from topbackup.destinations.probing import Telling
from topbackup.destinations.sftp_hosts import KnownHosts, changed
from topbackup.errors import OperationFailed
from topbackup.problems import REMOTE_CONFIG, REMOTE_KEY_FILE, REMOTE_LOGIN
from topbackup.settings_remote import SftpRemote

_WINDOW = 16 << 20  # bytes in flight towards us; what is in flight towards the server is the server's to say
_QUICK_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")  # OpenSSL's, without a MAC in Python
_KEEPALIVE_SECONDS = 20
_DIGEST_SECONDS = 600.0  # a server reads a large file for as long as its disk takes


class _Impatient:
    """A socket whose send ends after a while without progress: paramiko itself tries for ever."""

    def __init__(self, plain: socket.socket, seconds: float) -> None:
        self._socket, self._seconds = plain, seconds
        self._moved = time.monotonic()

    def send(self, data: bytes) -> int:
        began = time.monotonic()
        try:
            count = self._socket.send(data)
        except TimeoutError:
            if time.monotonic() - self._moved > self._seconds:
                raise ConnectionAbortedError("no progress") from None
            raise
        self._moved = max(began, time.monotonic())
        return count

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


def connect(remote: SftpRemote, hosts: KnownHosts, at: Telling) -> paramiko.SFTPClient:
    """Closing its channel's transport ends it all. Raises OperationFailed, paramiko's errors, OSError, EOFError."""
    at(Step.CONNECT)
    plain = socket.create_connection((remote.host, remote.porta), remote.tempo_segundos)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    transport = paramiko.Transport(_Impatient(plain, remote.tempo_segundos))  # type: ignore[arg-type]  # socket-like
    try:
        _greet(transport, remote, hosts)
        at(Step.LOGIN)
        _log_in(transport, remote)
        client = paramiko.SFTPClient.from_transport(transport, window_size=_WINDOW)
        assert client is not None, "the transport lives"
        channel = client.get_channel()
        assert channel is not None, "just opened"
        channel.settimeout(remote.tempo_segundos)
    except BaseException:
        transport.close()
        raise
    return client


def _greet(transport: paramiko.Transport, remote: SftpRemote, hosts: KnownHosts) -> None:
    """The key is compared before anything of ours is told."""
    transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = remote.tempo_segundos
    options = transport.get_security_options()
    options.ciphers = _first(_QUICK_CIPHERS, options.ciphers)
    kinds = hosts.kinds(remote.host, remote.porta)
    if kinds:
        options.key_types = [name for name in options.key_types if _family(name) in map(_family, kinds)]
    try:
        transport.start_client(timeout=remote.tempo_segundos)
    except paramiko.ssh_exception.IncompatiblePeer:
        if kinds:
            raise changed(remote.host, remote.porta, None) from None
        raise
    key = transport.get_remote_server_key()
    hosts.check(remote.host, remote.porta, key.get_name(), key.asbytes())
    transport.set_keepalive(_KEEPALIVE_SECONDS)


def _log_in(transport: paramiko.Transport, remote: SftpRemote) -> None:
    password = remote.senha.get_secret_value()
    if not remote.chave_privada and not password:
        raise OperationFailed(REMOTE_CONFIG, f"{remote.nome}: senha, chave_privada")
    missing: list[str] = []
    if remote.chave_privada:
        missing = transport.auth_publickey(remote.usuario, _key(remote))
    if not transport.is_authenticated() and password:
        missing = transport.auth_password(remote.usuario, password)
    if not transport.is_authenticated():
        raise OperationFailed(REMOTE_LOGIN, f"{remote.host}: {', '.join(missing)}")


def _key(remote: SftpRemote) -> paramiko.PKey:
    """The file of a private key, of whatever kind it is."""
    passphrase: Any = remote.senha_chave.get_secret_value().encode() or None  # bytes, whatever its stub says
    try:
        return paramiko.PKey.from_path(remote.chave_privada, passphrase)
    except (OSError, ValueError, TypeError, paramiko.SSHException, paramiko.pkey.UnknownKeyType) as error:
        raise OperationFailed(REMOTE_KEY_FILE, f"{remote.chave_privada}: {type(error).__name__}") from None


def _first(wanted: tuple[str, ...], offered: Any) -> list[str]:
    return [name for name in wanted if name in offered] + [name for name in offered if name not in wanted]


def _family(kind: str) -> str:
    """rsa-sha2-256, rsa-sha2-512 and ssh-rsa are ways to sign with one key."""
    return "ssh-rsa" if kind.startswith("rsa-") else kind


def listing(client: paramiko.SFTPClient, folder: bytes) -> Iterator[tuple[bytes, paramiko.SFTPAttributes]]:
    """As listdir_attr, but with names as the server has them: paramiko's own ends at the first that is not UTF-8."""
    request: Any = client._request  # type: ignore[attr-defined]  # there is no other way to the bytes
    _, answer = request(paramiko.sftp.CMD_OPENDIR, folder)
    handle = answer.get_binary()
    try:
        while True:
            _, answer = request(paramiko.sftp.CMD_READDIR, handle)
            for _ in range(answer.get_int()):
                name = answer.get_string()
                answer.get_string()  # the line of `ls -l`
                yield name, paramiko.SFTPAttributes._from_msg(answer)  # type: ignore[attr-defined]  # see above
    except EOFError:  # the list's end; where it is the connection's, closing the handle says so
        request(paramiko.sftp.CMD_CLOSE, handle)


def digest(client: paramiko.SFTPClient, path: bytes) -> str | None:
    """The SHA-256 that the server computes (draft-ietf-secsh-filexfer-extensions); None where it does not.

    paramiko's own asks for `check-file`, a name that servers do not know.
    """
    request: Any = client._request  # type: ignore[attr-defined]  # see above
    channel = client.get_channel()
    assert channel is not None, "open"
    patience = channel.gettimeout()
    channel.settimeout(_DIGEST_SECONDS)
    try:
        to_its_end = paramiko.sftp.int64(0)
        _, answer = request(paramiko.sftp.CMD_EXTENDED, "check-file-name", path, "sha256", to_its_end, to_its_end, 0)
    except OSError as error:
        if error.errno is None and "closed" not in str(error).lower():
            return None
        raise
    finally:
        channel.settimeout(patience)
    return answer.get_remainder().hex() if answer.get_string() == b"sha256" else None


def end(client: paramiko.SFTPClient) -> None:
    """Raises nothing."""
    with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
        channel = client.get_channel()
        transport = channel.get_transport() if channel is not None else None
        client.close()
        if transport is not None:
            transport.close()
