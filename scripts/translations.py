"""`make translations`: collect both programs' texts, update pt_BR, compile it. Fails on an empty or fuzzy entry.

Deterministic: no dates, no places, so that a second run changes nothing. `python -m scripts.translations FILE.json...`
takes new translations from files: {"English": "Portuguese"}, a list of two where there is a plural.
"""

import io
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from topbackup.problems import all_problems

_SOURCE = Path(__file__).parents[1] / "src"
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # the headers want one; a real one would change with every run
_AGENT_KEYWORDS = {"_": None, "N_": None}
_SITE_KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2)}
type Message = str | tuple[str, ...]
"""A msgid; with its plural where it has one."""


@dataclass(frozen=True)
class Domain:
    """One program's texts. room: its package."""

    room: Path
    name: str
    project: str
    keywords: Mapping[str, tuple[int, ...] | None]

    @property
    def po(self) -> Path:
        return self.room / "locale" / "pt_BR" / "LC_MESSAGES" / f"{self.name}.po"

    @property
    def mo(self) -> Path:
        return self.po.with_suffix(".mo")

    def messages(self) -> set[Message]:
        """Every msgid that the source and the templates mark."""
        return {message for text in self._texts() for message in self._marked(text)}

    def read(self) -> Catalog:
        """The catalogue on disk."""
        return read_po(io.BytesIO(self.po.read_bytes()), locale="pt_BR")

    def translated(self, given: Mapping[str, str | list[str]] | None = None) -> Catalog:
        """The catalogue on disk and what is given, with exactly the source's messages."""
        known = self.read() if self.po.exists() else Catalog(locale="pt_BR")
        fresh = Catalog(
            locale="pt_BR", fuzzy=False, project=self.project, header_comment=f"# {self.project} em português do Brasil"
        )
        for message in sorted(self.messages(), key=str):
            single = message if isinstance(message, str) else message[0]
            entry = known.get(single)
            said = (given or {}).get(single) or (entry.string if entry and not entry.fuzzy else "")
            fresh.add(message, tuple(said) if isinstance(said, list) else said)
        fresh.creation_date = fresh.revision_date = _NO_DATE
        return fresh

    def _texts(self) -> Iterator[str]:
        for path in sorted(self.room.rglob("*")):
            if path.suffix == ".py":
                yield path.read_text(encoding="utf-8")
            elif path.suffix == ".html":
                # Its blanked text is no Python as to its indentation.
                yield "\n".join(line.lstrip() for line in templatize(path.read_text(encoding="utf-8")).splitlines())

    def _marked(self, text: str) -> Iterator[Message]:
        for _line, message, _comments, _context in extract("python", io.BytesIO(text.encode()), self.keywords):
            if message:
                yield tuple(message) if isinstance(message, (list, tuple)) else message


AGENT = Domain(_SOURCE / "topbackup", "topbackup", "TopBackup", _AGENT_KEYWORDS)
SITE = Domain(_SOURCE / "dashboard", "django", "TopBackup Dashboard", _SITE_KEYWORDS)


def main(files: list[str]) -> int:
    """Exit code 1 when an entry has no translation; it is named."""
    given: dict[str, str | list[str]] = {}
    for name in files:
        given |= json.loads(Path(name).read_text(encoding="utf-8"))
    missing = _update(AGENT, given)
    missing += _update(SITE, catalogue_texts() | given)
    for text in missing:
        print(f"not translated: {text!r}", file=sys.stderr)
    return 1 if missing else 0


def catalogue_texts() -> dict[str, str | list[str]]:
    """The error catalogue in Portuguese: the site shows it in the agent's own words."""
    agent = AGENT.read()
    texts = (text for problem in all_problems().values() for text in (problem.sentence, problem.cause, problem.mend))
    return {text: str(entry.string) for text in texts if (entry := agent.get(text)) is not None}


def _update(domain: Domain, given: Mapping[str, str | list[str]]) -> list[str]:
    catalog = domain.translated(given)
    domain.po.parent.mkdir(parents=True, exist_ok=True)
    with domain.po.open("wb") as file:
        write_po(file, catalog, width=120, omit_header=False, no_location=True, sort_output=True, ignore_obsolete=True)
    domain.mo.write_bytes(compiled(catalog))
    return incomplete(catalog)


def incomplete(catalog: Catalog) -> list[str]:
    """What a user would read in English."""
    return [str(message.id) for message in catalog if message.id and not _complete(message.string, fuzzy=message.fuzzy)]


def _complete(said: object, *, fuzzy: bool) -> bool:
    return not fuzzy and (all(said) if isinstance(said, (list, tuple)) else bool(said))


def compiled(catalog: Catalog) -> bytes:
    packed = io.BytesIO()
    write_mo(packed, catalog)
    return packed.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
