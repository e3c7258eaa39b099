"""File names of design §4.2.

V is one file a run, S one a weekday, U a single one: `CNPJ_20260215_230000.zip`, `CNPJ_SEX.zip`, `CNPJ.zip`.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from topcore.agenda import Weekday
from topcore.company import TaxId
from topcore.tables import NamingScheme

PART_SUFFIX = ".part"
MANIFEST_SUFFIX = ".json"
_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")
_LONGEST_LABEL = 60


def zip_name(scheme: NamingScheme, tax_id: TaxId, at: datetime, zone: ZoneInfo, label: str | None = None) -> str:
    """The ZIP's name for a run that began at the instant `at` (aware).

    label: what `database_labels` gives where a company backs up more than one database.
    """
    owner = tax_id.characters if label is None else f"{tax_id.characters}_{label}"
    local = at.astimezone(zone)
    match scheme:
        case NamingScheme.VERSIONED:
            return f"{owner}_{local:%Y%m%d_%H%M%S}.zip"
        case NamingScheme.WEEKDAY:
            return f"{owner}_{Weekday(local.weekday()).name}.zip"
        case NamingScheme.SINGLE:
            return f"{owner}.zip"


def dump_name(zip_file_name: str) -> str:
    """The name of the one .fbk inside a ZIP."""
    return zip_file_name.removesuffix(".zip") + ".fbk"


def database_labels(sources: Iterable[str]) -> dict[str, str | None]:
    """What follows the CNPJ in the names of each database, by its path.

    None for all where there is just one; else the file's stem, and where two stems are the same (they would share a
    name, and one would replace the other), the stem and six hexadecimal digits of its path's SHA-256.
    """
    paths = sorted({source: _identity(source) for source in sources}.items())
    if len({identity for _, identity in paths}) <= 1:
        return {source: None for source, _ in paths}
    stems = {identity: _safe_stem(identity) for _, identity in paths}
    uses = Counter(stem.casefold() for stem in stems.values())
    return {
        source: stems[identity]
        if uses[stems[identity].casefold()] == 1
        else f"{stems[identity]}-{hashlib.sha256(identity.encode()).hexdigest()[:6]}"
        for source, identity in paths
    }


def _identity(source: str) -> str:
    """Spellings of the same Windows path are one database; a POSIX path keeps its case."""
    if "\\" in source or re.match(r"^[A-Za-z]:", source):
        return source.replace("/", "\\").casefold()
    return source


def _safe_stem(path: str) -> str:
    """The file's name without folder and suffix, in ASCII: a name must survive FTP, ZIP and every code page."""
    name = re.split(r"[\\/:]", path)[-1]
    stem = name.rsplit(".", 1)[0] if "." in name[1:] else name
    ascii_stem = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", ascii_stem).strip("-").upper()[:_LONGEST_LABEL] or "BANCO"
