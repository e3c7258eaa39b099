"""The second factor of a login: codes by time from an app (TOTP), and recovery codes for the day it is lost.

Both are django-otp's devices, with its throttling: after a wrong code the next is looked at 1, 2, 4, 8 … s later.
A code that was right once is never right again.
"""

import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import segno
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from dashboard.accounts.audit import Action, record

RECOVERY_CODES = 10
_APP, _RECOVERY = "aplicativo", "recuperacao"  # the devices' names
_CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken on paper
_CODE_LENGTH = 12
_STORED_LENGTH = 16  # of StaticToken.token


@dataclass(frozen=True)
class Verdict:
    """wait_until: no code is looked at before, because of wrong ones."""

    right: bool
    wait_until: datetime | None = None


def device_of(user: Any) -> TOTPDevice | None:
    """The app that this login has to answer with; None: the password is enough."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    return found


def pending(user: Any) -> TOTPDevice | None:
    """An app that has not proven yet that it has the key."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return found


@transaction.atomic
def begin(user: Any) -> TOTPDevice:
    """A new key, for an app that is to be added. Whoever has one already keeps it until they switch it off."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    created: TOTPDevice = TOTPDevice.objects.create(user=user, name=_APP, confirmed=False)
    return created


@transaction.atomic
def confirm(user: Any, code: str) -> list[str] | None:
    """The app has the key: from now on it is asked for. Returns the recovery codes; None: the code is not right."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(_digits(code)):
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    record(user, Action.SECOND_FACTOR_ON, user.get_username())
    return _new_codes(user)


@transaction.atomic
def verify(user: Any, code: str) -> Verdict:
    """A code of the app, or a recovery code, which is used up by it."""
    digits, plain = _digits(code), _plain(code)
    model = TOTPDevice if digits else StaticDevice
    device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None or not (digits or plain):
        return Verdict(right=False)
    allowed, why = device.verify_is_allowed()
    if not allowed:
        return Verdict(right=False, wait_until=why["locked_until"])
    return Verdict(right=device.verify_token(digits or _stored(user, plain)))


@transaction.atomic
def new_codes(user: Any) -> list[str]:
    """In the place of those there were."""
    record(user, Action.RECOVERY_CODES_MADE, user.get_username())
    return _new_codes(user)


@transaction.atomic
def switch_off(user: Any, by: Any) -> None:
    """by: who does it; None for the command on the server."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    record(by, Action.SECOND_FACTOR_OFF, user.get_username())


def codes_left(user: Any) -> int:
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


def forget_failures(user: Any) -> None:
    """The next code is looked at without waiting."""
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=user).update(throttling_failure_count=0, throttling_failure_timestamp=None)


def key_text(device: TOTPDevice) -> str:
    """For typing into an app, in groups of four."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def picture(device: TOTPDevice) -> bytes:
    """The key as a QR code: an SVG, black on white with its quiet zone, whatever the theme."""
    drawn = BytesIO()
    segno.make(device.config_url, error="m").save(
        drawn, kind="svg", scale=4, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return drawn.getvalue()


def _new_codes(user: Any) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=_RECOVERY)
    codes = [
        "".join(secrets.choice(_CODE_ALPHABET) for _number in range(_CODE_LENGTH)) for _code in range(RECOVERY_CODES)
    ]
    for code in codes:
        device.token_set.create(token=_stored(user, code))
    return ["-".join(code[at : at + 4] for at in range(0, _CODE_LENGTH, 4)) for code in codes]


def _stored(user: Any, plain: str) -> str:
    """Not the code itself: who reads the table cannot use what stands there."""
    return salted_hmac(f"recovery code of {user.pk}", plain, algorithm="sha256").hexdigest()[:_STORED_LENGTH]


def _plain(code: str) -> str:
    """A recovery code without its dashes; empty where it is not one."""
    plain = "".join(code.lower().replace("-", " ").split())
    return plain if len(plain) == _CODE_LENGTH and set(plain) <= set(_CODE_ALPHABET) else ""


def _digits(code: str) -> str:
    """The six digits of an app's code; empty where it is not one."""
    digits = "".join(code.split())
    return digits if len(digits) == 6 and digits.isascii() and digits.isdigit() else ""
