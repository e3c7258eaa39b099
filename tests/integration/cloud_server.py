"""The cloud of the tests: a real MariaDB with the tables that the site's migrations made, and what stands in them."""

import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from typing import Any
from urllib.parse import quote

from lab.mariadb_server import MariaDBServer
from tests.integration.shop import Shop

SCHEMA = "PROJETO_BACKUPS"


def migrate(server: MariaDBServer) -> None:
    """Make the schema as the dashboard does."""
    server.create_database(SCHEMA)
    url = f"mysql://{server.user}:{quote(server.password, safe='')}@{server.host}:{server.port}/{SCHEMA}"
    site = {"SECRET_KEY": secrets.token_urlsafe(50), "DATABASE_URL": url, "ALLOWED_HOSTS": "localhost"}
    environment = os.environ | {f"TOPBACKUP_DASHBOARD_{name}": value for name, value in site.items()}
    environment["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"  # not that of the site's own tests
    subprocess.run([sys.executable, "-m", "dashboard.manage", "migrate", "-v0"], env=environment, check=True)


def tell(shop: Shop, cloud: MariaDBServer) -> None:
    """The shop's settings name the cloud, which knows nothing of it yet."""
    if not cloud.alive:
        cloud.start()
    with closing(cloud.connect(SCHEMA)) as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM LOG_BACKUPS")
        cursor.execute("DELETE FROM EMPRESA")
        connection.commit()
    shop.configure(
        mysql={
            "host": cloud.host,
            "port": cloud.port,
            "database": SCHEMA,
            "user": cloud.user,
            "password": cloud.password,
            "spread_seconds": 0,
        }
    )


def rows(cloud: MariaDBServer, query: str) -> Sequence[tuple[Any, ...]]:
    with closing(cloud.connect(SCHEMA)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def runs(cloud: MariaDBServer) -> list[tuple[str, str]]:
    """(UUID, STATUS), as they were inserted."""
    return [(uuid, status) for uuid, status in rows(cloud, "SELECT UUID, STATUS FROM LOG_BACKUPS ORDER BY ID")]


def in_order(shop: Shop) -> list[tuple[str, str]]:
    """(UUID, STATUS) of the journal, oldest first."""
    return [(str(record.run_id), record.status.value) for record in reversed(shop.history())]
