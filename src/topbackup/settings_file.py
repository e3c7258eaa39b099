"""config.json on disk: read with an error that a technician can act on, saved whole or not at all."""

import codecs
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from topbackup import secret_store
from topbackup.errors import NotConfigured
from topbackup.i18n import _
from topbackup.problems import CONFIG_INVALID, CONFIG_MISSING
from topbackup.redaction import keep_out
from topbackup.settings import Settings
from topbackup.settings_remote import REMOTE_SECRETS
from topbackup.system_words import system_words

_LIMITS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
SECRET_FIELDS = (("firebird", "password"), ("mysql", "password"), ("ftp", "password"))


def load(path: Path) -> Settings:
    """Read the settings. Secrets found in the clear are protected at once (design §4.6).

    Raises NotConfigured: the file is missing, is not JSON, or a field does not fit (named with its section). It is
    never changed because of an error in it.
    """
    document = read_document(path)
    try:
        settings = Settings.model_validate(document)
    except ValidationError as error:
        raise NotConfigured(CONFIG_INVALID, _first_complaint(path, error)) from None
    keep_out(settings.secrets)
    _protect(path, settings)
    return settings


def read_document(path: Path) -> dict[str, Any]:
    """The file as it is, whatever its fields hold, with its secrets revealed. Raises NotConfigured."""
    return reveal_secrets(_read(path))


def reveal_secrets(document: dict[str, Any]) -> dict[str, Any]:
    """The document itself, its secrets as they were before `save` protected them."""
    for holder, field in _secret_places(document):
        holder[field] = secret_store.reveal(holder[field])
    return document


def need(path: Path) -> None:
    """Raises NotConfigured when the file is not there."""
    if not path.is_file():
        raise NotConfigured(CONFIG_MISSING, str(path))


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when the file does; None while it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def save(settings: Settings, path: Path) -> None:
    """Write the settings whole, beside the old file, then change them over; only the owner may read them."""
    text = json.dumps(_document(settings), ensure_ascii=False, indent=2) + "\n"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(decoded(path.read_bytes()))
    except FileNotFoundError:
        raise NotConfigured(CONFIG_MISSING, str(path)) from None
    except OSError as error:
        raise NotConfigured(CONFIG_INVALID, f"{path}: {system_words(error)}") from None
    except RecursionError:
        raise NotConfigured(CONFIG_INVALID, f"{path}: {{…}}") from None
    except json.JSONDecodeError as error:
        # The document is not in the message: it holds passwords.
        raise NotConfigured(CONFIG_INVALID, f"{path}: linha {error.lineno}, coluna {error.colno}") from None
    except ValueError:  # a number of thousands of figures, which Python does not read
        raise NotConfigured(CONFIG_INVALID, f"{path}: 999…") from None
    if not isinstance(document, dict):
        raise NotConfigured(CONFIG_INVALID, f"{path}: {{…}}")
    return document


def decoded(content: bytes) -> str:
    """The text of a settings file; Windows' Notepad may begin it with a BOM, or write it in UTF-16 or its code page."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _first_complaint(path: Path, error: ValidationError) -> str:
    """The field and what it should hold; never what it holds, as that may be a password."""
    complaint = error.errors(include_input=False, include_url=False)[0]
    field = ".".join(map(str, complaint["loc"]))
    return f"{path}: {field}: {_expected(complaint['type'], complaint.get('ctx', {}))}"


def _expected(kind: str, context: Mapping[str, Any]) -> str:
    """pydantic's error type in the user's language."""
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return _("it must be a section: {…}")
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _("`tipo` must be one of {values}").format(values="ftp, sftp, s3, pasta")
    if kind in ("list_type", "tuple_type"):
        return _("it must be a list: […]")
    if kind == "missing":
        return _("it is missing")
    if kind == "enum":
        return _("it must be one of {values}").format(values=str(context.get("expected", "")).replace(" or ", ", "))
    for beginning, words in (
        ("string", _("it must be a text")),
        ("int", _("it must be a whole number")),
        ("float", _("it must be a number")),
        ("bool", _("it must be true or false")),
    ):
        if kind.startswith(beginning):
            return words
    limits = [f"{sign} {context[name]}" for name, sign in _LIMITS.items() if name in context]
    return _("the value does not fit") + (f" ({', '.join(limits)})" if limits else "")


def without_secrets(settings: Settings) -> dict[str, Any]:
    """The settings for people to look at: of a secret only whether there is one.

    Keys that we do not know are told by their names alone: what they hold may be a secret of somebody else's.
    """
    shown: dict[str, Any] = {}
    for section, fields in settings.model_dump(mode="json").items():
        known = getattr(settings, section, None)
        names = set(type(known).model_fields) if isinstance(known, BaseModel) else set()
        if isinstance(fields, dict) and names:
            shown[section] = {name: value if name in names else "?" for name, value in fields.items()}
        else:
            shown[section] = "?"
    shown["remotos"] = [_entry_shown(remote) for remote in settings.remotos]
    for section, field in SECRET_FIELDS:
        secret: SecretStr = getattr(getattr(settings, section), field)
        shown[section][field] = "•••" if secret.get_secret_value() else ""
    return shown


def _entry_shown(remote: BaseModel) -> dict[str, Any]:
    """pydantic's own dump hides a secret, and shows an empty one as empty; unknown keys again by their names alone."""
    names = set(type(remote).model_fields)
    fields = remote.model_dump(mode="json")
    return {
        name: "?" if name not in names else "•••" if name in REMOTE_SECRETS and value else value
        for name, value in fields.items()
    }


def _document(settings: Settings) -> dict[str, Any]:
    document: dict[str, Any] = settings.model_dump(mode="json")
    for section, field in SECRET_FIELDS:
        secret: SecretStr = getattr(getattr(settings, section), field)
        document[section][field] = secret_store.protect(secret.get_secret_value())
    for stored, remote in zip(document["remotos"], settings.remotos, strict=True):
        for field in REMOTE_SECRETS:
            if field in type(remote).model_fields:
                stored[field] = secret_store.protect(getattr(remote, field).get_secret_value())
    return document


def _secret_places(document: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every place of a document as read that holds a secret's text: the object, and its key."""
    holders = [(document.get(section), field) for section, field in SECRET_FIELDS]
    remotes = document.get("remotos")
    if isinstance(remotes, list):
        holders += [(remote, field) for remote in remotes for field in REMOTE_SECRETS]
    for holder, field in holders:
        if isinstance(holder, dict) and isinstance(holder.get(field), str):
            yield holder, field


def _protect(path: Path, settings: Settings) -> None:
    """A file with secrets is the owner's alone: DPAPI on Windows, mode 0600 elsewhere."""
    if sys.platform == "win32":
        raw = _read(path)
        stored = (holder[field] for holder, field in _secret_places(raw))
        if any(secret and not secret_store.is_protected(secret) for secret in stored):
            save(settings, path)
    elif path.stat().st_mode & 0o077 and os.access(path, os.W_OK):
        path.chmod(0o600)
