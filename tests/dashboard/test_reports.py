"""The month on the screen, as a spreadsheet, and as a document that is read back."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from dashboard.accounts.roles import Role
from dashboard.companies.published import published
from dashboard.companies.review import review
from dashboard.monitoring import freshness
from dashboard.monitoring.models import Company
from dashboard.monitoring.wall_time import CLOUD_ZONE, wall_text
from dashboard.reports.document import printable
from dashboard.reports.months import months
from tests.dashboard.databases import execute, rows
from tests.dashboard.test_pages import company, run
from tests.dashboard.visitors import log_in
from topcore.agenda import Weekday
from topcore.calendar import Outcome
from topcore.month import Span

OCTOBER = Span(datetime(2026, 10, 1, tzinfo=CLOUD_ZONE), datetime(2026, 11, 1, tzinfo=CLOUD_ZONE))
HASH = "0123456789abcdef" * 4


@pytest.fixture
def client(database: str) -> Iterator[Client]:
    freshness.forget_looks()
    found = Client(SERVER_NAME="localhost", raise_request_exception=True)
    log_in(found, Role.VIEWER)
    yield found
    execute("DELETE FROM SESSAO")


def on(owner: int, day: int, status: str | None = "S", hour: int = 23, **more: Any) -> None:
    moment = wall_text(datetime(2026, 10, 1, tzinfo=CLOUD_ZONE) + timedelta(days=day - 1, hours=hour))
    given = {"DATA_INICIO": moment, "DATA_RECEBIDO": moment, "TAMANHO_BYTES": 1000}
    run(owner, status, **{**given, **more})


def an_october() -> None:
    company(1, "Padaria São João & Filhos", "12.ABC.345/01DE-35")
    on(1, 1, NOME_ARQUIVO="a.zip", HASH_SHA256=HASH, VERIFICADO="S", DATA_VERIFICACAO="2026-10-02 00:10:00")
    on(1, 2, NOME_ARQUIVO="b.zip", HASH_SHA256=HASH[::-1], PROXIMO_PREVISTO="2026-10-03 23:00:00")
    on(1, 4, "F", CODIGO_ERRO="TB-D-03", MENSAGEM_ERRO="O disco está cheio: não há espaço")
    on(1, 5, CODIGO_ERRO="TB-FTP", NOME_ARQUIVO="c.zip")
    on(1, 6, VERIFICADO="F", NOME_ARQUIVO="d.zip", HASH_SHA256="f" * 64)
    on(1, 7, "E")
    on(1, 31, hour=25)  # in November
    company(2, "=HYPERLINK(1)")
    on(2, 3)


def table(client: Client, query: str = "?mes=2026-10") -> list[list[str]]:
    answer = client.get(f"/relatorios/csv/{query}")
    assert answer.status_code == 200
    content = answer.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def document(client: Client, identity: int, query: str = "?mes=2026-10") -> PdfReader:
    answer = client.get(f"/relatorios/empresa/{identity}/{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="backups-')
    return PdfReader(io.BytesIO(answer.content))


def text_of(found: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in found.pages)


def test_the_month_as_a_spreadsheet(client: Client) -> None:
    an_october()
    head, *lines = table(client)
    assert head[:4] == ["Empresa", "CNPJ", "Mês", "Sucessos"]
    assert lines == [
        ["Padaria São João & Filhos", "12.ABC.345/01DE-35", "10/2026", "3", "1", "1", "3", "1", "3000", "625,0", "0"],
        ["'=HYPERLINK(1)", "10.000.002/0001-00", "10/2026", "1", "0", "0", "0", "", "1000", "673,0", "0"],
    ]
    assert [line[0] for line in table(client, "?mes=2026-10&busca=sao joao")[1:]] == [lines[0][0]]
    assert table(client, "?mes=2026-10&busca=ninguem")[1:] == []
    execute("UPDATE EMPRESA SET ATIVO = 'N' WHERE ID = 1")
    assert len(table(client)) == 2


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", 'a";"b', "a;b", "a\nb", "'=1"])
@pytest.mark.usefixtures("sqlite")
def test_no_name_is_a_formula_or_breaks_the_line(name: str) -> None:
    client = Client(SERVER_NAME="localhost")
    log_in(client, Role.VIEWER)
    company(1, name)
    (line,) = table(client)[1:]
    assert len(line) == 11
    assert not line[0].lstrip().startswith(("=", "+", "-", "@"))


def test_the_month_on_the_screen(client: Client) -> None:
    an_october()
    company(3, "<script>alert(1)</script>")
    html = client.get("/relatorios/?mes=2026-10").content.decode()
    assert html.index("&lt;script&gt;") < html.index("Padaria") < html.index("=HYPERLINK")  # the worst month first
    assert "outubro de 2026" in html.lower()
    assert "<script>alert" not in html
    html = client.get("/relatorios/?mes=2026-10&busca=12ABC34501DE35").content.decode()
    assert "Padaria" in html
    assert "HYPERLINK" not in html
    assert client.get("/relatorios/").status_code == 200


@pytest.mark.parametrize(
    "query", ["mes=2026-13", "mes=2026-1", "mes=9999-01", "mes=1999-12", "mes=abc", "mes=²026-10", "mes=2026-10-01",
              "busca=%00", "depois=x", "mes=-026-10", "mes=2026-10&mes=2026-09", "busca=a&busca=b"]
)  # fmt: skip
@pytest.mark.usefixtures("sqlite")
def test_bad_parameters(query: str) -> None:
    client = Client(SERVER_NAME="localhost")
    log_in(client, Role.VIEWER)
    assert client.get(f"/relatorios/?{query}").status_code == 400
    if "depois" not in query:
        assert client.get(f"/relatorios/csv/?{query}").status_code == 400
    if "mes" in query:
        company(1)
        assert client.get(f"/relatorios/empresa/1/?{query}").status_code == 400


def test_pages_cover_every_company_once(client: Client) -> None:
    for identity in range(1, 121):
        company(identity, f"Loja {identity:03d}")
        on(identity, 3)
    seen: list[str] = []
    address = "/relatorios/?mes=2026-10"
    for _ in range(4):
        html = client.get(address).content.decode()
        seen += re.findall(r">(Loja \d+)<", html)
        parts = html.split("depois=")
        if len(parts) == 1:
            break
        address = f"/relatorios/?mes=2026-10&depois={parts[1].split(chr(34))[0]}"
    assert sorted(seen) == [f"Loja {identity:03d}" for identity in range(1, 121)]


def test_the_document_says_it_all(client: Client) -> None:
    an_october()
    found = document(client, 1)
    text = text_of(found)
    for said in (
        "Padaria São João & Filhos", "12.ABC.345/01DE-35", "Outubro de 2026", "Padaria São João & Filhos Ltda",
        HASH, HASH[::-1], "a.zip", "02/10/2026 00:10", "O disco está cheio: não há espaço", "Falta uma cópia",
        "Reprovado no teste", "Nenhum informado", "Emitido em", "por localhost",
        "Comprovado: o arquivo foi restaurado",         f"página 1 de {len(found.pages)}", "Não terminou",
    ):  # fmt: skip
        assert said in text, said
    assert "d.zip" not in text  # refuted: it is no backup to rely on
    assert found.metadata is not None
    assert "Padaria São João" in (found.metadata.title or "")


def test_a_document_of_many_pages_repeats_its_head(client: Client) -> None:
    company(1, "Posto 24 h")
    for day in range(1, 32):
        for hour in range(0, 24, 3):
            on(1, day, hour=hour, HASH_SHA256=HASH, NOME_ARQUIVO=f"{day}-{hour}.zip")
    found = document(client, 1)
    assert len(found.pages) > 5
    assert "Arquivo ou motivo" in found.pages[1].extract_text()
    for number, page in enumerate(found.pages, 1):
        assert f"página {number} de {len(found.pages)}" in page.extract_text()
    text = text_of(found)
    assert all(f"{day}-{hour}.zip" in text for day in (1, 16, 31) for hour in (0, 21))


def test_an_empty_month_is_a_document_too(client: Client) -> None:
    company(1)
    text = text_of(document(client, 1, ""))
    assert "Nenhum informado" in text
    assert client.get("/relatorios/empresa/99/").status_code == 404
    assert client.get(f"/relatorios/empresa/{10**25}/").status_code == 404


def test_hostile_rows(client: Client, database: str) -> None:
    company(1, "🚀 中文 “aspas” — ção ﬁm\u0000"[:-1] + "x" * 100, "<b>1</b>")
    on(1, 1, TAMANHO_BYTES=-5, NOME_ARQUIVO="🚀" * 60, HASH_SHA256="z" * 64, DATA_FIM="1999-01-01 00:00:00")
    on(1, 2, "F", MENSAGEM_ERRO="\\frac{x}" * 500, CODIGO_ERRO="🚀")
    on(1, 3, "Z")
    on(1, 4, "s")
    on(1, 5, None)
    on(1, 6, VERIFICADO="?", PROXIMO_PREVISTO="9999-12-31 23:59:59", DATA_FIM="9999-12-31 23:59:59")
    on(1, 7, DATA_RECEBIDO=None)
    if database == "sqlite":
        on(1, 8, TAMANHO_BYTES="grande", DATA_INICIO="2026-10-08 zz", NOME_ARQUIVO=b"\xff")
    text = text_of(document(client, 1))
    assert "? ?? “aspas” — ção" in text
    (line,) = table(client)[1:]
    assert line[3:7] == ["2", "0", "0", "2"]  # a file of -5 bytes is a failure
    assert "Arquivo vazio" in text
    assert client.get("/relatorios/?mes=2026-10").status_code == 200


def test_what_the_font_does_not_have() -> None:
    assert printable("São João – “à” € ã") == "São João – “à” € ã"
    assert printable("cafe\u0301 🚀中") == "café ??"


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    an_october()
    client.get("/relatorios/")
    with CaptureQueriesContext(connection) as few:
        client.get("/relatorios/?mes=2026-10")
    for identity in range(100, 130):
        company(identity)
        on(identity, 3)
    with CaptureQueriesContext(connection) as many:
        client.get("/relatorios/?mes=2026-10")
    assert len(many) <= len(few) <= 16


@pytest.mark.usefixtures("mariadb")
def test_the_months_query_walks_along_the_index() -> None:
    for identity in range(1, 16):
        company(identity)
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO LOG_BACKUPS (ID_EMPRESA, STATUS, DATA_INICIO) VALUES (%s, 'S', %s)",
                [(identity, f"2026-{month:02d}-{day:02d} 23:00:00") for month in range(1, 12) for day in range(1, 29)],
            )
    execute("ANALYZE TABLE LOG_BACKUPS")
    with CaptureQueriesContext(connection) as seen:
        months(list(Company.objects.filter(pk__lte=5)), OCTOBER, OCTOBER.until)
    (plan,) = rows("EXPLAIN " + seen.captured_queries[-1]["sql"])
    assert plan[3] == "range"
    assert plan[5] in ("LOG_BACKUPS_EMPRESA_STATUS", "LOG_BACKUPS_EMPRESA_INICIO")
    assert int(plan[8]) < 400


def test_a_clock_across_the_border_of_a_month(client: Client) -> None:
    """Reported on 31 October, dated 3 November by a clock that is ahead: it is October's."""
    company(1)
    run(1, "S", DATA_INICIO="2026-11-03 12:00:00", DATA_RECEBIDO="2026-10-31 12:00:00", TAMANHO_BYTES=1000)
    (line,) = table(client)[1:]
    assert line[3] == "1"


def test_a_proof_that_the_total_rejects_stands_on_no_line(client: Client) -> None:
    company(1)
    on(1, 2, VERIFICADO="S", DATA_VERIFICACAO="2027-12-30 01:47:00")
    on(1, 3, VERIFICADO="S", DATA_VERIFICACAO="2026-09-01 01:47:00")
    text = text_of(document(client, 1))
    assert "30/12/2027" not in text
    assert "01/09/2026" not in text


def test_what_never_ended_is_a_failure(client: Client) -> None:
    company(1)
    on(1, 2, "E")
    on(1, 3, "P")
    (line,) = table(client)[1:]
    assert line[3:7] == ["0", "0", "0", "2"]


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """15 November 2026, 12:00 in São Paulo."""
    moment = datetime(2026, 11, 15, 12, tzinfo=CLOUD_ZONE)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def lines_of(text: str, words: str) -> list[str]:
    return [line for line in text.splitlines() if words in line]


@pytest.mark.usefixtures("at_noon")
def test_what_is_dated_in_the_future_is_doubtful_on_all_three(client: Client) -> None:
    """Today by a clock a year ahead; and a row of before the server stamped them, which only its own clock dates."""
    company(1)
    good: dict[str, Any] = {"TAMANHO_BYTES": 1000, "HASH_SHA256": HASH, "NOME_ARQUIVO": "bom.zip"}
    run(1, "S", DATA_INICIO="2026-11-14 23:00:00", DATA_RECEBIDO="2026-11-14 23:10:00", **good)
    ahead = good | {"NOME_ARQUIVO": "adiantado.zip", "VERIFICADO": "S", "DATA_VERIFICACAO": "2026-11-15 11:30:00"}
    run(1, "S", DATA_INICIO="2027-11-15 11:00:00", DATA_RECEBIDO="2026-11-15 11:10:00", **ahead)
    run(
        1,
        "S",
        DATA_INICIO="2028-02-03 04:05:00",
        DATA_RECEBIDO="2026-11-15 11:20:00",
        **good | {"NOME_ARQUIVO": "nunca.zip"},
    )
    execute("UPDATE LOG_BACKUPS SET DATA_RECEBIDO = NULL WHERE NOME_ARQUIVO = 'nunca.zip'")
    run(1, "F", DATA_INICIO="2027-01-01 00:00:00", DATA_RECEBIDO="2026-11-15 11:10:00")

    (line,) = table(client, "?mes=2026-11")[1:]
    assert line[3:9] == ["1", "0", "0", "0", "", "1000"]
    assert line[10] == "3"
    html = client.get("/relatorios/?mes=2026-11").content.decode()
    assert "Data no futuro" in html
    assert re.search(r'<td class="number is-odd">3</td>', html)
    text = text_of(document(client, 1, "?mes=2026-11"))
    assert len(lines_of(text, "Sucesso")) == 2  # the head of the totals, and the one of yesterday
    assert "com data de 15/11/2027 11:00" in text
    assert "com data de 03/02/2028 04:05" in text
    assert "adiantado.zip" not in text
    assert "nunca.zip" not in text


def test_a_month_without_a_wrong_clock_does_not_speak_of_one(client: Client) -> None:
    an_october()
    assert "Data no futuro" not in client.get("/relatorios/?mes=2026-10").content.decode()


@pytest.mark.usefixtures("at_noon")
def test_a_clock_far_ahead_counts_where_it_was_reported_once_its_date_is_over(client: Client) -> None:
    company(1)
    run(1, "S", DATA_INICIO="2026-11-10 12:00:00", DATA_RECEBIDO="2026-09-30 12:00:00", TAMANHO_BYTES=1000)
    counts = {month: table(client, f"?mes=2026-{month}")[1][3] for month in ("09", "10", "11")}
    assert counts == {"09": "1", "10": "0", "11": "0"}
    assert "Sucesso" in text_of(document(client, 1, "?mes=2026-09"))


def test_a_silent_agent_misses_in_the_month_what_it_misses_in_the_calendar(client: Client, at_noon: datetime) -> None:
    """An agenda of each night, published on 20 October; backups until 3 November, and silence since."""
    company(1)
    row = {
        "id": 1,
        "horario": "23:00",
        "dias": [day.name for day in Weekday],
        "local_destino1": "D:/",
        "prefixo_backup": "V",
    }
    agendas = {"agendas": [row], "rejeitadas": [], "fuso": "America/Sao_Paulo", "lida_em": "2026-10-20T10:00:00-03:00"}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE EMPRESA SET AGENDAS = %s", [json.dumps(agendas)])
    for day in range(20, 35):
        on(1, day, PROXIMO_PREVISTO=wall_text(datetime(2026, 10, 1, 23, tzinfo=CLOUD_ZONE) + timedelta(days=day)))
    looked = review(1, published(json.dumps(agendas), at_noon), at_noon)
    missed = [slot for day in looked.days for slot in day.slots if slot.outcome is Outcome.MISSED]
    assert len(missed) == 11  # of the nights of 4 to 14 November
    assert table(client, "?mes=2026-11")[1][7] == "11"
    assert table(client)[1][7] == "0"
    assert re.search(r'<td class="number is-bad">11</td>', client.get("/relatorios/?mes=2026-11").content.decode())
    assert "11" in text_of(document(client, 1, "?mes=2026-11"))
    execute("UPDATE EMPRESA SET AGENDAS = NULL")
    assert table(client, "?mes=2026-11")[1][7] == "1"  # nothing published: the one that the last run announced
