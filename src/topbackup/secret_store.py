"""Secrets at rest: DPAPI on Windows, the settings file's 0600 mode elsewhere (design §4.6)."""

import base64
import sys

_PREFIX = "dpapi:"


def is_protected(stored: str) -> bool:
    return stored.startswith(_PREFIX)


def protect(secret: str) -> str:
    """The form to store. On Windows bound to this machine, as the service and the window run under two accounts."""
    if sys.platform == "win32" and secret and not is_protected(secret):
        import win32crypt  # noqa: PLC0415 - Windows only

        local_machine = 0x4  # CRYPTPROTECT_LOCAL_MACHINE
        blob = win32crypt.CryptProtectData(secret.encode(), "TopBackup", None, None, None, local_machine)
        return _PREFIX + base64.b64encode(blob).decode("ascii")
    return secret


def reveal(stored: str) -> str:
    """The secret itself, from what `protect` gave or from text in the clear."""
    if sys.platform == "win32" and is_protected(stored):
        import win32crypt  # noqa: PLC0415 - Windows only

        blob = base64.b64decode(stored.removeprefix(_PREFIX))
        _, secret = win32crypt.CryptUnprotectData(blob, None, None, None, 0)
        return secret.decode()
    return stored
