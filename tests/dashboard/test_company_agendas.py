"""EMPRESA.AGENDAS: what the agent writes is what the page reads, and whatever else is there never raises."""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.companies.published import Published, Reading, published
from tests.dashboard.shops import NIGHT, NOON, document
from topcore.agenda import EVERY_DAY, Agenda, RejectedRow
from topcore.tables import NamingScheme

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BANK = Agenda(3, time(7, 5), EVERY_DAY, "/var/b", None, False, NamingScheme.SINGLE, "localhost:C:\\NFE.FDB")


def read(**changes: Any) -> Published:
    return published(document([NIGHT], NOW, **changes), NOW)


def test_what_the_agent_writes_is_what_is_read() -> None:
    agendas = (NIGHT, NOON, BANK)
    found = published(document(agendas, NOW, rejeitadas=[{"id": "9", "motivo": "HORARIO: está vazio"}]), NOW)
    assert (found.reading, found.agendas) == (Reading.READ, agendas)
    assert found.rejected == (RejectedRow("9", "HORARIO: está vazio"),)
    assert (found.read_at, found.whole, str(found.zone)) == (NOW, True, "America/Sao_Paulo")


@pytest.mark.parametrize("text", [None, "", b""])
def test_an_agent_of_1_0_x_publishes_nothing(text: Any) -> None:
    assert published(text, NOW).reading is Reading.NOT_PUBLISHED


@pytest.mark.parametrize(
    "text",
    ["x", "null", "[]", "{}", "{", "1e999999", '{"agendas": 3}', b"\xff", 7, "[" * 100_000, "1" * 5000, "x" * 300_000],
)
def test_what_is_no_document_is_said_to_be_none(text: Any) -> None:
    found = published(text, NOW)
    assert (found.reading, found.whole) == (Reading.UNREADABLE, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", None), ("id", True), ("id", "1"), ("horario", "25:00"), ("horario", "7:5"), ("horario", 7),
        ("dias", None), ("dias", ["SEG", "LUN"]), ("dias", [[]]), ("local_destino1", None), ("local_destino1", 5),
        ("local_destino2", {}), ("prefixo_backup", "X"), ("prefixo_backup", []), ("banco_origem", 1),
    ],
)  # fmt: skip
def test_a_row_that_is_not_understood_is_named_and_no_day_is_judged(field: str, value: Any) -> None:
    told = json.loads(document([NIGHT, NOON], NOW))
    told["agendas"][0][field] = value
    found = published(json.dumps(told), NOW)
    assert found.agendas == (NOON,)
    assert field in found.rejected[0].reason
    assert not found.whole


def test_clocks_and_zones() -> None:
    assert read(lida_em=(NOW + timedelta(days=9)).isoformat()).read_at == NOW
    for wrong in ("ontem", "2026-11-25T10:00:00", None, 5):
        assert read(lida_em=wrong).read_at is None
    for wrong in ("Marte/Base", "../etc/passwd", "America", "", None, 5, "a\0b"):
        assert read(fuso=wrong).zone is None
    many = json.loads(document([NIGHT], NOW))
    many["agendas"] *= 60
    assert not published(json.dumps(many), NOW).whole


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["SEG", "23:00", "V"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["agendas", "rejeitadas", "fuso", "lida_em", "id", "horario", "dias", "local_destino1", "motivo"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(content=_json, wrapped=st.booleans())
def test_any_json_at_all(content: Any, wrapped: bool) -> None:
    told = {"agendas": [content], "rejeitadas": [content], "fuso": content, "lida_em": content} if wrapped else content
    found = published(json.dumps(told), NOW)
    if found.reading is Reading.READ and wrapped:
        assert not found.whole or found.agendas
