"""A dozen sizes as a small line: the points of an SVG, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from topcore.record import size_text

WIDTH, HEIGHT = 96, 24
_EDGE = 2.5  # so that the line and its end do not touch the border
_FLAT = 0.02  # a difference below this part of the largest is drawn as none: noise is not a mountain


@dataclass(frozen=True)
class Sparkline:
    """points: of an SVG polyline in a box of WIDTH by HEIGHT. last: the point at its end."""

    points: str
    last: tuple[str, str]
    words: str


def sparkline(sizes: Sequence[int]) -> Sparkline | None:
    """None where there is no line to draw: fewer than two sizes."""
    if len(sizes) < 2:
        return None
    least, largest = min(sizes), max(sizes)
    span = max(largest - least, largest * _FLAT, 1)
    middle = (least + largest) / 2
    step = (WIDTH - 2 * _EDGE) / (len(sizes) - 1)
    points = [
        (f"{_EDGE + step * number:.1f}", f"{HEIGHT / 2 - (size - middle) / span * (HEIGHT - 2 * _EDGE):.1f}")
        for number, size in enumerate(sizes)
    ]
    words = _("The last %(number)d backups: from %(least)s to %(largest)s, now %(last)s") % {
        "number": len(sizes),
        "least": size_text(least),
        "largest": size_text(largest),
        "last": size_text(sizes[-1]),
    }
    return Sparkline(" ".join(",".join(point) for point in points), points[-1], words)
