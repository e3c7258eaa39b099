"""gbak and all that it starts, in one job object: ended together, also when the agent dies without a word."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from topbackup.firebird.gbak_command import GbakCommand
from topbackup.firebird.gbak_process import GbakProcess


def command() -> GbakCommand:
    """The stand-in, with a child of its own, asleep."""
    environment = os.environ | {"GBAK_STAND_IN_CHILD": "1", "GBAK_STAND_IN_SLEEP": "120000"}
    return GbakCommand((os.environ["LAB_GBAK"], "-b", "-se", "localhost:service_mgr", "x", "y"), environment)


def eventually(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def family(pid: int) -> list[psutil.Process]:
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def test_the_tree_is_ended_as_one(tmp_path: Path) -> None:
    process = GbakProcess(command(), folder=tmp_path)
    eventually(lambda: len(family(process.pid)) > 1)
    members = family(process.pid)
    process.end()
    eventually(lambda: not any(member.is_running() for member in members))
    assert process.exit_code is not None
    process.end()  # once more does no harm


DIES = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from tests.windows.test_job_object import command
from topbackup.firebird.gbak_process import GbakProcess
process = GbakProcess(command(), folder=Path(sys.argv[2]))
print(process.pid, flush=True)
time.sleep(300)
"""


@pytest.mark.timeout(120)
def test_it_is_ended_with_an_agent_that_dies(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    with subprocess.Popen([sys.executable, "-c", DIES, root, str(tmp_path)], stdout=subprocess.PIPE) as agent:
        assert agent.stdout is not None
        pid = int(agent.stdout.readline())
        eventually(lambda: len(family(pid)) > 1)
        members = family(pid)
        agent.kill()
        agent.wait(10)
    eventually(lambda: not any(member.is_running() for member in members))
