"""The error catalogue as the dashboard has it."""

from scripts.catalogue import CATALOGUE, catalogue
from scripts.translations import SITE, catalogue_texts


def test_the_dashboards_copy_is_of_today_and_in_the_same_words() -> None:
    assert CATALOGUE.read_text(encoding="utf-8") == catalogue(), "run `make catalogue`"
    site = SITE.read()
    for english, portuguese in catalogue_texts().items():
        entry = site.get(english)
        assert entry is not None
        assert entry.string == portuguese, "run `make translations`"
