"""Posting a chunk of an approved run: prepared lines become charges, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection

from billing.assembly import BillLine, ServicePeriod, UsedReading
from billing.finals import accounts_ending
from billing.models import Bill, BilledPeriod, PreparedBill, RegisterUse, Run
from core import failpoints
from core.bulk import Same, array_literal, insert_columns, take_ids
from core.counters import take_block
from core.errors import Conflict
from core.money import ZERO, round_cents
from ledger.applying import apply_credits
from ledger.chart import Chart, read_chart
from ledger.deposits import apply_deposits
from ledger.drafts import JournalDraft, Leg
from ledger.policy import Laid, OpenCharge, distribute
from ledger.posting import post_all
from ledger.receivables import (
    NewCharge,
    NewCredit,
    add_charges,
    add_credits,
    lock_accounts,
    payoff,
    record_applications,
)
from rates.engine import ENGINE_VERSION


@dataclass(slots=True)
class Posting:
    """A prepared bill on its way into the ledger."""

    prepared_id: int
    account_id: int
    starts: date
    ends: date
    total: Decimal
    lines: list[BillLine]
    periods: list[ServicePeriod]
    readings: list[UsedReading]
    journal_id: int | None = None
    bill_id: int = 0
    new: list[OpenCharge] = field(default_factory=list)
    final: bool = False
    credit: Decimal = ZERO
    deposit: Decimal = ZERO

    @property
    def owed(self) -> Decimal:
        """Σ of the lines above zero."""
        return sum((line.amount for line in self.lines if line.amount > 0), ZERO)

    @property
    def given(self) -> Decimal:
        """Σ of the credit lines, as a positive amount."""
        return -sum((line.amount for line in self.lines if line.amount < 0), ZERO)


def post_chunk(run: Run, chunk: int, late_percent: Decimal | None) -> dict[str, int | str]:
    """Post the ready bills of a chunk inside its transaction; returns counts and the dollars billed.

    ``late_percent`` gives the amount due after the due date, ``None`` leaves it off the bill.  Raises
    ``Conflict`` when a service was billed by somebody else meanwhile.
    """
    bills = _ready(run, chunk)
    lock_accounts(b.account_id for b in bills)
    before = payoff([b.account_id for b in bills])
    chart = read_chart()
    _post_journals(run, bills, chart)
    _add_lines(run, bills, chart)
    _apply(run, bills, chart)
    failpoints.reached("billing.before_numbers")
    _store_bills(run, bills, before, late_percent)
    _mark_billed(bills)
    PreparedBill.objects.filter(run=run, chunk=chunk, state="ready").update(state="posted")
    return {"bills": len(bills), "dollars": str(sum((b.total for b in bills), ZERO))}


def _ready(run: Run, chunk: int) -> list[Posting]:
    rows = PreparedBill.objects.filter(run=run, chunk=chunk, state="ready").order_by("account_id")
    found = []
    for prepared_id, account_id, starts, ends, total, lines, measured in rows.values_list(
        "id", "account_id", "starts", "ends", "total", "lines", "measured"
    ):
        periods, readings = measured
        found.append(
            Posting(
                prepared_id,
                account_id,
                starts or run.starts,  # a ready bill has both
                ends or run.ends,
                total,
                [BillLine.from_json(line) for line in lines],
                [ServicePeriod.from_json(p) for p in periods],
                [UsedReading.from_json(r) for r in readings],
            )
        )
    return found


def _apply(run: Run, bills: Sequence[Posting], chart: Chart) -> None:
    """Overpayments pay the new charges; of an account that ends, its deposits pay what is still owed."""
    event = f"run:{run.id}"
    credits = apply_credits([(b.account_id, b.new) for b in bills if b.new], run.bill_on, event, chart)
    ending = accounts_ending(bills)
    deposits = apply_deposits(sorted(ending), on=run.bill_on, event=event) if ending else {}
    for bill in bills:
        bill.final = bill.account_id in ending
        bill.credit = credits.get(bill.account_id, ZERO)
        bill.deposit = deposits.get(bill.account_id, ZERO)


def _post_journals(run: Run, bills: Sequence[Posting], chart: Chart) -> None:
    """One journal a bill: Dr receivable, Cr revenue by account; credit lines net, the rest is a liability."""
    drafts = []
    for bill in bills:
        sides: dict[int, Decimal] = {}
        for line in bill.lines:
            if line.amount:
                account = chart.revenue_account(line.revenue_code)
                sides[account] = sides.get(account, ZERO) + line.amount
        legs = []
        if bill.total > 0:
            legs.append(Leg(chart.role("receivable"), debit=bill.total, account_id=bill.account_id))
        elif bill.total < 0:
            legs.append(Leg(chart.role("customer_credit"), credit=-bill.total, account_id=bill.account_id))
        for account, amount in sorted(sides.items()):
            if amount > 0:
                legs.append(Leg(account, credit=amount, account_id=bill.account_id))
            elif amount < 0:
                legs.append(Leg(account, debit=-amount, account_id=bill.account_id))
        if legs:
            key = f"bill:run {run.id}:account {bill.account_id}"
            drafts.append((bill, JournalDraft(key, run.bill_on, "bill", tuple(legs))))
    for (bill, _), journal_id in zip(drafts, post_all([d for _, d in drafts]), strict=True):
        bill.journal_id = journal_id


def _add_lines(run: Run, bills: Sequence[Posting], chart: Chart) -> None:
    """Every line of a bill with a journal becomes a charge; credit lines are laid on the others at once."""
    rows: list[tuple[Posting, BillLine]] = [(b, line) for b in bills if b.journal_id for line in b.lines]
    netted = {b.account_id: _netting(b, run, chart) for b in bills if b.given and b.journal_id}
    places: dict[int, int] = {}
    charges = []
    for bill, line in rows:
        n = places[bill.account_id] = places.get(bill.account_id, -1) + 1
        less = netted.get(bill.account_id, {}).get(n, ZERO)
        charges.append(
            NewCharge(
                journal_id=bill.journal_id or 0,
                account_id=bill.account_id,
                service_id=line.service_id,
                text=line.text,
                amount=line.amount,
                revenue_code=line.revenue_code,
                component=line.component,
                quantity=line.quantity,
                unit=line.unit,
                on=run.bill_on,
                due_on=run.due_on,
                priority=chart.priority.get(line.revenue_code, 50),
                open=line.amount - less if line.amount > 0 else None,
            )
        )
    ids = add_charges(charges)
    places.clear()
    laid: dict[int, list[Laid]] = {}
    for (bill, _), charge_id, charge in zip(rows, ids, charges, strict=True):
        n = places[bill.account_id] = places.get(bill.account_id, -1) + 1
        if charge.open:
            bill.new.append(OpenCharge(charge_id, charge.open, charge.priority, run.due_on))
        if less := netted.get(bill.account_id, {}).get(n, ZERO):
            laid.setdefault(bill.account_id, []).append(Laid(charge_id, less))
    _credit_lines(run, [b for b in bills if b.account_id in netted], laid)


def _netting(bill: Posting, run: Run, chart: Chart) -> dict[int, Decimal]:
    """How much of each line (by its place) the bill's own credit lines pay."""
    lines = [
        OpenCharge(n, line.amount, chart.priority.get(line.revenue_code, 50), run.due_on)
        for n, line in enumerate(bill.lines)
        if line.amount > 0
    ]
    return {part.charge_id: part.amount for part in distribute(bill.given, lines)[0]}


def _credit_lines(run: Run, bills: Sequence[Posting], laid: dict[int, list[Laid]]) -> None:
    credits = add_credits(
        [
            NewCredit(
                b.journal_id or 0,
                b.account_id,
                "Credit on bill",
                b.given,
                run.bill_on,
                max(b.given - b.owed, ZERO),
            )
            for b in bills
        ]
    )
    record_applications(
        [
            (b.journal_id or 0, part.charge_id, credit, part.amount)
            for b, credit in zip(bills, credits, strict=True)
            for part in laid.get(b.account_id, ())
        ],
        run.bill_on,
    )


def _store_bills(
    run: Run,
    bills: Sequence[Posting],
    before: dict[int, Decimal],
    late_percent: Decimal | None,
) -> None:
    last = _last_totals([b.account_id for b in bills])
    for bill, bill_id in zip(bills, take_ids(Bill, len(bills)), strict=True):
        bill.bill_id = bill_id
    due = [before[b.account_id] + b.total - b.deposit for b in bills]
    first = take_block("bill", len(bills)) if bills else 0
    failpoints.reached("numbers.taken")
    insert_columns(
        Bill,
        {
            "id": [b.bill_id for b in bills],
            "number": list(range(first, first + len(bills))),
            "account_id": [b.account_id for b in bills],
            "run_id": Same(run.id),
            "prepared_id": [b.prepared_id for b in bills],
            "journal_id": [b.journal_id for b in bills],
            "starts": [b.starts for b in bills],
            "ends": [b.ends for b in bills],
            "bill_on": Same(run.bill_on),
            "due_on": Same(run.due_on),
            "charges": [b.total for b in bills],
            "previous_balance": [before[b.account_id] for b in bills],
            "payments": [last.get(b.account_id, before[b.account_id]) - before[b.account_id] for b in bills],
            "credit_applied": [b.credit for b in bills],
            "total_due": due,
            "due_after": [_after(d, b.total, late_percent) for d, b in zip(due, bills, strict=True)],
            "final": [b.final for b in bills],
            "deposit_applied": [b.deposit for b in bills],
            "message": Same(run.message),
            "engine_version": Same(ENGINE_VERSION),
            "is_live": Same(True),
        },
    )


def _after(due: Decimal, charges: Decimal, late_percent: Decimal | None) -> Decimal | None:
    if late_percent is None or due <= 0 or charges <= 0:
        return None
    return due + round_cents(min(due, charges) * late_percent / 100)


def _last_totals(account_ids: Sequence[int]) -> dict[int, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (account_id) account_id, total_due FROM billing_bill"
            " WHERE account_id = ANY (%s::bigint[]) AND is_live ORDER BY account_id, starts DESC",
            [array_literal(account_ids)],
        )
        return dict(cursor.fetchall())


def _mark_billed(bills: Sequence[Posting]) -> None:
    """Store the periods and readings billed, and move each service's ``billed_to`` if nobody else has."""
    periods = [(b, p) for b in bills for p in b.periods]
    insert_columns(
        BilledPeriod,
        {
            "service_id": [p.service_id for _, p in periods],
            "bill_id": [b.bill_id for b, _ in periods],
            "starts": [p.starts for _, p in periods],
            "ends": [p.ends for _, p in periods],
            "is_live": Same(True),
        },
    )
    used = [(b, r) for b in bills for r in b.readings]
    insert_columns(
        RegisterUse,
        {
            "bill_id": [b.bill_id for b, _ in used],
            "service_id": [r.service_id for _, r in used],
            "register_id": [r.register_id for _, r in used],
            "from_reading_id": [r.from_id for _, r in used],
            "to_reading_id": [r.to_id for _, r in used],
            "use": [r.use for _, r in used],
            "unit": [r.unit for _, r in used],
            "on": [r.on for _, r in used],
            "days": [r.days for _, r in used],
            "source": [r.source for _, r in used],
            "is_live": Same(True),
        },
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_service s SET billed_to = v.ends"
            " FROM unnest(%s::bigint[], %s::date[], %s::date[]) v(id, was, ends)"
            " WHERE s.id = v.id AND s.billed_to IS NOT DISTINCT FROM v.was",
            [
                array_literal([p.service_id for _, p in periods]),
                array_literal([p.was for _, p in periods]),
                array_literal([p.ends for _, p in periods]),
            ],
        )
        if cursor.rowcount != len(periods):
            raise Conflict(
                "A service of this run was billed by another run meanwhile.", "Prepare the run again."
            )
