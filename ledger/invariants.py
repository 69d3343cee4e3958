"""What must always hold of the money; each query gives what offends.  Codes as in the design's list."""

from core.prove import Invariant
from ledger.purge_invariants import PURGE_INVARIANTS
from ledger.seals import broken_seals

_ROLE = "(SELECT id FROM ledger_chartaccount WHERE role = '{}')"

INVARIANTS = (
    Invariant(
        "L1",
        "every journal balances, has at least two lines and none of zero",
        """
        SELECT j.id, j.key || ': ' || coalesce(p.debits, 0) || ' debit, '
               || coalesce(p.credits, 0) || ' credit, '
               || coalesce(p.lines, 0) || ' lines'
        FROM ledger_journal j LEFT JOIN (
            SELECT journal_id, count(*) lines, sum(debit) debits, sum(credit) credits,
                   min(greatest(debit, credit)) low, max(least(debit, credit)) high, min(n) first, max(n) last
            FROM ledger_posting GROUP BY journal_id) p ON p.journal_id = j.id
        WHERE (j.purge_id IS NULL OR j.why = 'brought forward') AND (
           p.journal_id IS NULL OR p.lines <> j.lines OR p.lines < 2 OR p.debits <> p.credits
           OR p.debits <> j.total OR p.low <= 0 OR p.high <> 0 OR p.first <> 1 OR p.last <> j.lines)
        """,
    ),
    Invariant(
        "L2",
        "all lines to any date add up to zero",
        """
        SELECT 0, "on" || ': ' || x FROM (
            SELECT j."on", sum(sum(p.debit - p.credit)) OVER (ORDER BY j."on") x
            FROM ledger_posting p JOIN ledger_journal j ON j.id = p.journal_id GROUP BY j."on") d WHERE x <> 0
        """,
    ),
    Invariant(
        "L3",
        "every line's journal, chart account and customer account are of its own utility",
        """
        SELECT p.journal_id, 'line ' || p.n || ' of journal ' || p.journal_id FROM ledger_posting p
        LEFT JOIN ledger_journal j ON j.id = p.journal_id
        LEFT JOIN ledger_chartaccount h ON h.id = p.chart_account_id
        LEFT JOIN customers_account a ON a.id = p.account_id
        WHERE j.id IS NULL OR h.id IS NULL OR (p.account_id IS NOT NULL AND a.id IS NULL)
        """,
    ),
    Invariant("L4", "no journal says anything else than when it was posted", broken_seals),
    Invariant(
        "L7",
        "each source event has one journal",
        """
        SELECT min(id), key || ': ' || count(*) || ' journals' FROM ledger_journal
        GROUP BY key HAVING count(*) > 1
        """,
    ),
    Invariant(
        "L5",
        "a journal and its mirror cancel by chart account and customer account",
        """
        SELECT m.id, m.key FROM ledger_journal m JOIN ledger_journal o ON o.id = m.reverses_id
        WHERE m."on" < o."on" OR EXISTS (
            SELECT 1 FROM ledger_posting p WHERE p.journal_id IN (m.id, o.id)
            GROUP BY p.chart_account_id, p.account_id HAVING sum(p.debit) <> sum(p.credit))
        """,
    ),
    Invariant(
        "L6",
        "nothing was posted into a period after it was closed",
        """
        SELECT j.id, j.key FROM ledger_journal j JOIN ledger_fiscalperiod f
          ON j."on" >= f.starts AND j."on" < f.ends
        WHERE f.closed_at IS NOT NULL AND j.posted_at > f.closed_at AND j.purge_id IS NULL
        """,
    ),
    Invariant(
        "A1",
        "receivable, customer credit and deposits equal their open items",
        f"""
        SELECT 0, what || ': ledger ' || ledger || ', items ' || items FROM (
            SELECT 'receivable' AS what,
                   (SELECT coalesce(sum(debit - credit), 0) FROM ledger_posting
                    WHERE chart_account_id = {_ROLE.format("receivable")}) AS ledger,
                   (SELECT coalesce(sum(open), 0) FROM ledger_openitem) AS items
            UNION ALL SELECT 'customer credit',
                   (SELECT coalesce(sum(credit - debit), 0) FROM ledger_posting
                    WHERE chart_account_id = {_ROLE.format("customer_credit")}),
                   (SELECT coalesce(sum(open), 0) FROM ledger_creditleft)
            UNION ALL SELECT 'deposits held',
                   (SELECT coalesce(sum(credit - debit), 0) FROM ledger_posting
                    WHERE chart_account_id = {_ROLE.format("deposits_held")}),
                   (SELECT coalesce(sum(open), 0) FROM ledger_depositleft)) c
        WHERE ledger <> items
        """,
    ),
    Invariant(
        "A2",
        "per account the ledger equals the open items",
        f"""
        SELECT account_id, 'account ' || account_id || ': ' || sum(x) FROM (
            SELECT account_id, debit - credit x FROM ledger_posting
            WHERE chart_account_id IN ({_ROLE.format("receivable")}, {_ROLE.format("customer_credit")})
            UNION ALL SELECT account_id, -open FROM ledger_openitem
            UNION ALL SELECT account_id, open FROM ledger_creditleft) b
        GROUP BY account_id HAVING sum(x) <> 0
        """,
    ),
    Invariant(
        "A3",
        "what is open equals the amount less what was applied, for charges and for credits",
        """
        SELECT c.id, 'charge ' || c.id || ': open ' || coalesce(o.open, 0) || ', applied ' || coalesce(a.x, 0)
        FROM ledger_charge c LEFT JOIN ledger_openitem o ON o.charge_id = c.id
        LEFT JOIN (SELECT charge_id, sum(amount) x FROM ledger_application GROUP BY charge_id) a
          ON a.charge_id = c.id
        LEFT JOIN ledger_journal m ON m.reverses_id = c.journal_id
        JOIN ledger_journal j ON j.id = c.journal_id AND j.purge_id IS NULL
        WHERE (c.amount > 0 AND (o.id IS NULL OR o.amount <> c.amount
               OR o.open <> CASE WHEN m.id IS NULL THEN c.amount - coalesce(a.x, 0) ELSE 0 END))
           OR (c.amount <= 0 AND o.id IS NOT NULL) OR coalesce(a.x, 0) < 0
           OR coalesce(a.x, 0) > greatest(c.amount, 0)
        UNION ALL
        SELECT c.id, 'credit ' || c.id || ': left ' || coalesce(l.open, 0) || ', applied ' || coalesce(a.x, 0)
        FROM ledger_credit c LEFT JOIN ledger_creditleft l ON l.credit_id = c.id
        LEFT JOIN (SELECT credit_id, sum(amount) x FROM ledger_application GROUP BY credit_id) a
          ON a.credit_id = c.id
        LEFT JOIN ledger_journal m ON m.reverses_id = c.journal_id
        JOIN ledger_journal j ON j.id = c.journal_id AND j.purge_id IS NULL
        WHERE l.id IS NULL OR l.amount <> c.amount OR coalesce(a.x, 0) < 0 OR coalesce(a.x, 0) > c.amount
           OR l.open <> CASE WHEN m.id IS NULL THEN c.amount - coalesce(a.x, 0) ELSE 0 END
        """,
    ),
    Invariant(
        "A3b",
        "a charge and the credit laid on it belong to the same account",
        """
        SELECT a.id, 'application ' || a.id FROM ledger_application a
        JOIN ledger_charge c ON c.id = a.charge_id JOIN ledger_credit k ON k.id = a.credit_id
        WHERE c.account_id <> k.account_id
        """,
    ),
    Invariant(
        "A4",
        "day by day what an account owes and has in credit moves as its charges, credits, applications do",
        f"""
        WITH charged AS (SELECT c.* FROM ledger_charge c JOIN ledger_journal j ON j.id = c.journal_id
                         WHERE j.purge_id IS NULL),
             credited AS (SELECT k.* FROM ledger_credit k JOIN ledger_journal j ON j.id = k.journal_id
                          WHERE j.purge_id IS NULL)
        SELECT account_id, what || ' of account ' || account_id || ' on ' || d || ': ' || sum(x) FROM (
            SELECT 'receivable' AS what, p.account_id, j."on" AS d, p.debit - p.credit AS x
            FROM ledger_posting p JOIN ledger_journal j ON j.id = p.journal_id
            WHERE p.chart_account_id = {_ROLE.format("receivable")} AND j.purge_id IS NULL
            UNION ALL SELECT 'receivable', account_id, "on", -amount FROM charged WHERE amount > 0
            UNION ALL SELECT 'receivable', c.account_id, m."on", c.amount FROM charged c
                JOIN ledger_journal m ON m.reverses_id = c.journal_id WHERE c.amount > 0
            UNION ALL SELECT 'receivable', c.account_id, a."on", a.amount FROM ledger_application a
                JOIN ledger_charge c ON c.id = a.charge_id
            UNION ALL SELECT 'credit', p.account_id, j."on", p.credit - p.debit
            FROM ledger_posting p JOIN ledger_journal j ON j.id = p.journal_id
            WHERE p.chart_account_id = {_ROLE.format("customer_credit")} AND j.purge_id IS NULL
            UNION ALL SELECT 'credit', account_id, "on", -amount FROM credited
            UNION ALL SELECT 'credit', k.account_id, m."on", k.amount FROM credited k
                JOIN ledger_journal m ON m.reverses_id = k.journal_id
            UNION ALL SELECT 'credit', k.account_id, a."on", a.amount FROM ledger_application a
                JOIN ledger_credit k ON k.id = a.credit_id) b
        GROUP BY what, account_id, d HAVING sum(x) <> 0
        """,
    ),
    Invariant(
        "P5a",
        "nobody approved an adjustment of their own, and each posted one is in the ledger as it says",
        """
        SELECT a.id, 'adjustment ' || a.id FROM ledger_adjustment a
        LEFT JOIN ledger_journal j ON j.id = a.journal_id LEFT JOIN ledger_journal m ON m.reverses_id = j.id
        WHERE a.state IN ('posted', 'reversed') AND (
            j.total <> a.amount OR (a.state = 'reversed') <> (m.id IS NOT NULL)
            OR (a.maker = a.checker AND NOT EXISTS (
                SELECT 1 FROM core_policyvalue p
                WHERE p.code = 'office.single_operator' AND p.value = 'true'::jsonb)))
        """,
    ),
    Invariant(
        "W1",
        "each write-off is in the ledger as its charges say, by another one than who proposed it, and no more"
        " came in for a charge than was given up",
        """
        SELECT w.id, 'write-off ' || w.id FROM ledger_writeoff w
        LEFT JOIN ledger_journal j ON j.id = w.journal_id LEFT JOIN ledger_journal m ON m.reverses_id = j.id
        WHERE w.amount <> (SELECT coalesce(sum(l.amount), 0) FROM ledger_writeoffline l
                           WHERE l.write_off_id = w.id)
           OR (w.state IN ('posted', 'reversed') AND (
               j.total <> w.amount OR (w.state = 'reversed') <> (m.id IS NOT NULL)
               OR (w.maker = w.checker AND NOT EXISTS (
                   SELECT 1 FROM core_policyvalue p
                   WHERE p.code = 'office.single_operator' AND p.value = 'true'::jsonb))))
        UNION ALL
        SELECT l.write_off_id, 'line ' || l.id || ': given up ' || l.amount || ', came in ' || r.came
        FROM ledger_writeoffline l JOIN ledger_writeoff w ON w.id = l.write_off_id
        JOIN (SELECT line_id, sum(amount) came FROM ledger_recovery GROUP BY line_id) r ON r.line_id = l.id
        WHERE r.came < 0 OR r.came > l.amount OR (w.state <> 'posted' AND r.came <> 0)
        UNION ALL
        SELECT r.journal_id, 'recovery ' || r.journal_id || ': ' || r.came || ' of ' || j.total
        FROM (SELECT journal_id, sum(abs(amount)) came FROM ledger_recovery GROUP BY journal_id) r
        JOIN ledger_journal j ON j.id = r.journal_id WHERE j.total <> r.came
        """,
    ),
    Invariant(
        "D1",
        "each deposit held equals what was taken less applied and refunded",
        """
        SELECT d.id, 'deposit ' || d.id FROM ledger_deposit d
        LEFT JOIN ledger_depositleft l ON l.deposit_id = d.id
        LEFT JOIN (SELECT deposit_id, sum(amount) x FROM ledger_depositmovement GROUP BY deposit_id) m
          ON m.deposit_id = d.id
        WHERE l.id IS NULL OR l.open <> d.amount - coalesce(m.x, 0)
        """,
    ),
    Invariant(
        "D1m",
        "each transaction of a deposit is in the ledger with its amount, and undone with its journal",
        f"""
        SELECT t.id, t.what || ' ' || t.id || ' of deposit ' || t.deposit_id FROM (
            SELECT id, 'taking' AS what, id AS deposit_id, account_id, journal_id, -amount AS lowers
            FROM ledger_deposit
            UNION ALL SELECT m.id, m.kind, m.deposit_id, d.account_id, m.journal_id, m.amount
            FROM ledger_depositmovement m JOIN ledger_deposit d ON d.id = m.deposit_id) t
        LEFT JOIN (SELECT journal_id, account_id, sum(debit - credit) x FROM ledger_posting
                   WHERE chart_account_id = {_ROLE.format("deposits_held")} GROUP BY 1, 2) p
          ON p.journal_id = t.journal_id AND p.account_id = t.account_id
        JOIN ledger_journal j ON j.id = t.journal_id AND j.purge_id IS NULL
        LEFT JOIN ledger_journal r ON r.reverses_id = t.journal_id
        LEFT JOIN ledger_depositmovement b ON b.journal_id = r.id AND b.deposit_id = t.deposit_id
        WHERE p.x IS DISTINCT FROM t.lowers
           OR (r.id IS NOT NULL AND b.amount IS DISTINCT FROM -t.lowers)
        """,
    ),
    Invariant(
        "D4",
        "nobody approved a refund of their own, and each approved one left the deposit as it says",
        """
        SELECT f.id, 'refund ' || f.id FROM ledger_depositrefund f
        LEFT JOIN ledger_depositmovement m ON m.id = f.movement_id
        LEFT JOIN ledger_journal r ON r.reverses_id = m.journal_id
        WHERE f.state IN ('approved', 'reversed') AND (
            (m.amount, m.kind, m.deposit_id) IS DISTINCT FROM (f.amount, 'refunded', f.deposit_id)
            OR (f.state = 'reversed') <> (r.id IS NOT NULL)
            OR (f.maker = f.checker AND NOT EXISTS (
                SELECT 1 FROM core_policyvalue p
                WHERE p.code = 'office.single_operator' AND p.value = 'true'::jsonb)))
        """,
    ),
    *PURGE_INVARIANTS,
    Invariant(
        "U1m",
        "every journal has an audit row of its own operation",
        """
        SELECT j.id, j.key FROM ledger_journal j
        WHERE NOT EXISTS (SELECT 1 FROM core_auditentry e WHERE e.operation_id = j.operation_id)
        """,
    ),
    Invariant(
        "C1",
        "every revenue code of an active rate maps to the chart",
        """
        SELECT v.id, 'rate version ' || v.id || ': ' || (c.value ->> 'revenue_code')
        FROM rates_rateversion v, jsonb_array_elements(v.content -> 'components') c
        WHERE v.state = 'active' AND c.value ? 'revenue_code'
          AND NOT EXISTS (SELECT 1 FROM ledger_revenuecode r WHERE r.code = c.value ->> 'revenue_code')
        """,
    ),
)
