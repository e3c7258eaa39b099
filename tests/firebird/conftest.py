"""One real Firebird server for the whole session, and databases made for a test."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import firebirdsql
import pytest

from lab.firebird_server import FirebirdServer
from topbackup.firebird.address import Credentials, DatabaseAddress

_numbers = itertools.count(1)
MakeDatabase = Callable[..., DatabaseAddress]


@pytest.fixture(scope="session")
def firebird_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirebirdServer]:
    """Running; a test that stops or kills a server starts one of its own (`own_server`)."""
    with FirebirdServer(tmp_path_factory.mktemp("firebird")) as server:
        yield server


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[FirebirdServer]:
    """Running, and nobody else's."""
    with FirebirdServer(tmp_path / "own") as server:
        yield server
        server.resume()


@pytest.fixture(scope="session")
def login(firebird_server: FirebirdServer) -> Credentials:
    return Credentials(firebird_server.user, firebird_server.password)


@pytest.fixture
def make_database(firebird_server: FirebirdServer) -> MakeDatabase:
    """`make_database(*statements, server=None, name=None)`: a new database with those committed, one by one."""

    def make(*statements: str, server: FirebirdServer | None = None, name: str | None = None) -> DatabaseAddress:
        where = server or firebird_server
        address = DatabaseAddress(
            "localhost", where.port, str(where.database_folder / (name or f"{next(_numbers)}.fdb"))
        )
        connection = firebirdsql.create_database(
            host="localhost",
            port=where.port,
            database=address.path,
            user=where.user,
            password=where.password,
            charset="UTF8",
        )
        try:
            for statement in statements:
                connection.cursor().execute(statement)
                connection.commit()
        finally:
            connection.close()
        return address

    return make
