"""The receipt as PDF, on the roll and on a letter sheet."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pypdfium2
import pytest
from pyzbar.pyzbar import ZBarSymbol, decode

from collections_app.documents import ReceiptDocument, ReceiptDoesNotAdd, Tender, print_receipt
from core.barcodes import read_receipt_code
from tests.integration.statement_samples import BRAND, line, money

RECEIPT = ReceiptDocument(
    number="000123",
    taken_at=datetime(2026, 11, 22, 13, 5),
    operator="Ann Kowalski",
    account_number="10-04821-00",
    customer_name="Maria T. Delacroix",
    service_address="412 Sycamore Avenue",
    tenders=(Tender("Cash", money("120.00")), Tender("Check 1042", money("100.00"))),
    amount_due=money("198.98"),
    amount_paid=money("218.98"),
    change=money("1.02"),
    balance_after=money("-20.00"),
    distribution=(line("Water", "40.08"), line("Sewer and others", "158.90")),
    drawer="2",
)


def pages_of(pdf: bytes) -> list[pypdfium2.PdfPage]:
    return list(pypdfium2.PdfDocument(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(pages_of(pdf)[0].get_textpage().get_text_range().split())


@pytest.mark.req("COL-04")
@pytest.mark.parametrize("form", ["roll", "letter"])
@pytest.mark.parametrize(
    "said",
    [
        "Receipt 000123",
        "Nov 22, 2026, 1:05 pm",
        "Ann Kowalski, drawer 2",
        "10-04821-00",
        "412 Sycamore Avenue",
        "Amount due $198.98",
        "Check 1042 $100.00",
        "Change $1.02",
        "Amount paid $218.98",
        "Balance after -$20.00 CR",
        "Water $40.08",
        "Held on your account $20.00",
    ],
)
def test_a_receipt_says_what_was_taken_and_what_is_left(form: str, said: str) -> None:
    assert said in text_of(print_receipt(RECEIPT, BRAND, "roll" if form == "roll" else "letter"))


@pytest.mark.req("COL-04")
@pytest.mark.parametrize("charges", [0, 25])
def test_the_roll_is_one_page_just_as_long_as_its_text(charges: int) -> None:
    spread = tuple(line(f"Charge {i}", "1.00") for i in range(charges))
    pages = pages_of(print_receipt(replace(RECEIPT, distribution=spread), BRAND))
    width, height = pages[0].get_size()
    assert (len(pages), round(width * 25.4 / 72)) == (1, 80)
    lowest = min(b for _, b, _, _ in _rectangles(pages[0].get_textpage()))
    assert 0 < lowest < 30 < height  # points: the foot of the paper is near under the last line


def _rectangles(words: pypdfium2.PdfTextPage) -> list[tuple[float, float, float, float]]:
    return [words.get_rect(i) for i in range(words.count_rects())]


@pytest.mark.req("COL-04")
def test_the_bar_code_of_a_receipt_gives_its_number() -> None:
    picture = pages_of(print_receipt(RECEIPT, BRAND))[0].render(scale=203 / 72, grayscale=True).to_pil()
    (symbol,) = decode(picture, symbols=[ZBarSymbol.CODE128])
    assert read_receipt_code(symbol.data.decode()) == "000123"


@pytest.mark.req("COL-04")
def test_a_void_is_marked_with_its_reason_and_keeps_its_number() -> None:
    said = text_of(print_receipt(replace(RECEIPT, voided="Wrong account"), BRAND))
    assert "VOID Wrong account" in said.replace("V O I D", "VOID")
    assert "Receipt 000123" in said
    assert "VOID" not in text_of(print_receipt(RECEIPT, BRAND)).replace("V O I D", "VOID")


@pytest.mark.req("COL-04")
def test_a_receipt_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(ReceiptDoesNotAdd, match="000123"):
        replace(RECEIPT, change=Decimal("2.02"))


def test_the_same_receipt_gives_the_same_bytes() -> None:
    assert print_receipt(RECEIPT, BRAND) == print_receipt(RECEIPT, BRAND)
