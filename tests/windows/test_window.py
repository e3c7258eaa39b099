"""The window, its second start and its tray icon on a Windows desktop: Wine's, on a virtual screen."""

import subprocess
import sys
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import win32con
import win32gui

from tests.windows.conftest import CNPJ
from topbackup.gui.notice import TrayFace, tray_face
from topbackup.gui.state import View
from topbackup.gui.tray import Doings, Tray
from topbackup.gui.window import is_shown

TOPBACKUP = [sys.executable, "-X", "utf8", "-m", "topbackup"]


def until[T](true: Callable[[], T], seconds: float = 30) -> T:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:.0f} s")


@contextmanager
def opened(config: Path, *more: str) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        [*TOPBACKUP, "gui", *more, "--config", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def shown() -> int:
    """The handle of the window that a person sees; 0: there is none."""
    with suppress(win32gui.error):
        handle = win32gui.FindWindow(None, "TopBackup")
        return int(handle) if win32gui.IsWindowVisible(handle) else 0
    return 0


def test_it_comes_up_is_the_agent_and_a_second_start_brings_it_to_the_front(config: Path) -> None:
    with opened(config) as window:
        handle = until(shown, 60)
        left, top, right, bottom = win32gui.GetWindowRect(handle)
        assert right - left >= 880
        assert bottom - top >= 560
        done = subprocess.run(
            [*TOPBACKUP, "backup", "--config", str(config)], capture_output=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert (config.parent.parent / "destino" / f"{CNPJ}.zip").exists()
        win32gui.ShowWindow(handle, win32con.SW_MINIMIZE)
        assert win32gui.IsIconic(handle)
        second = subprocess.run(
            [*TOPBACKUP, "gui", "--config", str(config)], capture_output=True, check=False, timeout=60
        )
        assert second.returncode == 0, second.stderr
        until(lambda: not win32gui.IsIconic(handle))
        assert window.poll() is None
    assert shown() == 0


def test_it_starts_minimised(config: Path) -> None:
    with opened(config, "--minimized") as window:
        done = until(lambda: subprocess.run([*TOPBACKUP, "status", "--json", "--config", str(config)],
                     capture_output=True, check=False, timeout=60).stdout.find(b'"RUNNING"') > 0, 60)  # fmt: skip
        assert done
        assert shown() == 0
        assert window.poll() is None


def test_a_maximised_window_is_shown() -> None:
    """Tk calls it zoomed here; such a window was never refreshed."""
    root = tk.Tk()
    try:
        root.state("zoomed")
        root.update()
        assert root.state() == "zoomed"
        assert is_shown(root.state())
    finally:
        root.destroy()


@pytest.fixture
def tray() -> Iterator[Tray]:
    def nothing() -> None:
        pass

    tray = Tray(Doings(nothing, nothing, nothing, nothing, nothing, paused=lambda: False))
    tray.start(face())
    until(lambda: tray.there)
    yield tray
    tray.stop()


def face() -> TrayFace:
    return tray_face(View(), datetime.now(UTC))


def test_the_icon_comes_back_when_explorer_does(tray: Tray, monkeypatch: pytest.MonkeyPatch) -> None:
    """Explorer tells every window that there is a new task bar; whoever had an icon puts it there again."""
    icon = tray._icon
    until(lambda: icon.visible)
    put: list[bool] = []
    put_there = icon._show

    def counted() -> None:
        put.append(True)
        put_there()

    monkeypatch.setattr(icon, "_show", counted)
    win32gui.SendMessage(icon._hwnd, win32gui.RegisterWindowMessage("TaskbarCreated"), 0, 0)
    assert put == [True]
    assert tray.there
