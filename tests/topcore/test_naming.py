"""The names of design §4.2, and that two databases never share one."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topcore.company import TaxId
from topcore.naming import database_labels, dump_name, zip_name
from topcore.tables import NamingScheme

ZONE = ZoneInfo("America/Sao_Paulo")
CNPJ = TaxId.parse("11.222.333/0001-81")


@pytest.mark.parametrize(
    ("scheme", "label", "name"),
    [
        (NamingScheme.VERSIONED, None, "11222333000181_20260215_230000.zip"),
        (NamingScheme.WEEKDAY, None, "11222333000181_DOM.zip"),
        (NamingScheme.SINGLE, None, "11222333000181.zip"),
        (NamingScheme.SINGLE, "FISCAL", "11222333000181_FISCAL.zip"),
        (NamingScheme.WEEKDAY, "FISCAL", "11222333000181_FISCAL_DOM.zip"),
        (NamingScheme.VERSIONED, "FISCAL", "11222333000181_FISCAL_20260215_230000.zip"),
    ],
)
def test_names(scheme: NamingScheme, label: str | None, name: str) -> None:
    # 02:00 UTC on Monday is still Sunday 23:00 in São Paulo.
    at = datetime(2026, 2, 16, 2, 0, tzinfo=UTC)
    assert zip_name(scheme, CNPJ, at, ZONE, label) == name
    assert dump_name(name) == name[:-4] + ".fbk"


def test_one_database_needs_no_label() -> None:
    assert database_labels(["/d/erp.fdb", "/d/erp.fdb"]) == {"/d/erp.fdb": None}
    # One file, two spellings, on Windows.
    assert set(database_labels([r"C:\Dados\ERP.FDB", "c:/dados/erp.fdb"]).values()) == {None}


def test_several_are_told_apart_by_stem_then_by_path() -> None:
    assert database_labels(["/d/erp.fdb", "/d/Ação fiscal.fdb"]) == {
        "/d/erp.fdb": "ERP",
        "/d/Ação fiscal.fdb": "ACAO-FISCAL",
    }
    same = database_labels(["/a/erp.fdb", "/b/erp.fdb", "/b/outro.fdb"])
    assert len(set(same.values())) == 3
    assert same["/b/outro.fdb"] == "OUTRO"


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6, unique=True))
def test_two_databases_never_share_a_label(paths: list[str]) -> None:
    labels = database_labels([f"/d/{path}" for path in paths])
    named = [label.casefold() for label in labels.values() if label is not None]
    assert len(named) == len(set(named))
    assert all(label.isascii() and "/" not in label and "\\" not in label for label in named)
