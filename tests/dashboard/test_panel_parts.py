"""What a card shows beside its status, the fragment's ETag, the wall; and how the queries find their rows."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.dashboard_load import load
from dashboard.monitoring import clock
from dashboard.monitoring.board import board, page_of_cards
from dashboard.monitoring.copies import Copies, Copy, copies_of
from dashboard.monitoring.models import Run
from dashboard.monitoring.parameters import Request, parse
from dashboard.monitoring.sizes import LENGTH, MOST_COMPANIES, recent_sizes
from dashboard.monitoring.sparkline import HEIGHT, WIDTH, sparkline
from tests.dashboard.databases import execute, one
from tests.dashboard.test_pages import cards, client, company, one_of_each, run, visitor  # noqa: F401 - fixtures too
from topbackup.agent.documents import agenda_document
from topcore.agenda import EVERY_DAY, Agenda
from topcore.company import Company, TaxId

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
S, F, N = Copy.THERE, Copy.MISSING, Copy.NOT_ASKED


LOST = {"file_name": "1.zip", "destination_1": "D:\\B", "destination_2": "E:/B/", "error_code": "TB-COPIA-PERDIDA"}
AWAY = '{"remotas": [{"destino": "ftp", "desde": "2026-11-25T10:00:00+00:00", "em": "2026-11-25T10:01:00+00:00"}]}'


@pytest.mark.parametrize(
    ("row", "remote_wanted", "copies"),
    [
        ({"destination_1": "D:"}, False, Copies(S, N, N)),
        ({"destination_1": "D:", "destination_2": "E:", "uploaded": "S"}, True, Copies(S, S, S)),
        ({"destination_1": "D:", "destination_2": "E:", "uploaded": "N"}, True, Copies(S, S, F)),
        ({"destination_1": "D:", "destination_2": "E:", "error_code": "TB-DESTINO-CHEIO"}, False, Copies(S, F, N)),
        ({"destination_1": "D:", "destination_2": "E:", "error_code": "TB-DESTINO-CHEIO"}, True, Copies(S, F, F)),
        ({"destination_1": "D:", "destination_2": "E:", "error_code": "TB-FTP-LOGIN"}, True, Copies(S, S, F)),
        ({"destination_1": "D:", "destination_2": "E:", "error_code": "?"}, False, Copies(S, F, N)),
        ({"destination_1": "D:", "destination_2": "E:", "error_code": "?", "uploaded": "S"}, True, Copies(S, F, S)),
        ({"destination_1": "D:", "error_code": "?"}, False, Copies(S, N, F)),
        ({"destination_1": "D:", "error_code": "?", "uploaded": "S"}, False, Copies(F, N, S)),
        ({"error_code": ""}, False, Copies(N, N, F)),
        # A file that was there and was lost: the message names it, whichever way its folder is spelled.
        (LOST | {"destination_2": None, "error_message": "x (D:\\B\\1.zip: y)"}, False, Copies(F, N, N)),
        (LOST | {"error_message": "x (D:\\B\\1.zip: y)"}, True, Copies(F, S, F)),
        (LOST | {"error_message": "x (e:\\b\\1.zip: y)", "uploaded": "S"}, True, Copies(S, F, S)),
        (LOST | {"error_message": "x (D:\\B\\1.zip: y · E:\\B\\1.zip: y)"}, False, Copies(F, F, N)),
        (LOST | {"error_message": "x"}, False, Copies(F, F, N)),
        (LOST, False, Copies(F, F, N)),
        (LOST | {"error_message": "x (E:\\B\\1.zip: y)", "copies": AWAY}, True, Copies(S, F, S)),
        (LOST | {"error_code": "TB-SEM-COPIA-BOA", "error_message": "x (D:/B/1.zip: y)"}, False, Copies(F, S, N)),
        # One folder's path stands in the other's.
        (
            LOST | {"destination_1": "/b", "destination_2": "/b/c", "error_message": "x (/b/c/1.zip: y)"},
            False,
            Copies(S, F, N),
        ),
        (
            LOST | {"destination_1": "/b", "destination_2": "/m/b", "error_message": "x (/m/b/1.zip: y)"},
            False,
            Copies(S, F, N),
        ),
    ],
)
def test_which_copies_there_are(row: dict[str, str], remote_wanted: bool, copies: Copies) -> None:
    assert copies_of(Run(status="S", **row), remote_wanted=remote_wanted) == copies


def test_a_remote_copy_is_missed_where_the_agenda_asks_for_it(client: Client) -> None:  # noqa: F811
    shop = Company(7, "Padaria", "Padaria ME", TaxId.parse("12.ABC.345/01DE-35"))
    for number, remote in ((1, False), (2, True)):
        company(number)
        # A path that looks like the answer is still a path.
        row = Agenda(1, datetime(2026, 1, 1, 23).time(), EVERY_DAY, '"backup_remoto": true', remote=remote)
        told = agenda_document(shop, [row], [], datetime(2026, 11, 20, tzinfo=UTC), ZoneInfo("America/Sao_Paulo"))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE EMPRESA SET AGENDAS = %s WHERE ID = %s", [json.dumps(told), number])
        run(number, "S", CAMINHO_DESTINO="D:/")
    found = {card["id_empresa"]: (card["copias"], card["copias_por_destino"]["enviado_ftp"]) for card in cards(client)}
    assert found == {1: (1, "N"), 2: (None, "F")}
    html = client.get("/").content.decode()
    assert [html.count(f"copy--{letter}") for letter in "SFN"] == [2, 1, 3]
    assert 'Remoto <span class="copy__state">falta</span>' in html


@pytest.mark.usefixtures("database")
def test_the_sizes_of_the_last_successes_the_oldest_first() -> None:
    for number in (1, 2, 3):
        company(number)
    for back in range(LENGTH + 4):
        run(1, "S", back * HOUR, TAMANHO_BYTES=1000 - back)
    run(1, "F", MINUTE, TAMANHO_BYTES=7)
    run(1, "s", MINUTE, TAMANHO_BYTES=7)
    run(1, "S", -MINUTE, TAMANHO_BYTES=7, VERIFICADO="F")
    run(2, "S", HOUR, TAMANHO_BYTES=-1)
    run(2, "S", 2 * HOUR, TAMANHO_BYTES=None)
    with CaptureQueriesContext(connection) as captured:
        found = recent_sizes([1, 2, 3, 4], {})
    assert len(captured) == 1
    assert set(found) == {1}
    # Rows that do not count may take the place of some, never that of all.
    assert found[1] == tuple(range(1000 - len(found[1]) + 1, 1001))
    assert len(found[1]) >= LENGTH - 2
    assert recent_sizes([], {}) == {}
    assert recent_sizes(list(range(MOST_COMPANIES)), {}) == found
    with pytest.raises(ValueError, match="at most"):
        recent_sizes(list(range(MOST_COMPANIES + 1)), {})


@pytest.mark.parametrize("sizes", [(0, 0), (1, 2), (5, 5, 5), (10**15, 1, 10**15), tuple(range(12))])
def test_a_sparkline_stays_in_its_box(sizes: tuple[int, ...]) -> None:
    line = sparkline(sizes)
    assert line is not None
    points = [tuple(map(float, point.split(","))) for point in line.points.split()]
    assert len(points) == len(sizes)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert (points[0][1] > points[-1][1]) == (sizes[-1] > sizes[0])


def test_too_little_for_a_line() -> None:
    assert sparkline(()) is None
    assert sparkline((5,)) is None


def test_the_fragment_is_told_unchanged_until_something_shown_changes(
    client: Client,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one_of_each()
    now = timezone.now()

    def asked(tag: str, at: datetime = now, path: str = "/cartoes/") -> Any:
        monkeypatch.setattr(clock, "now", lambda: at)
        return client.get(path, headers={"If-None-Match": tag})

    tag = asked("").headers["ETag"]
    assert asked(tag).status_code == 304
    assert asked(f"W/{tag}", now + MINUTE).status_code == 304  # as gzip leaves it; a minute later
    assert asked(tag).content == b""
    assert "no-store" in asked(tag).headers["Cache-Control"]
    assert asked(tag, path="/cartoes/?status=OK").status_code == 200
    assert asked(tag, path="/").status_code == 200
    assert asked(tag, now + 30 * HOUR).status_code == 200  # time alone has turned a card
    execute("UPDATE EMPRESA SET VERSAO_LOCAL = '9.9' WHERE ID = 1")
    changed = asked(tag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
    run(4, "F")
    assert asked(changed.headers["ETag"]).status_code == 200


def test_only_what_changed_has_a_new_version(client: Client) -> None:  # noqa: F811
    one_of_each()

    def versions() -> dict[str, str]:
        return dict(re.findall(r'id="(empresa-\d+)" data-version="(\w+)"', client.get("/cartoes/").content.decode()))

    before = versions()
    run(1, "F")
    after = versions()
    assert {name for name in before if before[name] != after[name]} == {"empresa-1"}


def test_htmx_gets_the_part_and_a_person_the_page(client: Client) -> None:  # noqa: F811
    one_of_each()
    page, part = client.get("/?busca=loja"), client.get("/?busca=loja", headers={"HX-Request": "true"})
    assert b"<html" in page.content
    assert b"<html" not in part.content
    assert b'id="cards"' in part.content
    assert "HX-Request" in page.headers["Vary"]


def test_the_wall_has_what_needs_somebody_and_what_runs(client: Client) -> None:  # noqa: F811
    one_of_each()
    html = client.get("/?parede=1").content.decode()
    assert re.findall(r'class="wall__card tone--(\w+)"', html) == [
        "FALHA",
        "VERIFICAR",
        "SEM_DADOS",
        "ATENCAO",
        "ATENCAO",
    ]
    assert 'data-theme="escuro"' in html
    assert 'data-total="5"' in html
    assert 'class="going__name">Loja 2<' in html
    assert "<nav" not in html
    assert client.get("/?parede=2").status_code == 400
    execute("DELETE FROM LOG_BACKUPS", "DELETE FROM EMPRESA WHERE ID <> 1")
    run(1, "S")
    assert "Nenhuma empresa precisa de atenção agora." in client.get("/?parede=1").content.decode()


def test_the_strip_tells_who_runs_and_how_many_more(client: Client) -> None:  # noqa: F811
    script = "<script>alert(1)</script>"
    for number in range(1, 12):
        company(number, f"{script} {number}")
        run(
            number,
            "E",
            number * MINUTE,
            BANCO_ORIGEM=f"C:\\{script}\\LOJA.FDB",
            MANUAL="SNx"[number % 3],
            NOME_ARQUIVO="é🚀.zip",
        )
    html = client.get("/").content.decode()
    assert html.count('class="going__name"') == 8
    assert "e mais 3" in html
    assert script not in html
    assert all(words in html for words in ("LOJA.FDB · manual · é🚀.zip", "agendado", "origem desconhecida"))
    first = client.get("/api/executando/").json()["executando"][0]
    assert (first["id_empresa"], first["nome_arquivo"], first["manual"]) == (11, "é🚀.zip", None)
    company(50, "Velha")
    for _ in range(3):
        run(50, "E", 900 * HOUR)  # left open long ago
    assert len(client.get("/api/executando/").json()["executando"]) == 11


def test_an_old_run_that_arrives_late_is_not_the_one_that_runs(client: Client) -> None:  # noqa: F811
    company(1)
    run(1, "E", 5 * MINUTE, NOME_ARQUIVO="este.zip")
    run(1, "E", 900 * HOUR, NOME_ARQUIVO="antigo.zip")
    (going,) = client.get("/api/executando/").json()["executando"]
    assert going["nome_arquivo"] == "este.zip"


def test_a_search_that_finds_many_is_in_the_same_order(
    client: Client,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one_of_each()
    company(30, "Outra")

    def found() -> list[list[int]]:
        queries = ("?busca=loja", "?busca=000.00", "?busca=loja&status=ATENCAO&status=OK")
        return [[card["id_empresa"] for card in cards(client, query)] for query in queries]

    row_by_row = found()
    assert [len(numbers) for numbers in row_by_row] == [7, 8, 3]
    monkeypatch.setattr("dashboard.monitoring.queries._FEW", 0)
    assert found() == row_by_row


def test_by_index_however_long_the_history(mariadb: None) -> None:
    """The short form of benchmarks/dashboard.py: plans and numbers of queries, no times."""
    load(6_000, 300, timezone.now())
    seen: list[str] = []
    for query in ("", "status=OK", "status=ATENCAO", "status=VERIFICAR", "busca=padaria"):
        with CaptureQueriesContext(connection) as captured:
            page_of_cards(parse_text(query))
        seen += [each["sql"] for each in captured.captured_queries]
    with CaptureQueriesContext(connection) as whole:
        assert len(board(parse_text("")).cards) == 60
    seen += [each["sql"] for each in whole.captured_queries]
    assert len(whole) <= 20
    with connection.cursor() as cursor:
        for sql in seen:
            cursor.execute(f"EXPLAIN {sql}".replace("%", "%%"), [])
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                plan = dict(zip(names, row, strict=True))
                if plan["table"] == "LOG_BACKUPS":
                    assert plan["key"] in ("PRIMARY", "LOG_BACKUPS_EMPRESA_STATUS", "LOG_BACKUPS_EMPRESA_INICIO"), (
                        plan,
                        sql,
                    )
                    assert plan["type"] in ("range", "ref", "eq_ref"), (plan, sql)
                    assert "filesort" not in str(plan["Extra"]), (plan, sql)
    assert one("SELECT COUNT(*) FROM LOG_BACKUPS") >= 6_000


def parse_text(query: str) -> Request:
    return parse(QueryDict(query))


def test_a_backup_whose_files_were_lost_says_so_and_not_that_a_restore_failed(client: Client) -> None:  # noqa: F811
    company(1)
    lost = "Uma cópia deste backup não está mais como foi feita. (D:/1.zip: apagado ou movido)"
    run(1, "S", HOUR, CAMINHO_DESTINO="D:", CODIGO_ERRO=LOST["error_code"], MENSAGEM_ERRO=lost)
    (card,) = cards(client)
    assert (card["status"], card["motivo"]) == ("ATENCAO", f"O último backup está incompleto: {lost}")
    execute("UPDATE LOG_BACKUPS SET VERIFICADO = 'F'")
    (card,) = cards(client)
    assert (card["status"], card["motivo"].split(":")[0]) == ("FALHA", "O teste de restauração do último backup falhou")
    execute("UPDATE LOG_BACKUPS SET CODIGO_ERRO = 'TB-SEM-COPIA-BOA'")
    (card,) = cards(client)
    assert (card["status"], card["motivo"]) == ("FALHA", f"Não resta nenhum arquivo bom do último backup: {lost}")
    assert card["codigo_erro"] == "TB-SEM-COPIA-BOA"
    page = client.get("/alertas/").content.decode()
    assert "Não resta nenhum arquivo bom deste backup" in page
    assert "O teste de restauração falhou" not in page


def test_a_file_that_a_bad_backup_took_the_place_of_is_not_said_to_be_there(client: Client) -> None:  # noqa: F811
    """Names S and U: the older good run is on record, and its file is not on the disk."""
    for identity, name in ((1, "a.zip"), (2, "b.zip")):
        company(identity)
        run(identity, "S", 20 * HOUR, NOME_ARQUIVO="a.zip", CAMINHO_DESTINO="D:", VERIFICADO="S", ENVIADO_FTP="S")
        run(identity, "S", HOUR, NOME_ARQUIVO=name, CAMINHO_DESTINO="D:", VERIFICADO="F")
    found = {card["id_empresa"]: card["copias_por_destino"] for card in cards(client)}
    assert (found[1]["caminho_destino"], found[1]["enviado_ftp"]) == ("F", "F")
    assert (found[2]["caminho_destino"], found[2]["enviado_ftp"]) == ("S", "S")
