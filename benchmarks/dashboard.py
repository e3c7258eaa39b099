"""`make bench-dashboard`: what the panel and its endpoints cost in the database, as the history grows a hundredfold.

A private MariaDB holds a schema for each number of runs, with the same ten thousand companies; all are asked in turn,
so that a noisy minute hits all. The rivals (dashboard_rivals.py) are asked in the same run. EXPLAIN is kept.

`python -m benchmarks.dashboard [ROWS…]`: 100000 1000000 by default; 10000000 takes five minutes and 9 GB to load.
BENCH_DIR: where the server's data are made, and found again the next time; a temporary folder by default.
BENCH_ROUNDS: 15. BENCH_COMPANIES: 10000. BENCH_RIVALS: up to how many runs the rivals are asked, 10000000.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.dashboard.settings"

import django

django.setup()

from django.db import connection  # noqa: E402 - after the setup
from django.db.backends.utils import CursorWrapper  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import dashboard_rivals  # noqa: E402
from benchmarks.dashboard_load import load  # noqa: E402
from benchmarks.dashboard_report import Measured, report  # noqa: E402
from dashboard.monitoring import clock  # noqa: E402
from dashboard.monitoring.board import board, counted, page_of_cards  # noqa: E402
from dashboard.monitoring.models import Company  # noqa: E402
from dashboard.monitoring.parameters import parse  # noqa: E402
from lab.mariadb_server import MariaDBServer  # noqa: E402
from tests.dashboard import databases  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
COMPANIES = int(os.environ.get("BENCH_COMPANIES", "10000"))
RIVALS_UP_TO = int(os.environ.get("BENCH_RIVALS", "10000000"))
_RIVALS_PATIENCE = 900  # seconds
_SERVER = [
    "--innodb-buffer-pool-size=5G",
    "--innodb-log-file-size=2G",
    "--innodb-flush-log-at-trx-commit=0",
    "--max-allowed-packet=64M",
]


def main(arguments: list[str]) -> int:
    """Load what is missing, measure, print, and keep."""
    sizes = [int(argument) for argument in arguments] or [100_000, 1_000_000]
    with ExitStack() as stack:
        folder = os.environ.get("BENCH_DIR") or stack.enter_context(tempfile.TemporaryDirectory(prefix="topbackup-"))
        root = Path(folder)
        root.mkdir(parents=True, exist_ok=True)
        server = stack.enter_context(MariaDBServer(root, options=_SERVER))
        urls = {rows: _loaded(server, rows) for rows in sizes}
        report(list(_measure(urls)), sizes, COMPANIES)
    return 0


def asked() -> dict[str, Callable[[], object]]:
    """What is measured, by name: the whole way from the request's parameters to the answer's dataclasses."""
    return {
        "/api/status/": counted,
        "/api/cards/": lambda: page_of_cards(parse(QueryDict())),
        "/api/cards/?status=OK": lambda: page_of_cards(parse(QueryDict("status=OK"))),
        "search by name": lambda: page_of_cards(parse(QueryDict("busca=padaria+central"))),
        "search by CNPJ": lambda: page_of_cards(parse(QueryDict("busca=004.321/0001"))),
        "search, nothing found": lambda: page_of_cards(parse(QueryDict("busca=zzz"))),
        "/ (the whole panel)": lambda: board(parse(QueryDict())),
    }


def _loaded(server: MariaDBServer, rows: int) -> tuple[str, datetime]:
    """The address, and the instant for which the rows were made."""
    name = f"PROJETO_BACKUPS_{COMPANIES}_{rows}"
    url = databases.mysql_url(server, name)
    server.administer(f"CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4")
    with databases.speaking_to(url):
        databases.migrate()
        if not Company.objects.exists():
            load(rows, COMPANIES, timezone.now())
        made = Company.objects.latest("last_contact").last_contact
    assert made is not None
    return url, made


def _measure(urls: dict[int, tuple[str, datetime]]) -> Iterator[Measured]:
    found: dict[tuple[str, int], Measured] = {}
    for turn in range(ROUNDS + 1):
        for rows, (url, made) in urls.items():
            contenders = asked()
            if rows <= RIVALS_UP_TO and turn == 1:  # once: of minutes
                contenders |= {
                    "naive ORM": partial(dashboard_rivals.naive_orm, made),
                    "ROW_NUMBER": partial(dashboard_rivals.row_number, made),
                }
            with databases.speaking_to(url), _at(made):
                connection.settings_dict["OPTIONS"]["read_timeout"] = _RIVALS_PATIENCE
                counted()  # the look for the triggers, once a minute
                for name, ask in contenders.items():
                    one = _once(name, rows, ask)
                    if turn:  # the first only warms up
                        found.setdefault((name, rows), one).add(one)
                    print(f"\r  round {turn}/{ROUNDS}: {rows:>10,} {name:<30}", end="", file=sys.stderr)
    print(file=sys.stderr)
    for measured in found.values():
        url, made = urls[measured.rows]
        with databases.speaking_to(url), _at(made):
            measured.explain()
        yield measured


def _once(name: str, rows: int, ask: Callable[[], object]) -> Measured:
    with connection.cursor() as cursor:
        cursor.execute("SET profiling_history_size = 100")
        before = _profiles(cursor)[-1:]
        cursor.execute("SET profiling = 1")
        began = time.perf_counter()
        ask()
        whole = time.perf_counter() - began
        cursor.execute("SET profiling = 0")
        known = before[0][0] if before else 0
        spent = [
            float(seconds)
            for number, seconds, sql in _profiles(cursor)
            if number > known and not sql.startswith(("SET", "SHOW"))
        ]
    statements: list[str] = []
    if name not in ("naive ORM", "ROW_NUMBER"):
        with CaptureQueriesContext(connection) as captured:
            ask()
        statements = [query["sql"] for query in captured.captured_queries]
    return Measured(name, rows, [sum(spent)], [whole], len(spent), statements)


def _profiles(cursor: CursorWrapper) -> list[tuple[int, float, str]]:
    cursor.execute("SHOW PROFILES")
    return list(cursor.fetchall())


@contextmanager
def _at(instant: datetime) -> Iterator[None]:
    before, clock.now = clock.now, lambda: instant
    try:
        yield
    finally:
        clock.now = before


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
