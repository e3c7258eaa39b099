"""A private MariaDB from Debian's package: its own folder, a free port on loopback, one account over TCP."""

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import pymysql

from lab.server_process import PrivateServer, ServerProcess, free_port

USER = "agente"
PASSWORD = "s3gr&do-nã0-vaza"  # unusual enough to be found wherever it leaks
_PATIENCE = 30.0  # seconds until it answers


class MariaDBServer(PrivateServer):
    """Started at once. stop() and kill() (SIGKILL, a power cut for the process) keep the data; start() goes on.

    root: where an earlier one's data are, they are gone on with. options: more of mariadbd's own.
    """

    def __init__(self, root: Path, port: int | None = None, options: Sequence[str] = ()) -> None:
        self._root, self._options = root, tuple(options)
        self.host, self.port, self.user, self.password = "127.0.0.1", port or free_port(), USER, PASSWORD
        if not (root / "data").exists():
            self._install()
        # Of its own: a server that starts deletes the temporary tables of any other in the same folder.
        (root / "tmp").mkdir(exist_ok=True)
        self._process = ServerProcess(
            self._command(), port=self.port, log=root / "log", environment=os.environ, folder=root
        )
        self.start()
        self.administer(
            f"CREATE USER IF NOT EXISTS '{USER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'",
            f"GRANT ALL ON *.* TO '{USER}'@'127.0.0.1'",
        )

    def start(self) -> Self:
        self._process.start()
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self._connect_as_root().close()
            except pymysql.err.OperationalError:
                if time.monotonic() > deadline or not self._process.alive:
                    raise
                time.sleep(0.05)
            else:
                return self

    def create_database(self, name: str) -> None:
        self.administer(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")

    def drop_database(self, name: str) -> None:
        self.administer(f"DROP DATABASE IF EXISTS `{name}`")

    def administer(self, *statements: str) -> None:
        """Run statements as the server's root."""
        with self._connect_as_root() as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def connect(self, database: str) -> "pymysql.connections.Connection[pymysql.cursors.Cursor]":
        """As the account, over TCP."""
        return pymysql.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password.encode(),
            database=database,
            charset="utf8mb4",
        )

    def _command(self) -> list[str]:
        return [
            "mariadbd",
            "--no-defaults",
            f"--datadir={self._root / 'data'}",
            f"--socket={self._root / 's'}",
            f"--tmpdir={self._root / 'tmp'}",
            f"--port={self.port}",
            "--bind-address=127.0.0.1",
            f"--user={_account()}",
            "--skip-name-resolve",
            f"--pid-file={self._root / 'pid'}",
            "--innodb-buffer-pool-size=32M",
            "--default-time-zone=+00:00",
            *self._options,
        ]

    def _install(self) -> None:
        subprocess.run(
            [
                "mariadb-install-db",
                "--no-defaults",
                f"--datadir={self._root / 'data'}",
                f"--user={_account()}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ],
            check=True,
            capture_output=True,
        )

    def _connect_as_root(self) -> "pymysql.connections.Connection[pymysql.cursors.Cursor]":
        return pymysql.connect(unix_socket=str(self._root / "s"), user="root", charset="utf8mb4", autocommit=True)


def _account() -> str:
    return "root" if os.getuid() == 0 else str(os.getuid())
