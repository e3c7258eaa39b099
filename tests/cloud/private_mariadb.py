"""A private MariaDB for these tests: its own folder, a free port, one account. Stopped and started at will."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pymysql

USER = "agente"
PASSWORD = "s3gr&do-nã0-vaza"  # unusual enough to be found wherever it leaks


class PrivateMariaDB:
    """host is 127.0.0.1. start() returns when it answers; kill() is SIGKILL, as a power cut for the process."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={root / 'data'}", f"--user={_account()}",
             "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True, capture_output=True,
        )  # fmt: skip
        self.start()
        self.administer(
            f"CREATE USER '{USER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'",
            f"GRANT ALL ON *.* TO '{USER}'@'127.0.0.1'",
        )

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["mariadbd", "--no-defaults", f"--datadir={self._root / 'data'}", f"--socket={self._root / 's'}",
             f"--port={self.port}", "--bind-address=127.0.0.1", f"--user={_account()}", "--skip-name-resolve",
             f"--pid-file={self._root / 'pid'}", "--innodb-buffer-pool-size=32M", "--default-time-zone=+00:00"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(self._root / "log").open("ab"),
        )  # fmt: skip
        end = time.monotonic() + 30
        while True:
            try:
                self._connect_as_root().close()
            except pymysql.err.OperationalError:
                if time.monotonic() > end or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def administer(self, *statements: str) -> None:
        with self._connect_as_root() as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def connect(self, database: str) -> "pymysql.connections.Connection[pymysql.cursors.Cursor]":
        return pymysql.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=PASSWORD.encode(),
            database=database,
            charset="utf8mb4",
        )

    def _connect_as_root(self) -> "pymysql.connections.Connection[pymysql.cursors.Cursor]":
        return pymysql.connect(unix_socket=str(self._root / "s"), user="root", charset="utf8mb4", autocommit=True)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=30)
            self._process = None


def _account() -> str:
    return "root" if os.getuid() == 0 else str(os.getuid())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
