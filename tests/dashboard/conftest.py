"""Both databases, each really there: SQLite files, and a MariaDB of this session's own."""

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.dashboard.settings"
django.setup()

from django.test import Client  # noqa: E402 - after the setup
from pytest_django.plugin import DjangoDbBlocker  # noqa: E402

from dashboard.accounts.roles import Role  # noqa: E402
from dashboard.monitoring import freshness  # noqa: E402
from lab.mariadb_server import MariaDBServer  # noqa: E402
from tests.dashboard import databases  # noqa: E402
from tests.dashboard.visitors import log_in  # noqa: E402

_numbers = itertools.count(1)
_TABLES = (
    *("otp_static_statictoken", "otp_static_staticdevice", "otp_totp_totpdevice", "SESSAO", "axes_accessattempt"),
    *("ANOTACAO", "ALERTA_CIENCIA", "ANOMALIA", "ANALISE", "AUDITORIA", "VERSAO_APP"),
    *("LOG_BACKUPS", "EMPRESA", "auth_user_groups", "auth_user"),
)


@pytest.fixture
def new_mariadb(mariadb_server: MariaDBServer) -> str:
    """The URL of an empty schema."""
    name = f"PROJETO_BACKUPS_{next(_numbers)}"
    mariadb_server.create_database(name)
    return databases.mysql_url(mariadb_server, name)


@pytest.fixture
def new_sqlite(tmp_path: Path) -> str:
    """The URL of a file that is not there yet."""
    return databases.sqlite_url(tmp_path / "nuvem.sqlite3")


@pytest.fixture(params=["sqlite", "mariadb"])
def empty_database(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Django speaks to a database without tables: the one kind, then the other. The value is the kind."""
    url = request.getfixturevalue(f"new_{request.param}")
    with django_db_blocker.unblock(), databases.speaking_to(url):
        yield request.param


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """A migrated file, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "nuvem.sqlite3"
    with django_db_blocker.unblock(), databases.speaking_to(databases.sqlite_url(path)):
        databases.migrate()
        databases.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def migrated_mariadb(mariadb_server: MariaDBServer, django_db_blocker: DjangoDbBlocker) -> str:
    """A migrated schema, to be emptied."""
    mariadb_server.create_database("PROJETO_BACKUPS")
    url = databases.mysql_url(mariadb_server, "PROJETO_BACKUPS")
    with django_db_blocker.unblock(), databases.speaking_to(url):
        databases.migrate()
    return url


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Django speaks to a migrated SQLite file without rows."""
    copy = tmp_path / "nuvem.sqlite3"
    shutil.copy(migrated_sqlite, copy)
    with django_db_blocker.unblock(), databases.speaking_to(databases.sqlite_url(copy)):
        yield


@pytest.fixture
def mariadb(migrated_mariadb: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Django speaks to a migrated MariaDB without rows."""
    with django_db_blocker.unblock(), databases.speaking_to(migrated_mariadb):
        yield
        databases.execute(*(f"DELETE FROM {table}" for table in _TABLES))


@pytest.fixture(params=["sqlite", "mariadb"])
def database(request: pytest.FixtureRequest) -> str:
    """The one, then the other. The value is the kind."""
    request.getfixturevalue(request.param)
    assert isinstance(request.param, str)
    return request.param


@pytest.fixture
def viewer(database: str) -> Iterator[Client]:
    """Someone who may look at everything, on either database."""
    freshness.forget_looks()
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    log_in(client, Role.VIEWER)
    yield client
    databases.execute("DELETE FROM SESSAO")
