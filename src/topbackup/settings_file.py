"""config.json on disk: read with an error that a technician can act on, saved whole or not at all."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from topbackup import secret_store
from topbackup.errors import NotConfigured
from topbackup.problems import CONFIG_INVALID, CONFIG_MISSING
from topbackup.settings import Settings

SECRET_FIELDS = (("firebird", "password"), ("mysql", "password"), ("ftp", "password"))


def load(path: Path) -> Settings:
    """Read the settings. Secrets found in the clear are protected at once (design §4.6).

    Raises NotConfigured: the file is missing, is not JSON, or a field does not fit (named with its section). It is
    never changed because of an error in it.
    """
    document = _read(path)
    for section, field in SECRET_FIELDS:
        holder = document.get(section)
        if isinstance(holder, dict) and isinstance(holder.get(field), str):
            holder[field] = secret_store.reveal(holder[field])
    try:
        settings = Settings.model_validate(document)
    except ValidationError as error:
        raise NotConfigured(CONFIG_INVALID, _first_complaint(path, error)) from None
    _protect(path, settings)
    return settings


def save(settings: Settings, path: Path) -> None:
    """Write the settings whole, beside the old file, then change them over; only the owner may read them."""
    text = json.dumps(_document(settings), ensure_ascii=False, indent=2) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        # 1.0.x saved through Windows' Notepad may begin with a BOM.
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise NotConfigured(CONFIG_MISSING, str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(CONFIG_INVALID, f"{path}: {error}") from None
    except json.JSONDecodeError as error:
        # The document is not in the message: it holds passwords.
        raise NotConfigured(CONFIG_INVALID, f"{path}: linha {error.lineno}, coluna {error.colno}") from None
    if not isinstance(document, dict):
        raise NotConfigured(CONFIG_INVALID, f"{path}: {{…}}")
    return document


def _first_complaint(path: Path, error: ValidationError) -> str:
    complaint = error.errors(include_input=False, include_url=False)[0]
    return f"{path}: {'.'.join(map(str, complaint['loc']))}: {complaint['msg']}"


def _document(settings: Settings) -> dict[str, Any]:
    document: dict[str, Any] = settings.model_dump(mode="json")
    for section, field in SECRET_FIELDS:
        secret: SecretStr = getattr(getattr(settings, section), field)
        document[section][field] = secret_store.protect(secret.get_secret_value())
    return document


def _protect(path: Path, settings: Settings) -> None:
    """A file with secrets is the owner's alone: DPAPI on Windows, mode 0600 elsewhere."""
    if sys.platform == "win32":
        raw = _read(path)
        stored = (raw.get(section, {}).get(field, "") for section, field in SECRET_FIELDS)
        if any(secret and not secret_store.is_protected(secret) for secret in stored):
            save(settings, path)
    elif path.stat().st_mode & 0o077 and os.access(path, os.W_OK):
        path.chmod(0o600)
