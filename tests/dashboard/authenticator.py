"""The app on a telephone: codes by time from the key that the site shows."""

import time
from base64 import b32decode

from django_otp.oath import TOTP


def code(key: str, steps_ahead: int = 0) -> str:
    """key: as the page shows it. The site takes a code of the step before and after too, each once."""
    totp = TOTP(b32decode(key.replace(" ", "")))
    totp.time = time.time() + 30 * steps_ahead
    return f"{totp.token():06d}"
