"""What an agent wrote into a column takes no page from anybody: halves of characters, dates at the end of time."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.monitoring.documents import content_of
from dashboard.monitoring.run_facts import fact_of
from dashboard.monitoring.wall_time import CLOUD_ZONE, FIRST, LAST, parsed
from tests.dashboard.databases import execute
from tests.dashboard.shops import NIGHT, company, document, run

_HALF = "D:/\udce7\ud800"  # as os.fsdecode spells a name that is no UTF-8


def test_halves_of_characters_become_question_marks_and_whole_ones_stay() -> None:
    assert content_of(json.dumps({"a": [_HALF, "🚀 ção"]}), 100) == {"a": ["D:/??", "🚀 ção"]}
    assert content_of('{"\\uD83D": "\\uD83D\\uDE80"}', 100) == {"?": "🚀"}


@pytest.mark.parametrize("text", ["", "{", "[" * 90_000, "9" * 5000, '{"a": 1}' + " " * 100_000, None, 5, b"\xff"])
def test_what_is_no_document_is_none(text: Any) -> None:
    assert content_of(text, 100_000) is None


def test_one_row_with_half_a_character_takes_no_page(viewer: Client) -> None:
    """In the agendas, and in what is said of the copies away: the panel is everybody's."""
    now = timezone.now()
    agendas = json.loads(document([NIGHT], now))
    agendas["agendas"][0]["local_destino1"] = agendas["agendas"][0]["banco_origem"] = _HALF
    agendas["rejeitadas"] = [{"id": _HALF, "motivo": _HALF}]
    company(1, AGENDAS=json.dumps(agendas))
    told = {"remotas": [{"destino": _HALF, "em": None, "codigo_erro": _HALF, "mensagem_erro": _HALF}]}
    run(1, "S", now, COPIAS=json.dumps(told), TAMANHO_BYTES=5, CODIGO_ERRO="TB-FTP")
    company(2)
    for path in ("/", "/cartoes/", "/?parede=1", "/api/cards/", "/empresa/1/", "/alertas/", "/relatorios/"):
        assert viewer.get(path).status_code == 200, path
    _without, told_of = viewer.get("/api/cards/").json()["cards"]
    assert told_of["copias_em_falta"][0]["destino"] == "D:/??"
    assert "D:/??" in viewer.get("/empresa/1/").content.decode()


def test_a_row_of_the_end_of_time_takes_no_report(viewer: Client) -> None:
    now = timezone.now().astimezone(CLOUD_ZONE)
    company(1)
    run(1, "S", now, TAMANHO_BYTES=5, PROXIMO_PREVISTO="9999-12-31 23:59:59")
    execute("UPDATE LOG_BACKUPS SET DATA_RECEBIDO = '9999-12-31 23:59:59'")
    for path in ("/", "/empresa/1/", "/empresa/1/historico/", "/relatorios/", "/relatorios/empresa/1/"):
        assert viewer.get(path).status_code == 200, path
    assert b";1;0;0;0;;5;" in viewer.get("/relatorios/csv/").getvalue()  # it counts from its own start


def test_the_edges_of_usable_dates() -> None:
    def begun(started: Any, received: Any) -> Any:
        return fact_of(
            status="S", started_at=started, received_at=received, error_code=None,
            proven="N", next_due=received, size_bytes=1,
        )  # fmt: skip

    end = parsed("9999-12-31 23:59:59")
    for unusable in (end, LAST, None):
        assert begun(unusable, FIRST) is None
        made = begun(FIRST, unusable)
        assert (made.received_at, made.next_due) == (FIRST, None)
