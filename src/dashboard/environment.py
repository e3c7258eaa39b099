"""Settings from the environment, and nowhere else. An error names the variable and says what it should hold, in
Portuguese at once: before there are settings there are no translations.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SECRET_KEY = "TOPBACKUP_DASHBOARD_SECRET_KEY"  # noqa: S105 - the variable's name
DATABASE_URL = "TOPBACKUP_DASHBOARD_DATABASE_URL"
ALLOWED_HOSTS = "TOPBACKUP_DASHBOARD_ALLOWED_HOSTS"
DEBUG = "TOPBACKUP_DASHBOARD_DEBUG"
PROXIES = "TOPBACKUP_DASHBOARD_PROXIES"
METRICS_TOKEN = "TOPBACKUP_DASHBOARD_METRICS_TOKEN"  # noqa: S105 - the variable's name

_SHORTEST_KEY, _FEWEST_DIFFERENT = 50, 5  # as Django's own check has it
_SHORTEST_TOKEN = 20
_MOST_PROXIES = 9
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_CLOUD_ZONE = "America/Sao_Paulo"  # of the DATETIME columns, by contract
_SQLITE_PATIENCE = 10.0  # seconds: the agent writes to the same file
_STRICT = "SET sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'"


def secret_key(environ: Mapping[str, str] = os.environ) -> str:
    """Signs the sessions: who knows it can log in as anybody."""
    key = environ.get(SECRET_KEY, "")
    if len(key) < _SHORTEST_KEY or len(set(key)) < _FEWEST_DIFFERENT:
        raise ImproperlyConfigured(f"{SECRET_KEY}: defina um texto aleatório de pelo menos {_SHORTEST_KEY} caracteres")
    return key


def debug(environ: Mapping[str, str] = os.environ) -> bool:
    """Off unless it is said to be on."""
    value = environ.get(DEBUG, "0").strip().lower()
    if value not in ("0", "1", "false", "true", ""):
        raise ImproperlyConfigured(f"{DEBUG}: {value!r} não é 0 nem 1")
    return value in ("1", "true")


def allowed_hosts(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The names under which the site is reached, comma-separated. This machine alone, when nothing is said."""
    hosts = [host.strip() for host in environ.get(ALLOWED_HOSTS, "").split(",") if host.strip()]
    if "*" in hosts:
        raise ImproperlyConfigured(f"{ALLOWED_HOSTS}: informe os nomes, separados por vírgula; * aceitaria qualquer um")
    if wrong := [host for host in hosts if "/" in host]:
        raise ImproperlyConfigured(f"{ALLOWED_HOSTS}: {wrong[0]!r}: só o nome, sem https:// e sem barra")
    return hosts or list(_LOOPBACK)


def proxies(environ: Mapping[str, str] = os.environ) -> int:
    """How many proxies of one's own stand before the site. None, when nothing is said: X-Forwarded-For is not read."""
    value = environ.get(PROXIES, "0").strip() or "0"
    if not (value.isascii() and value.isdigit() and len(value) == 1):
        raise ImproperlyConfigured(f"{PROXIES}: {value!r} não é um número de 0 a {_MOST_PROXIES}")
    return int(value)


def metrics_token(environ: Mapping[str, str] = os.environ) -> str:
    """Who has it may read /metrics. Empty: there is no such page."""
    token = environ.get(METRICS_TOKEN, "")
    if token and (len(token) < _SHORTEST_TOKEN or not token.isascii() or token != token.strip()):
        raise ImproperlyConfigured(
            f"{METRICS_TOKEN}: defina um texto aleatório de pelo menos {_SHORTEST_TOKEN} caracteres ASCII, ou nada"
        )
    return token


def only_loopback(hosts: list[str]) -> bool:
    """Is the site for this machine alone? Then, and only then, it may be served without TLS."""
    return all(host in _LOOPBACK for host in hosts)


def database(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Django's settings for mysql://user:password@host:port/PROJETO_BACKUPS or sqlite:///path."""
    url = environ.get(DATABASE_URL, "")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(_expected("não é um endereço")) from None  # it may quote the password
    match parts.scheme:
        case "sqlite":
            return _sqlite(unquote(parts.path))
        case "mysql":
            return _mysql(parts.username, parts.password, parts.hostname, port, unquote(parts.path.removeprefix("/")))
        case _:
            raise ImproperlyConfigured(_expected("não está definida" if not url else "tem um esquema desconhecido"))


def _expected(problem: str) -> str:
    return (
        f"{DATABASE_URL} {problem}: o esperado é mysql://usuario:senha@host:porta/PROJETO_BACKUPS ou sqlite:///caminho"
    )


def _sqlite(path: str) -> dict[str, Any]:
    # sqlite:///file is relative, sqlite:////file is absolute, as SQLAlchemy has it.
    name = path.removeprefix("/")
    if not name:
        raise ImproperlyConfigured(_expected("não nomeia um arquivo"))
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path(name),
        "TIME_ZONE": _CLOUD_ZONE,
        "OPTIONS": {
            "timeout": _SQLITE_PATIENCE,
            # A transaction that reads before it writes would fail at once where the agent wrote in between.
            "transaction_mode": "IMMEDIATE",
            # Text is parsed by the fields: the driver's own parsing fails on a date that is none, and takes the page.
            "detect_types": 0,
            # Django makes a table anew and gives it the old one's name. Otherwise SQLite (lang_altertable.html) reads
            # all triggers for each such renaming: with ours that was 48 s for the first `migrate`.
            "init_command": ("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA legacy_alter_table = ON;"),
        },
    }


def _mysql(user: str | None, password: str | None, host: str | None, port: int | None, name: str) -> dict[str, Any]:
    if not (user and host and name):
        raise ImproperlyConfigured(_expected("não tem o usuário, o host ou o banco"))
    return {
        "ENGINE": "django.db.backends.mysql",
        "NAME": name,
        "USER": unquote(user),
        # As bytes, because PyMySQL encodes text in Latin-1 only.
        "PASSWORD": unquote(password or "").encode(),
        "HOST": host.strip("[]"),
        "PORT": port or 3306,
        "TIME_ZONE": _CLOUD_ZONE,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "charset": "utf8mb4",
            "connect_timeout": 5,
            "read_timeout": 60,
            "write_timeout": 60,
            "init_command": _STRICT,
        },
    }
