"""What can still be read of a JSON text that a hand or a power cut spoiled.

Two slips of the hand are put right, as they are the usual ones and leave no doubt: a comma too many, and the single
backslashes of a Windows path. Of what is still broken, every whole value before the place of the error is kept.
"""

import json
import re
from typing import Any

_CLOSING = {"{": "}", "[": "]"}
_LONGEST_NUMBER = 1000  # figures
_TRIES = 200  # ends of values looked at before the place of the error; the right one is among the last few
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_WRONG_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_SINGLE_BACKSLASH = re.compile(r'(?<!\\)\\(?![\\"])')
_COMMA_TOO_MANY = re.compile(r",(\s*[}\]])")


def salvage(text: str) -> dict[str, Any]:
    """An object with all that could be read; empty where there is nothing. A value that is cut is left out."""
    text = _COMMA_TOO_MANY.sub(r"\1", _with_backslashes(text))
    try:
        return _object(_read(text))
    except RecursionError:
        return {}
    except json.JSONDecodeError as error:
        place = error.pos
    for end, closing in reversed([each for each in _ends(text) if each[0] <= place][-_TRIES:]):
        try:
            return _object(_read(text[:end] + closing))
        except (json.JSONDecodeError, RecursionError):
            continue
    return {}


def _read(text: str) -> object:
    return json.loads(text, parse_int=_number)


def _number(figures: str) -> int | str:
    """Python reads none of thousands of figures, and no field here holds one: it stays a text, and fits nowhere."""
    return int(figures) if len(figures) < _LONGEST_NUMBER else figures


def _with_backslashes(text: str) -> str:
    """One escape that JSON does not know shows that whoever wrote this text escapes none: `C:\\backup` is no bell."""
    if not any(_WRONG_ESCAPE.search(found[0]) for found in _STRING.finditer(text)):
        return text
    return _STRING.sub(lambda found: _SINGLE_BACKSLASH.sub(r"\\\\", found[0]), text)


def _object(document: object) -> dict[str, Any]:
    return document if isinstance(document, dict) else {}


def _ends(text: str) -> list[tuple[int, str]]:
    """Each place where a value may have ended, with what closes the brackets that are open there."""
    ends: list[tuple[int, str]] = []
    opened: list[str] = []
    place = 0
    while place < len(text):
        sign = text[place]
        if sign == '"':
            whole = _STRING.match(text, place)
            if whole is None:
                break
            place = whole.end()
            ends.append((place, _closed(opened)))
            continue
        if sign == ",":
            ends.append((place, _closed(opened)))
        elif sign in _CLOSING:
            opened.append(_CLOSING[sign])
            ends.append((place + 1, _closed(opened)))
        elif opened and sign == opened[-1]:
            opened.pop()
            ends.append((place + 1, _closed(opened)))
        place += 1
    return ends


def _closed(opened: list[str]) -> str:
    return "".join(reversed(opened))
