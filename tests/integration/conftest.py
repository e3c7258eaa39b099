"""One real Firebird server for the whole session; a fresh copy of the database and a fresh home for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.firebird_server import FirebirdServer
from lab.mariadb_server import MariaDBServer
from tests.integration.cloud_server import migrate, tell
from tests.integration.shop import Shop, make_database


@pytest.fixture(scope="session")
def firebird(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirebirdServer]:
    with FirebirdServer(tmp_path_factory.mktemp("firebird")) as server:
        yield server


@pytest.fixture(scope="session")
def template(firebird: FirebirdServer) -> Path:
    """A shop's database that no server holds open, to be copied."""
    path = firebird.database_folder / "modelo.fdb"
    make_database(firebird, path)
    return path


@pytest.fixture
def shop(firebird: FirebirdServer, template: Path, tmp_path: Path) -> Iterator[Shop]:
    if not firebird.alive:
        firebird.start()
    database = tmp_path / "loja.fdb"
    shutil.copy(template, database)
    yield Shop(firebird, database, tmp_path).open()
    firebird.resume()
    if not firebird.alive:
        firebird.start()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDBServer]:
    """A MariaDB that the tests may stop, with the tables that the site's migrations made."""
    with MariaDBServer(tmp_path_factory.mktemp("nuvem")) as server:
        migrate(server)
        yield server


@pytest.fixture
def told_shop(shop: Shop, cloud: MariaDBServer) -> Shop:
    """A shop whose settings name the cloud, which knows nothing of it yet."""
    tell(shop, cloud)
    return shop
