"""The shop of the integration tests, as a wizard finds it: a database on a real server, folders, no config.json."""

import shutil
from pathlib import Path

import pytest

from lab.firebird_server import FirebirdServer
from tests.integration.conftest import firebird, template
from tests.integration.shop import Shop

__all__ = ["firebird", "template"]


@pytest.fixture
def shop(firebird: FirebirdServer, template: Path, tmp_path: Path) -> Shop:
    if not firebird.alive:
        firebird.start()
    database = tmp_path / "loja.fdb"
    shutil.copy(template, database)
    shop = Shop(firebird, database, tmp_path).open()
    shop.config.unlink()
    return shop
