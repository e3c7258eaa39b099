"""What a person and a program see; and what they are not shown."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.accounts.roles import Role
from dashboard.monitoring import freshness
from dashboard.monitoring.wall_time import CLOUD_ZONE, wall_text
from tests.dashboard.databases import execute, rows
from tests.dashboard.visitors import log_in
from topcore.tables import CardStatus

HOUR = timedelta(hours=1)
PASSWORD = "pão-de-queijo-77"


@pytest.fixture
def visitor(database: str) -> Iterator[Client]:
    """Nobody yet."""
    freshness.forget_looks()
    yield Client(SERVER_NAME="localhost", raise_request_exception=False)
    execute("DELETE FROM SESSAO", "DELETE FROM axes_accessattempt")


@pytest.fixture
def client(visitor: Client) -> Client:
    """Logged in."""
    log_in(visitor, Role.VIEWER)
    return visitor


def company(identity: int, name: str = "Loja", tax_id: str = "", active: str = "S") -> None:
    tax_id = tax_id or f"10.000.{identity:03d}/0001-00"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO EMPRESA (ID, FANTASIA, RAZAO, CNPJ, ATIVO) VALUES (%s, %s, %s, %s, %s)",
            [identity, name, f"{name} Ltda", tax_id, active],
        )


def run(owner: int, status: str | None, ago: timedelta = HOUR, **more: Any) -> None:
    values = {"ID_EMPRESA": owner, "STATUS": status, "DATA_INICIO": wall_text(timezone.now() - ago), **more}
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO LOG_BACKUPS ({', '.join(values)}) VALUES ({marks})", list(values.values()))


def one_of_each() -> None:
    for identity in range(1, 8):
        company(identity, f"Loja {identity}")
    run(1, "S", DATA_RECEBIDO=wall_text(timezone.now() - HOUR), CAMINHO_DESTINO="D:/", TAMANHO_BYTES=50_000_000)
    run(2, "E", HOUR / 6, NOME_ARQUIVO="x.zip")
    run(3, "S", 30 * HOUR)
    run(5, "S", 60 * HOUR)
    run(6, "S", 5 * HOUR)
    run(6, "F", HOUR, MENSAGEM_ERRO="Disco cheio", CODIGO_ERRO="TB-D-03")
    run(7, "S", HOUR, CODIGO_ERRO="TB-D-05", MENSAGEM_ERRO="A segunda cópia não foi gravada")


EXPECTED = {
    6: CardStatus.FAILED,
    5: CardStatus.CHECK,
    4: CardStatus.NO_DATA,
    3: CardStatus.ATTENTION,
    7: CardStatus.ATTENTION,
    2: CardStatus.RUNNING,
    1: CardStatus.OK,
}


def cards(client: Client, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/api/cards/{query}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["cards"]
    return found


def test_login_and_lockout(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPBACKUP_DASHBOARD_PASSWORD", PASSWORD)
    call_command("criar_acesso", username="ana", stdout=StringIO())
    answer = visitor.post("/entrar/", {"username": "ana", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert visitor.get("/").status_code == 200
    assert visitor.post("/sair/").status_code == 302
    assert visitor.get("/").status_code == 302
    for _ in range(5):
        answer = visitor.post("/entrar/", {"username": "ana", "password": "errada"})
    assert answer.status_code == 429
    assert "bloqueado" in answer.content.decode()
    assert visitor.post("/entrar/", {"username": "ana", "password": PASSWORD}).status_code == 429


def test_a_login_is_created_by_command_and_changed_by_it(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="TOPBACKUP_DASHBOARD_PASSWORD"):
        call_command("criar_acesso", username="ana")
    monkeypatch.setenv("TOPBACKUP_DASHBOARD_PASSWORD", "curta")
    with pytest.raises(CommandError, match="TOPBACKUP_DASHBOARD_PASSWORD"):
        call_command("criar_acesso", username="ana")
    for password in (PASSWORD, PASSWORD + "!"):
        monkeypatch.setenv("TOPBACKUP_DASHBOARD_PASSWORD", password)
        call_command("criar_acesso", username="ana", stdout=StringIO())
    user = get_user_model().objects.get(username="ana")
    assert user.check_password(PASSWORD + "!")


def test_worst_first_with_counters_and_the_running_ones(client: Client) -> None:
    one_of_each()
    assert {card["id_empresa"]: card["status"] for card in cards(client)} == EXPECTED
    assert [card["status"] for card in cards(client)] == [status.value for status in EXPECTED.values()]
    counters = client.get("/api/status/").json()
    assert counters["total"] == 7
    assert counters["status"] == {
        "FALHA": 1, "VERIFICAR": 1, "SEM_DADOS": 1, "ATENCAO": 2, "EXECUTANDO": 1, "OK": 1,
    }  # fmt: skip
    (going,) = client.get("/api/executando/").json()["executando"]
    assert (going["id_empresa"], going["nome_arquivo"]) == (2, "x.zip")
    worst = cards(client)[0]
    assert worst["motivo"] == "O último backup falhou: Disco cheio"
    assert worst["codigo_erro"] == "TB-D-03"
    best = cards(client)[-1]
    assert (best["tamanho_formatado"], best["copias"]) == ("47,7 MB", 1)
    assert "+" in best["ultimo_sucesso"] or "-03:00" in best["ultimo_sucesso"]


def test_page_fragment_and_json_say_the_same(client: Client) -> None:
    one_of_each()
    found = cards(client)
    for path in ("/", "/cartoes/"):
        html = client.get(path).content.decode()
        assert [EXPECTED[int(number)].value for number in re.findall(r'card__link"[^>]*>Loja (\d)', html)] == [
            card["status"] for card in found
        ]
        assert re.findall(r'class="card tone--(\w+)"', html) == [card["status"] for card in found]
        for card in found:
            assert card["motivo"] in html
    assert "<html" not in client.get("/cartoes/").content.decode()


def test_filter_and_search(client: Client) -> None:
    company(1, "Padaria São João", "12.ABC.345/01DE-35")
    company(2, "100% Fit", "10.000.000/0001-00")
    company(3, "Casa_Nova", "20.000.000/0001-00")
    company(4, "Fechada", "30.000.000/0001-00", active="N")
    run(1, "F")

    def found(query: str) -> list[int]:
        return sorted(card["id_empresa"] for card in cards(client, query))

    assert found("") == [1, 2, 3]
    assert found("?status=FALHA") == [1]
    assert found("?status=FALHA&status=SEM_DADOS") == [1, 2, 3]
    assert found("?status=OK") == []
    for text in ("padaria", "SÃO JOÃO", "sao joao", "12.ABC.345/01DE-35", "12abc34501de35", "345/01"):
        assert found(f"?busca={text}") == [1], text
    assert found("?busca=100%25") == [2]
    assert found("?busca=%25") == [2]
    assert found("?busca=a_n") == [3]
    assert found("?busca=10000000000100") == [2]
    assert found("?busca=Fechada") == []
    assert found("?busca=%F0%9F%9A%80") == []


def test_pages_cover_everything_once(client: Client) -> None:
    one_of_each()
    for identity in range(8, 16):
        company(identity, f"Loja {identity}")
    at_once = wall_text(timezone.now() - HOUR)
    for identity in range(11, 16):  # many shops begin at the same minute
        run(identity, "S", DATA_INICIO=at_once, DATA_RECEBIDO=at_once)
    seen: list[int] = []
    following = ""
    for _ in range(20):
        answer = client.get("/api/cards/", {"limite": "2", "depois": following}).json()
        seen += [card["id_empresa"] for card in answer["cards"]]
        following = answer["proxima"]
        if following is None:
            break
    assert sorted(seen) == list(range(1, 16))
    assert seen == [card["id_empresa"] for card in cards(client)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=VERDE", "status"),
        ("status=OK&status=ok", "status"),
        ("limite=0", "limite"),
        ("limite=301", "limite"),
        ("limite=-1", "limite"),
        ("limite=dez", "limite"),
        ("limite=²", "limite"),
        ("depois=x", "depois"),
        ("depois=OK~ontem~1", "depois"),
        ("depois=OK~~-1", "depois"),
        ("depois=OK~~99999999999999999999", "depois"),
        ("depois=OK~~9999999999999999999", "depois"),
        ("depois=VERDE~~1", "depois"),
        ("busca=" + "x" * 101, "busca"),
        ("busca=%00", "busca"),
    ],
)
@pytest.mark.usefixtures("sqlite")
def test_bad_parameters_are_named(query: str, field: str) -> None:
    client = Client(SERVER_NAME="localhost")
    log_in(client, Role.VIEWER)
    answer = client.get(f"/api/cards/?{query}")
    assert answer.status_code == 400
    assert answer.json()["campo"] == field
    assert client.get(f"/?{query}").status_code == 400


def test_hostile_rows_are_text_and_never_green(client: Client, database: str) -> None:
    script = "<script>alert(1)</script>"
    company(1, f"{script} 🚀 ' \" & </li>", "<b>1</b>")
    run(1, "F", MENSAGEM_ERRO=f"{script}{{{{ 7|add:7 }}}}" + "x" * 5000, CODIGO_ERRO="<i>TB</i>")
    company(2, "Negativa")
    run(2, "S", TAMANHO_BYTES=-5, CAMINHO_DESTINO="\\\\" + "p" * 498, TAMANHO_FORMATADO=None)
    company(3, "Desconhecida")
    run(3, "Z", NOME_ARQUIVO=None)
    run(3, "s")
    run(3, None)
    company(4, "Sem começo")
    run(4, "S", DATA_INICIO=None)
    company(5, "Do futuro")
    run(5, "S", -50 * HOUR, DATA_RECEBIDO=wall_text(timezone.now() + 50 * HOUR))
    company(6, "Nulos")
    execute("UPDATE EMPRESA SET FANTASIA = NULL, RAZAO = NULL WHERE ID = 6")
    company(7, "Fim dos tempos")
    run(7, "S", PROXIMO_PREVISTO="9999-12-31 23:59:59", DATA_FIM="9999-12-31 23:59:59")
    execute("UPDATE EMPRESA SET DATA_ULTIMA_INTERACAO = '9999-12-31 23:59:59' WHERE ID = 7")
    if database == "sqlite":
        company(8, "Lixo")
        run(8, "S", DATA_INICIO="ontem", TAMANHO_BYTES="grande", PROXIMO_PREVISTO="amanhã")
        run(8, "S", DATA_INICIO="2026-02-31 10:00:00")
        run(8, "S", DATA_INICIO=b"\xff\xfe")

    page = client.get("/")
    assert page.status_code == 200
    html = page.content.decode()
    assert script not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<b>1</b>" not in html
    assert "🚀" in html
    found = {card["id_empresa"]: card for card in cards(client)}
    assert {identity: card["status"] for identity, card in found.items() if identity not in (2, 7)} == {
        1: "FALHA", 3: "SEM_DADOS", 4: "SEM_DADOS", 5: "VERIFICAR", 6: "SEM_DADOS",
    } | ({8: "SEM_DADOS"} if database == "sqlite" else {})  # fmt: skip
    assert found[2]["tamanho_bytes"] is None
    assert found[6]["fantasia"] == "10.000.006/0001-00"
    assert len(found[1]["motivo"]) < 400
    assert client.get("/api/executando/").status_code == 200


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    one_of_each()
    client.get("/")  # the first look for the triggers
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for identity in range(100, 140):
        company(identity)
        run(identity, "F" if identity % 2 else "S")
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) == len(few) <= 23


def test_nothing_inline_and_the_headers_forbid_it(client: Client) -> None:
    one_of_each()
    for path in ("/", "/entrar/"):
        answer = client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", answer.content.decode())
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in client.get("/api/status/").headers["Cache-Control"]


def test_no_old_cards_where_nobody_keeps_them(client: Client) -> None:
    one_of_each()
    assert client.get("/").status_code == 200
    execute("DROP TRIGGER LOG_BACKUPS_MUDOU", "DELETE FROM ESTADO_RECONSTRUCAO")
    freshness.forget_looks()
    try:
        page, status = client.get("/"), client.get("/api/status/")
        assert (page.status_code, status.status_code) == (503, 503)
        assert b"Loja" not in page.content
        assert "reconstru" in page.content.decode() or "check --database" in page.content.decode()
    finally:
        call_command("reconstruir_estado", stdout=StringIO())
    assert client.get("/").status_code == 200


def test_a_database_that_does_not_answer_is_told_in_a_sentence(client: Client) -> None:
    def away(*_: object) -> None:
        raise OperationalError(2003, "Can't connect to MySQL server on '10.0.0.1' (secret detail)")

    with connection.execute_wrapper(away):
        page, status = client.get("/"), client.get("/api/status/")
    assert (page.status_code, status.status_code) == (503, 503)
    assert "secret detail" not in page.content.decode() + status.content.decode()
    assert "não responde" in json.loads(status.content)["mensagem"]


def test_inactive_companies_go_and_come_back(client: Client) -> None:
    one_of_each()
    execute("UPDATE EMPRESA SET ATIVO = 'N' WHERE ID = 6")
    assert 6 not in [card["id_empresa"] for card in cards(client)]
    assert client.get("/api/status/").json()["total"] == 6
    execute("UPDATE EMPRESA SET ATIVO = 'S', DATA_ULTIMA_INTERACAO = '2026-11-23 10:00:00' WHERE ID = 6")
    assert cards(client)[0]["ultimo_contato"].startswith("2026-11-23T10:00:00")
    execute("DELETE FROM LOG_BACKUPS WHERE ID_EMPRESA = 6", "DELETE FROM EMPRESA WHERE ID = 6")
    assert rows("SELECT * FROM EMPRESA_ESTADO WHERE ID_EMPRESA = 6") == []


def test_times_are_shown_in_the_clouds_zone(client: Client) -> None:
    company(1)
    moment = timezone.now() - HOUR
    run(1, "S")
    (card,) = cards(client)
    assert abs(datetime.fromisoformat(card["ultimo_sucesso"]) - moment) < timedelta(seconds=5)


def test_what_is_past_is_not_called_next(client: Client) -> None:
    """And the slot that the failed run told is newer than that of the last good one."""
    company(1)
    now = timezone.now()
    run(1, "S", DATA_INICIO=wall_text(now - 50 * HOUR), PROXIMO_PREVISTO=wall_text(now - 26 * HOUR))
    assert "Era esperado" in client.get("/").content.decode()
    run(1, "F", DATA_INICIO=wall_text(now - 26 * HOUR), PROXIMO_PREVISTO=wall_text(now + 2 * HOUR))
    page = client.get("/").content.decode()
    assert "Era esperado" not in page
    assert "Próximo" in page


def test_the_next_slot_is_the_newest_runs(client: Client) -> None:
    """Not the latest one: that may be of a clock that was wrong."""
    company(1)
    now = timezone.now()
    right = (now + 2 * HOUR).replace(microsecond=0)
    run(1, "S", DATA_INICIO=wall_text(now - 30 * HOUR), PROXIMO_PREVISTO=wall_text(now + 90 * HOUR))
    run(1, "F", DATA_INICIO=wall_text(now - 5 * HOUR), PROXIMO_PREVISTO=wall_text(right))
    (card,) = cards(client)
    assert card["proximo_previsto"][:19] == right.astimezone(CLOUD_ZONE).isoformat()[:19]


def test_a_proof_of_the_future_is_not_shown(client: Client) -> None:
    company(1)
    now = timezone.now()
    later = wall_text(now + 400 * 24 * HOUR)
    run(1, "S", DATA_INICIO=wall_text(now - HOUR), VERIFICADO="S", DATA_VERIFICACAO=later, TAMANHO_BYTES=1000)
    (card,) = cards(client)
    assert card["ultima_prova"] is None
