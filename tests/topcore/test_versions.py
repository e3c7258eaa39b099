"""The order of versions, and how a shop's stands to those that were published."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topcore.versions import Published, Standing, newest, newest_first, parse, standing

# semver.org, rule 11, and what 1.0.x sites hold.
_ORDER = [
    *("1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1"),
    *("1.0.0", "1.0.8", "1.0.9", "1.0.10", "1.1.0", "2.0.0", "10.0.0"),
]
_JUNK = [
    "",
    "1.0",
    "v1.0.8",
    "1.0.08",
    "1.0.8 ",
    "1.0.8.1",
    "beta",
    "١.٠.٠",
    "1.0.0-",
    "1.0.9999999999",
    "<b>1.0.0</b>",
    "🚀",
]


def test_semantic_versions_have_their_order() -> None:
    assert newest_first(_ORDER[::2] + _ORDER[1::2]) == _ORDER[::-1]
    assert newest(_ORDER) == "10.0.0"
    for lower, higher in pairwise(_ORDER):
        first, second = parse(lower), parse(higher)
        assert first is not None
        assert second is not None
        assert first < second
        assert not second <= first


@pytest.mark.parametrize("text", _JUNK)
def test_what_is_none_has_no_order_and_comes_last(text: str) -> None:
    assert parse(text) is None
    assert newest_first([text, "1.0.8", "1.0.10"]) == ["1.0.10", "1.0.8", text]
    assert newest([text]) is None
    assert standing(text, [Published("1.0.0", mandatory=True)]) is Standing.UNKNOWN


def test_build_metadata_says_nothing() -> None:
    assert parse("1.0.0+20261123") == parse("1.0.0")


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("1.4.0", Standing.CURRENT),
        ("1.5.0", Standing.CURRENT),
        ("1.3.9", Standing.OUTDATED),
        ("1.0.10", Standing.OUTDATED),
        ("1.0.9", Standing.FORBIDDEN),
        ("1.0.10-rc.1", Standing.FORBIDDEN),
    ],
)
def test_standing(local: str, expected: Standing) -> None:
    rows = [Published("1.4.0"), Published("1.0.10", mandatory=True), Published("lixo", mandatory=True)]
    assert standing(local, rows) is expected
    assert standing(local, []) is Standing.NO_REFERENCE


_texts = st.one_of(st.sampled_from(_ORDER + _JUNK), st.text(max_size=12))


@given(st.lists(_texts, max_size=12))
def test_sorting_keeps_every_text_and_is_the_same_for_any_order(texts: list[str]) -> None:
    assert sorted(newest_first(texts)) == sorted(texts)
    assert newest_first(texts) == newest_first(texts[::-1])
