"""What an account's transactions are called that came over the counter or from outside, or came back."""

from collections.abc import Mapping, Sequence

from django.db import connection
from django.http import HttpRequest
from django.urls import reverse

from core.bulk import array_literal
from core.ui.objects import Slot
from ledger.web.account_history import NUMBERS, Number

_RECEIPTS = """
SELECT j.id, r.number, coalesce(b.reason, '')
FROM ledger_journal j
JOIN collections_app_payment p ON p.tenant_id = j.tenant_id AND p.journal_id = coalesce(j.reverses_id, j.id)
JOIN collections_app_receipt r ON r.tenant_id = p.tenant_id AND r.id = p.receipt_id
LEFT JOIN collections_app_paymentreturn b
       ON b.tenant_id = p.tenant_id AND b.payment_id = p.id AND j.why = 'return'
WHERE j.id = ANY (%s::bigint[])
UNION ALL
SELECT g.journal_id, r.number, ''
FROM ledger_charge g
JOIN collections_app_paymentreturn b ON b.tenant_id = g.tenant_id AND b.fee_id = g.id
JOIN collections_app_payment p ON p.tenant_id = b.tenant_id AND p.id = b.payment_id
JOIN collections_app_receipt r ON r.tenant_id = p.tenant_id AND r.id = p.receipt_id
WHERE g.journal_id = ANY (%s::bigint[])
"""


def receipts(request: HttpRequest, journals: Sequence[int]) -> Mapping[int, Number]:
    """The receipts whose payments these journals posted or took back, and of its fees."""
    with connection.cursor() as cursor:
        cursor.execute(_RECEIPTS, [array_literal(list(journals))] * 2)
        return {
            journal: Number(f"Receipt {number}", reverse("collections:receipt", args=[number]), reason)
            for journal, number, reason in cursor.fetchall()
        }


SLOTS = (Slot(NUMBERS, "tab", "receipts", 20, receipts),)
