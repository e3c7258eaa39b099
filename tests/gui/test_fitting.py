"""Texts in columns that are too narrow for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topbackup.gui.widgets.fitting import Fitting

PATH = "D:\\BACKUP\\PADARIA\\11222333000181_20261125_230000.zip"


def width(text: str) -> int:
    return sum(3 if character in "i.|" else 7 for character in text)


@pytest.mark.parametrize(
    ("room", "middle", "shown"),
    [(1000, True, PATH), (140, True, "D:\\BAC…125_230000.zip"), (140, False, "D:\\BACKUP\\PADARIA\\1…"), (8, True, "…"), (0, False, "…")],
)  # fmt: skip
def test_what_is_left_of_a_path(room: int, middle: bool, shown: str) -> None:
    assert Fitting(width).fitted(PATH, room, middle=middle) == shown


@given(st.text("abi. \\|", max_size=40), st.integers(7, 300), st.booleans())
def test_it_fits_and_both_ends_are_its_own(text: str, room: int, middle: bool) -> None:
    shown = Fitting(width).fitted(text, room, middle=middle)
    assert width(shown) <= room
    if shown != text:
        assert width(text) > room
        before, after = shown.split("…")
        assert text.startswith(before)
        assert text.endswith(after)
        assert middle or not after


def test_each_character_is_measured_once() -> None:
    asked: list[str] = []

    def measure(character: str) -> int:
        asked.append(character)
        return 7

    fitting = Fitting(measure)
    for _turn in range(3):
        fitting.fitted(PATH, 50)
    assert len(asked) == len(set(asked))
