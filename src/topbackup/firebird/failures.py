"""What Firebird, gbak, gfix and isql say when something is wrong, put into the error catalogue.

The words are matched, not the numbers: the tools print none, and a service route passes on words alone. Firebird's own
messages are English in every edition; what the operating system adds to them is in the language of that machine.
"""

import ast
import re
from collections.abc import Sequence
from contextlib import suppress

from topbackup.errors import ENGINE_SAID
from topbackup.problems import (
    DESTINATION_FULL,
    FILE_INVALID,
    FIREBIRD_DATABASE_CORRUPT,
    FIREBIRD_DATABASE_MISSING,
    FIREBIRD_DATABASE_SHUT_DOWN,
    FIREBIRD_LOGIN,
    FIREBIRD_TIMEOUT,
    FIREBIRD_UNREACHABLE,
    ROUTE_IMPOSSIBLE,
    Problem,
)

_BYTES_LITERAL = re.compile(r"""\bb(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
# Windows says it in its own language; gbak's output may come in another code page, which spoils the accents.
_NOT_FOUND = r"(no such file or directory|cannot find the (file|path)|n.{1,4}o pode encontrar o|(not|is) a directory)"


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE | re.DOTALL)


# The order decides, most telling first: "I/O error" alone is in half of them, and a lost connection is often added to
# the words that tell why.
_RULES: Sequence[tuple[re.Pattern[str], Problem]] = (
    (
        _any_of(
            r"your user name and password are not defined",
            r"\bunauthorized\b",
            r"install incomplete.*security database",  # 3.0+: nobody made SYSDBA
            r"missing security context",
        ),
        FIREBIRD_LOGIN,
    ),
    (
        _any_of(
            r"no space left on device",
            r"not enough space on the disk",
            r"espa\wo (insuficiente )?(em|no) disco",
            r"\bdisk (is )?full\b",
            r"there is not enough space",
        ),
        DESTINATION_FULL,
    ),
    (
        _any_of(
            r"cannot open backup file",
            r"opened with engine instance",
            r"\bservice \S+ is not defined",
            r"not allowed by server configuration",
            r"service manager is not available",
        ),
        ROUTE_IMPOSSIBLE,
    ),
    (
        _any_of(
            rf"i/o error.{{0,400}}{_NOT_FOUND}",
            rf"{_NOT_FOUND}.{{0,400}}i/o error",
            r"unknown (database )?alias",
        ),
        FIREBIRD_DATABASE_MISSING,
    ),
    (
        # Of a dump that is being restored; the database that it came from may be well.
        _any_of(
            r"backup incomplete",
            r"unexpected end of file on backup file",
            r"expected backup (description record|version)",
        ),
        FILE_INVALID,
    ),
    (
        _any_of(
            r"unexpected end[- ]of[- ]file",
            r"database file appears corrupt",
            r"wrong page type",
            r"is not a valid database",
            r"internal (firebird|gds software) consistency check",
            r"\bchecksum\b",
            r"i/o error (during|for) .{0,12}\bread\b",
            r"i/o error.{0,300}error while trying to read from file",
            r"page \d+ is of wrong type",
            r"cannot find (record back version|tip page)",
        ),
        FIREBIRD_DATABASE_CORRUPT,
    ),
    (
        _any_of(
            r"unable to complete network request",
            r"failed to (establish|locate) (a connection|host machine)",
            r"connection (refused|lost|reset|aborted|shutdown|was closed)",
            r"shutdown of (the )?connection",
            r"error (reading|writing) data (from|to) the connection",
            r"can not recv\(\) packets",
            r"network is unreachable",
            r"no route to host",
            r"database server (is )?shut ?down",
            r"engine is shutdown|shutdown in progress",
            r"connection shutdown",
        ),
        FIREBIRD_UNREACHABLE,
    ),
    (_any_of(r"database .{0,400}\bshutdown\b", r"\bshutdown\b"), FIREBIRD_DATABASE_SHUT_DOWN),
    (_any_of(r"\btimed out\b", r"\btimeout\b", r"time-?out (period )?expired"), FIREBIRD_TIMEOUT),
)


def problem_from_text(text: str) -> Problem | None:
    """The catalogue's entry for the words of Firebird or of one of its tools; None when they tell nothing known."""
    words = " ".join(text.split())
    return next((problem for pattern, problem in _RULES if pattern.search(words)), None)


def said(words: str) -> str:
    """An error's detail in Firebird's own words, or gbak's, English ones: marked, so that a card leaves them out."""
    return f"{ENGINE_SAID}{words}" if words else ""


def readable(words: str) -> str:
    """A driver's error on one line: what the operating system said, which it leaves as `b'…'`, as text; and UTF-8 that
    was decoded as Windows's, as the path of a Linux server is, as it was meant."""
    words = _BYTES_LITERAL.sub(lambda found: _text_of(ast.literal_eval(found[0])), words)
    for codec in ("cp1252", "iso8859-1"):
        with suppress(UnicodeError):
            words = words.encode(codec).decode()
            break
    return " ".join(words.split())


def _text_of(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
