"""config.json at both ends of the wizard: taken over as it is found, whole or broken; what broke is kept as a copy."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from topbackup import settings_file
from topbackup.errors import NotConfigured, OperationFailed
from topbackup.problems import CONFIG_MISSING, CONFIG_UNWRITABLE
from topbackup.settings import Settings
from topbackup.setup.draft import Draft
from topbackup.setup.salvage import salvage
from topbackup.system_words import system_words


class Found(Enum):
    """BROKEN: no JSON object. HALF: one, with a field that does not fit, or without a database."""

    MISSING = "missing"
    BROKEN = "broken"
    HALF = "half"
    FIRST_RUN = "first run"
    READY = "ready"


@dataclass(frozen=True)
class Opened:
    """complaint: what is wrong with the file, for people; None where nothing is."""

    found: Found
    draft: Draft
    complaint: NotConfigured | None = None


@dataclass(frozen=True)
class Saved:
    """copy: where the broken file is kept. dropped: section.key of values that did not fit, as by default now."""

    settings: Settings = field(repr=False)
    copy: Path | None = None
    dropped: tuple[str, ...] = ()


def needed(config: Path) -> bool:
    """Is the wizard to open by itself? Not over a file that is only not ours to read: the agent may run well."""
    try:
        settings = settings_file.load(config)
    except NotConfigured as error:
        return error.problem is CONFIG_MISSING or os.access(config, os.R_OK)
    return settings.app.first_run or not settings.firebird.database_path


def opened(config: Path) -> Opened:
    """What the file has for the wizard's fields. The file is not touched."""
    document, complaint = _document(config)
    draft = Draft.of(document)
    if complaint is not None:
        return Opened(Found.MISSING if complaint.problem is CONFIG_MISSING else Found.BROKEN, draft, complaint)
    try:
        settings = settings_file.load(config)
    except NotConfigured as error:
        return Opened(Found.HALF, draft, error)
    if not settings.firebird.database_path:
        return Opened(Found.HALF, draft)
    return Opened(Found.FIRST_RUN if settings.app.first_run else Found.READY, draft)


def save(config: Path, draft: Draft, now: datetime) -> Saved:
    """The draft over what the file has now; unknown keys survive. A file that does not load is copied first.

    now: aware, local, for the copy's name. Raises OperationFailed with CONFIG_UNWRITABLE; the file is as it was then.
    """
    document, _complaint = _document(config)
    settings, dropped = _validated(_finished(draft.over(document)))
    try:
        copy = _kept(config, now) if opened(config).complaint and config.exists() else None
        settings_file.save(settings, config)
    except OSError as error:
        raise OperationFailed(CONFIG_UNWRITABLE, f"{config}: {system_words(error)}") from error
    return Saved(settings, copy, dropped)


def as_settings(draft: Draft, config: Path) -> Settings:
    """What `save` would write, for a trial of it."""
    return _validated(draft.over(_document(config)[0]))[0]


def _document(config: Path) -> tuple[dict[str, Any], NotConfigured | None]:
    """The file, or what can be read of it and why that is not all."""
    try:
        return settings_file.read_document(config), None
    except NotConfigured as error:
        try:
            text = settings_file.decoded(config.read_bytes())
        except OSError:
            return {}, error
        return settings_file.reveal_secrets(salvage(text)), error


def _finished(document: dict[str, Any]) -> dict[str, Any]:
    document["app"]["first_run"] = False
    return document


def _validated(document: dict[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """The settings, and the values of the file that had to be left out because they fit nowhere."""
    dropped: list[str] = []
    while True:
        try:
            return Settings.model_validate(document), tuple(dropped)
        except ValidationError as error:
            for complaint in error.errors(include_input=False, include_url=False):
                name = _drop(document, complaint["loc"])
                if name not in dropped:
                    dropped.append(name)


def _drop(document: dict[str, Any], where: tuple[int | str, ...]) -> str:
    section, key = str(where[0]), str(where[1]) if len(where) > 1 else ""
    holder = document.get(section)
    if key and isinstance(holder, dict):
        holder.pop(key, None)
    else:
        document.pop(section, None)
    return f"{section}.{key}" if key else section


def _kept(config: Path, now: datetime) -> Path:
    """A copy of the file, byte for byte, for its owner alone: it may hold passwords."""
    for number in range(100):
        again = f"-{number}" if number else ""
        copy = config.with_name(f"{config.name}.quebrado-{now:%Y%m%d-%H%M%S}{again}")
        try:
            descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(config.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        return copy
    raise FileExistsError(None, "too many copies", str(config))
