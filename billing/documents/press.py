"""Bills as PDF: laid out many to a document, joined to a batch with an index of its pages.

The same bills give the same bytes, so what is printed again can be compared with what was sent.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pikepdf import OutlineItem, Pdf

from billing.documents.statement import Brand, Statement
from billing.documents.wording import (
    anchor,
    colour_sheet,
    face_of,
    letterhead,
    pictures,
    places_sheet,
    side_end,
)
from core.ui import paper

BILLS_PER_DOCUMENT = 25  # the layout of one bill holds about 4 MB until its document is written
SIDE_ENDS, STUB_BEGINS = 6.55, 7.4  # inches from the head of the sheet, as statement.css places them
_LAYOUTS_AT_MOST = 4  # as it comes; column relieved; pages counted; in case the count moved


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
    """The bills in the order given, one PDF with bookmarks.  Any number; 25 layouts are held at a time.

    Raises ``ValueError`` for no bills at all, ``BarcodeRefused`` for an account number no bar code can hold.
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
                f"Bill {index.bill_number} is said to end on page {last} of {len(batch.pages)}. "
                "Take the page index that was stored with this PDF."
            )
        single = Pdf.new()
        single.pages.extend(batch.pages[index.first_page - 1 : last])
        single.remove_unreferenced_resources()
        return _saved(single)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is known of a bill only when it is laid out: its pages, and whether its side is too full."""

    pages: int = 1
    crowded: bool = False


def _document(statements: Sequence[Statement], brand: Brand) -> PrintedBatch:
    """One layout.  When a bill turns out to need a second page, or more room than its side column has, all
    are laid out again with “page x of y” in place and the texts moved under the charges.
    """
    shapes = [_Shape()] * len(statements)
    with paper.collector_resting():
        for _ in range(_LAYOUTS_AT_MOST):
            html, laid_out = _laid_out(statements, brand, shapes)
            found = _shapes(laid_out.pages, brand, shapes)
            if found == shapes:
                break
            shapes = found
        pdf = paper.pdf_bytes(laid_out, html)
    starts = [1 + sum(s.pages for s in shapes[:i]) for i in range(len(shapes))]
    pages = tuple(
        PageIndex(s.bill_number, s.account_number, first, shape.pages)
        for s, first, shape in zip(statements, starts, shapes, strict=True)
    )
    return PrintedBatch(pdf, pages)


def _laid_out(
    statements: Sequence[Statement], brand: Brand, shapes: Sequence[_Shape]
) -> tuple[str, paper.LaidOut]:
    faces = [
        face_of(s, brand, place=i, pages=shape.pages, crowded=shape.crowded)
        for i, (s, shape) in enumerate(zip(statements, shapes, strict=True))
    ]
    html = paper.fill("statement.html", bills=faces, **letterhead(brand))
    css = (paper.stylesheet("statement.css"), places_sheet(BILLS_PER_DOCUMENT), colour_sheet(brand))
    return html, paper.lay_out(html, css, assets=pictures(brand))


def _shapes(pages: Sequence[paper.LaidOutPage], brand: Brand, before: Sequence[_Shape]) -> list[_Shape]:
    """The shape of each bill, from where its anchors stand."""
    first: dict[str, int] = {}
    for number, page in enumerate(pages):
        for name in page.anchors:  # a bill of two pages has its anchor on both
            first.setdefault(name, number)
    starts = [first[anchor(i)] for i in range(len(before))] + [len(pages)]
    room = (SIDE_ENDS if brand.ways_to_pay else STUB_BEGINS) * 96
    return [
        _Shape(
            pages=starts[i + 1] - starts[i],
            crowded=was.crowded or pages[starts[i]].anchors[side_end(i)][1] > room,
        )
        for i, was in enumerate(before)
    ]


def _chunks(statements: Sequence[Statement]) -> Iterator[Sequence[Statement]]:
    for start in range(0, len(statements), BILLS_PER_DOCUMENT):
        yield statements[start : start + BILLS_PER_DOCUMENT]


def _saved(pdf: Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True, compress_streams=True)
    return target.getvalue()
