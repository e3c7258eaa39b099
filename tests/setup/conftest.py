"""A real Firebird server with a bakery's database, that the trials speak with."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.firebird_server import FirebirdServer
from tests.integration.shop import Shop, make_database


@pytest.fixture(scope="session")
def firebird(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirebirdServer]:
    with FirebirdServer(tmp_path_factory.mktemp("assistente")) as server:
        yield server


@pytest.fixture(scope="session")
def template(firebird: FirebirdServer) -> Path:
    path = firebird.database_folder / "modelo.fdb"
    make_database(firebird, path)
    return path


@pytest.fixture
def shop(firebird: FirebirdServer, template: Path, tmp_path: Path) -> Shop:
    """A database on that server and two folders; no config.json yet: the wizard makes it."""
    if not firebird.alive:
        firebird.start()
    database = tmp_path / "loja.fdb"
    shutil.copy(template, database)
    shop = Shop(firebird, database, tmp_path).open()
    shop.config.unlink()
    return shop
