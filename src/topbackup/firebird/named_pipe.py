r"""A Windows named pipe that gbak or the server opens as its output file, with CreateFile(GENERIC_WRITE, no sharing).

facts.md: gbak 2.5 to 5 open their target in just this way, so one inbound byte pipe serves every version.
"""

import contextlib
import sys
import uuid
from collections.abc import Iterator
from typing import Any

from topbackup.firebird.dump_target import BLOCK

assert sys.platform == "win32", "chosen by dump_target.make_pipe"

import ntsecuritycon  # noqa: E402 - pywin32, below the platform check so that type checkers elsewhere skip it
import pywintypes  # noqa: E402
import win32api  # noqa: E402
import win32event  # noqa: E402
import win32file  # noqa: E402
import win32pipe  # noqa: E402
import win32security  # noqa: E402
import winerror  # noqa: E402

_PIPE_ACCESS_INBOUND = 0x1
_FILE_FLAG_FIRST_PIPE_INSTANCE = 0x80000
_FILE_FLAG_OVERLAPPED = 0x40000000


class NamedPipe:
    """One instance, one writer: LocalSystem (the server's usual account), administrators, and our own account."""

    def __init__(self) -> None:
        self._path = rf"\\.\pipe\topbackup-{uuid.uuid4().hex}"
        self._pipe = win32pipe.CreateNamedPipe(
            self._path,
            _PIPE_ACCESS_INBOUND | _FILE_FLAG_OVERLAPPED | _FILE_FLAG_FIRST_PIPE_INSTANCE,
            win32pipe.PIPE_TYPE_BYTE | win32pipe.PIPE_WAIT | win32pipe.PIPE_REJECT_REMOTE_CLIENTS,
            1,
            0,
            BLOCK,
            0,
            _writers_only(),
        )
        self._waiting = pywintypes.OVERLAPPED()
        self._waiting.hEvent = win32event.CreateEvent(None, True, False, None)
        self._buffer = win32file.AllocateReadBuffer(BLOCK)
        self._connected = False
        self._seen = 0
        self._ended = False
        if win32pipe.ConnectNamedPipe(self._pipe, self._waiting) == winerror.ERROR_PIPE_CONNECTED:
            win32event.SetEvent(self._waiting.hEvent)

    @property
    def path(self) -> str:
        return self._path

    @property
    def bytes_seen(self) -> int:
        return self._seen

    def read(self, timeout: float) -> bytes:
        if self._ended:
            return b""
        if win32event.WaitForSingleObject(self._waiting.hEvent, int(timeout * 1000)) == win32event.WAIT_TIMEOUT:
            return b""
        with self._end_noticed():
            count = win32file.GetOverlappedResult(self._pipe, self._waiting, True)
        if self._ended:
            return b""
        block = bytes(self._buffer[:count]) if self._connected else b""
        self._connected = True
        self._seen += len(block)
        with self._end_noticed():  # the writer may be gone by now: this block was its last one, and still counts
            win32event.ResetEvent(self._waiting.hEvent)
            win32file.ReadFile(self._pipe, self._buffer, self._waiting)
        return block

    @contextlib.contextmanager
    def _end_noticed(self) -> Iterator[None]:
        try:
            yield
        except pywintypes.error as error:
            if error.winerror not in (winerror.ERROR_BROKEN_PIPE, winerror.ERROR_PIPE_NOT_CONNECTED):
                raise OSError(error.winerror, error.strerror, self._path) from error
            self._ended = True

    def writer_ended(self) -> None:
        """A writer that never came will not come any more."""
        self._ended = self._ended or not self._connected

    def close(self) -> None:
        win32file.CancelIo(self._pipe)
        win32api.CloseHandle(self._pipe)
        win32api.CloseHandle(self._waiting.hEvent)


def _writers_only() -> Any:
    """An explicit descriptor: without one a pipe admits everybody's reading and the creator's group."""
    access = win32security.ACL()
    token = win32security.OpenProcessToken(win32api.GetCurrentProcess(), win32security.TOKEN_QUERY)
    ourselves = win32security.GetTokenInformation(token, win32security.TokenUser)[0]
    system = win32security.CreateWellKnownSid(win32security.WinLocalSystemSid, None)
    administrators = win32security.CreateWellKnownSid(win32security.WinBuiltinAdministratorsSid, None)
    for account in (system, administrators, ourselves):
        access.AddAccessAllowedAce(win32security.ACL_REVISION, ntsecuritycon.FILE_ALL_ACCESS, account)
    attributes = pywintypes.SECURITY_ATTRIBUTES()
    attributes.SECURITY_DESCRIPTOR.SetSecurityDescriptorDacl(True, access, False)
    return attributes
