"""Temporary folders of the living stay, those of the dead go, and a server that waits at a dead run's pipe goes on."""

import os
import sys
import threading
from pathlib import Path
from uuid import UUID

import pytest

from topbackup.backup.scratch import scratch_folder, sweep
from topbackup.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "config.json")


def test_the_living_keep_theirs(places: Places) -> None:
    with scratch_folder(places, UUID(int=1)) as folder:
        (folder / "prova.fdb").write_bytes(b"x")
        sweep(places)
        assert (folder / "prova.fdb").exists()
    assert list(places.temp.iterdir()) == []
    assert list(places.locks.iterdir()) == []


def test_those_of_the_dead_go(places: Places) -> None:
    left = places.temp_of_run(UUID(int=2))
    left.mkdir(parents=True)
    (left / "prova.fdb").write_bytes(b"x")
    sweep(places)
    assert list(places.temp.iterdir()) == []


if sys.platform != "win32":

    def test_a_server_that_waits_at_a_dead_pipe_goes_on(places: Places) -> None:
        """As when the agent was killed after gbak had asked, and before the server opened its target."""
        left = places.temp_of_run(UUID(int=3))
        left.mkdir(parents=True)
        os.mkfifo(left / "dump.fbk")
        freed: list[int] = []
        server = threading.Thread(target=lambda: freed.append(os.open(left / "dump.fbk", os.O_WRONLY)), daemon=True)
        server.start()
        server.join(0.2)
        assert server.is_alive(), "it waits"
        sweep(places)
        server.join(5)
        assert not server.is_alive()
        with pytest.raises(BrokenPipeError):
            os.write(freed[0], b"x")
        os.close(freed[0])
        assert not left.exists()
