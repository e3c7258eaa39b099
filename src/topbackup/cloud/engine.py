"""SQLAlchemy's engine for an address: one connection at a time, every session in the same known state."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import URL, Engine, QueuePool, create_engine, event

from topbackup.cloud.address import CloudAddress, MysqlAddress, SqliteAddress
from topbackup.cloud.tables import CLOUD_ZONE

_SQL_MODE = "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION"
_RECYCLE_SECONDS = 60  # a router or wait_timeout cuts what was idle; a connection this old is replaced before its use


def cloud_engine(address: CloudAddress) -> Engine:
    """Not connected yet. One connection per store: thousands of agents share the server's few."""
    match address:
        case MysqlAddress():
            return _mysql(address)
        case SqliteAddress():
            return create_engine(
                "sqlite://",
                creator=_sqlite_opener(address),
                poolclass=QueuePool,
                pool_size=1,
                max_overflow=0,
                hide_parameters=True,
            )


def _mysql(address: MysqlAddress) -> Engine:
    # The server writes DATA_RECEBIDO by its own clock: with the session in the cloud's zone CURRENT_TIMESTAMP is the
    # wall time that the column holds. As an offset, because a server may have no table of zone names.
    offset = f"{datetime.now(CLOUD_ZONE):%:z}"
    lock_wait = f"innodb_lock_wait_timeout = {address.lock_seconds:d}"
    where = URL.create("mysql+pymysql", address.user, None, address.host, address.port, address.database)
    engine = create_engine(
        where,
        connect_args={
            # Not in the URL, which error messages may quote; as bytes, because PyMySQL encodes text in Latin-1 only.
            "password": address.password.get_secret_value().encode(),
            "charset": "utf8mb4",
            "connect_timeout": address.connect_seconds,
            "read_timeout": address.answer_seconds,
            "write_timeout": address.answer_seconds,
            "init_command": f"SET time_zone = '{offset}', sql_mode = '{_SQL_MODE}', {lock_wait}",
        },
        pool_size=1,
        max_overflow=0,
        pool_recycle=_RECYCLE_SECONDS,
        hide_parameters=True,
    )
    event.listen(engine, "do_connect", _connect)
    return engine


def _connect(_dialect: Any, _record: Any, positional: list[Any], named: dict[str, Any]) -> Any:
    from topbackup.cloud.driver import connect  # noqa: PLC0415 - an SQLite cloud needs no driver

    return connect(*positional, **named)


def _sqlite_opener(address: SqliteAddress) -> Callable[[], sqlite3.Connection]:
    # mode=rw: a path that is wrong or a disk that is not there must be an error, not a new and empty cloud.
    location = f"{address.path.absolute().as_uri()}?mode=rw"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(location, uri=True, timeout=address.lock_seconds, check_same_thread=False)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")  # acknowledged means that a power cut does not take it back
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    return connect
