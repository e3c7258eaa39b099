"""What a request is given, looked at before anything is done with it. All raise BadUsage with the argument's name."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from topbackup.errors import BadUsage
from topbackup.problems import BAD_ARGUMENT

_LONGEST_TEXT = 4096  # of a path or an address
type Arguments = Mapping[str, Any]


def sayable(text: str) -> bool:
    """May it be a path or an address? No NUL, and no half sign but those that stand for a byte of a Linux file name."""
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return "\0" not in text and len(text) <= _LONGEST_TEXT


def number(arguments: Arguments, name: str, default: int, *, least: int, most: int) -> int:
    value = arguments.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadUsage(BAD_ARGUMENT, f"{name}: {least} … {most}")
    return value


def path_of(arguments: Arguments, name: str) -> Path:
    """Whole: the agent's own folder is not the asker's."""
    value = arguments.get(name)
    if not isinstance(value, str) or not sayable(value) or not Path(value).is_absolute():
        raise BadUsage(BAD_ARGUMENT, name)
    return Path(value)
