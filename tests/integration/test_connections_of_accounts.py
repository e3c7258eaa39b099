"""Connections are counted by account: who takes all that he can get shuts out neither others nor an administrator."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ipc.conftest import Desk, eventually
from topbackup.errors import Busy
from topbackup.ipc.server import Limits

LIMITS = Limits(clients=8, each=3, reserved=2, silence=30.0)
NOBODY, DAEMON = 65534, 1
GREEDY = """
import json, os, sys
from pathlib import Path
import topbackup.ipc.unix_socket, topbackup.agent.documents  # what is needed, read while this account still may
from topbackup.ipc.client import Client
from topbackup.ipc.transport import connect
from topbackup.errors import TopBackupError
home, uid, wanted = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
os.setgroups([])
os.setgid(uid); os.setuid(uid)
held = []
said = []
for _ in range(wanted):
    client = Client(connect(home, 5))
    try:
        said.append(client.ask("echo", {"a": 1}))
        held.append(client)
    except TopBackupError as error:
        said.append(error.code)
print(json.dumps(said), flush=True)
sys.stdin.readline()
"""


@contextmanager
def greedy(home: Path, uid: int, wanted: int) -> Iterator[list[object]]:
    """Another account that holds as many connections as it gets; what it was told for each."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", GREEDY, str(home), str(uid), str(wanted)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd="/", text=True
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline() or "null")
        process.communicate("\n", timeout=20)


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[Desk]:
    assert os.getuid() == 0, "these tests need root: they become other accounts"
    desk = Desk(tmp_path, LIMITS)
    (tmp_path / "data").chmod(0o711)
    (tmp_path / "data" / "topbackup.sock").chmod(0o666)
    for folder in (tmp_path, *tmp_path.parents):
        if folder not in {Path("/"), Path("/tmp")}:
            folder.chmod(folder.stat().st_mode | 0o011)
    yield desk
    desk.close()


def test_one_account_has_no_more_than_its_share(counted: Desk) -> None:
    with greedy(counted.home, NOBODY, 5) as told:
        assert told == [{"a": 1}] * 3 + ["TB-AGENTE-OCUPADO"] * 2
        with greedy(counted.home, DAEMON, 4) as others:
            assert others == [{"a": 1}] * 3 + ["TB-AGENTE-OCUPADO"], "places of its own"
            counted.still_answers()
    eventually(lambda: len(counted.server._channels) == 0)
    with greedy(counted.home, NOBODY, 3) as again:
        assert again == [{"a": 1}] * 3, "given back"


def test_administrators_keep_their_places(counted: Desk) -> None:
    with greedy(counted.home, NOBODY, 3), greedy(counted.home, DAEMON, 3), greedy(counted.home, 2, 1) as third:
        assert third == ["TB-AGENTE-OCUPADO"]
        held = [counted.client() for _ in range(2)]
        for client in held:
            assert client.ask("echo", {"b": 2}) == {"b": 2}
        for client in held:
            client.close()


def test_an_administrator_may_have_them_all(tmp_path: Path) -> None:
    with contextlib.closing(Desk(tmp_path, LIMITS)) as desk:
        held = [desk.client() for _ in range(8)]
        for client in held:
            assert client.ask("echo", {"c": 3}) == {"c": 3}
        with desk.client() as late, pytest.raises(Busy):
            late.ask("echo")
        for client in held:
            client.close()
