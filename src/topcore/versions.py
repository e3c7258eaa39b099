"""Versions of the agent: their order, and how a shop's stands to those that were published.

Semantic versions (semver.org, 2.0.0): 1.0.10 is later than 1.0.9, and 1.1.0 later than 1.1.0-rc.1. What is none has
no order: it is kept as text and sorted last.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import total_ordering

_NUMBER = r"(?:0|[1-9]\d{0,8})"
_PART = r"(?:0|[1-9]\d{0,8}|\d*[A-Za-z-][0-9A-Za-z-]*)"
_SEMANTIC = re.compile(
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_PART}(?:\.{_PART})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)


@total_ordering
@dataclass(frozen=True)
class Version:
    """early: what follows the hyphen, of a version before the final one; empty for the final one."""

    numbers: tuple[int, int, int]
    early: tuple[str, ...] = ()

    def __lt__(self, other: "Version") -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[object, ...]:
        # A number comes before a word, and the final version after all that came before it.
        parts = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in self.early]
        return (self.numbers, not self.early, parts)


class Standing(StrEnum):
    """How the version of a shop's agent stands to what was published."""

    CURRENT = "ATUAL"
    OUTDATED = "DESATUALIZADA"
    FORBIDDEN = "ABAIXO_DA_OBRIGATORIA"
    UNKNOWN = "DESCONHECIDA"  # it reports none, or none that has an order
    NO_REFERENCE = "SEM_REFERENCIA"


@dataclass(frozen=True)
class Published:
    """One row of VERSAO_APP, as far as the order goes."""

    text: str
    mandatory: bool = False


def parse(text: str) -> Version | None:
    """None for what is no semantic version. What follows a plus sign has no say in the order."""
    found = _SEMANTIC.fullmatch(text)
    if found is None:
        return None
    major, minor, patch, early = found.groups()
    return Version((int(major), int(minor), int(patch)), tuple(early.split(".")) if early else ())


def newest_first(texts: Iterable[str]) -> list[str]:
    """The latest version first; then what is none, by its text."""
    known, junk = [], []
    for text in texts:
        version = parse(text)
        if version is None:
            junk.append(text)
        else:
            known.append((version, text))
    return [text for _, text in sorted(known, reverse=True)] + sorted(junk)


def newest(texts: Iterable[str]) -> str | None:
    """The latest semantic version among them."""
    return next((text for text in newest_first(texts) if parse(text) is not None), None)


def standing(local: str, published: Iterable[Published]) -> Standing:
    """local: what the agent reports. Nothing published: there is nothing to be current by."""
    mine = parse(local)
    known = [(version, row) for row in published if (version := parse(row.text)) is not None]
    if mine is None:
        return Standing.UNKNOWN
    if not known:
        return Standing.NO_REFERENCE
    later = [row for version, row in known if version > mine]
    if any(row.mandatory for row in later):
        return Standing.FORBIDDEN
    return Standing.OUTDATED if later else Standing.CURRENT
