"""The page of one company: the same card as on the panel, nothing green without proof, whatever the rows hold."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.companies.dossier import dossier, found
from dashboard.companies.published import published
from dashboard.companies.review import MOST_RUNS, review
from dashboard.companies.verdicts import Told, Verdict, fact, verdict
from dashboard.monitoring import freshness
from dashboard.monitoring.models import Company, Run
from dashboard.monitoring.wall_time import CLOUD_ZONE
from tests.dashboard.databases import execute
from tests.dashboard.shops import NIGHT, NOON, TAX_ID, company, document, quarter, run
from topcore.agenda import slots_between
from topcore.calendar import Outcome
from topcore.health import DEFAULT_LIMITS
from topcore.tables import CardStatus, Proof, RunStatus

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def html(viewer: Client, path: str = "/empresa/1/", status: int = 200) -> str:
    answer = viewer.get(path)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


def days(text: str) -> list[str]:
    return re.findall(r'class="day day--(\w+)" href', text)


def test_the_head_is_the_panels_card(viewer: Client) -> None:
    now = timezone.now()
    company(1, tax_id=TAX_ID, VERSAO_LOCAL="2.0.0", AGENDAS=document([NIGHT, NOON], now))
    quarter(1, now)
    company(2)
    run(2, "F", now - HOUR, CODIGO_ERRO="TB-DESTINO-CHEIO", MENSAGEM_ERRO="D: cheio")
    company(3)
    for card in viewer.get("/api/cards/").json()["cards"]:
        text = html(viewer, f"/empresa/{card['id_empresa']}/")
        head = text[text.index('<header class="sheet head') : text.index("</header>", text.index("sheet head"))]
        assert f"tone--{card['status']}" in head
        assert card["motivo"] in head
        assert card["cnpj"] in head
    failed = html(viewer, "/empresa/2/")
    for words in ("Não há espaço livre suficiente no destino.", "O disco está cheio, ou quase.", "loja", "D: cheio"):
        assert words in failed


def test_an_unknown_company_is_told_in_portuguese(viewer: Client) -> None:
    for number in (7, 10**30):
        for path in ("", "historico/", "historico.csv"):
            assert "Não existe empresa com o número" in html(viewer, f"/empresa/{number}/{path}", 404)


def test_an_inactive_company_is_shown_as_such(viewer: Client) -> None:
    company(1, ATIVO="N")
    run(1, "S", timezone.now() - HOUR)
    text = html(viewer)
    assert "Esta empresa está inativa" in text
    assert "tone--OK" not in text[: text.index("</header>", text.index("sheet head"))]
    assert "Inativa" in html(viewer, "/empresa/1/historico/")


def test_old_evidence_is_not_shown(viewer: Client) -> None:
    company(1)
    execute("DROP TRIGGER LOG_BACKUPS_MUDOU", "DELETE FROM ESTADO_RECONSTRUCAO")
    freshness.forget_looks()
    try:
        html(viewer, status=503)
    finally:
        call_command("reconstruir_estado", stdout=StringIO())
        freshness.forget_looks()


def test_a_code_that_the_catalogue_does_not_know(viewer: Client) -> None:
    company(1)
    run(1, "F", timezone.now() - HOUR, CODIGO_ERRO="TB-DO-FUTURO", MENSAGEM_ERRO="Algo novo")
    text = html(viewer)
    assert "TB-DO-FUTURO" in text
    assert "não está no catálogo desta versão" in text


@pytest.mark.parametrize(("good", "followed"), [("c:\\a.fdb", True), (None, True), ("C:/B.FDB", False)])
def test_a_success_of_another_database_overcomes_nothing(viewer: Client, good: str | None, followed: bool) -> None:
    now = timezone.now()
    company(1)
    run(1, "F", now - 5 * HOUR, CODIGO_ERRO="TB-FB-SENHA", BANCO_ORIGEM="C:/A.FDB")
    run(1, "S", now - 4 * HOUR, BANCO_ORIGEM=good, TAMANHO_BYTES=48_000_000)
    assert ("houve um backup bom" in html(viewer)) is followed


def test_a_cause_is_past_only_when_each_database_recovered(viewer: Client) -> None:
    now = timezone.now()
    company(1)
    for source, hours in (("C:/A.FDB", 6), ("C:/B.FDB", 5)):
        run(1, "F", now - hours * HOUR, CODIGO_ERRO="TB-FB-SENHA", BANCO_ORIGEM=source)
    run(1, "S", now - 4 * HOUR, BANCO_ORIGEM="C:/B.FDB", TAMANHO_BYTES=48_000_000)
    assert "houve um backup bom" not in html(viewer)
    run(1, "S", now - 3 * HOUR, BANCO_ORIGEM="C:/A.FDB", TAMANHO_BYTES=48_000_000)
    assert "houve um backup bom" in html(viewer)


def test_the_calendar_by_the_published_agenda(viewer: Client) -> None:
    now = timezone.now()
    company(1, AGENDAS=document([NIGHT], now))
    start = now - 100 * DAY
    slots = slots_between(NIGHT, start, now - 2 * HOUR, CLOUD_ZONE)
    ours = [slot for number, slot in enumerate(slots) if number % 10]
    for slot, following in zip(ours, [*ours[1:], None], strict=True):
        due = following and min(other for other in slots if other > slot)
        run(1, "S", slot, PROXIMO_PREVISTO=f"{due.astimezone(CLOUD_ZONE):%Y-%m-%d %H:%M:%S}" if due else None)
    looked = dossier(found(1), now).review  # type: ignore[arg-type] # it is there
    judged = {day.day: day.outcome for day in looked.days}
    assert len(judged) == 90
    for slot in slots[-40:-1]:
        expected = Outcome.DONE if slot in ours else Outcome.MISSED
        assert judged[slot.astimezone(CLOUD_ZONE).date()] is expected
    assert set(days(html(viewer))) <= {outcome.value for outcome in Outcome}
    execute("UPDATE EMPRESA SET AGENDAS = NULL")
    text = html(viewer)
    assert set(days(text)) <= {"executado", "desconhecido"}
    assert "não é conhecida" in text
    execute("UPDATE EMPRESA SET AGENDAS = '{\"agendas\": 3}'")
    assert set(days(html(viewer))) <= {"executado", "desconhecido"}


def test_more_runs_than_can_be_looked_at(viewer: Client) -> None:
    now = timezone.now()
    company(1, AGENDAS=document([NIGHT], now - DAY * 80))
    Run.objects.bulk_create(
        Run(
            company=Company(pk=1), status="S", started_at=now - timedelta(minutes=20 * n), size_bytes=n, received_at=now
        )
        for n in range(MOST_RUNS + 5)
    )
    looked = review(1, published(found(1).agendas, now), now)  # type: ignore[union-attr] # it is there
    assert looked.truncated
    assert len(looked.seen) == MOST_RUNS
    assert looked.since is not None
    assert looked.since >= now - timedelta(minutes=20 * MOST_RUNS)
    assert "incompletos" in html(viewer)


def test_the_number_of_queries_does_not_grow(viewer: Client) -> None:
    now = timezone.now()
    company(1, AGENDAS=document([NIGHT, NOON], now))
    run(1, "F", now - HOUR, CODIGO_ERRO="TB-DESTINO-CHEIO")
    html(viewer)
    with CaptureQueriesContext(connection) as few:
        html(viewer)
    quarter(1, now)
    with CaptureQueriesContext(connection) as many:
        html(viewer)
    assert len(many) <= len(few) + 1 <= 17  # one for the runs that the card names
    with CaptureQueriesContext(connection) as history:
        html(viewer, "/empresa/1/historico/")
    assert len(history) <= 8


def test_nothing_inline_but_the_charts_numbers(viewer: Client) -> None:
    company(1, name="</script><script>alert(1)</script>")
    run(1, "S", timezone.now() - HOUR, BANCO_ORIGEM="</script><script>alert(2)</script>", TAMANHO_BYTES=5)
    for path in ("/empresa/1/", "/empresa/1/historico/"):
        text = html(viewer, path)
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", text)
        assert all("src=" in tag or 'type="application/json"' in tag for tag in re.findall(r"<script[^>]*>", text))


_NASTY = st.sampled_from([
    None, "", "<script>alert(1)</script>", "🚀" * 60, "\\\\" + "p" * 400, "' OR 1=1 --",
    "{{ 7|add:7 }}", "=cmd|' /C calc'!A0",
])  # fmt: skip
_WHEN = st.one_of(
    st.none(),
    st.sampled_from(["9999-12-31 23:59:59", "1000-01-01 00:00:00"]),
    st.integers(-200, 9000).map(lambda hours: hours * HOUR),
)


def _cut(text: Any, length: int) -> Any:
    return text[:length] if isinstance(text, str) else text


def test_hostile_rows_are_text_and_never_green(viewer: Client, database: str) -> None:
    now = timezone.now()

    def moment(value: object) -> object:
        """A distance back from now as a date; anything else as it is."""
        return f"{(now - value).astimezone(CLOUD_ZONE):%Y-%m-%d %H:%M:%S}" if isinstance(value, timedelta) else value

    loose = database == "sqlite"  # which keeps anything anywhere
    junk = st.sampled_from(["ontem", "2026-02-31 10:00:00", 5, b"\xff\xfe", 2.5]) if loose else st.nothing()
    letters = st.sampled_from(["S", "F", "E", "P", "Z", "s", None, "é" if loose else "?"])
    sizes = st.sampled_from([None, -5, 0, 10**15, *(["grande", b"\xff"] if loose else [])])

    @settings(max_examples=30 if loose else 12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        rows=st.lists(
            st.tuples(
                letters,
                _WHEN | junk,
                _WHEN | junk,
                _WHEN,
                sizes,
                _NASTY,
                st.sampled_from(["S", "N", "F", "f", None, "X"]),
            ),
            min_size=1,
            max_size=5,
        ),
        name=_NASTY,
        agendas=_NASTY | st.just(document([NIGHT], now - 50 * DAY)),
    )
    def check(rows: list[tuple[object, ...]], name: str | None, agendas: str | None) -> None:
        execute("DELETE FROM LOG_BACKUPS", "DELETE FROM EMPRESA")
        company(1, AGENDAS=agendas)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE EMPRESA SET FANTASIA = %s, RAZAO = %s", [_cut(name, 150), _cut(name, 100)])
        for status, started, received, ended, size, text, proof in rows:
            values = {
                "DATA_INICIO": moment(started), "DATA_RECEBIDO": moment(received),
                "DATA_FIM": moment(ended), "TAMANHO_BYTES": size, "NOME_ARQUIVO": _cut(text, 255),
                "CAMINHO_DESTINO": text, "MENSAGEM_ERRO": text, "BANCO_ORIGEM": text, "CODIGO_ERRO": _cut(text, 40),
                "VERIFICADO": proof,
            }  # fmt: skip
            run(1, status, None, **values)  # type: ignore[arg-type] # hostile on purpose
        page = html(viewer)
        assert "<script>alert" not in page
        for path in (
            "/empresa/1/historico/",
            "/empresa/1/historico/?falhas=1",
            "/empresa/1/historico/?sem_prova=1",
        ):
            text_shown = html(viewer, path)
            assert "<script>alert" not in text_shown
        shown_days = days(page)
        if not any(status == "S" for status, *_ in rows):
            assert not {"feito", "atrasado", "executado"} & set(shown_days)
            assert "Concluído</span>" not in page
        answer = viewer.get("/empresa/1/historico.csv")
        content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined] # a stream
        assert len(content.splitlines()) >= len(rows) + 1

    check()


NOW = timezone.now()
_told = st.builds(
    Told,
    # Mostly what succeeds, so that one thing alone is wrong with it.
    st.sampled_from([*("S" * 9), "F", "E", "P", "s", None, b"S"]),
    st.sampled_from(["S", "N", "F", "f", None, b"F"]),
    st.sampled_from([None, None, None, "TB-X", ""]),
    st.sampled_from([None, 0, 5, 5, 5, -1, "grande", 1.5]),
    st.one_of(st.none(), st.timedeltas(-3 * DAY, 3 * DAY).map(lambda ago: NOW - ago)),
    st.one_of(st.none(), st.timedeltas(-3 * DAY, 3 * DAY).map(lambda ago: NOW - ago)),
)


@settings(max_examples=500, deadline=None)
@given(told=_told)
def test_a_run_is_done_only_with_all_that_proves_it(told: Told) -> None:
    found_out = verdict(told, NOW)
    if found_out is Verdict.DONE:
        made = fact(told)
        assert made is not None
        assert made.succeeded
        assert not made.partial
        assert made.started_at <= NOW + DEFAULT_LIMITS.clock_skew
        assert told.status == RunStatus.SUCCEEDED
        assert told.proof not in (Proof.REFUTED, "f")
        assert not (isinstance(told.size_bytes, int) and told.size_bytes < 0)
    made = fact(told)
    if made is not None and made.failed:
        assert found_out in (Verdict.FAILED, Verdict.REFUTED, Verdict.LOST)


def test_a_proven_backup_that_was_destroyed_is_lost_and_failed_no_test(viewer: Client) -> None:
    company(1)
    lost = "Não resta nenhum arquivo bom deste backup. (D:/1.zip: apagado ou movido)"
    run(1, "S", timezone.now() - HOUR, VERIFICADO="F", CODIGO_ERRO="TB-SEM-COPIA-BOA", MENSAGEM_ERRO=lost)
    page = html(viewer)
    assert "Perdido" in page
    assert "não resta arquivo bom" in page
    assert lost in page
    assert "Procure antes um ransomware" in page
    assert "Reprovado no teste" not in page
    assert "não restaurou" not in page


def test_open_runs_turn_by_time_alone(viewer: Client) -> None:
    now = timezone.now()
    company(1)
    run(1, "E", now - 2 * HOUR)
    company(2)
    run(2, "E", now - HOUR / 2)
    assert "Interrompido" in html(viewer)
    assert "O backup foi interrompido antes do fim." in html(viewer)
    assert "Interrompido" not in html(viewer, "/empresa/2/")
    assert [card["status"] for card in viewer.get("/api/cards/").json()["cards"]] == [
        CardStatus.FAILED.value,
        CardStatus.RUNNING.value,
    ]
