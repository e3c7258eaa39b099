"""One thing that keeps `Protected` from being said."""

from dataclasses import dataclass

from topbackup.gui.theme import Tone


@dataclass(frozen=True)
class Doubt:
    """As Headline's fields of the same names."""

    tone: Tone
    sentence: str
    more: str
    mend: str
    code: str = ""
