"""Cancelling a posted bill: its mirror in the ledger, and its periods and readings free again (BIL-11)."""

from datetime import date

from django.db import connection

from billing.assembly import ServicePeriod
from billing.models import Bill, BillCancellation, BilledPeriod, RegisterUse
from core.actors import Actor
from core.bulk import array_literal
from core.errors import Conflict, NotFound, Refused
from core.operations import emit, note, operation, under_way
from ledger.deposits import applied_to, hold_again
from ledger.receivables import lock_accounts
from ledger.undoing import undo


@operation("bills.cancel", permission="bills.cancel")
def cancel_bill(by: Actor, *, bill_id: int, why: str, on: date) -> int:
    """Take a posted bill back as of a day; returns the cancellation's id.

    Its journal is mirrored and nothing of its charges stays open.  What was paid on them becomes the
    account's credit; deposits laid on a final bill are held again.  Bill, charges and paper stay, marked as
    cancelled.  The services are billed to where they were before, so the next run of the cycle bills the
    time again.  Only the latest live bill of an account can be cancelled: raises ``Conflict`` for an
    earlier one and for one cancelled before, ``Refused`` without a reason or for a day before the bill.
    """
    bill = Bill.objects.filter(id=bill_id).select_related("account", "prepared").first()
    if bill is None:
        raise NotFound("There is no such bill.", "Find it by its number.")
    if not why.strip():
        raise Refused("A cancellation needs a reason.", "Say what is wrong with the bill.", field="why")
    if on < bill.bill_on:
        raise Refused(
            f"Bill {bill.number} is of {bill.bill_on:%b %-d, %Y}.",
            "Cancel it on that day or later.",
            field="on",
        )
    lock_accounts([bill.account_id])
    _latest(bill)
    mirror = _taken_out_of_the_ledger(bill, on)
    _free(bill)
    made = BillCancellation.objects.create(
        bill=bill, mirror_id=mirror, on=on, why=why.strip(), operator=by.ref, at=under_way().at
    )
    note(bill=bill.number, account=bill.account.number, charges=bill.charges)
    emit("bills.cancelled", bill=bill.id)
    return int(made.id)


def _latest(bill: Bill) -> None:
    """It still counts, and no later bill stands on it; asked under the account's lock."""
    if not Bill.objects.filter(id=bill.id, is_live=True).exists():
        raise Conflict(
            f"Bill {bill.number} was cancelled before.", "See its cancellation on the bill's page."
        )
    later = Bill.objects.filter(account=bill.account_id, is_live=True, number__gt=bill.number)
    found = later.order_by("-number").first()
    if found is not None:
        raise Conflict(
            f"Bill {found.number} of {found.bill_on:%b %-d, %Y} came after it.",
            "Cancel the latest bill first: each bill begins where the one before ended.",
        )


def _taken_out_of_the_ledger(bill: Bill, on: date) -> int | None:
    """The mirror's id; none for a bill whose lines were all 0.00."""
    if bill.journal_id is None:
        return None
    deposits = applied_to(bill.journal_id, bill.account_id, f"run:{bill.run_id}")
    mirrors = undo(
        [bill.journal_id, *(m.journal_id for m in deposits)],
        on=on,
        why="bill cancelled",
        what=f"Bill {bill.number}",
    )
    hold_again(deposits, mirrors, on)
    return mirrors[bill.journal_id]


def _free(bill: Bill) -> None:
    """Bill, periods and uses count no more; each service is billed to where it was before."""
    Bill.objects.filter(id=bill.id).update(is_live=False)
    BilledPeriod.objects.filter(bill=bill).update(is_live=False)
    RegisterUse.objects.filter(bill=bill).update(is_live=False)
    periods = [ServicePeriod.from_json(p) for p in bill.prepared.measured[0]]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_service s SET billed_to = v.was"
            " FROM unnest(%s::bigint[], %s::date[], %s::date[]) v(id, was, ends)"
            " WHERE s.id = v.id AND s.billed_to = v.ends",
            [
                array_literal([p.service_id for p in periods]),
                array_literal([p.was for p in periods]),
                array_literal([p.ends for p in periods]),
            ],
        )
        if cursor.rowcount != len(periods):
            raise Conflict(
                f"A service of bill {bill.number} was billed further meanwhile.",
                "Look at the account's bills.",
            )
