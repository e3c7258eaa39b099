"""The dump's named pipe, written to as gbak does: CreateFile, GENERIC_WRITE, share mode 0, CREATE_ALWAYS."""

import threading
import time
from typing import Any

import pytest
import pywintypes
import win32api
import win32con
import win32file
import win32security

from topbackup.firebird.dump_target import BLOCK
from topbackup.firebird.named_pipe import NamedPipe


def opened(path: str) -> Any:
    return win32file.CreateFile(path, win32con.GENERIC_WRITE, 0, None, win32con.CREATE_ALWAYS, 0, None)


def read_all(pipe: NamedPipe, seconds: float = 20.0) -> bytes:
    content, deadline = b"", time.monotonic() + seconds
    while time.monotonic() < deadline:
        block = pipe.read(0.25)
        content += block
        if not block and pipe._ended:
            return content
    raise AssertionError("no end")


@pytest.mark.parametrize("size", [1, 511, 512, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_every_byte_comes_out_also_when_the_writer_is_gone(size: int) -> None:
    """The last block waits in the pipe when the writer closes it: it counts."""
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    pipe = NamedPipe()

    def write() -> None:
        handle = opened(pipe.path)
        for start in range(0, size, 200_000):
            win32file.WriteFile(handle, content[start : start + 200_000])
        handle.Close()

    writer = threading.Thread(target=write)
    writer.start()
    assert read_all(pipe) == content
    assert pipe.bytes_seen == size
    writer.join(5)
    pipe.close()


def test_a_slow_reader_loses_nothing() -> None:
    pipe = NamedPipe()
    content = b"x" * 100_000

    def write() -> None:
        handle = opened(pipe.path)
        win32file.WriteFile(handle, content)
        handle.Close()

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.5)
    assert read_all(pipe) == content
    writer.join(5)
    pipe.close()


def test_a_writer_that_never_comes() -> None:
    pipe = NamedPipe()
    assert pipe.read(0.1) == b""
    pipe.writer_ended()
    assert pipe.read(0.1) == b""
    pipe.close()


def test_a_reader_that_goes_away_frees_the_writer() -> None:
    pipe = NamedPipe()
    handle = opened(pipe.path)
    pipe.read(0.1)
    pipe.close()
    with pytest.raises(pywintypes.error):
        win32file.WriteFile(handle, b"x" * BLOCK)
    handle.Close()


def test_one_writer_alone_and_only_the_server_s_account_administrators_and_ourselves() -> None:
    pipe = NamedPipe()
    first = opened(pipe.path)
    with pytest.raises(pywintypes.error):
        opened(pipe.path)
    descriptor = win32security.GetSecurityInfo(
        pipe._pipe, win32security.SE_KERNEL_OBJECT, win32security.DACL_SECURITY_INFORMATION
    )
    access = descriptor.GetSecurityDescriptorDacl()
    sids = {win32security.ConvertSidToStringSid(access.GetAce(index)[2]) for index in range(access.GetAceCount())}
    token = win32security.OpenProcessToken(win32api.GetCurrentProcess(), win32security.TOKEN_QUERY)
    ourselves = win32security.GetTokenInformation(token, win32security.TokenUser)[0]
    assert sids == {"S-1-5-18", "S-1-5-32-544", win32security.ConvertSidToStringSid(ourselves)}
    first.Close()
    pipe.close()
