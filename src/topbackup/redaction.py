"""Secrets that this process knows, kept out of everything it writes for people: by construction, not by care."""

import json
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

_SHORTEST = 3  # to hide every "1" because a password is "1" would make a log unreadable and the password plain
_HIDDEN = "•••"
_known: set[str] = set()


def keep_out(secrets: Iterable[str]) -> None:
    """From now on none of these stands in a log line or in a bundle."""
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            once = _spellings(secret)
            _known.update(once, *map(_spellings, once))  # a repr within JSON


def _spellings(secret: str) -> set[str]:
    """As it stands in JSON, in Python's repr of a text or of bytes, and in a URL."""
    # Whether repr escapes a single quote hangs on what else is in the text: with both kinds in it, it does.
    escaped = repr(secret + "\"'")[1:-4]
    in_bytes = repr(secret.encode(errors="surrogatepass") + b"\"'")[2:-4]
    return {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        escaped,
        escaped.replace("\\'", "'"),
        in_bytes,
        in_bytes.replace("\\'", "'"),
        quote(secret, errors="replace"),
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
    }


def redacted(text: str) -> str:
    """The text without any known secret, the longest first, as one may be in another."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return text
