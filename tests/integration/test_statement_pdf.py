"""The bill as PDF: what a customer reads, what a scanner reads, and what is printed again."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pikepdf
import pypdfium2
import pytest
from pyzbar.pyzbar import ZBarSymbol, decode

from billing.documents.press import BillNotInBatch, PageIndex, PrintedBatch, extract, merge, print_statements
from billing.documents.statement import BankDraft, Statement, StatementDoesNotAdd
from core.barcodes import read_bill_code
from core.ui import paper
from tests.integration import statement_samples as samples

BATCH = (samples.ORDINARY, samples.LONG, samples.DRAFT)


@pytest.fixture(scope="module")
def printed() -> PrintedBatch:
    named = [replace(s, bill_number=f"B-{i}") for i, s in enumerate(BATCH, 1)]
    return print_statements(named, samples.BRAND)


def pages(pdf: bytes) -> Iterator[pypdfium2.PdfPage]:
    yield from pypdfium2.PdfDocument(pdf)


def text_of(pdf: bytes, page: int = 0) -> str:
    words: str = list(pages(pdf))[page].get_textpage().get_text_range()
    return " ".join(words.split())


def codes_on(pdf: bytes, dots_per_inch: int) -> list[str]:
    found = []
    for page in pages(pdf):
        picture = page.render(scale=dots_per_inch / 72, grayscale=True).to_pil()
        found += [symbol.data.decode() for symbol in decode(picture, symbols=[ZBarSymbol.CODE128])]
    return found


@pytest.mark.req("BIL-05")
@pytest.mark.parametrize(
    "said",
    [
        "10-04821-00",
        "C-20931",
        "Maria T. Delacroix 412 Sycamore Avenue Riverton IA 51650-1187",
        "Service address 412 Sycamore Avenue",
        "Billing date Nov 22, 2026",
        "Due December 15, 2026",
        "previous 1204300, Oct 8 · current 1209100, Nov 7, 2026 · 30 days",
        "Water 4,800 gallons in 30 days $40.08",
        "Electric 612 kWh in 30 days $82.25",
        "Returned payment fee check of Oct 30 $25.00",
        "Payments received, Nov 3, 2026. Thank you -$171.83",
        "Total due $198.98",
        "$208.93 after the due date",
        "The office is closed on November 26 and 27 for Thanksgiving. The drop box stays open.",
        "19% less than the same month last year",
    ],
)
def test_a_bill_says_all_it_must(printed: PrintedBatch, said: str) -> None:
    assert said in text_of(printed.pdf)


@pytest.mark.req("BIL-05", "COL-07")
@pytest.mark.parametrize("dots_per_inch", [150, 200, 300])
def test_the_bar_code_of_the_printed_page_fills_account_and_amount(
    printed: PrintedBatch, dots_per_inch: int
) -> None:
    first = extract(printed.pdf, printed.pages[0])
    assert [read_bill_code(code) for code in codes_on(first, dots_per_inch)] == [("10-04821-00", 19898)]


@pytest.mark.req("BIL-05")
def test_the_square_code_of_the_page_leads_to_where_one_pays(printed: PrintedBatch) -> None:
    picture = next(pages(printed.pdf)).render(scale=200 / 72, grayscale=True).to_pil()
    (symbol,) = decode(picture, symbols=[ZBarSymbol.QRCODE])
    assert symbol.data.decode() == "https://www.riverton.example/pay"


@pytest.mark.req("BIL-05")
def test_a_large_amount_on_a_long_account_number_still_scans() -> None:
    plan = replace(samples.BUDGET, account_number="0420-118843-0017-2", total_due=Decimal("1234567.89"))
    pdf = print_statements([plan], samples.BRAND).pdf
    assert [read_bill_code(code) for code in codes_on(pdf, 200)] == [("0420-118843-0017-2", 123456789)]


@pytest.mark.req("BIL-05")
def test_a_draft_customer_is_told_the_day_and_not_to_pay(printed: PrintedBatch) -> None:
    said = text_of(extract(printed.pdf, printed.place_of("B-3")))
    assert "Will be drafted December 15, 2026" in said
    assert "Your bank pays this bill from First Bank, ending 4471. Do not pay." in said
    assert "Amount enclosed" not in said


@pytest.mark.req("BIL-05")
@pytest.mark.parametrize(
    ("bill", "said"),
    [
        (samples.CASH, "CASH ONLY"),
        (samples.BUDGET, "Budget plan amount due $165.00"),
        (samples.BUDGET, "Balance of your account $198.98"),
        (samples.CREDIT, "Credit balance -$41.02 CR No payment is needed"),
        (samples.ESTIMATED, "Water 4,800 gallons in 30 days estimated"),
        (samples.FINAL, "Final bill"),
    ],
)
def test_a_bill_that_is_no_ordinary_one_says_so(bill: Statement, said: str) -> None:
    assert said in text_of(print_statements([bill], samples.BRAND).pdf)


@pytest.mark.req("BIL-05")
def test_cash_only_is_not_printed_for_others(printed: PrintedBatch) -> None:
    assert "CASH ONLY" not in text_of(printed.pdf)


@pytest.mark.req("BIL-05")
def test_a_bill_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(StatementDoesNotAdd, match=r"asks for 199\.00, but its parts come to 198\.98"):
        replace(samples.ORDINARY, total_due=Decimal("199.00"))


@pytest.mark.req("BIL-07")
def test_the_index_says_where_each_bill_lies(printed: PrintedBatch) -> None:
    assert printed.pages == (
        PageIndex("B-1", "10-04821-00", 1, 1),
        PageIndex("B-2", "10-04821-00", 2, 2),
        PageIndex("B-3", "10-04821-00", 4, 1),
    )
    for index in printed.pages:
        assert index.bill_number in text_of(printed.pdf, index.first_page - 1)


@pytest.mark.req("BIL-07")
def test_a_second_page_counts_the_pages_of_its_own_bill(printed: PrintedBatch) -> None:
    assert "Page 1 of 2" in text_of(printed.pdf, 1)
    assert "Bill B-2 Page 2 of 2" in text_of(printed.pdf, 2)
    assert "Step 18" in text_of(printed.pdf, 2)


@pytest.mark.req("BIL-07")
def test_the_bills_of_many_documents_are_counted_through() -> None:
    batch = print_statements(samples.numbered(27), samples.BRAND)
    assert [i.first_page for i in batch.pages] == list(range(1, 28))
    assert "10-00027-00" in text_of(batch.pdf, 26)
    with pikepdf.open(io.BytesIO(batch.pdf)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root][26] == "10-00027-00  bill 2026-000027"


@pytest.mark.req("BIL-07")
def test_a_single_reprint_is_exactly_what_was_sent(printed: PrintedBatch) -> None:
    index = printed.place_of("B-2")
    with (
        pikepdf.open(io.BytesIO(printed.pdf)) as batch,
        pikepdf.open(io.BytesIO(extract(printed.pdf, index))) as single,
    ):
        assert len(single.pages) == 2
        for sent, again in zip(batch.pages[1:3], single.pages, strict=True):
            assert sent.Contents.read_bytes() == again.Contents.read_bytes()
    sent_picture = list(pages(printed.pdf))[1].render(scale=1).to_pil().tobytes()
    again_picture = next(pages(extract(printed.pdf, index))).render(scale=1).to_pil().tobytes()
    assert sent_picture == again_picture


@pytest.mark.req("BIL-07")
def test_a_bill_outside_the_batch_is_refused(printed: PrintedBatch) -> None:
    with pytest.raises(BillNotInBatch, match="B-9"):
        printed.place_of("B-9")
    with pytest.raises(BillNotInBatch, match="stored with this PDF"):
        extract(printed.pdf, PageIndex("B-9", "1", 4, 2))


@pytest.mark.req("BIL-07")
def test_the_same_bills_give_the_same_bytes_in_another_process(printed: PrintedBatch) -> None:
    script = (
        "import hashlib;from dataclasses import replace;"
        "from tests.integration import test_statement_pdf as t;"
        "named=[replace(s, bill_number=f'B-{i}') for i, s in enumerate(t.BATCH, 1)];"
        "print(hashlib.sha256(t.print_statements(named, t.samples.BRAND).pdf).hexdigest())"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.strip() == hashlib.sha256(printed.pdf).hexdigest()


@pytest.mark.req("BIL-07")
def test_merged_batches_keep_every_bill_findable(printed: PrintedBatch) -> None:
    joined = merge([printed, printed])
    assert [i.first_page for i in joined.pages] == [1, 2, 4, 5, 6, 8]


@pytest.mark.req("BIL-06")
def test_the_statement_is_a_letter_sheet_in_the_utilitys_colour(printed: PrintedBatch) -> None:
    page = next(pages(printed.pdf))
    assert page.get_size() == (612.0, 792.0)
    picture = page.render(scale=1).to_pil().convert("RGB")
    assert (0x1F, 0x6F, 0x78) in {colour for _, colour in picture.getcolors(1 << 20)}


@pytest.mark.req("BIL-05")
def test_nothing_runs_into_the_stub_or_the_ways_to_pay_on_the_fullest_bill() -> None:
    fullest = replace(
        samples.LONG, marked="Corrected bill", draft=BankDraft(date(2026, 12, 15), "First Bank, ending 4471")
    )
    page = next(pages(print_statements([fullest], samples.BRAND).pdf))
    words = page.get_textpage()
    ways_top = _top_of(words, "www.riverton.example/pay, day")
    assert _foot_of(words, "Helping Hands fund online.") > ways_top
    assert _foot_of(words, "north door.") > 3.5 * 72  # the perforation, from the foot of the sheet


@pytest.mark.req("BIL-05")
def test_a_text_too_long_for_the_side_of_the_bill_follows_the_charges() -> None:
    spread = " ".join("WWWWWWWWWWWWWWWWWWWWWWW" for _ in range(16))
    wide = replace(samples.LONG, messages=(spread[:380],))
    batch = print_statements([wide], samples.BRAND)
    assert "WWWW" not in text_of(batch.pdf)
    assert text_of(batch.pdf, 1).count("W") >= 360


def _rectangles(words: pypdfium2.PdfTextPage, text: str) -> list[tuple[float, float, float, float]]:
    place = words.search(text).get_next()
    assert place is not None, f"“{text}” is not on the page"
    return [words.get_rect(i) for i in range(words.count_rects(*place))]


def _top_of(words: pypdfium2.PdfTextPage, text: str) -> float:
    return max(top for _, _, _, top in _rectangles(words, text))


def _foot_of(words: pypdfium2.PdfTextPage, text: str) -> float:
    return min(bottom for _, bottom, _, _ in _rectangles(words, text))


@pytest.mark.req("BIL-05")
def test_a_customers_text_cannot_add_markup_or_reach_out() -> None:
    hostile = replace(
        samples.ORDINARY, customer_name='<img src="file:///etc/passwd">', messages=("<b>bold</b> & more",)
    )
    said = text_of(print_statements([hostile], samples.BRAND).pdf)
    assert '<img src="file:///etc/passwd">' in said
    assert "<b>bold</b> & more" in said


def test_a_document_may_embed_only_what_it_is_given(caplog: pytest.LogCaptureFixture) -> None:
    assert paper.render('<p>a</p><img src="file:///etc/passwd"><img src="https://example.org/a.png">')
    assert sum("documents may only embed" in r.message for r in caplog.records) == 2
    with pytest.raises(paper.AssetMissing, match="seal"):
        paper.render('<img src="asset:seal">')
    with pytest.raises(paper.AssetMissing):
        paper.render('<img src="asset:fonts/../../manage.py">')


@pytest.mark.req("BIL-05")
def test_a_line_of_nothing_is_left_out_unless_the_service_comes_to_nothing() -> None:
    storm = replace(
        samples.STORM, charges=(*samples.STORM.charges, samples.line("Credit for retained water", "0.00"))
    )
    idle = replace(samples.SEWER, charges=(samples.line("Treatment", "0.00", "0 × $4.25"),), usage=None)
    services = (samples.WATER, samples.GARBAGE, storm, idle)
    owed = sum((s.amount for s in services), Decimal("0.00"))
    bill = replace(samples.LONG, services=services, other_charges=(), total_due=owed)
    said = text_of(print_statements([bill], samples.BRAND).pdf)
    assert "retained" not in said
    assert "Storm water fee" in said
    assert "Treatment, 0 × $4.25 $0.00" in said


@pytest.mark.req("BIL-05")
def test_an_ordinary_bill_of_five_services_is_one_page() -> None:
    credit = samples.line("Credit for retained water", "0.00", "0 ERU × -2.67")
    sewer = (
        samples.line("Minimum, includes 2,000 gallons", "14.00"),
        samples.line("Sewer use above 2,000 gallons", "20.40", "1,740.260 gallons × 3.25 per 1,000"),
    )
    cart = samples.line("Additional carts", "4.00", "1 additional cart × 4.00")
    five = (
        samples.WATER,
        samples.ELECTRIC,
        replace(samples.GARBAGE, charges=(*samples.GARBAGE.charges, cart)),
        replace(samples.STORM, charges=(*samples.STORM.charges, credit)),
        replace(samples.SEWER, charges=sewer),
    )
    owed = sum((s.amount for s in five), Decimal("0.00"))
    bill = replace(samples.ORDINARY, services=five, other_charges=(), total_due=owed)
    assert print_statements([bill], samples.BRAND).pages[0].page_count == 1
