"""What the agent says of its copies away: on the card, in the JSON, among the alerts; and what nonsense says."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dashboard.alerts.causes import Kind
from dashboard.alerts.found import alerts
from dashboard.monitoring.told_copies import told
from tests.dashboard.test_pages import HOUR, cards, client, company, run, visitor  # noqa: F401 - fixtures
from topcore.record import RemoteCopy


def document(*, em: str | None = None, desde: str = "2026-11-24T02:00:00+00:00", **more: Any) -> str:
    copy = {"destino": "cofre", "desde": desde, "em": em, "codigo_erro": None, "mensagem_erro": None} | more
    return json.dumps({"remotas": [copy], "copias": 3, "dispositivos": 2, "fora": 1, "riscos": []})


def test_what_the_agent_writes_is_read(client: Client) -> None:  # noqa: F811
    """The agent's own words, by its own code: the two programs meet in this column."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from tests.cloud.samples import uploaded
    from topbackup.cloud.copies import copies_text
    from topcore.spread import Spread

    record = replace(uploaded(), spread=Spread(3, 2, 1))
    there = told(copies_text(record))
    assert there is not None
    assert (there.asked, there.missing) == (1, ())
    since = datetime(2026, 11, 24, 2, tzinfo=UTC)
    owed = told(copies_text(replace(record, remotes=(RemoteCopy("cofre", since),))))
    assert owed is not None
    assert [(copy.destination, copy.since, copy.code) for copy in owed.missing] == [("cofre", since, "")]


def test_a_missing_copy_is_on_the_card_and_among_the_alerts(client: Client) -> None:  # noqa: F811
    recent = (timezone.now() - HOUR).isoformat()
    for number, copies in enumerate((
        document(codigo_erro="TB-REMOTO-SENHA", mensagem_erro="O servidor recusou o login."),
        document(em=recent),
        document(desde=recent),
        document(desde=(timezone.now() - timedelta(days=2)).isoformat()),
        None,
    ), 1):  # fmt: skip
        company(number, f"Loja {number}")
        run(number, "S", CAMINHO_DESTINO="D:/", COPIAS=copies, ENVIADO_FTP="S" if number == 2 else "N")
    found = {card["id_empresa"]: card for card in cards(client)}
    assert [found[number]["status"] for number in (1, 2, 3, 4, 5)] == ["OK"] * 5, "a copy that is late turns no card"
    assert [found[number]["copias_por_destino"]["enviado_ftp"] for number in (1, 2, 3, 4, 5)] == [
        "F",
        "S",
        "F",
        "F",
        "N",
    ]
    assert found[1]["copias_em_falta"][0]["codigo_erro"] == "TB-REMOTO-SENHA"
    assert found[2]["copias_em_falta"] == []
    page = client.get("/").content.decode()
    assert page.count("Cópia em cofre em falta desde") == 3
    missing = [alert for alert in alerts(timezone.now()) if alert.cause.kind is Kind.MISSING_AWAY]
    assert sorted((alert.company_id, alert.cause.code) for alert in missing) == [(1, "TB-REMOTO-SENHA"), (4, "")]
    alert_page = client.get("/alertas/").content.decode()
    assert "Cópia remota" in alert_page


@pytest.mark.parametrize(
    "text", [None, "", "x", "[]", "{}", '{"remotas": 7}', '{"remotas": [7]}', "[" * 50_000, "9" * 200_000, 7]
)
def test_nonsense_says_nothing(text: object) -> None:
    found = told(text)
    assert found is None or found.asked == 0


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_value_is_taken_for_a_copy_that_is_there(value: object) -> None:
    text = json.dumps({"remotas": [{"destino": value, "desde": value, "em": value, "codigo_erro": value}]})
    found = told(text)
    assert found is not None
    assert found.asked == 1
    assert len(found.missing) == 1 or isinstance(value, str), "only an instant says that it is there"
