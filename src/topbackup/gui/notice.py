"""The tray: which sign and which words for a view, and when a person is to be called. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from topbackup.gui.head import Action, Headline
from topbackup.gui.headline import headline
from topbackup.gui.state import View
from topbackup.gui.theme import Tone
from topbackup.gui.words import when
from topbackup.i18n import _

_LONGEST_TIP = 127  # characters, of Windows' NOTIFYICONDATA.szTip


class TrayState(Enum):
    """(tone, glyph): the icon by state."""

    OK = (Tone.OK, "")
    RUNNING = (Tone.RUNNING, "")
    ATTENTION = (Tone.ATTENTION, "")
    FAILED = (Tone.FAILED, "")
    PAUSED = (Tone.NEUTRAL, "pause")
    UNKNOWN = (Tone.NEUTRAL, "")


@dataclass(frozen=True)
class TrayFace:
    state: TrayState
    tip: str


def tray_face(view: View, now: datetime) -> TrayFace:
    head = headline(view, now)
    return TrayFace(_state(view, head), short(f"TopBackup: {head.sentence}"))


def _state(view: View, head: Headline) -> TrayState:
    """A failure shows before all: what is being done about it may fail too. A pause hides no trouble."""
    by_tone = {
        Tone.FAILED: TrayState.FAILED,
        Tone.RUNNING: TrayState.RUNNING,
        Tone.ATTENTION: TrayState.ATTENTION,
        Tone.CHECK: TrayState.ATTENTION,
    }
    found = by_tone.get(head.tone)
    if found is not None:
        return found
    if view.paused_until is not None:
        return TrayState.PAUSED
    return TrayState.OK if head.tone is Tone.OK else TrayState.UNKNOWN


def short(text: str) -> str:
    """As much as a tooltip holds."""
    return text if len(text) <= _LONGEST_TIP else f"{text[: _LONGEST_TIP - 1]}…"


@dataclass(frozen=True)
class Call:
    """A notification. key: the same trouble is told once."""

    key: str
    title: str
    text: str


def call_for(view: View, now: datetime) -> Call | None:
    """Only where a person should act; None: silence."""
    head = headline(view, now)
    if head.tone not in (Tone.FAILED, Tone.CHECK, Tone.ATTENTION) or not head.mend:
        return None
    if head.action is Action.SET_UP:
        return None  # whoever opens the window for the first time sees it
    return Call(f"{head.code}|{head.sentence}", head.sentence, head.mend)


def pause_words(view: View, now: datetime) -> str:
    until = view.paused_until
    return "" if until is None else _("Paused until {when}").format(when=when(until, now, view.zone))
