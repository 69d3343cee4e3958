"""Everything a month's run left behind, so that a disturbed run can be held against an undisturbed one."""

import io
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pikepdf
from django.db.models import Count, F, Sum

from billing.models import Bill, BilledPeriod, BillPage, PreparedBill, PrintBatch, RegisterUse, Run
from collections_app.models import Receipt
from core.models import Due, Job, JobChunk, Mail, OutboxEvent, StoredFile
from core.vault import fetch
from ledger.models import Application, Charge, CreditLeft, Journal, OpenItem, Posting

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Outcome:
    """Equal for two runs of the same month, whatever was done to the workers meanwhile.

    Which part is posted first decides which account gets which bill number, so numbers are compared as a
    series, and everything else by account.
    """

    run: str
    bills: Rows
    numbers: list[int]
    charges: Rows
    journals: Rows
    open: Rows
    credit_left: Rows
    applied: int
    chart: Rows
    periods: int
    readings: int
    receipts: list[int]
    prepared: Counter[str]
    parts: Rows
    pages: Rows
    sheets: int
    files: Counter[str]
    mails: Rows
    jobs: Rows
    events: Counter[tuple[str, str]]
    waiting: int

    def dollars(self) -> Any:
        """What the run billed."""
        return sum(row[1] for row in self.bills)


def outcome(run_id: int) -> Outcome:
    """The outcome of a run; needs a transaction in its utility's scope."""
    bills = Bill.objects.filter(run_id=run_id)
    whole = PrintBatch.objects.filter(run_id=run_id, part=0).first()
    return Outcome(
        run=Run.objects.get(id=run_id).state,
        bills=_rows(
            bills,
            *("account__number", "charges", "previous_balance", "payments", "credit_applied"),
            *("total_due", "due_after", "starts", "ends", "is_live"),
        ),
        numbers=sorted(bills.values_list("number", flat=True)),
        charges=_rows(Charge, "account__number", "text", "amount", "quantity", "revenue_code", "on"),
        journals=_rows(Journal, "key", "on", "why", "lines", "total"),
        open=_rows(OpenItem.objects.filter(open__gt=0), "account__number", "charge__text", "open"),
        credit_left=_rows(CreditLeft, "account__number", "open"),
        applied=Application.objects.count(),
        chart=_rows(
            Posting.objects.order_by()
            .values("chart_account__code")
            .annotate(lines=Count("n"), of=Sum(F("debit") - F("credit"))),
            *("chart_account__code", "lines", "of"),
        ),
        periods=BilledPeriod.objects.filter(bill__run=run_id).count(),
        readings=RegisterUse.objects.filter(bill__run=run_id).count(),
        receipts=sorted(Receipt.objects.values_list("number", flat=True)),
        prepared=Counter(PreparedBill.objects.filter(run_id=run_id).values_list("state", flat=True)),
        parts=_rows(PrintBatch.objects.filter(run_id=run_id), "part", "bills", "pages"),
        pages=_rows(
            BillPage.objects.filter(batch__run=run_id),
            *("bill__account__number", "page_count", "batch__part"),
        ),
        sheets=len(pikepdf.open(io.BytesIO(fetch(whole.file_id))).pages) if whole else 0,
        files=Counter(StoredFile.objects.values_list("purpose", flat=True)),
        mails=_rows(Mail, "subject", "state"),
        jobs=_rows(Job, "kind", "state", "total"),
        events=Counter(OutboxEvent.objects.values_list("name", "state")),
        waiting=Due.objects.filter(tenant_id=Run.objects.get(id=run_id).tenant_id)
        .exclude(kind="schedule")
        .count()
        + JobChunk.objects.exclude(state="done").count(),
    )


def delivered(folder: Path) -> set[str]:
    """Subject and Message-ID of the mails that went out; a repeat under its own Message-ID is one mail."""
    found = set()
    for path in folder.iterdir():
        mail = message_from_bytes(path.read_bytes())
        found.add(f"{mail['Subject']} {mail['Message-ID']}")
    return found


def _rows(of: Any, *fields: str) -> Rows:
    rows = of if hasattr(of, "values_list") else of.objects.all()
    return sorted((tuple(row) for row in rows.values_list(*fields)), key=repr)
