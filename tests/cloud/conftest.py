"""Real databases for the tests of the cloud: a schema or a file for each test."""

import itertools
from pathlib import Path

import pytest

from lab.mariadb_server import MariaDBServer
from tests.cloud.clouds import Cloud, mariadb_cloud, sqlite_cloud

_numbers = itertools.count(1)


@pytest.fixture
def mariadb(mariadb_server: MariaDBServer) -> Cloud:
    """An empty schema, without tables."""
    return mariadb_cloud(mariadb_server, f"NUVEM_{next(_numbers)}")


@pytest.fixture
def sqlite(tmp_path: Path) -> Cloud:
    """No file yet."""
    return sqlite_cloud(tmp_path)


@pytest.fixture(params=["sqlite", "mariadb"])
def empty_cloud(request: pytest.FixtureRequest) -> Cloud:
    cloud = request.getfixturevalue(request.param)
    assert isinstance(cloud, Cloud)
    return cloud


@pytest.fixture
def cloud(empty_cloud: Cloud) -> Cloud:
    """Both, one after the other, with the upgraded tables."""
    empty_cloud.create()
    return empty_cloud
