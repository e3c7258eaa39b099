"""The company, from the customer's table EMPRESA."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from topbackup.errors import OperationFailed
from topbackup.firebird.catalog import Column, columns_of, first_of, read_rows
from topbackup.firebird.connection import Connection
from topbackup.i18n import _
from topbackup.problems import COMPANY_UNREADABLE
from topcore.company import Company, InvalidTaxId, TaxId

_TABLE = "EMPRESA"
_CNPJ_DIGITS, _CPF_DIGITS = 14, 11
_HEAD_OFFICE = "0001"


def read_company(connection: Connection, company_id: int | None = None, tax_id: str | None = None) -> Company:
    """The row of `company_id` (CODIGO or ID), else of `tax_id`, else the first valid one by code.

    A configured row that is not there, or is not valid, is an error and never silently another company's.
    Raises OperationFailed: COMPANY_UNREADABLE with the reason, or what Firebird said.
    """
    rows = _rows(connection)
    if company_id is not None:
        rows = [row for row in rows if _as_code(row["code"]) == company_id]
        if not rows:
            raise _unreadable(_("No row has the code {code}.").format(code=company_id))
    elif tax_id:
        rows = [row for row in rows if _same_tax_id(row["tax_id"], tax_id)]
        if not rows:
            raise _unreadable(_("No row has the CNPJ {tax_id}.").format(tax_id=tax_id))
    return _first_valid(rows)


def read_companies(connection: Connection) -> tuple[list[Company], list[str]]:
    """Every valid company by code, and of each other row its code and the reason. Raises OperationFailed."""
    judged = [(row["code"], _company(row)) for row in _rows(connection)]
    companies = [company for _code, company in judged if isinstance(company, Company)]
    return companies, [f"{code}: {company}" for code, company in judged if not isinstance(company, Company)]


def _rows(connection: Connection) -> list[dict[str, object]]:
    """By code; role → value."""
    columns = columns_of(connection, _TABLE)
    if not columns:
        raise _unreadable(_("There is no table {table}.").format(table=_TABLE))
    names = _names(columns)
    asked = tuple(columns[name] for name in names.values())
    return [
        {role: row[name] for role, name in names.items()}
        for row in read_rows(connection, _TABLE, asked, order=names["code"])
    ]


def _names(columns: Mapping[str, Column]) -> dict[str, str]:
    """Role → the spelling that this table has."""
    spellings = {
        "code": ("CODIGO", "ID"),
        "trade_name": ("FANTASIA",),
        "legal_name": ("RAZAO", "RAZAO_SOCIAL"),
        "tax_id": ("CNPJ",),
        "registered_on": ("DATA_CADASTRO",),
    }
    found = {role: first_of(columns, *names) for role, names in spellings.items()}
    for role in ("code", "tax_id"):
        if found[role] is None:
            raise _unreadable(_("The column {column} is missing.").format(column=" / ".join(spellings[role])))
    if found["trade_name"] is None and found["legal_name"] is None:
        raise _unreadable(_("The column {column} is missing.").format(column="FANTASIA / RAZAO / RAZAO_SOCIAL"))
    return {role: name for role, name in found.items() if name is not None}


def _first_valid(rows: list[dict[str, object]]) -> Company:
    reasons: list[str] = []
    for row in rows:
        company = _company(row)
        if isinstance(company, Company):
            return company
        reasons.append(f"{row['code']}: {company}")
    raise _unreadable("; ".join(reasons[:3]) or _("The table is empty."))


def _company(row: Mapping[str, object]) -> Company | str:
    """The company, or why the row is none."""
    code = _as_code(row["code"])
    if code is None:
        return _("the code is not a number")
    tax_id = _as_tax_id(row["tax_id"])
    if tax_id is None:
        return _("the CNPJ {text} is not valid").format(text=repr(row["tax_id"]) if row["tax_id"] else "''")
    legal, trade = _as_name(row.get("legal_name")), _as_name(row.get("trade_name"))
    if not (legal or trade):
        return _("it has no name")
    return Company(code, trade or legal, legal or trade, tax_id, _as_date(row.get("registered_on")))


def _as_code(value: object) -> int | None:
    try:
        return None if value is None else int(str(value).strip())
    except ValueError:
        return None


def _as_tax_id(value: object) -> TaxId | None:
    """Text as people write it; a number, or digits alone, may have lost its leading zeros."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, Decimal):
        value = format(value, "f").split(".")[0] if value == value.to_integral_value() else str(value)
    text = "" if value is None else str(value).strip()
    for candidate in _candidates(text):
        try:
            return TaxId.parse(candidate)
        except InvalidTaxId:
            continue
    return None


def _candidates(text: str) -> tuple[str, ...]:
    if not text.isascii() or not text.isdigit() or len(text) >= _CNPJ_DIGITS:
        return (text,)
    as_cnpj, as_cpf = text.zfill(_CNPJ_DIGITS), text.zfill(_CPF_DIGITS)
    if len(text) > _CPF_DIGITS:
        return (as_cnpj,)
    # Up to eleven digits are a CPF, or a CNPJ that begins with zeros. Where these are many the check digits of the two
    # agree, so the head office's 0001 tells them apart: one CPF in ten thousand has it there.
    return (as_cnpj, as_cpf) if as_cnpj[8:12] == _HEAD_OFFICE else (as_cpf, as_cnpj)


def _same_tax_id(stored: object, wanted: str) -> bool:
    found, asked = _as_tax_id(stored), _as_tax_id(wanted)
    return found is not None and found == asked


def _as_name(value: object) -> str:
    """On one line: names reach file names, cards and messages."""
    text = "" if value is None else str(value)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _as_date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _unreadable(reason: str) -> OperationFailed:
    return OperationFailed(COMPANY_UNREADABLE, reason)
