"""What is asked of RDB$RELATION_FIELDS, on a real table with one column of each kind."""

from collections.abc import Callable
from datetime import date, time

from topbackup.firebird.address import Credentials, DatabaseAddress
from topbackup.firebird.catalog import columns_of, first_of, read_rows
from topbackup.firebird.connection import connect

MakeDatabase = Callable[..., DatabaseAddress]
TABLE = """CREATE TABLE T (
  NUMERO INTEGER, TEXTO VARCHAR(20) CHARACTER SET WIN1252, CHEIO CHAR(20) CHARACTER SET UTF8,
  LIVRE VARCHAR(20) CHARACTER SET NONE, MEMO BLOB SUB_TYPE TEXT CHARACTER SET WIN1252, DIA DATE, HORA TIME,
  CRU CHAR(4) CHARACTER SET OCTETS, DOBRO COMPUTED BY (NUMERO * 2), DOS VARCHAR(20) CHARACTER SET DOS850,
  SIM BOOLEAN)"""


def test_columns_come_in_the_tables_order_with_their_character_sets(
    make_database: MakeDatabase, login: Credentials
) -> None:
    with connect(make_database(TABLE), login, "WIN1252", 5.0) as connection:
        columns = columns_of(connection, "T")
    assert {name: column.charset for name, column in columns.items()} == {
        "NUMERO": None,
        "TEXTO": "WIN1252",
        "CHEIO": "UTF8",
        "LIVRE": "NONE",
        "MEMO": "WIN1252",
        "DIA": None,
        "HORA": None,
        "CRU": "OCTETS",
        "DOBRO": None,
        "DOS": "DOS850",
        "SIM": None,
    }
    assert list(columns)[:2] == ["NUMERO", "TEXTO"]
    assert first_of(columns, "CODIGO", "NUMERO", "TEXTO") == "NUMERO"
    assert first_of(columns, "CODIGO") is None


def test_no_table_has_no_columns(make_database: MakeDatabase, login: Credentials) -> None:
    with connect(make_database(TABLE), login, "WIN1252", 5.0) as connection:
        assert columns_of(connection, "NADA") == {}
        assert columns_of(connection, "T'; --") == {}


def test_rows_are_exact_ordered_and_without_padding(make_database: MakeDatabase, login: Credentials) -> None:
    full = """INSERT INTO T (NUMERO, TEXTO, CHEIO, LIVRE, MEMO, DIA, HORA, CRU, DOS, SIM) VALUES
      (2, ' ção €', 'ção €', x'E7E36F80', 'memória', '2026-02-15', '23:00', x'C3A7', 'ção', TRUE)"""
    empty = "INSERT INTO T (NUMERO, TEXTO, CHEIO) VALUES (1, '', NULL)"
    with connect(make_database(TABLE, full, empty), login, "UTF8", 5.0) as connection:
        columns = columns_of(connection, "T")
        first, second = read_rows(connection, "T", tuple(columns.values()), order="NUMERO")
    assert first == dict.fromkeys(columns) | {"NUMERO": 1, "DOBRO": 2, "TEXTO": ""}
    assert second == {
        "NUMERO": 2,
        "TEXTO": " ção €",
        "CHEIO": "ção €",
        "LIVRE": "ção€",
        "MEMO": "memória",
        "DIA": date(2026, 2, 15),
        "HORA": time(23),
        "CRU": "ç",
        "DOBRO": 4,
        "DOS": "ção",
        "SIM": True,
    }


def test_bytes_that_no_code_page_has(make_database: MakeDatabase, login: Credentials) -> None:
    table = "CREATE TABLE T (A VARCHAR(9) CHARACTER SET NONE)"
    address = make_database(table, "INSERT INTO T VALUES (x'4181FF')")
    with connect(address, login, "UTF8", 5.0) as connection:
        columns = columns_of(connection, "T")
        assert read_rows(connection, "T", tuple(columns.values()), order="A") == [{"A": "A\x81ÿ"}]


def test_a_long_memo_is_read_in_part(make_database: MakeDatabase, login: Credentials) -> None:
    table = "CREATE TABLE T (A BLOB SUB_TYPE TEXT CHARACTER SET UTF8)"
    address = make_database(table, f"INSERT INTO T VALUES ('{'ç' * 5000}')")
    with connect(address, login, "WIN1252", 5.0) as connection:
        columns = columns_of(connection, "T")
        assert read_rows(connection, "T", tuple(columns.values()), order="A") == [{"A": "ç" * 1000}]
