"""What must always hold of receipts and drawers."""

from core.prove import Invariant

# What each session should have held, from its rows: cash in and out, receipts, voids paid out of it.
_HELD = """
    SELECT s.id, s.tenant_id, s.drawer_id, s.closed_at, s.opening,
           coalesce(m.opening, 0) AS opened_with, coalesce(m.closing, 0) AS to_safe,
           coalesce(m.held, 0) + coalesce(r.total, 0) - coalesce(v.total, 0) AS expected
    FROM collections_app_drawersession s
    LEFT JOIN (SELECT session_id, sum(amount) FILTER (WHERE kind = 'opening') opening,
                      sum(amount) FILTER (WHERE kind = 'closing') closing,
                      sum(CASE kind WHEN 'drop' THEN -amount WHEN 'closing' THEN 0 ELSE amount END) held
               FROM collections_app_cashmovement GROUP BY session_id) m ON m.session_id = s.id
    LEFT JOIN (SELECT session_id, sum(total) total FROM collections_app_receipt GROUP BY session_id) r
      ON r.session_id = s.id
    LEFT JOIN (SELECT b.session_id, sum(b.total) total FROM collections_app_receiptvoid w
               JOIN collections_app_receipt b ON b.id = w.receipt_id WHERE w.paid_from = 'drawer'
               GROUP BY b.session_id) v ON v.session_id = s.id
"""

# The journals of each session: of its payments and their mirrors, of money moved, of over or short, and
# what the safe made good after the close.
_JOURNALS = """
    SELECT r.session_id, p.journal_id FROM collections_app_deposittaken p
    JOIN collections_app_receipt r ON r.id = p.receipt_id WHERE r.session_id IS NOT NULL
    UNION ALL
    SELECT r.session_id, j.id FROM collections_app_deposittaken p
    JOIN collections_app_receipt r ON r.id = p.receipt_id
    JOIN ledger_journal j ON j.reverses_id = p.journal_id
    WHERE r.session_id IS NOT NULL
    UNION ALL
    SELECT r.session_id, p.journal_id FROM collections_app_payment p
    JOIN collections_app_receipt r ON r.id = p.receipt_id WHERE r.session_id IS NOT NULL
    UNION ALL
    SELECT r.session_id, j.id FROM collections_app_payment p
    JOIN collections_app_receipt r ON r.id = p.receipt_id
    JOIN ledger_journal j ON j.reverses_id = p.journal_id
    WHERE r.session_id IS NOT NULL
    UNION ALL
    SELECT session_id, journal_id FROM collections_app_cashmovement
    UNION ALL
    SELECT session_id, journal_id FROM collections_app_drawerclose WHERE journal_id IS NOT NULL
    UNION ALL
    SELECT r.session_id, j.id FROM collections_app_receipt r
    JOIN ledger_journal j ON j.key = 'void:' || r.id || ':safe' WHERE r.session_id IS NOT NULL
    UNION ALL
    SELECT r.session_id, j.id FROM collections_app_payment p
    JOIN collections_app_receipt r ON r.id = p.receipt_id
    JOIN ledger_journal j ON j.key = 'return:payment ' || p.id || ':bank' WHERE r.session_id IS NOT NULL
"""

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
        "P3",
        "a drawer's opening + in − out − drops = expected; counted − expected is posted over or short",
        f"""
        WITH held AS ({_HELD})
        SELECT h.id, 'drawer session ' || h.id || ': expected ' || h.expected
               || ', kept ' || coalesce(c.expected, 0) || ', counted ' || coalesce(c.counted, 0)
        FROM held h LEFT JOIN collections_app_drawerclose c ON c.session_id = h.id
        LEFT JOIN ledger_journal j ON j.id = c.journal_id
        LEFT JOIN (SELECT close_id, sum(expected) expected, sum(counted) counted
                   FROM collections_app_drawercount GROUP BY close_id) n ON n.close_id = c.id
        WHERE h.opening <> h.opened_with OR (h.closed_at IS NULL) <> (c.id IS NULL)
           OR c.expected <> h.expected OR c.counted <> h.to_safe
           OR coalesce(j.total, 0) <> abs(c.over_short)
           OR c.id IS NOT NULL AND (n.expected, n.counted) IS DISTINCT FROM (c.expected, c.counted)
        """,
    ),
    Invariant(
        "P3b",
        "the journals of a drawer come to what is in it: the expected while it is open, nothing once closed",
        f"""
        WITH held AS ({_HELD}), journals AS ({_JOURNALS})
        SELECT h.id, 'drawer session ' || h.id || ': its journals leave ' || coalesce(x.left, 0)
        FROM held h JOIN collections_app_drawer d ON d.id = h.drawer_id
        LEFT JOIN (SELECT session_id, chart_account_id, sum(moved) AS left FROM (
                       SELECT n.session_id, p.chart_account_id, p.debit - p.credit AS moved
                       FROM journals n JOIN ledger_posting p ON p.journal_id = n.journal_id
                       UNION ALL
                       -- Of a purged payment and its mirror only the headers are left, with what they moved.
                       SELECT n.session_id, b.chart_account_id,
                              CASE WHEN j.reverses_id IS NULL THEN j.total ELSE -j.total END
                       FROM journals n JOIN ledger_journal j ON j.id = n.journal_id AND j.purge_id IS NOT NULL
                       JOIN collections_app_drawersession e ON e.id = n.session_id
                       JOIN collections_app_drawer b ON b.id = e.drawer_id) z
                   GROUP BY session_id, chart_account_id) x
          ON x.session_id = h.id AND x.chart_account_id = d.chart_account_id
        WHERE coalesce(x.left, 0) <> CASE WHEN h.closed_at IS NULL THEN h.expected ELSE 0 END
        """,
    ),
    Invariant(
        "P4",
        "tenders equal the accounts' amounts plus change; change only from cash",
        """
        SELECT r.id, 'receipt ' || r.number FROM collections_app_receipt r
        LEFT JOIN (SELECT receipt_id, sum(amount) x, sum(amount) FILTER (WHERE kind = 'cash') cash
                   FROM collections_app_tender GROUP BY receipt_id) t ON t.receipt_id = r.id
        LEFT JOIN (SELECT receipt_id, sum(amount) x
                   FROM (SELECT receipt_id, amount FROM collections_app_payment
                         UNION ALL SELECT receipt_id, amount FROM collections_app_deposittaken) parts
                   GROUP BY receipt_id) p
          ON p.receipt_id = r.id
        WHERE t.x IS DISTINCT FROM r.tendered OR p.x IS DISTINCT FROM r.total
           OR r.change > coalesce(t.cash, 0)
        """,
    ),
    Invariant(
        "P1",
        "each payment is in the ledger with its amount, and a voided or returned one is mirrored",
        """
        SELECT p.id, 'payment ' || p.id FROM collections_app_payment p
        JOIN ledger_journal j ON j.id = p.journal_id LEFT JOIN ledger_journal m ON m.reverses_id = j.id
        LEFT JOIN collections_app_receiptvoid v ON v.receipt_id = p.receipt_id
        LEFT JOIN collections_app_paymentreturn n ON n.payment_id = p.id
        WHERE j.total <> p.amount OR (v.id IS NULL AND n.id IS NULL) <> (m.id IS NULL)
        """,
    ),
    Invariant(
        "P1d",
        "each deposit of a receipt is held with its amount for its account, and no longer once it is voided",
        """
        SELECT t.id, 'deposit ' || t.deposit_id || ' of receipt ' || r.number
        FROM collections_app_deposittaken t JOIN collections_app_receipt r ON r.id = t.receipt_id
        JOIN ledger_deposit d ON d.id = t.deposit_id LEFT JOIN ledger_depositleft l ON l.deposit_id = d.id
        LEFT JOIN ledger_journal m ON m.reverses_id = t.journal_id
        LEFT JOIN collections_app_receiptvoid v ON v.receipt_id = t.receipt_id
        WHERE (d.amount, d.account_id, d.journal_id) <> (t.amount, t.account_id, t.journal_id)
           OR (v.id IS NULL) <> (m.id IS NULL) OR (v.id IS NOT NULL AND l.open <> 0)
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
