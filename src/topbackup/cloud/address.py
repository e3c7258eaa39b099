"""Where the cloud is, and how long to wait for it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

if TYPE_CHECKING:
    from topbackup.cloud.store import CloudStore


@dataclass(frozen=True)
class MysqlAddress:
    """A MySQL 8 or MariaDB 10.6+ server. The password shows in no repr.

    connect_seconds, answer_seconds: for the connection, and for each reading from and writing to it. lock_seconds: for
    a row that another writer holds, whole seconds, at least 1.
    """

    host: str
    user: str
    password: SecretStr
    port: int = 3306
    database: str = "PROJETO_BACKUPS"
    connect_seconds: float = 10.0
    answer_seconds: float = 30.0
    lock_seconds: int = 5

    def __str__(self) -> str:
        return f"{self.host}:{self.port}/{self.database}"


@dataclass(frozen=True)
class SqliteAddress:
    """A file that the dashboard's migrations made: the embedded cloud. lock_seconds: for another writer."""

    path: Path
    lock_seconds: int = 5

    def __str__(self) -> str:
        return str(self.path)


type CloudAddress = MysqlAddress | SqliteAddress


def open_cloud(address: CloudAddress) -> "CloudStore":
    """A store for this address. Nothing is connected yet: the first use connects, and says what is wrong."""
    # SQLAlchemy takes longer to import than `topbackup status` may take as a whole, and most commands never need it.
    from topbackup.cloud.engine import cloud_engine  # noqa: PLC0415
    from topbackup.cloud.store import CloudStore  # noqa: PLC0415

    return CloudStore(cloud_engine(address), where=str(address))
