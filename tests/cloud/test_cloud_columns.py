"""What goes into a column: times at the edge, text that fits."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import case, create_mock_engine
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.dialects.mysql import pymysql

from topbackup.cloud.schema import CloudSchema, shortened
from topbackup.cloud.statements import knows_as_much, upsert
from topbackup.cloud.tables import WallTime, runs

DIALECTS = [sqlite.dialect(), mysql.dialect()]
# Brazil had its last DST in February 2019; since then a wall time names one instant.
instants = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC))


@given(instant=instants)
def test_an_instant_comes_back_from_the_column_as_it_went_in(instant: datetime) -> None:
    for dialect in DIALECTS:
        stored = WallTime().process_bind_param(instant, dialect)
        assert WallTime().process_result_value(stored, dialect) == instant


@given(earlier=instants, later=instants)
def test_sqlite_compares_the_stored_text_as_the_instants(earlier: datetime, later: datetime) -> None:
    first, second = (WallTime().process_bind_param(instant, DIALECTS[0]) for instant in (earlier, later))
    assert (first < second) == (earlier < later)


def test_the_column_holds_the_wall_time_of_sao_paulo_in_summer_time_too() -> None:
    noon = datetime(2018, 12, 1, 12, 0, tzinfo=UTC)  # 2 hours behind then
    assert WallTime().process_bind_param(noon, DIALECTS[0]) == "2018-12-01 10:00:00"
    assert WallTime().process_bind_param(noon.replace(year=2026), DIALECTS[0]) == "2026-12-01 09:00:00"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        WallTime().process_bind_param(datetime(2026, 1, 1), DIALECTS[0])


def test_a_column_of_whole_seconds_gets_them_cut() -> None:
    """MySQL would round, and MariaDB does not: so only this test sees it."""
    schema = CloudSchema({}, frozenset({("LOG_BACKUPS", "DATA_FIM")}), ())
    almost = datetime(2026, 2, 15, 23, 59, 59, 999_999, tzinfo=UTC)
    row = schema.fit("LOG_BACKUPS", {"DATA_FIM": almost, "DATA_INICIO": almost})
    assert row == {"DATA_FIM": almost - timedelta(microseconds=999_999), "DATA_INICIO": almost}


def test_on_mysql_8_the_upsert_names_the_old_row_by_its_table_and_the_new_one_by_its_alias() -> None:
    """No MySQL 8 server is to be had here: MariaDB runs the rest, and this is where their statements differ."""
    mysql_8 = pymysql.dialect()
    mysql_8.server_version_info = (8, 0, 36)
    mysql_8.is_mariadb = False
    mysql_8._requires_alias_for_on_duplicate_key = True  # what its first connection to such a server finds out
    engine: Any = create_mock_engine("mysql+pymysql://", lambda statement, *_: sent.append(statement))
    sent: list[Any] = []
    row = {"UUID": "u", "STATUS": "S", "VERIFICADO": "N", "ENVIADO_FTP": "N"}
    upsert(
        engine,
        runs,
        "UUID",
        row,
        lambda new: {"STATUS": case((knows_as_much(new), new("STATUS")), else_=runs.c.STATUS)},
    )
    words = str(sent[0].compile(dialect=mysql_8))
    assert " AS new ON DUPLICATE KEY UPDATE " in words
    changes = words.partition("ON DUPLICATE KEY UPDATE")[2]
    for column in ("STATUS", "VERIFICADO", "ENVIADO_FTP"):
        uses = re.findall(rf"(\S+?)\.`?{column}`?", changes)
        assert {use.strip("(`") for use in uses} == {"LOG_BACKUPS", "new"}
    assert "VALUES(" not in changes


@given(text=st.text(), width=st.integers(0, 40), keep_end=st.booleans())
def test_shortened_text_fits_and_short_text_is_left_alone(text: str, width: int, keep_end: bool) -> None:
    short = shortened(text, width, keep_end=keep_end)
    assert len(short) <= width
    assert (short == text) == (len(text) <= width)


def test_the_end_of_a_name_is_kept() -> None:
    assert shortened("12345678000195_DADOS_20260215_230000.zip", 20, keep_end=True) == "1234567800…30000.zip"
    assert shortened("12345678000195_DADOS_20260215_230000.zip", 20, keep_end=False) == "12345678000195_DADO…"
