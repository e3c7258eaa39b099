"""The shop that the wizard is to set up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.firebird_server import FirebirdServer
from topbackup.firebird.address import Credentials, DatabaseAddress
from topbackup.firebird.connection import connect


@dataclass(frozen=True)
class Bakery:
    server: FirebirdServer
    database: Path
    home: Path

    @property
    def config(self) -> Path:
        return self.home / "topbackup" / "config.json"

    @property
    def first(self) -> Path:
        return self.home / "copias-1"

    @property
    def second(self) -> Path:
        return self.home / "copias-2"

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The ERP is open: the server holds the database."""
        address = DatabaseAddress("localhost", self.server.port, str(self.database))
        with connect(address, Credentials(self.server.user, self.server.password), "WIN1252", 10):
            yield
