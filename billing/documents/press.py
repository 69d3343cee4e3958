"""Bills as PDF: laid out many to a document, joined to a batch with an index of its pages.

The same bills give the same bytes, so what is printed again can be compared with what was sent.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pikepdf import OutlineItem, Pdf

from billing.documents.statement import Brand, Statement
from billing.documents.wording import anchor, colour_sheet, face_of, letterhead
from core.ui import paper

BILLS_PER_DOCUMENT = 25  # the layout of one bill holds about 4 MB until its document is written


class BillNotInBatch(LookupError):
    """The batch has no bill of that number, or the bill's pages lie outside it."""


@dataclass(frozen=True, slots=True)
class PageIndex:
    """Where one bill lies in a PDF; ``first_page`` counts from 1."""

    bill_number: str
    account_number: str
    first_page: int
    page_count: int


@dataclass(frozen=True, slots=True)
class PrintedBatch:
    """A PDF and where each bill lies in it, in printing order."""

    pdf: bytes
    pages: tuple[PageIndex, ...]

    def place_of(self, bill_number: str) -> PageIndex:
        """Where the bill lies; raises ``BillNotInBatch``."""
        for index in self.pages:
            if index.bill_number == bill_number:
                return index
        raise BillNotInBatch(f"Bill {bill_number} was not printed in this batch.")


def print_statements(statements: Sequence[Statement], brand: Brand) -> PrintedBatch:
    """The bills in the order given, one PDF with bookmarks.  Any number; memory holds 25 layouts at a time.

    Raises ``ValueError`` for no bills at all, and ``BarcodeRefused`` for an account number no bar code can hold.
    """
    if not statements:
        raise ValueError("There are no bills to print.")
    documents = [_document(chunk, brand) for chunk in _chunks(statements)]
    return merge(documents)


def merge(batches: Sequence[PrintedBatch]) -> PrintedBatch:
    """Several batches as one, with a bookmark for each bill and the pages counted through."""
    joined = Pdf.new()
    pages: list[PageIndex] = []
    for batch in batches:
        before = len(joined.pages)
        with Pdf.open(io.BytesIO(batch.pdf)) as part:
            joined.pages.extend(part.pages)
        pages += [replace(i, first_page=i.first_page + before) for i in batch.pages]
    with joined.open_outline() as outline:
        outline.root.extend(
            OutlineItem(f"{i.account_number}  bill {i.bill_number}", i.first_page - 1) for i in pages
        )
    return PrintedBatch(_saved(joined), tuple(pages))


def extract(pdf: bytes, index: PageIndex) -> bytes:
    """One bill out of a batch, its pages exactly as they were printed.  Raises ``BillNotInBatch``."""
    with Pdf.open(io.BytesIO(pdf)) as batch:
        last = index.first_page - 1 + index.page_count
        if index.first_page < 1 or last > len(batch.pages):
            raise BillNotInBatch(
                f"Bill {index.bill_number} is said to end on page {last}, but this batch has {len(batch.pages)}. "
                "Take the page index that was stored with this PDF."
            )
        single = Pdf.new()
        single.pages.extend(batch.pages[index.first_page - 1 : last])
        single.remove_unreferenced_resources()
        return _saved(single)


def _document(statements: Sequence[Statement], brand: Brand) -> PrintedBatch:
    """One layout.  A bill's length is known only after it; when one needs a second page, all are laid out
    again with “page x of y” in place.
    """
    lengths = [1] * len(statements)
    with paper.collector_resting():
        html, laid_out = _laid_out(statements, brand, lengths)
        found = _lengths(laid_out.pages, len(statements))
        if found != lengths:
            html, laid_out = _laid_out(statements, brand, found)
            found = _lengths(laid_out.pages, len(statements))
        pdf = paper.pdf_bytes(laid_out, html)
    starts = [1 + sum(found[:i]) for i in range(len(found))]
    pages = tuple(
        PageIndex(s.bill_number, s.account_number, first, count)
        for s, first, count in zip(statements, starts, found, strict=True)
    )
    return PrintedBatch(pdf, pages)


def _laid_out(
    statements: Sequence[Statement], brand: Brand, lengths: Sequence[int]
) -> tuple[str, paper.LaidOut]:
    faces = [
        face_of(s, brand, place=i, pages=count)
        for i, (s, count) in enumerate(zip(statements, lengths, strict=True))
    ]
    html = paper.fill("statement.html", bills=faces, **letterhead(brand))
    css = (paper.stylesheet("statement.css"), colour_sheet(brand))
    return html, paper.lay_out(html, css, assets={"logo": brand.logo} if brand.logo else {})


def _lengths(pages: Sequence[paper.LaidOutPage], bills: int) -> list[int]:
    """Pages of each bill, from the page each one's anchor stands on."""
    first: dict[str, int] = {}
    for number, page in enumerate(pages):
        for name in page.anchors:  # a bill of two pages has its anchor on both
            first.setdefault(name, number)
    starts = [first[anchor(i)] for i in range(bills)] + [len(pages)]
    return [after - start for start, after in zip(starts, starts[1:], strict=False)]


def _chunks(statements: Sequence[Statement]) -> Iterator[Sequence[Statement]]:
    for start in range(0, len(statements), BILLS_PER_DOCUMENT):
        yield statements[start : start + BILLS_PER_DOCUMENT]


def _saved(pdf: Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True, compress_streams=True)
    return target.getvalue()
