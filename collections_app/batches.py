"""Receipts of many payments at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.models import Payment, Receipt, Tender
from core.actors import Actor
from core.bulk import Same, insert_columns, take_ids
from core.operations import under_way
from ledger.payments import PostedPayment

SERIES = "counter"


@dataclass(frozen=True, slots=True)
class Outside:
    """A payment taken elsewhere: by a bank, a lock box, a partner; ``reference`` names it at its source."""

    account_id: int
    amount: Decimal
    reference: str
    kind: str = "transfer"


def store_batch(
    by: Actor,
    payments: Sequence[Outside],
    posted: Sequence[PostedPayment],
    *,
    first: int,
    on: date,
    source: str,
) -> None:
    """Store receipts numbered from ``first``, with their tenders and payments, three statements."""
    receipts = take_ids(Receipt, len(payments))
    amounts = [p.amount for p in payments]
    insert_columns(
        Receipt,
        {
            "id": receipts,
            "series": Same(SERIES),
            "number": list(range(first, first + len(payments))),
            "operator": Same(by.ref),
            "operator_name": Same(by.name),
            "on": Same(on),
            "at": Same(under_way().at),
            "source": Same(source),
            "reference": [p.reference for p in payments],
            "tendered": amounts,
            "change": Same(0),
            "total": amounts,
        },
    )
    insert_columns(
        Tender,
        {
            "receipt_id": receipts,
            "kind": [p.kind for p in payments],
            "amount": amounts,
            "reference": [p.reference[:40] for p in payments],
        },
    )
    insert_columns(
        Payment,
        {
            "receipt_id": receipts,
            "account_id": [p.account_id for p in posted],
            "journal_id": [p.journal_id for p in posted],
            "credit_id": [p.credit_id for p in posted],
            "amount": amounts,
            "balance_before": [p.balance_before for p in posted],
            "balance_after": [p.balance_after for p in posted],
        },
    )
