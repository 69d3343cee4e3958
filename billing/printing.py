"""Printing a run: parts of a few bills each, then one PDF with a page index; and single reprints."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from billing.documents.press import PageIndex, PrintedBatch, extract, merge, print_statements
from billing.models import Bill, BillPage, PrintBatch, Run
from billing.print_orders import MAIL
from billing.statements import brand_of, statements_of
from core import failpoints
from core.errors import NotFound
from core.models import Utility
from core.tenancy import current_utility_id
from core.vault import fetch, keep
from core.work.kinds import Chunk


def print_part(chunk: Chunk) -> dict[str, PrintedBatch]:
    """Lay out a part's bills, or join all parts (part 0) to one PDF a group, with bookmarks and page index.

    Reads in a short transaction, computes outside of one: joining 10,000 bills takes half a minute.
    """
    if chunk.params["part"] == 0:
        return {group: _joined(chunk.job_params["run"], group) for group in chunk.params["groups"]}
    with transaction.atomic():
        run = Run.objects.get(id=chunk.job_params["run"])
        brand = brand_of(Utility.objects.get(id=current_utility_id()), run.bill_on)
        statements = statements_of(chunk.params["bills"])
    failpoints.reached("press.middle")
    return {chunk.params["group"]: print_statements(statements, brand)}


def store_part(chunk: Chunk) -> Mapping[str, Any]:
    """Keep a part's PDFs and where each bill stands in them."""
    run = Run.objects.select_related("cycle").get(id=chunk.job_params["run"])
    part = int(chunk.params["part"])
    batches = [_store(run, group, part, printed) for group, printed in chunk.prepared.items()]
    return {"pages": sum(batch.pages for batch in batches)}


def _joined(run_id: int, group: str) -> PrintedBatch:
    with transaction.atomic():
        batches = PrintBatch.objects.filter(run=run_id, group=group, part__gt=0).order_by("part")
        parts = [_printed(batch) for batch in batches]
    return merge(parts)


def bill_pdf(bill: Bill) -> bytes:
    """One bill exactly as it was printed; raises ``NotFound`` when it was not printed yet."""
    page = (
        BillPage.objects.filter(bill=bill, batch__part__gt=0).select_related("batch").order_by("id").first()
    )
    if page is None:
        raise NotFound(f"Bill {bill.number} is not printed yet.", "Print its run first.")
    index = PageIndex(str(bill.number), bill.account.number, page.first_page, page.page_count)
    return extract(fetch(page.batch.file_id), index)


def cancelled_pdf(bill: Bill) -> bytes:
    """A cancelled bill marked as such, asking for no payment; raises ``NotFound`` for a bill that counts."""
    if bill.is_live:
        raise NotFound(f"Bill {bill.number} is not cancelled.", "See it as it was printed.")
    brand = brand_of(Utility.objects.get(id=current_utility_id()), bill.bill_on)
    return print_statements(statements_of([bill.id]), brand).pdf


def _store(run: Run, group: str, part: int, printed: PrintedBatch) -> PrintBatch:
    label = "whole" if part == 0 else f"part-{part}"
    apart = "" if group == MAIL else f"-{group}"
    name = f"bills-{run.cycle.code}-{run.bill_on:%Y-%m-%d}{apart}-{label}.pdf"
    file_id = keep(name, printed.pdf, "application/pdf", "bills")
    pages = sum(p.page_count for p in printed.pages)
    batch = PrintBatch.objects.create(
        run=run, group=group, part=part, file_id=file_id, pages=pages, bills=len(printed.pages)
    )
    ids = dict(
        Bill.objects.filter(run=run, number__in=[int(p.bill_number) for p in printed.pages]).values_list(
            "number", "id"
        )
    )
    BillPage.objects.bulk_create(
        [
            BillPage(
                batch=batch, bill_id=ids[int(p.bill_number)], first_page=p.first_page, page_count=p.page_count
            )
            for p in printed.pages
        ]
    )
    return batch


def _printed(batch: PrintBatch) -> PrintedBatch:
    rows = BillPage.objects.filter(batch=batch).order_by("first_page").select_related("bill__account")
    pages = tuple(
        PageIndex(str(r.bill.number), r.bill.account.number, r.first_page, r.page_count) for r in rows
    )
    return PrintedBatch(fetch(batch.file_id), pages)
