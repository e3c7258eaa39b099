"""The transport of Linux: a Unix socket in the agent's data folder, and who connects by what the kernel says."""

import contextlib
import errno
import grp
import os
import pwd
import select
import socket
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from topbackup.ipc.channel import Channel, Peer
from topbackup.places import own_folder

assert sys.platform != "win32", "chosen by ipc.transport"

_NAME = "topbackup.sock"
_LONGEST_ADDRESS = 100  # sun_path holds 108 bytes
_BACKLOG = 64
_READ = 1 << 16


def socket_path(data: Path) -> Path:
    """data: the agent's folder of that name."""
    return data / _NAME


class UnixChannel:
    """A connected socket. Reading, writing and closing may be done by three threads."""

    def __init__(self, connected: socket.socket, peer: Peer) -> None:
        self._socket = connected
        self._peer = peer
        connected.setblocking(False)

    @property
    def peer(self) -> Peer:
        return self._peer

    caller = peer

    def read(self, timeout: float) -> bytes:
        self._wait(select.POLLIN, timeout)
        with contextlib.suppress(BlockingIOError):
            return self._socket.recv(_READ)
        raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))

    def write(self, content: bytes, timeout: float) -> None:
        deadline, left = time.monotonic() + timeout, memoryview(content)
        while left:
            self._wait(select.POLLOUT, deadline - time.monotonic())
            with contextlib.suppress(BlockingIOError):
                left = left[self._socket.send(left) :]

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes a thread that waits on it; close() alone does not
        self._socket.close()

    def _wait(self, event: int, timeout: float) -> None:
        poll = select.poll()
        poll.register(self._descriptor(), event)
        if not poll.poll(max(0.0, timeout) * 1000):
            raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))

    def _descriptor(self) -> int:
        descriptor = self._socket.fileno()
        if descriptor < 0:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return descriptor


class UnixListener:
    """Open to the agent's account and root (0600), or to the members of a group as well (0660)."""

    def __init__(self, data: Path, group: str = "") -> None:
        """Raises OSError; LookupError for a group that does not exist."""
        own_folder(data)
        self._path = socket_path(data)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        try:
            gid = grp.getgrnam(group).gr_gid if group else None
            # The agent's lock says that no other agent lives: a socket that is there is a dead one's.
            self._path.unlink(missing_ok=True)
            before = os.umask(0o177)
            try:
                with _short(self._path) as address:
                    self._socket.bind(address)
            finally:
                os.umask(before)
            if gid is None:
                data.chmod(0o700)
            else:
                os.chown(self._path, -1, gid)
                self._path.chmod(0o660)
                os.chown(data, -1, gid)
                data.chmod(0o710)  # through to the socket, and to nothing else
            self._socket.listen(_BACKLOG)
        except BaseException:
            self._socket.close()
            raise

    @property
    def where(self) -> str:
        return str(self._path)

    def accept(self) -> Channel | None:
        try:
            connected, _ = self._socket.accept()
        except OSError as error:
            if error.errno in (errno.EBADF, errno.EINVAL):  # closed, or shut down
                return None
            raise
        try:
            return UnixChannel(connected, _peer(connected, os.getuid()))
        except OSError:
            connected.close()
            raise

    def close(self) -> None:
        self._path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes `accept`
        self._socket.close()


def connect(data: Path, timeout: float) -> Channel:
    """Raises OSError: nobody is there, or may not be asked. timeout: seconds."""
    connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        connected.settimeout(timeout)
        with _short(socket_path(data)) as address:
            connected.connect(address)
        return UnixChannel(connected, _peer(connected, os.getuid()))
    except BaseException:
        connected.close()
        raise


def _peer(connected: socket.socket, agent: int) -> Peer:
    """Root and the agent's own account are its administrators."""
    credentials = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", credentials)
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    return Peer(name, administrator=uid in (0, agent), account=str(uid))


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """An address that fits: through an open descriptor of its folder where the path itself is too long."""
    if len(os.fsencode(path)) <= _LONGEST_ADDRESS:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
