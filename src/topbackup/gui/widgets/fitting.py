"""Texts with `…` where a column has no room for them: Tk cuts a letter in two, and leaves no sign of it. Pure."""

from collections.abc import Callable

_DOTS = "…"


class Fitting:
    """measure: pixels of one character, in the list's own type.

    Each is asked for once. Tk sets no two letters closer than they are alone, and a question to it for each text would
    hold the window still in a list of hundreds.
    """

    def __init__(self, measure: Callable[[str], int]) -> None:
        self._measure = measure
        self._widths: dict[str, int] = {}

    def fitted(self, text: str, room: int, *, middle: bool = False) -> str:
        """room: pixels. middle: what both ends say counts, as of a path."""
        widths = [self._width(character) for character in text]
        if sum(widths) <= room:
            return text
        left = room - self._width(_DOTS)
        first = _count(widths, left // 3 if middle else left)
        last = _count(widths[first:][::-1], left - sum(widths[:first])) if middle else 0
        return f"{text[:first].rstrip()}{_DOTS}{text[len(text) - last :].lstrip()}"

    def _width(self, character: str) -> int:
        if character not in self._widths:
            self._widths[character] = self._measure(character)
        return self._widths[character]


def _count(widths: list[int], room: int) -> int:
    """How many of them fit."""
    count = 0
    for width in widths:
        room -= width
        if room < 0:
            break
        count += 1
    return count
