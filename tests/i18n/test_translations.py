"""Everything a user reads is in Brazilian Portuguese, in both programs: nothing empty, nothing fuzzy, nothing stale."""

import re

import pytest
from babel.messages import Message

from scripts.translations import AGENT, SITE, Domain, compiled, incomplete

both = pytest.mark.parametrize("domain", [AGENT, SITE], ids=lambda domain: domain.name)


@both
def test_every_message_of_the_source_is_translated(domain: Domain) -> None:
    assert incomplete(domain.translated()) == []
    known = {_id(message) for message in domain.read() if message.id}
    assert known == domain.messages()
    assert len(known) > 50


@both
def test_the_compiled_catalogue_is_the_written_one(domain: Domain) -> None:
    assert domain.mo.read_bytes() == compiled(domain.read()), "run `make translations`"


@both
def test_placeholders_survive(domain: Domain) -> None:
    for message in domain.read():
        if message.id:
            wanted = set().union(*(_placeholders(text) for text in _forms(message.id)))
            for text in _forms(message.string):
                # A singular may say "one" in words.
                assert _placeholders(text) == wanted or (message.pluralizable and _placeholders(text) < wanted), text


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}|%\(\w+\)[sd]", text))


def _forms(text: object) -> list[str]:
    return [str(form) for form in text] if isinstance(text, (list, tuple)) else [str(text)]


def _id(message: Message) -> str | tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (list, tuple)) else message.id
