"""A program to be killed: one backup, with SIGKILL before or after the n-th call of a named function.

Usage: killed_agent.py CONFIG AGENDA MODULE:NAME before|after|during N
`during` kills when the n-th block passes through (write_archive) or at the n-th progress event.
"""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from topbackup.agent.backup_now import Order, back_up_now
from topbackup.agent.parts import Parts
from topbackup.cancellation import Cancellation


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(target: str, when: str, number: int) -> None:
    """Replace the function by one that dies."""
    module_name, path = target.split(":")
    holder: Any = importlib.import_module(module_name)
    *parents, name = path.split(".")
    for parent in parents:
        holder = getattr(holder, parent)
    original: Callable[..., Any] = getattr(holder, name)
    calls = [0]

    def armed(*arguments: Any, **more: Any) -> Any:
        calls[0] += 1
        if calls[0] == number and when == "before":
            die()
        result = original(*arguments, **more)
        if calls[0] == number and when == "after":
            die()
        return result

    setattr(holder, name, armed)


def main() -> None:
    config, agenda, target, when, number = sys.argv[1:]
    arm(target, when, int(number))
    record = back_up_now(Parts.of(Path(config)), Order(int(agenda)), lambda progress: None, Cancellation())
    print("SURVIVED", record.status, record.failure)


if __name__ == "__main__":
    main()
