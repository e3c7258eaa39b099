"""Under which account this program runs: what may be written where is decided by it."""

import getpass
import os


def account_name() -> str:
    """For people: `root`, `maria`; on Windows the service is `SYSTEM` or the computer's name with a $."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return str(os.getuid()) if hasattr(os, "getuid") else "?"
