"""A company and its tax number: CNPJ (numeric, or alphanumeric since July 2026) or CPF."""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from validate_docbr import CNPJ, CPF

_PUNCTUATION = re.compile(r"[\s./-]")
_ASCII_ALPHANUMERIC = re.compile(r"[0-9A-Z]+", re.ASCII)


class InvalidTaxId(ValueError):
    """The text is neither a CNPJ nor a CPF. The message names the text and the reason, in English, for logs."""


class TaxIdKind(Enum):
    CNPJ = "CNPJ"
    CPF = "CPF"


@dataclass(frozen=True, order=True)
class TaxId:
    """A valid tax number, without punctuation, in capitals: 14 characters (CNPJ) or 11 digits (CPF).

    Built only by `parse`; the constructor checks too, so that no invalid one can exist.
    """

    characters: str

    def __post_init__(self) -> None:
        if not _is_valid(self.characters):
            raise InvalidTaxId(f"{self.characters!r} is not a valid CNPJ or CPF: check digits or length")

    @classmethod
    def parse(cls, text: str) -> "TaxId":
        """From any usual spelling: punctuation, blanks and lower case are taken.

        Raises InvalidTaxId. Check digits: Receita Federal, IN RFB 2.229/2024, for letters; the module-11 rule for both.
        """
        return cls(_PUNCTUATION.sub("", text).upper())

    @property
    def kind(self) -> TaxIdKind:
        return TaxIdKind.CNPJ if len(self.characters) == 14 else TaxIdKind.CPF

    @property
    def formatted(self) -> str:
        """As people write it and as EMPRESA.CNPJ stores it: `12.ABC.345/01DE-35` or `529.982.247-25`."""
        number = self.characters
        if self.kind is TaxIdKind.CPF:
            return f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"
        return f"{number[:2]}.{number[2:5]}.{number[5:8]}/{number[8:12]}-{number[12:]}"

    def __str__(self) -> str:
        return self.formatted


def _is_valid(characters: str) -> bool:
    # validate-docbr drops what it does not know and would take "Á1…" for "1…": the alphabet is checked first.
    if not _ASCII_ALPHANUMERIC.fullmatch(characters):
        return False
    match len(characters):
        case 14:
            return bool(CNPJ().validate(characters))
        case 11:
            return characters.isdigit() and bool(CPF().validate(characters))
        case _:
            return False


@dataclass(frozen=True)
class Company:
    """One row of the customer's EMPRESA.

    code: CODIGO or ID of the row. registered_on: DATA_CADASTRO where the table has it.
    """

    code: int
    trade_name: str
    legal_name: str
    tax_id: TaxId
    registered_on: date | None = None
