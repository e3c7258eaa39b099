"""What FTP servers answer to MLSD (RFC 3659) and to LIST, which no standard describes. Pure."""

import re
from datetime import UTC, datetime

from topbackup.destinations.contract import Entry

_UNIX = re.compile(r"^([-dlbcps])[-rwxsStT]{9}\S*\s+\d+\s+\S+\s+(?:\S+\s+)?(\d+)\s+\S+\s+\S+\s+\d[\d:]+\s(.+)$")
_DOS = re.compile(r"^\d\d[-/]\d\d[-/](?:\d\d){1,2}\s+\d\d:\d\d\s*(?:[AP]M)?\s+(<DIR>|\d+)\s+(.+)$")


def of_mlsd(line: str) -> Entry | None:
    """None for what is no file."""
    facts_text, _, name = line.partition(" ")
    facts = dict(fact.lower().partition("=")[::2] for fact in facts_text.split(";") if fact)
    if facts.get("type", "file") != "file" or not facts.get("size", "").isdigit():
        return None
    return Entry(name, int(facts["size"]), _instant(facts.get("modify", "")))


def of_list(line: str) -> Entry | None:
    """Of Unix' `ls -l` or DOS' `dir`, as most servers write. None for a folder, a link, or a line of another form.

    The time is left out: it has no zone, and of files of this year no year.
    """
    if found := _UNIX.match(line):
        kind, size, name = found.groups()
        return Entry(name, int(size), None) if kind == "-" else None
    if found := _DOS.match(line):
        size, name = found.groups()
        return None if size == "<DIR>" else Entry(name, int(size), None)
    return None


def is_readable(line: str) -> bool:
    """Is it a line of LIST in a form that we know, whatever it is of?"""
    return bool(_UNIX.match(line) or _DOS.match(line)) or line.startswith("total ") or not line.strip()


def _instant(text: str) -> datetime | None:
    """RFC 3659: YYYYMMDDHHMMSS, UTC, with or without a fraction."""
    try:
        return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
