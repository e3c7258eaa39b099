"""The look, in one file: colours for light and dark, spacing, type, scaling.

The colours are the Dashboard's own (dashboard.css), so that a card there and the window here say the same thing in the
same colour. A pair is (light, dark), as customtkinter takes it. Sizes are in pixels at 100 %.
"""

import sys
from enum import Enum
from functools import cache

import customtkinter as ctk
from customtkinter.windows.widgets.appearance_mode import AppearanceModeTracker
from customtkinter.windows.widgets.scaling import ScalingTracker

type Colour = tuple[str, str]

PAGE: Colour = ("#f4f6f5", "#0f1513")
SHEET: Colour = ("#ffffff", "#18201d")
RAISED: Colour = ("#eef2f0", "#202a26")  # what the pointer is over, and what is chosen in a list
INK: Colour = ("#17211d", "#e8efec")
SOFT: Colour = ("#56635e", "#9aa9a3")
LINE: Colour = ("#d5ddd9", "#2f3b36")
FIELD: Colour = ("#ffffff", "#111815")
FIELD_LINE: Colour = ("#9fada6", "#4a5a53")
ACCENT: Colour = ("#14694f", "#5fd3a8")
ACCENT_OVER: Colour = ("#0f5540", "#7fdfba")
ON_ACCENT: Colour = ("#ffffff", "#06231a")
OFF: Colour = ("#c4ccc8", "#36423d")  # a control that cannot be used now
ON_OFF: Colour = ("#6d7a74", "#7d8b85")

GAP = 8
PAD = 16
WIDE = 24
RADIUS = 10
CONTROL = 36  # height of a button and of a field
NAVIGATION = 196  # width
READABLE = 720  # the longest line of running text

SMALL, NORMAL, LARGE, TITLE, SENTENCE = 13, 14, 17, 22, 26
SCALES = (100, 125, 150, 175, 200)  # percent


class Tone(Enum):
    """What a thing means: its ink, its ground. Never by colour alone: an icon and a word go with it."""

    OK = (("#14694f", "#6fdcb0"), ("#e3f4ec", "#0d3325"))
    RUNNING = (("#1456a8", "#8fc0ff"), ("#e6f0fc", "#10274a"))
    ATTENTION = (("#7a5c00", "#f1d25d"), ("#fdf4d3", "#352b06"))
    CHECK = (("#a24300", "#ffb07a"), ("#fff0e2", "#3a200b"))
    FAILED = (("#b3261e", "#ff8a80"), ("#fdecea", "#3c1714"))
    NEUTRAL = (("#56616b", "#b3bfc9"), ("#edf0f3", "#262e35"))

    @property
    def ink(self) -> Colour:
        return self.value[0]

    @property
    def ground(self) -> Colour:
        return self.value[1]


class Appearance(Enum):
    """SYSTEM: as the desktop is when the window opens."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@cache
def family() -> str:
    """The desktop's own face, where it has one that reads well. Needs a root window."""
    from tkinter import font  # noqa: PLC0415 - only once there is a display

    there = set(font.families())
    wanted = ("Segoe UI",) if sys.platform == "win32" else ("Inter", "Noto Sans", "Cantarell", "Ubuntu", "DejaVu Sans")
    return next((name for name in wanted if name in there), "TkDefaultFont")


@cache
def mono_family() -> str:
    from tkinter import font  # noqa: PLC0415 - see above

    there = set(font.families())
    wanted = ("Cascadia Mono", "Consolas", "Noto Sans Mono", "DejaVu Sans Mono", "Liberation Mono")
    return next((name for name in wanted if name in there), "TkFixedFont")


def type_of(size: int = NORMAL, *, bold: bool = False, mono: bool = False) -> tuple[str, int, str]:
    """A face, as customtkinter takes it; it scales."""
    return (mono_family() if mono else family(), size, "bold" if bold else "normal")


def is_dark() -> bool:
    return bool(AppearanceModeTracker.get_mode() == 1)


def now(colour: Colour) -> str:
    """The colour of the appearance that is shown now: for what is not customtkinter's own."""
    return colour[1] if is_dark() else colour[0]


def use(appearance: Appearance, scale: int) -> None:
    """Before the first window, and again whenever a person changes it. scale: percent, 100 to 200.

    On Windows the display's own scaling comes on top of it by customtkinter, so 100 is as large as other programs.
    """
    # Both look again and again, ten and thirty times a second; a window that waits for weeks in the tray must not.
    ScalingTracker.update_loop_interval = 1000
    AppearanceModeTracker.update_loop_interval = 60_000
    if appearance is Appearance.SYSTEM:
        dark = AppearanceModeTracker.detect_appearance_mode() == 1
        appearance = Appearance.DARK if dark else Appearance.LIGHT
    ctk.set_appearance_mode(appearance.value)
    factor = min(max(scale, SCALES[0]), SCALES[-1]) / 100
    if ScalingTracker.widget_scaling != factor:
        ctk.set_widget_scaling(factor)
        ctk.set_window_scaling(factor)


def pixels(size: float) -> int:
    """A size on the screen as it is scaled now: for what is not customtkinter's own. Needs the root window."""
    root = next(iter(ScalingTracker.window_dpi_scaling_dict), None)
    dpi = 1.0 if root is None else float(ScalingTracker.window_dpi_scaling_dict[root])
    return round(size * dpi * float(ScalingTracker.widget_scaling))
