"""CSV for Brazilian Excel: UTF-8 with its mark, `;` between the cells. Row by row, however many there are."""

import csv
import io
from collections.abc import Iterable

MARK = "\ufeff"  # before the first row: without it Excel takes the text for Windows' own code page
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def row(cells: Iterable[str]) -> str:
    """One line. A cell that a spreadsheet would take for a formula, and run, gets an apostrophe before it."""
    packed = io.StringIO()
    csv.writer(packed, delimiter=";", lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return packed.getvalue()


def harmless(text: str) -> str:
    """The text as a spreadsheet may have it."""
    return f"'{text}" if text.startswith(_FORMULA) else text
