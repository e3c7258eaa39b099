"""EMPRESA as customers have it."""

from collections.abc import Callable
from datetime import date

import pytest
from validate_docbr import CNPJ, CPF

from topbackup import problems
from topbackup.errors import OperationFailed
from topbackup.firebird.address import Credentials, DatabaseAddress
from topbackup.firebird.company_reader import read_company
from topbackup.firebird.connection import connect
from topcore.company import Company, TaxId

MakeDatabase = Callable[..., DatabaseAddress]
NUMERIC, ALPHANUMERIC, A_CPF = "11.222.333/0001-81", "12.ABC.345/01DE-35", "529.982.247-25"
TABLE = "CREATE TABLE EMPRESA (CODIGO INTEGER, FANTASIA VARCHAR(60), RAZAO VARCHAR(60), CNPJ VARCHAR(18))"


def row(
    code: object = 1, cnpj: str | None = NUMERIC, trade: str | None = "Loja", legal: str | None = "Loja Ltda"
) -> str:
    texts = ", ".join("NULL" if text is None else f"'{text}'" for text in (trade, legal, cnpj))
    return f"INSERT INTO EMPRESA VALUES ({'NULL' if code is None else code}, {texts})"


def read(
    address: DatabaseAddress,
    login: Credentials,
    company_id: int | None = None,
    tax_id: str | None = None,
    charset: str = "WIN1252",
) -> Company:
    with connect(address, login, charset, 5.0) as connection:
        return read_company(connection, company_id, tax_id)


def refused(
    address: DatabaseAddress, login: Credentials, company_id: int | None = None, tax_id: str | None = None
) -> str:
    with pytest.raises(OperationFailed) as caught:
        read(address, login, company_id, tax_id)
    assert caught.value.problem is problems.COMPANY_UNREADABLE
    return caught.value.detail


@pytest.mark.parametrize("code", ["CODIGO", "ID"])
@pytest.mark.parametrize("legal", ["RAZAO", "RAZAO_SOCIAL"])
def test_the_spellings_of_the_columns(make_database: MakeDatabase, login: Credentials, code: str, legal: str) -> None:
    kind = "DATE" if code == "ID" else "TIMESTAMP"
    names = f"FANTASIA CHAR(40), {legal} VARCHAR(60)"
    table = f"CREATE TABLE EMPRESA ({code} INTEGER, {names}, CNPJ CHAR(20), DATA_CADASTRO {kind})"
    insert = f"INSERT INTO EMPRESA VALUES (3, 'Loja', 'Loja Ltda', '{NUMERIC}', '2020-02-29')"
    company = read(make_database(table, insert), login)
    assert company == Company(3, "Loja", "Loja Ltda", TaxId("11222333000181"), date(2020, 2, 29))


@pytest.mark.parametrize("connected_as", ["WIN1252", "UTF8", "NONE"])
@pytest.mark.parametrize("charset", ["WIN1252", "ISO8859_1", "UTF8", "NONE"])
def test_accents_are_exact(make_database: MakeDatabase, login: Credentials, charset: str, connected_as: str) -> None:
    name = "Padaria São João & Irmãs – Pão" if charset != "ISO8859_1" else "Padaria São João & Irmãs"
    names = f"FANTASIA CHAR(60) CHARACTER SET {charset}, RAZAO VARCHAR(60) CHARACTER SET {charset}"
    table = f"CREATE TABLE EMPRESA (ID INTEGER, {names}, CNPJ CHAR(18))"
    address = make_database(table, f"INSERT INTO EMPRESA VALUES (1, '{name}', '{name}', '{NUMERIC}')")
    company = read(address, login, charset=connected_as)
    assert (company.trade_name, company.legal_name) == (name, name)


def test_none_written_by_a_windows_program(make_database: MakeDatabase, login: Credentials) -> None:
    table = "CREATE TABLE EMPRESA (ID INTEGER, FANTASIA VARCHAR(60) CHARACTER SET NONE, CNPJ VARCHAR(18))"
    sent = "Pão de Açúcar".encode("cp1252").hex()
    company = read(make_database(table, f"INSERT INTO EMPRESA VALUES (1, x'{sent}', '{NUMERIC}')"), login)
    assert company.trade_name == company.legal_name == "Pão de Açúcar"


@pytest.mark.parametrize(
    ("stored", "formatted"),
    [
        (NUMERIC, NUMERIC),
        ("11222333000181", NUMERIC),
        (ALPHANUMERIC, ALPHANUMERIC),
        ("12abc34501de35", ALPHANUMERIC),
        (f" {A_CPF} ", A_CPF),
        ("52998224725", A_CPF),
    ],
)
def test_tax_numbers(make_database: MakeDatabase, login: Credentials, stored: str, formatted: str) -> None:
    assert read(make_database(TABLE, row(cnpj=stored)), login).tax_id.formatted == formatted


def with_zeros(kind: type, zeros: int) -> str:
    """A valid number that begins with that many zeros."""
    stem = "0" * zeros + ("918273640001"[zeros:] if kind is CNPJ else "918273645"[zeros:])
    return next(f"{stem}{digits:02d}" for digits in range(100) if kind().validate(f"{stem}{digits:02d}"))


@pytest.mark.parametrize("kind", ["BIGINT", "NUMERIC(18,0)", "NUMERIC(18,2)", "DOUBLE PRECISION", "VARCHAR(18)"])
@pytest.mark.parametrize("number", [(CNPJ, 0), (CNPJ, 1), (CNPJ, 2), (CNPJ, 7), (CPF, 0), (CPF, 1), (CPF, 4)])
def test_a_number_that_lost_its_leading_zeros(
    make_database: MakeDatabase, login: Credentials, kind: str, number: tuple[type, int]
) -> None:
    whole = with_zeros(*number)
    table = f"CREATE TABLE EMPRESA (ID INTEGER, FANTASIA VARCHAR(60), CNPJ {kind})"
    insert = f"INSERT INTO EMPRESA VALUES (1, 'Loja', {whole.lstrip('0')})"
    assert read(make_database(table, insert), login).tax_id.characters == whole


def test_the_first_valid_row_by_code(make_database: MakeDatabase, login: Credentials) -> None:
    address = make_database(
        TABLE,
        row(9, ALPHANUMERIC),
        row(1, "11.222.333/0001-82"),
        row(2, None),
        row(None),
        row(3, NUMERIC, trade=None, legal="  "),
        row(4, A_CPF, trade=None),
    )
    company = read(address, login)
    assert (company.code, company.trade_name, company.legal_name) == (4, "Loja Ltda", "Loja Ltda")


def test_the_configured_row(make_database: MakeDatabase, login: Credentials) -> None:
    address = make_database(TABLE, row(1, NUMERIC), row(2, ALPHANUMERIC), row(3, A_CPF), row(4, "1"))
    assert read(address, login, company_id=2).code == 2
    assert read(address, login, tax_id="52998224725").code == 3
    assert read(address, login, company_id=1, tax_id=A_CPF).code == 1
    assert "4" in refused(address, login, company_id=4)
    assert "77" in refused(address, login, company_id=77)
    assert "00.000.000/0001-91" in refused(address, login, tax_id="00.000.000/0001-91")


@pytest.mark.parametrize("stored", ["", "0", "00000000000000", "11222333000182", "abc", "Á1222333000181"])
def test_no_tax_numbers(make_database: MakeDatabase, login: Credentials, stored: str) -> None:
    assert "CNPJ" in refused(make_database(TABLE, row(cnpj=stored)), login)


def test_control_characters_never_reach_a_name(make_database: MakeDatabase, login: Credentials) -> None:
    insert = f"INSERT INTO EMPRESA VALUES (1, 'A' || ASCII_CHAR(10) || ASCII_CHAR(27) || 'B', 'C', '{NUMERIC}')"
    assert read(make_database(TABLE, insert), login).trade_name == "A B"


def test_no_table_and_no_row_and_no_column(make_database: MakeDatabase, login: Credentials) -> None:
    assert "EMPRESA" in refused(make_database(), login)
    assert refused(make_database(TABLE), login)
    assert "CNPJ" in refused(make_database("CREATE TABLE EMPRESA (ID INTEGER, FANTASIA CHAR(9))"), login)
    assert "CODIGO" in refused(make_database("CREATE TABLE EMPRESA (FANTASIA CHAR(9), CNPJ CHAR(18))"), login)
    assert "FANTASIA" in refused(make_database("CREATE TABLE EMPRESA (ID INTEGER, CNPJ CHAR(18))"), login)
