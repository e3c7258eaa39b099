"""Tax numbers: the official examples, every spelling, and every single wrong character."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from validate_docbr import CNPJ, CPF

from topcore.company import InvalidTaxId, TaxId, TaxIdKind


@pytest.mark.parametrize(
    ("text", "characters", "kind"),
    [
        ("12.ABC.345/01DE-35", "12ABC34501DE35", TaxIdKind.CNPJ),  # Receita Federal's own example
        ("12abc34501de35", "12ABC34501DE35", TaxIdKind.CNPJ),
        ("11.222.333/0001-81", "11222333000181", TaxIdKind.CNPJ),
        ("  11222333000181  ", "11222333000181", TaxIdKind.CNPJ),
        ("529.982.247-25", "52998224725", TaxIdKind.CPF),
    ],
)
def test_every_usual_spelling_is_one_number(text: str, characters: str, kind: TaxIdKind) -> None:
    tax_id = TaxId.parse(text)
    assert (tax_id.characters, tax_id.kind) == (characters, kind)
    assert TaxId.parse(tax_id.formatted) == tax_id


@pytest.mark.parametrize(
    "text",
    ["", " ", "11222333000180", "1122233300018", "112223330001811", "00000000000000", "11111111111", "5299822472A",
     "12ABC34501DE36", "Á2ABC34501DE35", "12ABC34501DEÁ5", "11222333000181\x00", "١١٢٢٢٣٣٣٠٠٠١٨١"],
)  # fmt: skip
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(InvalidTaxId):
        TaxId.parse(text)


@given(st.booleans())
def test_generated_numbers_are_taken_and_come_back(numeric: bool) -> None:
    number = CNPJ().generate(mask=True, digits_only=numeric)
    assert TaxId.parse(number).formatted == number
    cpf = CPF().generate(mask=True)
    assert TaxId.parse(cpf).formatted == cpf


@given(st.integers(0, 13), st.sampled_from("0123456789"))
def test_a_single_wrong_digit_is_found(position: int, digit: str) -> None:
    good = "11222333000181"
    changed = good[:position] + digit + good[position + 1 :]
    if changed != good:
        with pytest.raises(InvalidTaxId):
            TaxId.parse(changed)


@given(st.text())
def test_any_text_is_a_number_or_an_error(text: str) -> None:
    with contextlib.suppress(InvalidTaxId):
        assert TaxId.parse(text).formatted
