"""What needs a person; who knows of it; and that a card stays what it is, whoever knows."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.accounts.models import AuditEntry
from dashboard.accounts.roles import Role
from dashboard.alerts.acknowledgements import Decision, acknowledge, current
from dashboard.alerts.analysis import analyse_some, forget_the_gone, waiting
from dashboard.alerts.causes import Cause, Kind
from dashboard.alerts.found import alerts
from dashboard.alerts.models import Acknowledgement, FoundAnomaly
from dashboard.monitoring import freshness
from dashboard.monitoring.wall_time import parsed, wall_text
from tests.dashboard.databases import execute, one, rows
from tests.dashboard.hand_made import create_by_hand, fill_by_hand
from tests.dashboard.test_pages import HOUR, company, run
from tests.dashboard.visitors import log_in

DAY = timedelta(days=1)


@pytest.fixture
def client(database: str) -> Iterator[Client]:
    """Somebody of the support team."""
    freshness.forget_looks()
    found = Client(SERVER_NAME="localhost", raise_request_exception=True)
    log_in(found, Role.SUPPORT)
    yield found
    execute("DELETE FROM SESSAO")


def causes() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for alert in alerts(timezone.now()):
        found.setdefault(alert.cause.key, []).append(alert.company_id)
    return {key: sorted(companies) for key, companies in found.items()}


def old_companies(*identities: int) -> None:
    for identity in identities:
        company(identity, f"Loja {identity}")
    execute(f"UPDATE EMPRESA SET DATA_CADASTRO = '{wall_text(timezone.now() - 9 * DAY)}'")


def know(client: Client, cause: str, *companies: int, **more: str) -> Any:
    said = {"causa": cause, "empresa": [str(each) for each in companies], "comentario": "Técnico a caminho", **more}
    return client.post("/alertas/ciente/", said)


def shelves(client: Client) -> list[int]:
    html = client.get("/alertas/").content.decode()
    return [int(number.replace(".", "")) for number in re.findall(r'shelves__number">([\d.]+)<', html)]


def every_cause() -> None:
    old_companies(*range(1, 13))
    run(1, "S", 3 * HOUR)
    run(1, "F", HOUR, CODIGO_ERRO="TB-FB-SENHA", MENSAGEM_ERRO="O Firebird recusou a senha")
    run(2, "F", HOUR, CODIGO_ERRO="TB-FB-SENHA", MENSAGEM_ERRO="O Firebird recusou a senha")
    run(3, "F", HOUR)
    run(4, "S", HOUR, VERIFICADO="F")
    run(5, "E", 2 * HOUR)
    run(6, "S", 60 * HOUR)
    run(7, "S", -50 * HOUR, DATA_RECEBIDO=wall_text(timezone.now() + 50 * HOUR))
    run(9, "S", HOUR, CODIGO_ERRO="TB-FTP-LOGIN", MENSAGEM_ERRO="O servidor FTP recusou o login")
    run(10, "S", HOUR)
    run(11, "E", HOUR / 6)
    run(12, "S", 30 * HOUR)  # late, which time alone may mend: nobody is called for it yet
    company(13, "Nova de hoje")
    execute(f"UPDATE EMPRESA SET DATA_CADASTRO = '{wall_text(timezone.now() - HOUR)}' WHERE ID = 13")


def test_companies_by_cause(client: Client) -> None:
    every_cause()
    assert causes() == {
        "FALHA:TB-FB-SENHA": [1, 2],
        "FALHA": [3],
        "RESTAURACAO_REPROVADA": [4],
        "INTERROMPIDO": [5],
        "SILENCIO": [6],
        "FUTURO": [7],
        "SEM_DADOS": [8],
        "COPIA:TB-FTP-LOGIN": [9],
    }
    html = client.get("/alertas/").content.decode()
    assert "O Firebird recusou o usuário ou a senha." in html
    assert "Falta uma cópia: O servidor FTP recusou o login" in html
    assert html.count("2 empresas") == 1
    body = client.get("/alertas/grupo/?causa=FALHA:TB-FB-SENHA", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in body
    assert re.findall(r'aria-label="Escolher (Loja \d)"', body) == ["Loja 1", "Loja 2"]


def test_inactive_companies_and_those_that_recovered_need_nobody(client: Client) -> None:
    every_cause()
    execute("UPDATE EMPRESA SET ATIVO = 'N' WHERE ID IN (1, 4, 6)")
    run(2, "S", HOUR / 2)
    assert set(causes()) == {"FALHA", "INTERROMPIDO", "FUTURO", "SEM_DADOS", "COPIA:TB-FTP-LOGIN"}


def test_an_acknowledgement_changes_no_card_and_no_counter(client: Client) -> None:
    every_cause()
    client.get("/alertas/")  # which finds that the clock of company 7 is wrong
    before = client.get("/api/status/").json()["status"], client.get("/api/cards/").json()["cards"]
    for cause, companies in causes().items():
        day = (timezone.localtime() + 3 * DAY).strftime("%Y-%m-%d")
        assert know(client, cause, *companies, silencio_ate=day).status_code == 302
    assert shelves(client) == [0, 0, 10]
    after = client.get("/api/status/").json()["status"], client.get("/api/cards/").json()["cards"]
    assert after == before
    assert AuditEntry.objects.filter(action="ALERTA_CIENTE", who="ana").count() == 9


def test_what_is_known_ends_when_the_company_recovers_even_unseen(client: Client) -> None:
    every_cause()
    know(client, "FALHA:TB-FB-SENHA", 1, 2)
    know(client, "COPIA:TB-FTP-LOGIN", 9)
    assert shelves(client) == [7, 3, 0]
    # Another failure without a success between: it is still the same.
    run(1, "F", HOUR / 2, CODIGO_ERRO="TB-FB-SENHA")
    run(9, "S", HOUR / 2, CODIGO_ERRO="TB-FTP-LOGIN")
    # A backup that runs hides the alert for a while, and is no recovery.
    run(2, "E", HOUR / 10)
    assert shelves(client) == [7, 2, 0]
    execute("DELETE FROM LOG_BACKUPS WHERE STATUS = 'E' AND ID_EMPRESA = 2")
    assert shelves(client) == [7, 3, 0]
    # Recovered and failed again while nobody looked.
    for owner in (1, 9):
        run(owner, "S", HOUR / 3)
    run(1, "F", HOUR / 4, CODIGO_ERRO="TB-FB-SENHA")
    run(9, "S", HOUR / 4, CODIGO_ERRO="TB-FTP-LOGIN")
    assert causes()["FALHA:TB-FB-SENHA"] == [1, 2]
    assert shelves(client) == [9, 1, 0]


def test_another_cause_between_does_not_end_it(client: Client) -> None:
    old_companies(1)
    run(1, "F", 3 * HOUR, CODIGO_ERRO="TB-A")
    know(client, "FALHA:TB-A", 1)
    run(1, "F", 2 * HOUR, CODIGO_ERRO="TB-B")
    assert shelves(client) == [1, 0, 0]
    run(1, "F", HOUR, CODIGO_ERRO="TB-A")
    assert shelves(client) == [0, 1, 0]


def test_the_whole_group_as_it_was_seen(client: Client) -> None:
    every_cause()
    html = client.get("/alertas/grupo/?causa=FALHA:TB-FB-SENHA").content.decode()
    (seen,) = re.findall(r'name="vistas" value="([\d,]+)"', html)
    run(3, "F", HOUR / 2, CODIGO_ERRO="TB-FB-SENHA")  # comes while the person writes
    know(client, "FALHA:TB-FB-SENHA", alcance="todas", vistas=seen)
    html = client.get("/alertas/grupo/?causa=FALHA:TB-FB-SENHA").content.decode()
    assert re.findall(r'aria-label="Escolher (Loja \d)"', html) == ["Loja 3"]
    html = client.get("/alertas/grupo/?causa=FALHA:TB-FB-SENHA&lista=cientes").content.decode()
    assert re.findall(r'aria-label="Escolher (Loja \d)"', html) == ["Loja 1", "Loja 2"]
    assert "ana · " in html
    assert "Técnico a caminho" in html


def test_silence_has_an_end(client: Client) -> None:
    every_cause()
    today = timezone.localtime()
    for days, right in ((-1, False), (31, False), (0, True), (30, True)):
        Acknowledgement.objects.all().delete()
        answer = know(client, "FALHA", 3, silencio_ate=(today + days * DAY).strftime("%Y-%m-%d"))
        assert answer.status_code == (302 if right else 400), days
    assert know(client, "FALHA:TB-FB-SENHA", 1, silencio_ate="amanhã").status_code == 400
    assert shelves(client)[2] == 1
    found = alerts(timezone.now())
    assert current(found, timezone.now() + 29 * DAY)
    assert current(found, timezone.now() + 31 * DAY) == {}
    assert Acknowledgement.objects.count() == 0


def test_reopen(client: Client) -> None:
    every_cause()
    know(client, "FALHA:TB-FB-SENHA", 1, 2)
    answer = client.post("/alertas/reabrir/", {"causa": "FALHA:TB-FB-SENHA", "lista": "cientes", "empresa": "1"})
    assert answer.status_code == 302
    assert shelves(client) == [9, 1, 0]
    entry = AuditEntry.objects.get(action="ALERTA_REABERTO")
    assert (entry.target, entry.detail) == ("FALHA:TB-FB-SENHA", "EMPRESA 1")


def test_what_is_missing_is_said_at_its_field(client: Client) -> None:
    every_cause()
    assert "Diga o que você sabe" in know(client, "FALHA", 3, comentario=" ").content.decode()
    assert "Marque ao menos uma empresa" in know(client, "FALHA").content.decode()
    assert "Marque ao menos uma empresa" in know(client, "FALHA", 1).content.decode()  # not in that group
    assert know(client, "FALHA", 3, comentario="x" * 501).status_code == 400
    marked = {"causa": "FALHA", "empresa": "x"}
    seen = {"causa": "FALHA", "vistas": "1,x", "alcance": "todas"}
    for bad in ({"causa": "OUTRA"}, marked, seen):
        assert client.post("/alertas/ciente/", {"comentario": "x", **bad}).status_code == 400
    for query in ("lista=verde", "causa=", "causa=FALHA&pagina=0", "causa=FALHA&pagina=x"):
        assert client.get(f"/alertas/grupo/?{query}").status_code == 400, query
    assert client.get("/alertas/?lista=x").status_code == 400
    assert Acknowledgement.objects.count() == 0


def test_who_only_looks_may_not_act(database: str) -> None:
    viewer = Client(SERVER_NAME="localhost")
    log_in(viewer, Role.VIEWER, "leo")
    every_cause()
    assert b'name="comentario"' not in viewer.get("/alertas/grupo/?causa=FALHA").content
    assert know(viewer, "FALHA", 3).status_code == 403
    assert viewer.post("/alertas/reabrir/", {"causa": "FALHA"}).status_code == 403
    assert Acknowledgement.objects.count() == 0


def test_old_agents(client: Client) -> None:
    old_companies(1, 2, 3, 4, 5)
    for identity, version in enumerate(("1.4.0", "1.0.10", "1.0.9", "<b>lixo</b>", ""), 1):
        run(identity, "S", HOUR)
        execute(f"UPDATE EMPRESA SET VERSAO_LOCAL = '{version}' WHERE ID = {identity}")
    assert causes() == {}
    execute("INSERT INTO VERSAO_APP (VERSAO, OBRIGATORIA) VALUES ('1.4.0', 'N'), ('1.0.10', 'S'), ('lixo', 'S')")
    assert causes() == {"AGENTE_DESATUALIZADO": [2], "AGENTE_OBRIGATORIO": [3]}
    know(client, "AGENTE_DESATUALIZADO", 2)
    assert shelves(client) == [1, 1, 0]
    execute("UPDATE EMPRESA SET VERSAO_LOCAL = '1.0.11' WHERE ID = 2")  # another version, and too old again
    assert shelves(client) == [2, 0, 0]


def odd_company(identity: int) -> None:
    company(identity, f"Loja {identity}")
    for number in range(6):
        run(
            identity,
            "S",
            (6 - number) * DAY + HOUR,
            TAMANHO_BYTES=1000 + number if number < 5 else 10,
            CAMINHO_DESTINO="D:\\B",
            CAMINHO_DESTINO2="d:/b/",
        )
    run(
        identity,
        "S",
        HOUR,
        TAMANHO_BYTES=12,
        DATA_FIM=wall_text(timezone.now() - 3 * HOUR),
        CAMINHO_DESTINO="D:\\B",
        CAMINHO_DESTINO2="d:/b/",
    )


def test_anomalies_are_found_a_few_companies_at_a_time(client: Client) -> None:
    for identity in (1, 2, 3):
        odd_company(identity)
    assert waiting() == 3
    assert analyse_some(timezone.now(), 2) == 2
    assert waiting() == 1
    assert "1 empresa ainda não foi analisada" not in client.get("/alertas/").content.decode()  # the page did it
    assert waiting() == 0
    everything = [1, 2, 3]
    assert causes() == {"TAMANHO_CAIU": everything, "DESTINOS_IGUAIS": everything, "RELOGIO": everything}
    html = client.get("/alertas/grupo/?causa=TAMANHO_CAIU").content.decode()
    assert "12\xa0bytes; o normal era 1001\xa0bytes" in html
    known = set(FoundAnomaly.objects.values_list("pk", flat=True))
    run(1, "S", HOUR / 2, TAMANHO_BYTES=990, CAMINHO_DESTINO="D:\\B")  # all is well again
    run(2, "S", HOUR / 2, TAMANHO_BYTES=11, CAMINHO_DESTINO="D:\\B", CAMINHO_DESTINO2="d:/b/")
    assert (waiting(), analyse_some(timezone.now(), 10)) == (2, 2)
    assert causes() == {"TAMANHO_CAIU": [2, 3], "DESTINOS_IGUAIS": [2, 3], "RELOGIO": [3]}
    assert set(FoundAnomaly.objects.values_list("pk", flat=True)) < known  # what goes on keeps its row


def test_an_anomaly_that_comes_back_is_a_new_one(client: Client) -> None:
    odd_company(1)
    client.get("/alertas/")
    know(client, "DESTINOS_IGUAIS", 1)
    assert shelves(client) == [2, 1, 0]
    assert not Acknowledgement.objects.exclude(cause="DESTINOS_IGUAIS").exists()
    for ago, other in ((50, "E:/B"), (40, "d:/b")):
        run(1, "S", timedelta(minutes=ago), TAMANHO_BYTES=11, CAMINHO_DESTINO="D:\\B", CAMINHO_DESTINO2=other)
        analyse_some(timezone.now(), 10)
    assert shelves(client)[1] == 0


def test_the_command_does_all_and_says_so(client: Client) -> None:
    for identity in (1, 2):
        odd_company(identity)
    execute("INSERT INTO ANOMALIA (ID_EMPRESA, TIPO, ID_EXECUCAO, LOCAL) VALUES (99, 'RELOGIO', 1, '')")
    said = StringIO()
    call_command("analisar", stdout=said)
    assert "Analisadas: 2 empresas" in said.getvalue()
    assert "ainda por analisar: 0" in said.getvalue()
    assert one("SELECT COUNT(*) FROM ANOMALIA WHERE ID_EMPRESA = 99") == 0
    assert forget_the_gone() == 0


def test_hostile_rows_are_text(client: Client, database: str) -> None:
    script = "<script>alert(1)</script>"
    old_companies(1, 2, 3, 4)
    company(5, f"{script} 🚀")
    run(5, "F", MENSAGEM_ERRO=script * 300, CODIGO_ERRO="<i>🚀&código</i>")
    run(1, "F", CODIGO_ERRO="x" * 40)
    run(2, "S", TAMANHO_BYTES=-5, CAMINHO_DESTINO="\\\\" + "p" * 498, CAMINHO_DESTINO2="\\\\" + "P" * 498)
    run(3, "S", DATA_FIM="9999-12-31 23:59:59", PROXIMO_PREVISTO="9999-12-31 23:59:59", CODIGO_ERRO="")
    run(4, "Z")
    execute("UPDATE EMPRESA SET DATA_CADASTRO = '9999-12-31 23:59:59', VERSAO_LOCAL = '<b>' WHERE ID = 4")
    if database == "sqlite":
        run(2, "S", HOUR / 2, TAMANHO_BYTES="grande", DATA_FIM="ontem", CAMINHO_DESTINO=b"\xff")
    answer = client.get("/alertas/")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert script not in html
    assert "<i>" not in html
    for cause in [*causes(), "FALHA:naohá", "FALHA:<i>"]:
        answer = client.get("/alertas/grupo/", {"causa": cause})
        assert answer.status_code == 200, cause
        assert script not in answer.content.decode()
    for cause, companies in causes().items():
        assert know(client, cause, *companies, comentario=f"🚀 {script}").status_code == 302
    html = client.get("/alertas/?lista=cientes").content.decode()
    assert "&lt;i&gt;🚀&amp;código&lt;/i&gt;" in html
    assert shelves(client)[0] == 0
    assert json.dumps(causes())


def test_codes_that_differ_in_a_capital_are_two(client: Client) -> None:
    old_companies(1, 2)
    run(1, "F", CODIGO_ERRO="tb-x")
    run(2, "F", CODIGO_ERRO="TB-X")
    know(client, "FALHA:TB-X", 2)
    know(client, "FALHA:TB-X", 1)
    assert shelves(client) == [1, 1, 0]


@pytest.mark.usefixtures("mariadb")
def test_a_company_is_analysed_along_the_index() -> None:
    for identity in range(1, 21):
        company(identity)
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO LOG_BACKUPS (ID_EMPRESA, STATUS, DATA_INICIO) VALUES (%s, 'S', %s)",
                [(identity, f"2026-{month:02d}-{day:02d} 23:00:00") for month in range(1, 11) for day in range(1, 29)],
            )
    execute("ANALYZE TABLE LOG_BACKUPS")
    with CaptureQueriesContext(connection) as seen:
        assert analyse_some(timezone.now(), 3) == 3
    (walk,) = [query["sql"] for query in seen.captured_queries if "UNION ALL" in query["sql"]]
    plans = [plan for plan in rows(f"EXPLAIN {walk}") if plan[2] == "LOG_BACKUPS"]
    assert [(plan[3], plan[5]) for plan in plans] == [("range", "LOG_BACKUPS_EMPRESA_STATUS")] * 3
    assert "filesort" not in str(plans)


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    every_cause()
    odd_company(20)
    client.get("/alertas/")
    know(client, "FALHA:TB-FB-SENHA", 1)
    addresses = ("/alertas/", "/alertas/?lista=cientes", "/alertas/grupo/?causa=FALHA:TB-FB-SENHA")
    few = [_queries(client, address) for address in addresses]
    for identity in range(100, 140):
        company(identity)
        run(identity, "F" if identity % 2 else "S", CODIGO_ERRO="TB-FB-SENHA")
    client.get("/alertas/")  # the new successes are analysed by this one
    know(client, "FALHA:TB-FB-SENHA", *range(101, 121, 2))
    assert [_queries(client, address) for address in addresses] == few
    assert max(few) <= 20


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_a_schema_made_by_hand_in_an_old_character_set(empty_database: str) -> None:
    """EMPRESA.ID is an int(11) there, and the schema's own character set has no emoji."""
    if empty_database == "mariadb":
        execute("ALTER DATABASE CHARACTER SET latin1")
    create_by_hand(empty_database)
    fill_by_hand()
    for room in ("accounts", "alerts"):
        call_command("migrate", room, verbosity=0)
    now = parsed("2026-11-23 08:00:00")
    assert now is not None
    found = {alert.cause.key: [alert] for alert in alerts(now)}
    companies = {key: those[0].company_id for key, those in found.items()}
    assert companies == {"FALHA": 2, "SEM_DADOS": 3, "INTERROMPIDO": 4}
    user = get_user_model().objects.create_user("ana")
    decision = Decision("Ciente 🚀", None)
    assert acknowledge(user, Cause(Kind.FAILED), found["FALHA"], decision, now) == 1
    assert current(alerts(now), now)[2, "FALHA"].comment == "Ciente 🚀"
    while analyse_some(now, 10):
        pass
    assert waiting() == 0
    execute("DELETE FROM LOG_BACKUPS WHERE ID_EMPRESA = 2", "DELETE FROM EMPRESA WHERE ID = 2")
    assert forget_the_gone() == 2  # what was acknowledged, and the analysis
