"""The settings page, pure: which fields there are, what each must hold, and the settings that they make.

A stored secret is never among the values: an empty secret field keeps what is stored.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from topbackup.firebird.address import parse_address
from topbackup.firebird.charsets import is_charset
from topbackup.i18n import N_, _
from topbackup.settings import Settings
from topcore.tables import NamingScheme

type Values = Mapping[str, str | bool]


@dataclass(frozen=True)
class FieldSpec:
    """name: `section.field` of config.json. label, hint: msgids. kind: text, secret, folder, file, flag, choice."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    check: Callable[[str], str] | None = None

    @property
    def wide(self) -> bool:
        """It holds a path, or a sentence."""
        return self.kind in ("folder", "file", "flag") or self.name == "firebird.database_path"

    @property
    def keys(self) -> tuple[str, str]:
        section, _dot, field = self.name.partition(".")
        return section, field


def _database(text: str) -> str:
    if not text:
        return _("The database with EMPRESA and AGENDA_BACKUP is needed.")
    try:
        parse_address(text, None)
    except ValueError:
        return _("Write it as C:\\ERP\\DADOS.FDB, host/3050:path or host:alias.")
    return ""


def _charset(text: str) -> str:
    if not text:
        return _("WIN1252 in most shops.")
    return (
        ""
        if is_charset(text)
        else _("Firebird has no such character set. WIN1252 in most shops; else UTF8, ISO8859_1.")
    )


def _whole(least: int, most: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        fits = text.isdecimal() and least <= int(text) <= most
        return "" if fits else _("A whole number from {least} to {most}.").format(least=least, most=most)

    return check


def _folder(text: str) -> str:
    if not text or text.startswith(("/", "\\\\")) or text[1:3] in (":\\", ":/"):
        return ""
    return _("Give the whole path, from the disk's root.")


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        return _("A zone's name, as America/Sao_Paulo.")
    return ""


_NAMING = tuple(
    (scheme.value, words)
    for scheme, words in (
        (NamingScheme.VERSIONED, N_("One file per backup")),
        (NamingScheme.WEEKDAY, N_("One file per weekday")),
        (NamingScheme.SINGLE, N_("A single file")),
    )
)

GROUPS: tuple[tuple[str, tuple[FieldSpec, ...]], ...] = (
    (
        N_("Firebird"),
        (
            FieldSpec("firebird.database_path", N_("Database"), hint=N_("C:\\ERP\\DADOS.FDB, host/3050:path or host:alias."), check=_database),
            FieldSpec("firebird.user", N_("User"), check=lambda text: "" if text else _("SYSDBA, or another user of Firebird.")),
            FieldSpec("firebird.password", N_("Password"), "secret"),
            FieldSpec("firebird.charset", N_("Character set"), check=_charset),
            FieldSpec("firebird.gbak_path", N_("gbak"), "file", N_("Empty: the server's own is found by itself."), check=_folder),
        ),
    ),
    (
        N_("Backup by hand, without an agenda"),
        (
            FieldSpec("backup.local_destino1", N_("First folder"), "folder", N_("An agenda's own folders win."), check=_folder),
            FieldSpec("backup.local_destino2", N_("Second folder"), "folder", N_("On another disk."), check=_folder),
            FieldSpec("backup.prefixo_backup", N_("File name"), "choice", options=_NAMING),
        ),
    ),
    (
        N_("Every backup"),
        (
            FieldSpec("backup.verificar_backup", N_("Prove each backup by a restore before it is published"), "flag"),
            FieldSpec("backup.timeout_seconds", N_("Longest time, in seconds"), hint=N_("For the whole dump; 3600 is an hour."), check=_whole(60, 86_400)),
            FieldSpec("backup.catch_up_hours", N_("How late a missed backup may still run, in hours"), check=_whole(0, 168)),
            FieldSpec("app.timezone", N_("Time zone"), check=_zone),
        ),
    ),
    (
        N_("Cloud"),
        (
            FieldSpec("mysql.host", N_("MySQL server"), hint=N_("Empty: no cloud.")),
            FieldSpec("mysql.port", N_("Port"), check=_whole(1, 65_535)),
            FieldSpec("mysql.database", N_("Schema")),
            FieldSpec("mysql.user", N_("User")),
            FieldSpec("mysql.password", N_("Password"), "secret"),
        ),
    ),
)  # fmt: skip
FIELDS = tuple(spec for _heading, specs in GROUPS for spec in specs)


def values_of(settings: Settings) -> dict[str, str | bool]:
    """What the page shows; of a secret nothing."""
    values: dict[str, str | bool] = {}
    for spec in FIELDS:
        section, field = spec.keys
        found: Any = getattr(getattr(settings, section), field)
        if spec.kind == "secret":
            values[spec.name] = ""
        elif spec.kind == "flag":
            values[spec.name] = bool(found)
        elif isinstance(found, float):
            values[spec.name] = f"{found:g}"
        else:
            values[spec.name] = str(getattr(found, "value", found))
    return values


def stored_secrets(settings: Settings) -> frozenset[str]:
    """Names of the secret fields that hold something."""
    return frozenset(
        spec.name
        for spec in FIELDS
        if spec.kind == "secret" and getattr(getattr(settings, spec.keys[0]), spec.keys[1]).get_secret_value()
    )


def wrong(values: Values) -> dict[str, str]:
    """What is wrong, by field; empty when it may be saved."""
    found = {}
    for spec in FIELDS:
        value = values.get(spec.name, "")
        if spec.check is not None and isinstance(value, str) and (told := spec.check(value.strip())):
            found[spec.name] = told
    first, second = (str(values.get(f"backup.local_destino{number}", "")).strip() for number in (1, 2))
    if first and first == second:
        found["backup.local_destino2"] = _("The same folder twice is one copy: name another disk.")
    return found


def changes(before: Values, now: Values) -> dict[str, str | bool]:
    """The fields that a person changed."""
    return {name: value for name, value in now.items() if value != before.get(name)}


def apply(settings: Settings, values: Values) -> Settings:
    """The settings with these values, in which `wrong` found nothing; all that the page does not show stays."""
    sections: dict[str, dict[str, Any]] = {}
    for spec in FIELDS:
        section, field = spec.keys
        value = values[spec.name]
        if spec.kind == "secret":
            if value:
                sections.setdefault(section, {})[field] = SecretStr(str(value))
            continue
        sections.setdefault(section, {})[field] = value.strip() if isinstance(value, str) else value
    changed = {}
    for section, fields in sections.items():
        before = getattr(settings, section)
        kept = {name: getattr(before, name) for name in (*type(before).model_fields, *(before.model_extra or {}))}
        changed[section] = type(before).model_validate(kept | fields)
    return settings.model_copy(update=changed)
