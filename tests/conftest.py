"""What several rooms of tests share: one MariaDB for the session; each test takes a schema of its own."""

from collections.abc import Iterator

import pytest

from lab.mariadb_server import MariaDBServer


@pytest.fixture(scope="session")
def mariadb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDBServer]:
    with MariaDBServer(tmp_path_factory.mktemp("mariadb")) as server:
        yield server
