"""Icons, drawn here: sharp at every scale, in the theme's colours, without a file or a font that may be missing.

A line icon is strokes on a grid of 24; a sign is a filled shape with a stroke on it.
"""

from collections.abc import Sequence
from functools import cache

import customtkinter as ctk
from PIL import Image, ImageDraw

from topbackup.gui.theme import INK, SHEET, Colour, Tone

_GRID = 24
_FINE = 8  # pixels a grid unit: more than any scale needs, made small by customtkinter
type _Stroke = Sequence[tuple[float, float]]


def _arc(x: float, y: float, radius: float, start: float, end: float) -> list[tuple[float, float]]:
    from math import cos, radians, sin  # noqa: PLC0415 - for this alone

    steps = max(6, int(abs(end - start) / 8))
    angles = [radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(x + radius * cos(angle), y + radius * sin(angle)) for angle in angles]


_LINES: dict[str, Sequence[_Stroke]] = {
    "home": ([(4, 11), (12, 4), (20, 11)], [(6, 10), (6, 20), (18, 20), (18, 10)], [(10, 20), (10, 14), (14, 14), (14, 20)]),
    "history": (_arc(12, 12, 8, -200, 120), [(4.2, 5.5), (4.4, 9.6), (8.4, 9.4)], [(12, 8), (12, 12), (15, 14)]),
    "agenda": ([(4, 6), (20, 6), (20, 20), (4, 20), (4, 6)], [(4, 10.5), (20, 10.5)], [(8, 3.5), (8, 7.5)], [(16, 3.5), (16, 7.5)]),
    "copies": ([(8, 8), (20, 8), (20, 20), (8, 20), (8, 8)], [(4.5, 16), (4, 16), (4, 4), (16, 4), (16, 4.5)]),
    "restore": (_arc(12, 12, 8, -160, 150), [(3.4, 4.6), (4.4, 9.4), (9, 8.4)], [(12, 16), (12, 9)], [(9, 12), (12, 9), (15, 12)]),
    "settings": ([(4, 7), (13, 7)], [(17, 7), (20, 7)], _arc(15, 7, 2, 0, 360), [(4, 17), (7, 17)], [(11, 17), (20, 17)], _arc(9, 17, 2, 0, 360)),
    "logs": ([(5, 6), (19, 6)], [(5, 10), (19, 10)], [(5, 14), (15, 14)], [(5, 18), (12, 18)]),
    "check": ([(6, 12.5), (10.4, 17), (18, 8)],),
    "cross": ([(7.5, 7.5), (16.5, 16.5)], [(16.5, 7.5), (7.5, 16.5)]),
    "pause": ([(9, 7), (9, 17)], [(15, 7), (15, 17)]),
    "play": ([(8.5, 6), (18, 12), (8.5, 18), (8.5, 6)],),
    "minus": ([(7, 12), (17, 12)],),
    "question": (_arc(12, 9.4, 3, 180, 400), [(14.2, 11.4), (12, 13), (12, 14.2)], [(12, 17.6), (12, 17.7)]),
    "alert": ([(12, 7), (12, 13)], [(12, 16.7), (12, 16.8)]),
    "up": ([(12, 18), (12, 7)], [(7.4, 11.4), (12, 6.8), (16.6, 11.4)]),
    "folder": ([(3.5, 18.5), (3.5, 6), (9.5, 6), (11.5, 8.5), (20.5, 8.5), (20.5, 18.5), (3.5, 18.5)],),
    "search": (_arc(10.5, 10.5, 6, 0, 360), [(15, 15), (20, 20)]),
    "info": ([(12, 11), (12, 17)], [(12, 7.2), (12, 7.3)]),
    "person": (_arc(12, 8.5, 3.6, 0, 360), [*_arc(12, 20.5, 7, 180, 360)]),
}  # fmt: skip

_SIGNS = {
    Tone.OK: "check",
    Tone.RUNNING: "up",
    Tone.ATTENTION: "alert",
    Tone.CHECK: "question",
    Tone.FAILED: "cross",
    Tone.NEUTRAL: "minus",
}


def _stroke(draw: ImageDraw.ImageDraw, points: _Stroke, colour: str, width: float) -> None:
    scaled = [(x * _FINE, y * _FINE) for x, y in points]
    draw.line(scaled, fill=colour, width=round(width * _FINE), joint="curve")
    half = width * _FINE / 2
    for x, y in scaled:  # round ends and corners
        draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)


def _canvas() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGBA", (_GRID * _FINE, _GRID * _FINE), (0, 0, 0, 0))
    return image, ImageDraw.Draw(image)


@cache
def line_image(name: str, colour: str, width: float = 1.9) -> Image.Image:
    image, draw = _canvas()
    for points in _LINES[name]:
        _stroke(draw, points, colour, width)
    return image


@cache
def sign_image(tone: Tone, shape_colour: str, stroke_colour: str, glyph: str = "") -> Image.Image:
    """A triangle for attention, an octagon for a failure, a disc for the rest: told apart without colour too."""
    image, draw = _canvas()
    edge = _GRID * _FINE
    if tone is Tone.ATTENTION:
        corners = [(edge * 0.5, edge * 0.09), (edge * 0.94, edge * 0.88), (edge * 0.06, edge * 0.88)]
        draw.polygon(corners, fill=shape_colour)
        draw.line([*corners, corners[0], corners[1]], fill=shape_colour, width=round(edge * 0.09), joint="curve")
        shift = 1.2
    elif tone is Tone.FAILED:
        cut, low, high = edge * 0.3, edge * 0.03, edge * 0.97
        draw.polygon(
            [(cut, low), (edge - cut, low), (high, cut), (high, edge - cut), (edge - cut, high), (cut, high),
             (low, edge - cut), (low, cut)],
            fill=shape_colour,
        )  # fmt: skip
        shift = 0.0
    else:
        draw.ellipse((edge * 0.03, edge * 0.03, edge * 0.97, edge * 0.97), fill=shape_colour)
        shift = 0.0
    for points in _LINES[glyph or _SIGNS[tone]]:
        _stroke(draw, [(x, y + shift) for x, y in points], stroke_colour, 2.5)
    return image


def forget() -> None:
    """Before a new root window: what was drawn for another one is gone with it."""
    icon.cache_clear()
    sign.cache_clear()


@cache
def icon(name: str, size: int = 18, colour: Colour = INK) -> ctk.CTkImage:
    """A line icon. size: pixels at 100 %."""
    return ctk.CTkImage(line_image(name, colour[0]), line_image(name, colour[1]), (size, size))


@cache
def sign(tone: Tone, size: int = 18, glyph: str = "") -> ctk.CTkImage:
    """The sign of a tone. glyph: another stroke on it, as `pause`."""
    light, dark = (sign_image(tone, tone.ink[side], SHEET[side], glyph) for side in (0, 1))
    return ctk.CTkImage(light, dark, (size, size))
