"""What the triggers cost a writer: `python -m benchmarks.dashboard_writes`.

One connection to a MariaDB of its own writes as agents do, a run as E and then as S, fifty runs to a transaction, for
forty companies: without triggers, with them, and where each company has two databases. Interleaved rounds, medians.
"""

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from lab.mariadb_server import MariaDBServer

ROUNDS, RUNS, COMPANIES = 5, 4000, 40
PLAIN, TRIGGERS, SEVERAL = "SEM_GATILHOS", "COM_GATILHOS", "DOIS_BANCOS"


def main() -> None:
    """Statements a second, of each, on standard output."""
    with tempfile.TemporaryDirectory() as folder, MariaDBServer(Path(folder) / "mariadb") as server:
        for schema in (PLAIN, TRIGGERS, SEVERAL):
            _migrate(server, schema)
        rates: dict[str, list[float]] = {PLAIN: [], TRIGGERS: [], SEVERAL: []}
        for _ in range(ROUNDS):
            for schema, found in rates.items():
                found.append(_rate(server, schema))
    floor = statistics.median(rates[PLAIN])
    for schema, found in rates.items():
        median = statistics.median(found)
        sys.stdout.write(f"{schema:<14}{median:8.0f} statements/s  {median / floor:.2f} ×  (best {max(found):.0f})\n")


def _migrate(server: MariaDBServer, schema: str) -> None:
    server.create_database(schema)
    url = f"mysql://{server.user}:{quote(server.password, safe='')}@{server.host}:{server.port}/{schema}"
    site = {"SECRET_KEY": secrets.token_urlsafe(50), "DATABASE_URL": url, "ALLOWED_HOSTS": "localhost"}
    environment = os.environ | {f"TOPBACKUP_DASHBOARD_{name}": value for name, value in site.items()}
    subprocess.run([sys.executable, "-m", "dashboard.manage", "migrate", "-v0"], env=environment, check=True)
    if schema == PLAIN:
        with server.connect(schema) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


def _rate(server: MariaDBServer, schema: str) -> float:
    with server.connect(schema) as connection, connection.cursor() as cursor:
        _companies(cursor, schema)
        connection.commit()
        began = time.perf_counter()
        for number in range(RUNS):
            key, source = str(uuid4()), f"D:/ERP/{number // COMPANIES % 2}.FDB"
            cursor.execute(
                "INSERT INTO LOG_BACKUPS (ID_EMPRESA, STATUS, DATA_INICIO, UUID, BANCO_ORIGEM, VERIFICADO)"
                " VALUES (%s, 'E', NOW(6), %s, %s, 'N')",
                (number % COMPANIES + 1, key, source),
            )
            cursor.execute("UPDATE LOG_BACKUPS SET STATUS = 'S', TAMANHO_BYTES = 48000000 WHERE UUID = %s", (key,))
            if number % 50 == 49:
                connection.commit()
        connection.commit()
        return 2 * RUNS / (time.perf_counter() - began)


def _companies(cursor: Any, schema: str) -> None:
    cursor.execute("DELETE FROM LOG_BACKUPS")
    cursor.execute("DELETE FROM EMPRESA")
    for number in range(1, COMPANIES + 1):
        cursor.execute("INSERT INTO EMPRESA (ID, FANTASIA, CNPJ) VALUES (%s, 'Loja', %s)", (number, str(number)))
        for database in (0, 1) if schema == SEVERAL else ():
            row = (number, f"D:/ERP/{database}.FDB")
            cursor.execute("INSERT INTO EMPRESA_BANCO (ID_EMPRESA, BANCO) VALUES (%s, %s)", row)


if __name__ == "__main__":
    main()
