"""The log, as a person searches it. Pure: lines in, lines out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

from topbackup.gui.theme import Tone
from topbackup.i18n import _


class Level(IntEnum):
    ALL = 0
    WARNING = 30
    ERROR = 40


_LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}


@dataclass(frozen=True)
class LogLine:
    """text: the whole line as a person reads it: local time, message. level: a number of `logging`."""

    text: str
    level: int

    @property
    def tone(self) -> Tone:
        if self.level >= Level.ERROR:
            return Tone.FAILED
        return Tone.ATTENTION if self.level >= Level.WARNING else Tone.NEUTRAL


def parse(lines: Iterable[str], zone: ZoneInfo) -> list[LogLine]:
    """`timestamp - level - module - message`, in UTC; what does not begin so (a traceback) goes on with its line."""
    found: list[LogLine] = []
    for line in lines:
        parts = line.split(" - ", 3)
        level = _LEVELS.get(parts[1]) if len(parts) == 4 else None
        at = _instant(parts[0]) if level is not None else None
        if level is None or at is None:
            found.append(LogLine(f"    {line}", found[-1].level if found else 0))
        else:
            module = parts[2].removeprefix("topbackup.")
            found.append(LogLine(f"{at.astimezone(zone):%d/%m %H:%M:%S}  {parts[1]:<7}  {module}: {parts[3]}", level))
    return found


def chosen(lines: Iterable[LogLine], level: Level, words: str) -> list[LogLine]:
    """Those of at least that level that hold every word, in any order and case."""
    wanted = words.casefold().split()
    return [line for line in lines if line.level >= level and all(word in line.text.casefold() for word in wanted)]


def level_words() -> tuple[tuple[str, str], ...]:
    return (
        (Level.ALL.name, _("Everything")),
        (Level.WARNING.name, _("Warnings and errors")),
        (Level.ERROR.name, _("Errors only")),
    )


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S,%f").replace(tzinfo=UTC)
    except ValueError:
        return None
