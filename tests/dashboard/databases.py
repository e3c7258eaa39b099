"""Which database Django's default connection speaks to, changed from test to test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection, connections

from dashboard import environment
from lab.mariadb_server import MariaDBServer


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def mysql_url(server: MariaDBServer, name: str) -> str:
    return f"mysql://{quote(server.user)}:{quote(server.password, safe='')}@{server.host}:{server.port}/{name}"


@contextmanager
def speaking_to(url: str) -> Iterator[None]:
    """Django's default connection is to this database in the block; nothing is open after it."""
    before = connections.settings["default"]
    _replace(
        connections.configure_settings({"default": environment.database({environment.DATABASE_URL: url})})["default"]
    )
    try:
        yield
    finally:
        _replace(before)


def _replace(settings: dict[str, Any]) -> None:
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = settings


def migrate() -> None:
    """Everything, as a site is set up."""
    call_command("migrate", verbosity=0, interactive=False)


def migrate_cloud() -> None:
    """Only the cloud's own tables: the rest is Django's, and takes its time."""
    call_command("migrate", "monitoring", verbosity=0, interactive=False)


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rows(query: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def one(query: str, parameters: list[Any] | None = None) -> Any:
    ((value,),) = rows(query, parameters)
    return value
