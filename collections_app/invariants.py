"""What must always hold of receipts and drawers."""

from core.prove import Invariant

INVARIANTS = (
    Invariant(
        "P2",
        "receipt numbers run from 1 without gap in each series",
        """
        SELECT 0, r.series || ': ' || r.n || ' receipts, highest ' || r.high
               || ', given ' || coalesce(c.next - 1, 0)
        FROM (SELECT series, count(*) n, max(number) high FROM collections_app_receipt GROUP BY series) r
        LEFT JOIN core_counter c ON c.series = 'receipt:' || r.series
        WHERE r.n <> r.high OR r.high <> coalesce(c.next - 1, 0)
        """,
    ),
    Invariant(
        "P4",
        "tenders equal the accounts' amounts plus change; change only from cash",
        """
        SELECT r.id, 'receipt ' || r.number FROM collections_app_receipt r
        LEFT JOIN (SELECT receipt_id, sum(amount) x, sum(amount) FILTER (WHERE kind = 'cash') cash
                   FROM collections_app_tender GROUP BY receipt_id) t ON t.receipt_id = r.id
        LEFT JOIN (SELECT receipt_id, sum(amount) x FROM collections_app_payment GROUP BY receipt_id) p
          ON p.receipt_id = r.id
        WHERE t.x IS DISTINCT FROM r.tendered OR p.x IS DISTINCT FROM r.total
           OR r.change > coalesce(t.cash, 0)
        """,
    ),
    Invariant(
        "P1",
        "each payment is in the ledger with its amount, and a voided one is mirrored",
        """
        SELECT p.id, 'payment ' || p.id FROM collections_app_payment p
        JOIN ledger_journal j ON j.id = p.journal_id LEFT JOIN ledger_journal m ON m.reverses_id = j.id
        LEFT JOIN collections_app_receiptvoid v ON v.receipt_id = p.receipt_id
        WHERE j.total <> p.amount OR (v.id IS NULL) <> (m.id IS NULL)
        """,
    ),
    Invariant(
        "P5",
        "nobody voids the receipt they wrote",
        """
        SELECT v.id, 'receipt ' || r.number FROM collections_app_receiptvoid v
        JOIN collections_app_receipt r ON r.id = v.receipt_id
        WHERE v.operator = r.operator AND NOT EXISTS (
            SELECT 1 FROM core_policyvalue p
            WHERE p.code = 'office.single_operator' AND p.value = 'true'::jsonb)
        """,
    ),
)
