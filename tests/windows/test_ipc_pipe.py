r"""\\.\pipe\topbackup: its name, its security descriptor (set and read back), and a name that another one holds."""

from pathlib import Path

import pytest
import pywintypes
import win32file
import win32pipe
import win32security

from tests.ipc.conftest import LIMITS, Desk
from topbackup.ipc.named_pipe import PipeListener, descriptor_text, own_sid, pipe_name


def test_the_name_is_the_contract_s_for_the_usual_home_and_another_one_elsewhere(tmp_path: Path) -> None:
    assert pipe_name(Path("C:/TOPBACKUP")) == r"\\.\pipe\topbackup"
    assert pipe_name(Path("c:\\TopBackup")) == r"\\.\pipe\topbackup"
    assert pipe_name(tmp_path).startswith(r"\\.\pipe\topbackup-")
    assert pipe_name(tmp_path) != pipe_name(tmp_path.parent)


def test_the_descriptor_is_set_and_read_back(tmp_path: Path) -> None:
    """The network is denied; users may read, write and not make an instance; system, administrators, ourselves all."""
    listener = PipeListener(tmp_path)
    descriptor = win32security.GetSecurityInfo(
        listener._next, win32security.SE_KERNEL_OBJECT, win32security.DACL_SECURITY_INFORMATION
    )
    access = descriptor.GetSecurityDescriptorDacl()
    found = {}
    for index in range(access.GetAceCount()):
        (kind, _flags), mask, sid = access.GetAce(index)
        found[win32security.ConvertSidToStringSid(sid)] = (kind, mask)
    ourselves = win32security.ConvertSidToStringSid(own_sid())
    everything = 0x1F01FF
    assert found["S-1-5-2"] == (win32security.ACCESS_DENIED_ACE_TYPE, everything)
    for account in ("S-1-5-18", "S-1-5-32-544", ourselves):
        assert found[account] == (win32security.ACCESS_ALLOWED_ACE_TYPE, everything)
    kind, mask = found["S-1-5-4"]
    assert kind == win32security.ACCESS_ALLOWED_ACE_TYPE
    assert mask & 0x4 == 0, "FILE_CREATE_PIPE_INSTANCE"
    assert mask & 0x3 == 0x3, "read and write"
    assert mask & 0xD0000 == 0, "delete, or change the descriptor itself"
    assert set(found) == {"S-1-5-2", "S-1-5-4", "S-1-5-18", "S-1-5-32-544", ourselves}
    listener.close()


def test_the_text_of_the_descriptor_is_one_that_windows_reads() -> None:
    text = descriptor_text(win32security.ConvertSidToStringSid(own_sid()))
    win32security.ConvertStringSecurityDescriptorToSecurityDescriptor(text, win32security.SDDL_REVISION_1)


def test_the_pipe_s_client_end_asks_for_identification_only(tmp_path: Path) -> None:
    """An agent's name in the hands of another program must not lend it the caller's rights."""
    squatter = win32pipe.CreateNamedPipe(
        pipe_name(tmp_path), win32pipe.PIPE_ACCESS_DUPLEX, 0, 1, 512, 512, 0, pywintypes.SECURITY_ATTRIBUTES()
    )
    from topbackup.ipc.transport import connect

    channel = connect(tmp_path)
    channel.write(b"{}\n", 5)
    win32file.ReadFile(squatter, 10)
    win32security.ImpersonateNamedPipeClient(squatter)
    win32security.RevertToSelf()
    channel.close()
    win32file.CloseHandle(squatter)


def test_an_agent_answers_over_it_and_leaves_the_name_free(tmp_path: Path) -> None:
    for _ in range(2):
        desk = Desk(tmp_path, LIMITS)
        desk.still_answers()
        desk.close()
    with pytest.raises(pywintypes.error):
        win32pipe.WaitNamedPipe(pipe_name(tmp_path), 100)
