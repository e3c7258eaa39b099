"""How to break things, for real: signals to the real gbak and server, real file systems, real wrappers around gbak."""

import os
import signal
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from topbackup.backup.workplace import Progress

REAL_GBAK = "/usr/bin/gbak"


class Midway:
    """Does `act` once, in the run's own thread, when the first bytes have come: the dump waits meanwhile."""

    def __init__(self, act: Callable[[], object], step: str = "dump") -> None:
        self.done = False
        self._act, self._step = act, step

    def __call__(self, progress: Progress) -> None:
        if not self.done and progress.step == self._step:
            self.done = True
            self._act()


def running_gbak() -> psutil.Process:
    """The gbak that this process started."""
    return next(child for child in psutil.Process().children(recursive=True) if child.name() == "gbak")


def signal_gbak(number: signal.Signals) -> None:
    running_gbak().send_signal(number)


def need_root() -> None:
    """Say it loudly: a promise that cannot be looked at on this machine is not kept."""
    if os.getuid() != 0:
        pytest.fail("this test mounts a file system or starts a server as somebody else: run `sudo make test`")


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A small file system of its own on `folder`."""
    need_root()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Root may write where modes forbid it, so the file system itself must refuse."""
    if os.getuid() != 0:
        folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
        yield
        folder.chmod(stat.S_IRWXU)
        return
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def wrapper(path: Path, script: str) -> Path:
    """A gbak of our own, for what the real one cannot be made to do; it answers `-z` as the real one."""
    path.write_text(f'#!/bin/sh\ncase "$1" in -z) exec {REAL_GBAK} "$@";; esac\nfor target; do :; done\n{script}\n')
    path.chmod(0o755)
    return path
