r"""The transport of Windows: the named pipe \\.\pipe\topbackup with an explicit security descriptor.

Overlapped throughout: a read or write that must be given up after a while is possible in no other way.
"""

import contextlib
import errno
import hashlib
import sys
import time
from pathlib import Path
from typing import Any

from topbackup.ipc.channel import Channel, Peer

assert sys.platform == "win32", "chosen by ipc.transport"

import pywintypes  # noqa: E402 - pywin32, below the platform check so that type checkers elsewhere skip it
import win32api  # noqa: E402
import win32event  # noqa: E402
import win32file  # noqa: E402
import win32pipe  # noqa: E402
import win32security  # noqa: E402
import winerror  # noqa: E402

_DEFAULT_HOME = Path("C:/TOPBACKUP")
_BUFFER = 1 << 16
_FILE_WRITE_DATA = 0x2
_FILE_FLAG_FIRST_PIPE_INSTANCE = 0x80000
_PROCESS_QUERY_LIMITED_INFORMATION = 0x1000
_SECURITY_SQOS_PRESENT, _SECURITY_IDENTIFICATION = 0x100000, 0x10000
_ENDED = (winerror.ERROR_BROKEN_PIPE, winerror.ERROR_PIPE_NOT_CONNECTED, winerror.ERROR_NO_DATA)
# Read, write data and attributes, but not FILE_CREATE_PIPE_INSTANCE, which generic write holds: with that right any
# user could stand in for the agent.
_LOOK_AND_ASK = "0x12019b"


def pipe_name(home: Path) -> str:
    r"""\\.\pipe\topbackup for C:\TOPBACKUP (design §4.6); an agent with another home has a name of its own."""
    plain = str(home.absolute()).casefold()
    if plain == str(_DEFAULT_HOME.absolute()).casefold():
        return r"\\.\pipe\topbackup"
    return rf"\\.\pipe\topbackup-{hashlib.sha256(plain.encode()).hexdigest()[:12]}"


def descriptor_text(own_sid: str) -> str:
    """SDDL: system, administrators and the agent's account all; users at this computer look and ask; the network no."""
    return f"D:P(D;;FA;;;NU)(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;{own_sid})(A;;{_LOOK_AND_ASK};;;IU)"


class PipeChannel:
    """One connected instance. handle: of either end; closed with the channel."""

    def __init__(self, handle: Any, *, server: bool) -> None:
        self._handle = handle
        self._server = server
        self._closing = win32event.CreateEvent(None, True, False, None)
        self._peer: Peer | None = None

    @property
    def peer(self) -> Peer:
        """At the server's end to be asked after the first bytes were read: before, Windows does not say who it is."""
        if self._peer is None:
            self._peer = _client(self._handle) if self._server else Peer("agent", administrator=True)
        return self._peer

    @property
    def caller(self) -> Peer:
        """By the process that opened this end. It may have given it to another one since: to count by, no more."""
        return _opener(self._handle) if self._server else self.peer

    def read(self, timeout: float) -> bytes:
        buffer = win32file.AllocateReadBuffer(_BUFFER)
        count = self._done(lambda waiting: win32file.ReadFile(self._handle, buffer, waiting), timeout)
        return b"" if count is None else bytes(buffer[:count])

    def write(self, content: bytes, timeout: float) -> None:
        deadline, sent = time.monotonic() + timeout, 0
        while sent < len(content):
            block = content[sent : sent + _BUFFER]
            left = deadline - time.monotonic()
            count = self._done(lambda waiting, block=block: win32file.WriteFile(self._handle, block, waiting), left)
            if count is None:
                raise OSError(errno.EPIPE, "pipe")
            sent += count

    def close(self) -> None:
        with contextlib.suppress(pywintypes.error):
            win32event.SetEvent(self._closing)
        handle, self._handle = self._handle, None
        if handle is not None:
            with contextlib.suppress(pywintypes.error):
                win32api.CloseHandle(handle)

    def _done(self, begin: Any, timeout: float) -> int | None:
        """Bytes moved; None when the other end is gone. Gives up, and takes the request back, after `timeout`."""
        waiting = pywintypes.OVERLAPPED()
        waiting.hEvent = win32event.CreateEvent(None, True, False, None)
        try:
            handle = self._handle
            if handle is None:
                raise OSError(errno.EBADF, "pipe")
            begin(waiting)
            events = [waiting.hEvent, self._closing]
            found = win32event.WaitForMultipleObjects(events, False, max(0, int(timeout * 1000)))
            if found != win32event.WAIT_OBJECT_0:
                with contextlib.suppress(pywintypes.error):
                    win32file.CancelIo(handle)
                if found == win32event.WAIT_TIMEOUT:
                    raise TimeoutError(errno.ETIMEDOUT, "pipe")
                raise OSError(errno.EBADF, "pipe")
            return win32file.GetOverlappedResult(handle, waiting, True)
        except pywintypes.error as error:
            if error.winerror in _ENDED:
                return None
            raise OSError(errno.EIO, f"{error.winerror}: {error.strerror}") from error
        finally:
            win32api.CloseHandle(waiting.hEvent)


class PipeListener:
    """The first instance claims the name: where another program holds it, this fails instead of sharing it."""

    def __init__(self, home: Path) -> None:
        """Raises OSError."""
        self._name = pipe_name(home)
        self._closing = win32event.CreateEvent(None, True, False, None)
        self._attributes = _attributes()
        try:
            self._next = self._instance(_FILE_FLAG_FIRST_PIPE_INSTANCE)
        except pywintypes.error as error:
            raise OSError(errno.EADDRINUSE, f"{self._name}: {error.strerror}") from error

    @property
    def where(self) -> str:
        return self._name

    def accept(self) -> Channel | None:
        if win32event.WaitForSingleObject(self._closing, 0) == win32event.WAIT_OBJECT_0:
            return None
        waiting = pywintypes.OVERLAPPED()
        waiting.hEvent = win32event.CreateEvent(None, True, False, None)
        try:
            if win32pipe.ConnectNamedPipe(self._next, waiting) == winerror.ERROR_PIPE_CONNECTED:
                win32event.SetEvent(waiting.hEvent)
            events = [self._closing, waiting.hEvent]
            if win32event.WaitForMultipleObjects(events, False, win32event.INFINITE) == win32event.WAIT_OBJECT_0:
                win32file.CancelIo(self._next)
                return None
            connected, self._next = self._next, self._instance(0)
            return PipeChannel(connected, server=True)
        except pywintypes.error as error:
            with contextlib.suppress(pywintypes.error):  # a client that went at once leaves the instance unusable
                win32pipe.DisconnectNamedPipe(self._next)
            raise OSError(errno.EIO, f"{error.winerror}: {error.strerror}") from error
        finally:
            win32api.CloseHandle(waiting.hEvent)

    def close(self) -> None:
        with contextlib.suppress(pywintypes.error):
            win32event.SetEvent(self._closing)
            win32api.CloseHandle(self._next)

    def _instance(self, flags: int) -> Any:
        return win32pipe.CreateNamedPipe(
            self._name,
            win32pipe.PIPE_ACCESS_DUPLEX | win32file.FILE_FLAG_OVERLAPPED | flags,
            win32pipe.PIPE_TYPE_BYTE | win32pipe.PIPE_WAIT | win32pipe.PIPE_REJECT_REMOTE_CLIENTS,
            win32pipe.PIPE_UNLIMITED_INSTANCES,
            _BUFFER,
            _BUFFER,
            0,
            self._attributes,
        )


def connect(home: Path, timeout: float) -> Channel:
    """Raises OSError: nobody is there, or may not be asked. timeout: seconds, while all instances are taken."""
    name, deadline = pipe_name(home), time.monotonic() + timeout
    while True:
        try:
            handle = win32file.CreateFile(
                name,
                win32file.GENERIC_READ | _FILE_WRITE_DATA,
                0,
                None,
                win32file.OPEN_EXISTING,
                win32file.FILE_FLAG_OVERLAPPED | _SECURITY_SQOS_PRESENT | _SECURITY_IDENTIFICATION,
                None,
            )
        except pywintypes.error as error:
            if error.winerror == winerror.ERROR_PIPE_BUSY and time.monotonic() < deadline:
                time.sleep(0.02)
                continue
            missing = error.winerror == winerror.ERROR_FILE_NOT_FOUND
            raise OSError(errno.ENOENT if missing else errno.EACCES, f"{name}: {error.strerror}") from error
        return PipeChannel(handle, server=False)


def own_sid() -> Any:
    """The account of this process."""
    token = win32security.OpenProcessToken(win32api.GetCurrentProcess(), win32security.TOKEN_QUERY)
    return win32security.GetTokenInformation(token, win32security.TokenUser)[0]


def _attributes() -> Any:
    attributes = pywintypes.SECURITY_ATTRIBUTES()
    text = descriptor_text(win32security.ConvertSidToStringSid(own_sid()))
    attributes.SECURITY_DESCRIPTOR = win32security.ConvertStringSecurityDescriptorToSecurityDescriptor(
        text, win32security.SDDL_REVISION_1
    )
    return attributes


def _client(handle: Any) -> Peer:
    """Whoever cannot be told is nobody's administrator."""
    try:
        win32security.ImpersonateNamedPipeClient(handle)
        try:
            token = win32security.OpenThreadToken(win32api.GetCurrentThread(), win32security.TOKEN_QUERY, True)
        finally:
            win32security.RevertToSelf()
        return _peer_of(token)
    except pywintypes.error:
        return Peer("?", administrator=False)


def _opener(handle: Any) -> Peer:
    try:
        process = win32api.OpenProcess(
            _PROCESS_QUERY_LIMITED_INFORMATION, False, win32pipe.GetNamedPipeClientProcessId(handle)
        )
        try:
            rights = win32security.TOKEN_QUERY | win32security.TOKEN_DUPLICATE
            primary = win32security.OpenProcessToken(process, rights)
        finally:
            win32api.CloseHandle(process)
        level, kind = win32security.SecurityIdentification, win32security.TokenImpersonation
        return _peer_of(win32security.DuplicateTokenEx(primary, level, win32security.TOKEN_QUERY, kind, None))
    except pywintypes.error:
        return Peer("?", administrator=False)


def _peer_of(token: Any) -> Peer:
    sid = win32security.GetTokenInformation(token, win32security.TokenUser)[0]
    administrators = win32security.CreateWellKnownSid(win32security.WinBuiltinAdministratorsSid, None)
    allowed = sid == own_sid() or win32security.CheckTokenMembership(token, administrators)
    account = str(win32security.ConvertSidToStringSid(sid))
    return Peer(_name_of(sid), administrator=bool(allowed), account=account)


def _name_of(sid: Any) -> str:
    try:
        name, domain, _kind = win32security.LookupAccountSid(None, sid)
    except pywintypes.error:
        return str(win32security.ConvertSidToStringSid(sid))
    return f"{domain}\\{name}"
