"""Everything a user reads is in Brazilian Portuguese: nothing empty, nothing fuzzy, nothing stale."""

import re

from scripts.translations import MO, compiled, incomplete, messages_of_the_source, read, translated


def test_every_message_of_the_source_is_translated() -> None:
    assert incomplete(translated()) == []
    known = {str(message.id) for message in read() if message.id}
    assert known == messages_of_the_source()
    assert len(known) > 200


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert MO.read_bytes() == compiled(read()), "run `make translations`"


def test_placeholders_survive() -> None:
    for message in read():
        if message.id:
            found = [sorted(re.findall(r"\{\w+\}", str(text))) for text in (message.id, message.string)]
            assert found[0] == found[1], message.id
