"""The host's own life: it stops at once, whenever the stop comes."""

import threading
import time
from pathlib import Path

import pytest

from topbackup.agent.host import Host


def test_a_stop_at_any_moment_is_heard_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also between the look at whether to stop and the wait: half a minute lost there is a service killed hard."""
    config = tmp_path / "config.json"
    config.write_text('{"firebird": {"database_path": "/nada/x.fdb"}}')
    host = Host(config)
    cleared = threading.Event.clear
    turns = []

    def stop_just_before_the_third(event: threading.Event) -> None:
        if event is host._wake:
            turns.append(event)
            if len(turns) == 3:
                host.stop()
            elif len(turns) < 3:
                threading.Timer(0.05, host.wake).start()
        cleared(event)

    monkeypatch.setattr(threading.Event, "clear", stop_just_before_the_third)
    monkeypatch.setattr("topbackup.agent.watch._SHORTEST", 300.0)  # its next failure must not wake the host instead
    began = time.monotonic()
    host.run()
    assert time.monotonic() - began < 15
    assert len(turns) == 3
