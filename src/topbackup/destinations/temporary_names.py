"""Names there that are not whole files: the half one, and the older one while it is being replaced."""

import re
from collections.abc import Iterable

from topbackup.destinations.contract import Entry, Outgoing
from topcore.naming import PART_SUFFIX

ASIDE_SUFFIX = ".anterior"
_TAG = 12  # hexadecimal digits of the file's SHA-256: two contents under one name never share a half file


def part_name(file: Outgoing) -> str:
    return f"{file.name}.{file.sha256[:_TAG]}{PART_SUFFIX}"


def aside_name(name: str) -> str:
    """Where the older file waits while a server that never replaces one gives its name to the new."""
    return name + ASIDE_SUFFIX


def is_part_of(entry_name: str, name: str) -> bool:
    """Is it a half file of some content under that name?"""
    tag = entry_name.removeprefix(name + ".").removesuffix(PART_SUFFIX)
    return entry_name == f"{name}.{tag}{PART_SUFFIX}" and re.fullmatch(rf"[0-9a-f]{{{_TAG}}}", tag) is not None


def whole(entries: Iterable[Entry]) -> list[Entry]:
    """Those with whole names. A file put aside whose successor never came is still the good one, under its own name."""
    found = {entry.name: entry for entry in entries if not entry.name.endswith(PART_SUFFIX)}
    for entry in [entry for entry in found.values() if entry.name.endswith(ASIDE_SUFFIX)]:
        del found[entry.name]
        name = entry.name.removesuffix(ASIDE_SUFFIX)
        found.setdefault(name, Entry(name, entry.size, entry.modified))
    return sorted(found.values(), key=lambda entry: entry.name)
