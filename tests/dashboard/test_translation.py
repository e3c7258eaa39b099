"""Everything a person reads is in Portuguese: no text without a translation, and none that was compiled long ago."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

import dashboard

ROOM = Path(dashboard.__file__).parent
CATALOG = ROOM / "locale" / "pt_BR" / "LC_MESSAGES" / "django"
KEYWORDS = {"_": None, "gettext": None, "gettext_noop": None, "ngettext": (1, 2)}


def _catalog() -> Catalog:
    with CATALOG.with_suffix(".po").open("rb") as file:
        return read_po(file)


def _texts() -> Iterator[tuple[str, ...] | str]:
    for path in ROOM.rglob("*"):
        if path.suffix == ".py":
            source = path.read_text()
        elif path.suffix == ".html":
            # Its blanked text is no Python as to its indentation.
            source = "\n".join(line.lstrip() for line in templatize(path.read_text()).splitlines())
        else:
            continue
        for _line, message, _comments, _context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
            yield message


def _pairs(catalog: Catalog) -> list[tuple[list[str], list[str]]]:
    return sorted((_forms(message.id), _forms(message.string)) for message in catalog if message.id)


def _forms(text: object) -> list[str]:
    """One text, or a singular and its plurals."""
    return [str(form) for form in text] if isinstance(text, (list, tuple)) else [str(text)]


def test_every_text_is_translated() -> None:
    messages = {
        tuple(message.id) if isinstance(message.id, list) else message.id: message
        for message in _catalog()
        if message.id
    }
    texts = set(_texts())
    assert len(texts) > 40
    assert texts - messages.keys() == set(), "without a translation"
    assert messages.keys() - texts == set(), "translated, and used nowhere"
    for message in messages.values():
        strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy, message.id
        assert not list(message.check()), message.id


def test_what_is_compiled_is_what_is_written() -> None:
    with CATALOG.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    assert _pairs(compiled) == _pairs(_catalog())
