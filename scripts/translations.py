"""`make translations`: collect the agent's texts, update pt_BR, compile it. Fails on an empty or fuzzy entry.

Deterministic: no dates, no places, so that a second run changes nothing.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCES = Path(__file__).parents[1] / "src" / "topbackup"
FOLDER = SOURCES / "locale" / "pt_BR" / "LC_MESSAGES"
PO, MO = FOLDER / "topbackup.po", FOLDER / "topbackup.mo"
KEYWORDS = {"_": None, "N_": None}
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # the headers want one; a real one would change with every run


def main() -> int:
    """Exit code 1 when an entry has no translation; it is named."""
    catalog = translated()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, omit_header=False, no_location=True, sort_output=True, ignore_obsolete=True)
    MO.write_bytes(compiled(catalog))
    missing = incomplete(catalog)
    for message in missing:
        print(f"not translated: {message!r}", file=sys.stderr)
    return 1 if missing else 0


def messages_of_the_source() -> set[str]:
    """Every msgid that the source marks."""
    found = extract_from_dir(SOURCES, [("**.py", "python")], keywords=KEYWORDS)
    return {text for _file, _line, text, _comments, _context in found if isinstance(text, str) and text}


def translated() -> Catalog:
    """The catalogue on disk, with exactly the source's messages."""
    known = read() if PO.exists() else Catalog(locale="pt_BR")
    fresh = Catalog(
        locale="pt_BR", fuzzy=False, project="TopBackup", header_comment="# TopBackup em português do Brasil"
    )
    for message in sorted(messages_of_the_source()):
        entry = known.get(message)
        fresh.add(message, entry.string if entry and not entry.fuzzy else "")
    fresh.creation_date = fresh.revision_date = _NO_DATE
    return fresh


def read() -> Catalog:
    return read_po(io.BytesIO(PO.read_bytes()), locale="pt_BR")


def incomplete(catalog: Catalog) -> list[str]:
    return [str(message.id) for message in catalog if message.id and (not message.string or message.fuzzy)]


def compiled(catalog: Catalog) -> bytes:
    packed = io.BytesIO()
    write_mo(packed, catalog)
    return packed.getvalue()


if __name__ == "__main__":
    sys.exit(main())
