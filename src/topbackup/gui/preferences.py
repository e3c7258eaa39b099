"""How one person likes the window: language, appearance, scale. Theirs alone, so not in config.json."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from topbackup.i18n import DEFAULT_LANGUAGE

LANGUAGES = ("pt_BR", "en")
APPEARANCES = ("system", "light", "dark")
SCALES = (100, 125, 150, 175, 200)


@dataclass(frozen=True)
class Preferences:
    """scale: percent."""

    language: str = DEFAULT_LANGUAGE
    appearance: str = "system"
    scale: int = 100


def default_path() -> Path:
    from platformdirs import user_config_path  # noqa: PLC0415 - tests name a file of their own

    return user_config_path("topbackup", appauthor=False) / "janela.json"


def read(path: Path) -> Preferences:
    """Whatever is not there, or does not fit, is as it is by default: a spoiled file must not keep a window closed."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Preferences()
    if not isinstance(found, dict):
        return Preferences()
    known = Preferences()
    for name, allowed in (("language", LANGUAGES), ("appearance", APPEARANCES), ("scale", SCALES)):
        value = found.get(name)
        if value in allowed and not isinstance(value, bool):
            changes: dict[str, Any] = {name: value}
            known = replace(known, **changes)
    return known


def write(path: Path, preferences: Preferences) -> None:
    """Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(asdict(preferences), indent=2) + "\n", encoding="utf-8")
    part.replace(path)
