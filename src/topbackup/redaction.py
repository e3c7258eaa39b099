"""Secrets that this process knows, kept out of everything it writes for people: by construction, not by care."""

from collections.abc import Iterable

_SHORTEST = 3  # to hide every "1" because a password is "1" would make a log unreadable and the password plain
_HIDDEN = "•••"
_known: set[str] = set()


def keep_out(secrets: Iterable[str]) -> None:
    """From now on none of these stands in a log line or in a bundle."""
    _known.update(secret for secret in secrets if len(secret) >= _SHORTEST)


def redacted(text: str) -> str:
    """The text without any known secret, the longest first, as one may be in another."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return text
