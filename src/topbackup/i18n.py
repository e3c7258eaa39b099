"""Users' text: msgids in English, shown in Brazilian Portuguese unless TOPBACKUP_LANG names another language."""

import gettext
import os
from pathlib import Path

DOMAIN = "topbackup"
LOCALES = Path(__file__).parent / "locale"
DEFAULT_LANGUAGE = "pt_BR"


def _load(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALES, [language], fallback=True)


_catalog = _load(os.environ.get("TOPBACKUP_LANG", DEFAULT_LANGUAGE))


def use(language: str) -> None:
    """From now on, for the whole process: what a person chose in the window. The msgids' own is "en"."""
    global _catalog  # noqa: PLW0603 - every text asks for it at the moment it is shown
    _catalog = _load(language)


def _(message: str) -> str:
    """Translate now: for text about to be shown."""
    return _catalog.gettext(message) if message else ""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it, known to every extraction tool
    """Mark for translation and leave as it is: for text kept in a table and translated when shown."""
    return message
