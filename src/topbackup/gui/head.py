"""What the large sentence is made of: its words, its sign, and what a person may do at one click."""

from dataclasses import dataclass
from enum import Enum

from topbackup.gui.theme import Tone


class Action(Enum):
    """What the person may do about it, at one click."""

    NONE = ""
    BACK_UP = "backup"
    VERIFY = "verify"
    RESUME = "resume"
    START_SERVICE = "start"
    SET_UP = "setup"
    OPEN_LOGS = "logs"


@dataclass(frozen=True)
class Headline:
    """tone and glyph: its sign. more: one or two lines below. mend: what to do, and who; "" where nobody needs to.

    run: the UUID of the backup that the action is about; "" where it is about none.
    """

    tone: Tone
    sentence: str
    more: str = ""
    mend: str = ""
    action: Action = Action.NONE
    glyph: str = ""
    code: str = ""
    run: str = ""
