"""Everything that was typed, as it was typed: text by field, never lost and never corrected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self

from topbackup.setup.fields import DEFAULTS, FLAGS, NUMBERS, CloudKind, Field
from topcore.tables import NO, YES

type Document = Mapping[str, Any]


@dataclass(frozen=True)
class Draft:
    """Immutable. A field that nobody touched has its default."""

    texts: Mapping[Field, str] = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, name: Field) -> str:
        return self.texts.get(name, DEFAULTS.get(name, ""))

    def __repr__(self) -> str:
        return f"Draft({sorted(self.texts)})"  # passwords are among the texts

    def on(self, name: Field) -> bool:
        """Of a flag: is it set?"""
        return self[name] == YES

    def typed(self, name: Field, text: str) -> Self:
        """The same with this text."""
        return type(self)(MappingProxyType({**self.texts, name: text}))

    @property
    def cloud(self) -> CloudKind:
        return CloudKind(self[Field.CLOUD_KIND])

    @classmethod
    def of(cls, document: Document) -> Self:
        """From a document of config.json with its secrets revealed; a value of a strange kind stays away."""
        texts = {name: text for name in Field if name.stored and (text := _text(document, name)) is not None}
        if texts.get(Field.CLOUD_FILE):
            texts[Field.CLOUD_KIND] = CloudKind.FILE.value
        elif texts.get(Field.CLOUD_HOST):
            texts[Field.CLOUD_KIND] = CloudKind.MYSQL.value
        return cls(MappingProxyType(texts))

    def over(self, document: Document) -> dict[str, Any]:
        """The document with these texts in it; every key that is not ours stays.

        A cloud or FTP that was not chosen keeps what was typed out of the way of the agent: its host is left empty.
        """
        merged: dict[str, Any] = {
            name: dict(held) if isinstance(held, Mapping) else held for name, held in document.items()
        }
        for name in filter(lambda each: each.stored, Field):
            section = merged.setdefault(name.section, {})
            if not isinstance(section, dict):
                section = merged[name.section] = {}
            if name in self.texts or name in DEFAULTS:
                section[name.key] = _stored(name, self[name].strip())
        if self.cloud is not CloudKind.MYSQL:
            merged["mysql"]["host"] = ""
        if self.cloud is not CloudKind.FILE:
            merged["mysql"]["sqlite_path"] = ""
        if not merged["firebird"].get("charset"):
            merged["firebird"].pop("charset", None)  # empty means: the default
        return merged


def _text(document: Document, name: Field) -> str | None:
    section = document.get(name.section)
    held = section.get(name.key) if isinstance(section, Mapping) else None
    if name in FLAGS:
        return _flag(held)
    if isinstance(held, bool) or not isinstance(held, str | int | float):
        return None
    return str(held)


def _flag(held: object) -> str | None:
    if isinstance(held, bool):
        return YES if held else NO
    text = str(held).strip().upper()
    return text if text in (YES, NO) else None


def _stored(name: Field, text: str) -> Any:
    """As config.json keeps it; a number that is none stays a text, for the settings to complain of."""
    if name in FLAGS:
        return text == YES
    if name in NUMBERS:
        if text.isascii() and text.isdigit():
            return int(text)
        return text or None
    return text
