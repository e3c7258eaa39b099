"""How the window begins: one of it, in the tray if asked, and a clear word where it cannot."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.integration.running_agent import eventually, running
from tests.integration.shop import Shop
from topbackup.backup.lock import run_lock
from topbackup.cancellation import Cancellation
from topbackup.cli.gui import open_window
from topbackup.errors import Busy
from topbackup.gui.app import App
from topbackup.gui.application import _without_our_agent
from topbackup.gui.leaving import leaving_costs
from topbackup.gui.single_instance import bring_to_front, the_only_one, window_home
from topbackup.gui.window import is_shown

GUI = (sys.executable, "-m", "topbackup", "gui")


def environment(home: Path, **more: str) -> dict[str, str]:
    path = os.pathsep.join(filter(None, sys.path))
    return os.environ | {"HOME": str(home), "PYTHONPATH": path, "XDG_STATE_HOME": str(home / "estado")} | more


def visible(display: str) -> bool:
    command = ["xdotool", "search", "--onlyvisible", "--name", "^TopBackup$"]
    found = subprocess.run(command, env=os.environ | {"DISPLAY": display}, capture_output=True, check=False)
    return found.stdout.strip() != b""


def test_there_is_one(tmp_path: Path) -> None:
    shown = threading.Event()
    assert not bring_to_front(tmp_path), "nobody is there"
    with the_only_one(tmp_path, shown.set):
        with pytest.raises(Busy), the_only_one(tmp_path, lambda: None):
            pass
        assert bring_to_front(tmp_path)
        assert shown.is_set()
    with the_only_one(tmp_path, lambda: None):
        pass
    assert window_home(Path("a.json")) != window_home(Path("b.json"))


def test_a_second_start_brings_the_first_to_the_front(shop: Shop, display: str, tmp_path: Path) -> None:
    """The first one began in the tray: it is not to be seen before."""
    with running(shop) as agent:
        agent.until("RUNNING")
        command = [*GUI, "--config", str(shop.config)]
        with (tmp_path / "dito").open("wb") as said:
            first = subprocess.Popen([*command, "--minimizado"], env=environment(tmp_path), stdout=said, stderr=said)
        try:
            home = tmp_path / "estado"
            eventually(lambda: list(home.rglob("topbackup.sock")), 20, (tmp_path / "dito").read_text)
            assert not visible(display)
            second = subprocess.run(command, env=environment(tmp_path), capture_output=True, check=False, timeout=30)
            assert (second.returncode, second.stdout, second.stderr) == (0, b"", b"")
            eventually(lambda: visible(display), 15, (tmp_path / "dito").read_text)
            assert first.poll() is None
        finally:
            first.kill()
            first.wait(10)


def test_without_a_display_it_says_so(tmp_path: Path) -> None:
    done = subprocess.run(GUI, env=environment(tmp_path, DISPLAY=""), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("TB-JANELA-SEM-TELA: ")
    nowhere = subprocess.run(
        GUI, env=environment(tmp_path, DISPLAY=":4711"), capture_output=True, text=True, check=False
    )
    assert nowhere.returncode == 1
    assert nowhere.stderr.startswith("TB-JANELA-SEM-TELA: ")
    assert "Traceback" not in nowhere.stderr


def test_without_the_extra_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "customtkinter.py").write_text("raise ImportError('no', name='customtkinter')\n")
    there = environment(tmp_path, DISPLAY=":0")
    there["PYTHONPATH"] = os.pathsep.join([str(tmp_path), there["PYTHONPATH"]])
    done = subprocess.run(GUI, env=there, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("TB-JANELA-AUSENTE: Esta instalação não tem a janela. (customtkinter)")


@pytest.mark.parametrize(
    ("state", "shown"), [("normal", True), ("zoomed", True), ("iconic", False), ("withdrawn", False)]
)
def test_a_maximised_window_is_shown_too(state: str, shown: bool) -> None:
    """Windows calls it zoomed; such a window was never refreshed."""
    assert is_shown(state) is shown


def test_the_setups_end_is_not_left_unasked() -> None:
    """Nor the moment after it, until an agent answers: without one nobody would make backups."""
    app = SimpleNamespace(
        setting_up=False,
        agent_due=False,
        link=SimpleNamespace(hosting=False, stop_hosting=lambda: None, hurry=lambda: None),
    )
    with _without_our_agent(cast("App", app), Cancellation()):
        assert app.setting_up
    assert (app.setting_up, app.agent_due) == (False, True)


def test_leaving_says_what_it_costs() -> None:
    assert leaving_costs(hosting=False, setting_up=False, restoring=False, unsaved=False) == [], "it may go unasked"
    assert len(leaving_costs(hosting=True, setting_up=True, restoring=True, unsaved=True)) == 4


def test_a_first_window_that_hangs_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No word of a backup: there is none."""
    monkeypatch.setenv("DISPLAY", ":1")
    config = tmp_path / "config.json"
    with run_lock(window_home(config), "janela"), pytest.raises(Busy) as told:
        open_window(config)  # the lock is held, and nobody listens
    assert (told.value.code, told.value.exit_code) == ("TB-JANELA-PRESA", 75)


def test_the_computers_own_start_raises_no_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's does."""
    monkeypatch.setenv("DISPLAY", ":1")
    config, raised = tmp_path / "config.json", list[bool]()
    with the_only_one(window_home(config), lambda: raised.append(True)):
        assert open_window(config, minimized=True) == 0
        assert not raised
        assert open_window(config) == 0
    assert raised == [True]
