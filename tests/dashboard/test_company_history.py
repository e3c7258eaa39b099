"""A company's history: filtered, paged by key, exported; and every query a walk along an index."""

import csv
import io
import tracemalloc
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from dashboard.accounts.roles import Role
from dashboard.companies import history
from dashboard.companies.dossier import dossier, found
from dashboard.companies.export import lines
from dashboard.companies.history import Wanted
from dashboard.companies.parameters import place_text
from dashboard.companies.published import published
from dashboard.companies.review import review
from dashboard.companies.run_faces import face
from dashboard.monitoring import freshness
from dashboard.monitoring.models import Company, Run
from dashboard.monitoring.wall_time import CLOUD_ZONE, wall_text
from tests.dashboard.databases import execute, rows
from tests.dashboard.shops import NIGHT, company, document, run
from tests.dashboard.visitors import log_in
from topcore.tables import RunColumn, RunStatus

NOON = datetime(2026, 11, 20, 12, tzinfo=CLOUD_ZONE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def listed(**wanted: Any) -> list[str]:
    return [str(each.file_name) for each in history.page(1, Wanted(**wanted), None, 100, NOON + DAY)]


def exported(viewer: Client, query: str = "", number: int = 1) -> list[list[str]]:
    answer = viewer.get(f"/empresa/{number}/historico.csv{query}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined] # a stream
    assert content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def some() -> None:
    company(1)
    company(2)
    run(
        1,
        "S",
        NOON,
        NOME_ARQUIVO="proven",
        VERIFICADO="S",
        DATA_VERIFICACAO=wall_text(NOON + HOUR),
        BANCO_ORIGEM="C:/A.FDB",
    )
    run(1, "S", NOON - DAY, NOME_ARQUIVO="plain", BANCO_ORIGEM="C:/B.FDB")
    run(1, "S", NOON - 2 * DAY, NOME_ARQUIVO="refuted", VERIFICADO="F")
    run(1, "F", NOON - 3 * DAY, NOME_ARQUIVO="failed")
    run(1, "E", NOON - 4 * DAY, NOME_ARQUIVO="left open")
    run(1, "E", NOON + DAY - HOUR, NOME_ARQUIVO="running")
    run(1, "Z", NOON - 5 * DAY, NOME_ARQUIVO="odd")
    run(1, "S", None, NOME_ARQUIVO="undated")
    run(2, "S", NOON, NOME_ARQUIVO="of another")


@pytest.mark.usefixtures("database")
def test_a_proof_without_a_date_that_can_be_true_is_none() -> None:
    """In the list of what is not proven, and in words; the month does not count it either."""
    company(1)
    dates = {
        "true": NOON + HOUR, "none": None, "before": NOON - 2 * HOUR, "future": NOON + 40 * DAY, "empty": NOON + HOUR
    }  # fmt: skip
    for name, moment in dates.items():
        at, size = None if moment is None else wall_text(moment), 0 if name == "empty" else 5
        run(1, "S", NOON, NOME_ARQUIVO=name, VERIFICADO="S", DATA_VERIFICACAO=at, TAMANHO_BYTES=size)
    assert sorted(listed(unproven=True)) == ["before", "empty", "future", "none"]
    now = NOON + DAY
    with override("pt-br"):  # whatever language an earlier test was left in
        shown = {row.file_name: str(face(row, "", now).proof) for row in history.page(1, Wanted(), None, 10, now)}
    assert {name for name, words in shown.items() if words == "restaurado e comparado"} == {"true"}
    assert {words for name, words in shown.items() if name != "true"} == {"prova sem uma data possível"}


@pytest.mark.usefixtures("database")
def test_filters() -> None:
    some()
    assert listed() == ["running", "proven", "plain", "refuted", "failed", "left open", "odd", "undated"]
    assert listed(status=RunStatus.FAILED) == ["failed"]
    assert listed(failures=True) == ["refuted", "failed", "left open"]
    assert listed(unproven=True) == ["plain", "refuted", "undated"]
    assert listed(source="C:/B.FDB") == ["plain"]
    day = NOON.date()
    assert listed(first=day - 2 * DAY, last=day - DAY) == ["plain", "refuted"]
    assert listed(last=day - 5 * DAY) == ["odd"]
    assert history.sources(1, NOON + DAY, 10) == ["C:/A.FDB", "C:/B.FDB"]


@pytest.mark.usefixtures("database")
def test_the_ends_of_a_day_are_those_of_sao_paulo() -> None:
    company(1)
    midnight = NOON.replace(hour=0)
    for name, moment in (("last", midnight + DAY - HOUR / 3600), ("first", midnight)):
        run(1, "S", moment, NOME_ARQUIVO=name)
    run(1, "S", midnight + DAY, NOME_ARQUIVO="after")
    run(1, "S", midnight - HOUR / 3600, NOME_ARQUIVO="before")
    assert listed(first=NOON.date(), last=NOON.date()) == ["last", "first"]


def test_pages_stay_where_they_are_while_runs_come_in(viewer: Client) -> None:
    company(1)
    for number in range(120):
        run(1, "S", NOON - HOUR * (number // 3), NOME_ARQUIVO=f"f{number}")  # three at one instant
    for number in range(3):
        run(1, "S", None, NOME_ARQUIVO=f"u{number}")
    seen: list[str] = []
    after = None
    while True:
        page = history.page(1, Wanted(), after, 7, NOON)
        seen += [str(each.file_name) for each in page]
        if len(page) < 7:
            break
        after = history.place_of(page[-1])
        run(1, "S", NOON + HOUR, NOME_ARQUIVO="new")
    assert sorted(seen) == sorted([f"f{number}" for number in range(120)] + ["u0", "u1", "u2"])
    first = viewer.get("/empresa/1/historico/").content.decode()
    assert first.count("<tr>") == 51
    assert "Próxima página" in first


def test_junk_where_a_date_should_be(viewer: Client, database: str) -> None:
    company(1)
    run(1, "S", NOON, NOME_ARQUIVO="good")
    if database == "sqlite":
        for junk in (
            "ontem",
            "2026-02-31 10:00:00",
            5,
            2.5,
            b"\xff\xfe",
            "9999-12-31 00:00:00",
            "2026-11-20 12:00:00Z",
            "2026-11-20 12:00:00 h",
        ):
            run(1, "S", None, DATA_INICIO=junk, NOME_ARQUIVO="junk")
    else:
        run(1, "S", None, DATA_INICIO="9999-12-31 00:00:00", NOME_ARQUIVO="junk")
        execute("SET SESSION sql_mode = ''", "INSERT INTO LOG_BACKUPS (ID_EMPRESA, STATUS, DATA_INICIO, NOME_ARQUIVO)"
                " VALUES (1, 'S', '0000-00-00 00:00:00', 'junk')", "SET SESSION sql_mode = DEFAULT")  # fmt: skip
    names, after = [], None
    for _ in range(10):
        page = history.page(1, Wanted(), after, 1, NOON)
        if not page:
            break
        names.append(page[0].file_name)
        after = history.place_of(page[0])
    assert names == ["good"] + ["junk"] * (8 if database == "sqlite" else 2)
    assert viewer.get("/empresa/1/historico/").status_code == 200
    assert len(exported(viewer)) == 1 + len(names)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=X", "status"), ("status=s", "status"), ("de=ontem", "de"), ("de=2026-13-01", "de"),
        ("de=20261101", "de"), ("ate=0001-01-01", "ate"), ("ate=9999-12-31", "ate"),
        ("de=2026-11-02&ate=2026-11-01", "ate"),
        ("falhas=sim", "falhas"), ("sem_prova=0", "sem_prova"), ("banco=%00", "banco"), ("banco=" + "x" * 501, "banco"),
        ("depois=1", "depois"), ("depois=~x", "depois"), ("depois=~99999999999999999999", "depois"),
        ("depois=ontem~1", "depois"), ("depois=9999-12-31 00:00:00~1", "depois"),
        ("depois=~9999999999999999999", "depois"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("sqlite")
def test_bad_parameters_are_named(query: str, field: str) -> None:
    freshness.forget_looks()
    viewer = Client(SERVER_NAME="localhost")
    log_in(viewer, Role.VIEWER)
    company(1)
    answer = viewer.get(f"/empresa/1/historico/?{query}")
    assert answer.status_code == 400
    assert f"“{field}”" in answer.content.decode()
    if not query.startswith("depois"):
        assert viewer.get(f"/empresa/1/historico.csv?{query}").status_code == 400


def test_csv_is_what_the_filter_shows(viewer: Client) -> None:
    some()
    table = exported(viewer, "?falhas=1")
    assert table[0] == [column.value for column in RunColumn]
    name, began = table[0].index("NOME_ARQUIVO"), table[0].index("DATA_INICIO")
    # By the real clock the running one was left open too.
    assert [row[name] for row in table[1:]] == ["running", "refuted", "failed", "left open"]
    assert table[2][began] == "18/11/2026 12:00:00"
    assert len(exported(viewer, number=2)) == 2


def test_csv_holds_no_formula(viewer: Client, database: str) -> None:
    company(1, name="=1+1")
    evil = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", '; "x"\n=2', "ok"]
    for number, text in enumerate(evil):
        run(1, "F", NOON - HOUR * number, MENSAGEM_ERRO=text, NOME_ARQUIVO=text, TAMANHO_BYTES=-5)
    if database == "sqlite":
        run(1, "S", NOON - DAY, TAMANHO_BYTES="=1+1")
    table = exported(viewer)
    message, size = table[0].index("MENSAGEM_ERRO"), table[0].index("TAMANHO_BYTES")
    assert all(len(row) == len(RunColumn) for row in table)
    for row in table[1:]:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    assert table[1][message] == "'=cmd|' /C calc'!A0"
    assert table[1][size] == "'-5"


@pytest.mark.usefixtures("sqlite")
def test_csv_is_written_as_it_is_read() -> None:
    """However many rows there are, the memory is that of a page; and what does not fit is said."""
    company(1)
    Run.objects.bulk_create(
        Run(company=Company(pk=1), status="S", started_at=NOON - timedelta(minutes=n), error_message="x" * 1000)
        for n in range(6000)
    )

    def peak(limit: int) -> int:
        tracemalloc.start()
        written = sum(1 for _ in lines(history.everything(1, Wanted(), limit + 1, NOON), limit))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert written == limit + 2  # header, rows, and that there are more
        return most

    peak(1500)
    assert peak(5900) < 1.3 * peak(1500)
    *_, last = lines(history.everything(1, Wanted(), 11, NOON), 10)
    assert "Só as primeiras 10 linhas" in last


def _plan(sql: str) -> list[tuple[str, str, int]]:
    """Table, key, rows of each step of a query, as MariaDB plans it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        names = [column[0] for column in cursor.description]
        return [
            (str(step["table"]), str(step["key"]), int(step["rows"] or 0))
            for step in (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
        ]


@pytest.mark.usefixtures("mariadb")
def test_no_query_reads_more_than_its_part_of_an_index() -> None:
    now, companies, each = timezone.now(), 40, 100
    for number in range(1, companies + 1):
        company(number, AGENDAS=document([NIGHT], now))
    Run.objects.bulk_create(
        Run(
            company=Company(pk=number),
            status="F" if n % 9 == 0 else "S",
            error_code="TB-DESTINO-CHEIO" if n % 9 == 0 else None,
            started_at=now - timedelta(hours=9 * n),
            received_at=now - timedelta(hours=9 * n),
            source="C:/A.FDB" if n % 2 else "C:/B.FDB",
        )
        for number in range(1, companies + 1)
        for n in range(each)
    )
    execute("ANALYZE TABLE LOG_BACKUPS")
    middle = history.page(1, Wanted(), None, 50, now)[-1]
    day = now.date()
    with CaptureQueriesContext(connection) as asked:
        dossier(found(1), now)  # type: ignore[arg-type] # it is there
        history.sources(1, now, 20)
        for wanted in (
            Wanted(),
            Wanted(failures=True),
            Wanted(unproven=True),
            Wanted(status=RunStatus.FAILED),
            Wanted(source="C:/A.FDB"),
            Wanted(first=day - 5 * DAY, last=day),
        ):
            history.page(1, wanted, None, 51, now)
            history.page(1, wanted, history.place_of(middle), 51, now)
    planned = [query["sql"] for query in asked.captured_queries if query["sql"].startswith("SELECT")]
    on_runs = [sql for sql in planned if "LOG_BACKUPS" in sql and "information_schema" not in sql]
    assert len(on_runs) >= 16
    for sql in on_runs:
        for table, key, read in _plan(sql):
            if table == "LOG_BACKUPS":
                assert key in ("PRIMARY", "LOG_BACKUPS_EMPRESA_INICIO", "LOG_BACKUPS_EMPRESA_STATUS"), sql
                assert read <= 2 * each, (sql, read)
    with CaptureQueriesContext(connection) as plain:
        history.page(1, Wanted(), None, 51, now)
        history.page(1, Wanted(), history.place_of(middle), 10, now)
        review(1, published(None, now), now)
    for query in plain.captured_queries:
        assert {key for _, key, _ in _plan(query["sql"])} == {"LOG_BACKUPS_EMPRESA_INICIO"}, query["sql"]
    assert place_text(history.place_of(middle)).endswith(f"~{middle.pk}")
    assert rows("SELECT COUNT(*) FROM LOG_BACKUPS")[0][0] == companies * each
