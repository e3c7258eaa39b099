"""The agent's error catalogue, as the agent of this version has it: what LOG_BACKUPS.CODIGO_ERRO means.

The two programs do not import each other; `make catalogue` writes the entries from topbackup/problems.py.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboard.monitoring.catalogue_entries import ENTRIES


@dataclass(frozen=True)
class Entry:
    """In the user's language. act: who must act, in words. passing: may go well at the next attempt by itself."""

    code: str
    sentence: str
    cause: str
    mend: str
    act: str
    passing: bool


def entry(code: str) -> Entry | None:
    """None for a code that this version does not know."""
    found = _BY_CODE.get(code)
    if found is None:
        return None
    _code, sentence, cause, mend, act, passing = found
    return Entry(code, _(sentence), _(cause), _(mend), _("the shop") if act == "loja" else _("support"), passing)


_BY_CODE = {found[0]: found for found in ENTRIES}
