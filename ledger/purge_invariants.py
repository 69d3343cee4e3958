"""What must always hold of purges: what was removed is in its archive, and what it came to is still there."""

from core.prove import Invariant
from ledger.purge_removal import ROLES

PURGE_INVARIANTS = (
    Invariant(
        "L9",
        "of a purged journal only the header is left, and each belongs to a purge that was done",
        """
        SELECT j.id, j.key || ' is of a purge that was not done' FROM ledger_journal j
        LEFT JOIN ledger_purge p ON p.id = j.purge_id
        WHERE j.purge_id IS NOT NULL AND (p.id IS NULL OR p.state <> 'done' OR j."on" >= p.before)
        UNION ALL
        SELECT j.id, j.key || ' was purged and has rows again' FROM ledger_journal j
        WHERE j.purge_id IS NOT NULL AND j.why <> 'brought forward' AND (
            EXISTS (SELECT FROM ledger_posting l WHERE l.journal_id = j.id)
            OR EXISTS (SELECT FROM ledger_application a WHERE a.journal_id = j.id)
            OR EXISTS (SELECT FROM ledger_journal m WHERE m.reverses_id = j.id AND m.purge_id IS NULL)
            OR EXISTS (SELECT FROM ledger_charge c JOIN ledger_openitem i ON i.charge_id = c.id
                       WHERE c.journal_id = j.id)
            OR EXISTS (SELECT FROM ledger_credit k JOIN ledger_creditleft l ON l.credit_id = k.id
                       WHERE k.journal_id = j.id))
        UNION ALL
        SELECT p.id, 'purge ' || p.id || ': ' || (p.seen ->> 'journals') || ' journals of '
               || (p.seen ->> 'total') || ' were removed, there are headers of ' || count(j.id) || ' of '
               || coalesce(sum(j.total), 0)
        FROM ledger_purge p LEFT JOIN ledger_journal j ON j.purge_id = p.id AND j.why <> 'brought forward'
        WHERE p.state = 'done' GROUP BY p.id, p.seen
        HAVING count(j.id) <> (p.seen ->> 'journals')::bigint
            OR coalesce(sum(j.total), 0) <> (p.seen ->> 'total')::numeric
            OR encode(sha256(convert_to(string_agg(j.id::text, ',' ORDER BY j.id), 'UTF8')), 'hex')
               IS DISTINCT FROM p.seen ->> 'hash'
        """,
    ),
    Invariant(
        "L9b",
        "what a purge brought forward is what it removed, and comes to nothing for each customer",
        f"""
        SELECT p.id, 'purge ' || p.id || ', account ' || code || ': removed ' || removed
               || ', brought forward ' || forward
        FROM (SELECT p.id, coalesce(c.code, f.code) AS code,
                     coalesce(c.debit || ' and ' || c.credit, '') AS removed,
                     coalesce(f.debit || ' and ' || f.credit, '') AS forward
              FROM ledger_purge p CROSS JOIN LATERAL (
                  SELECT 1 AS one, x ->> 0 AS code, (x ->> 2)::numeric(30, 2) AS debit,
                         (x ->> 3)::numeric(30, 2) AS credit FROM jsonb_array_elements(p.seen -> 'chart') x) c
              FULL JOIN (SELECT j.purge_id, h.code, sum(l.debit)::numeric(30, 2) AS debit,
                                sum(l.credit)::numeric(30, 2) AS credit
                         FROM ledger_journal j JOIN ledger_posting l ON l.journal_id = j.id
                         JOIN ledger_chartaccount h ON h.id = l.chart_account_id
                         WHERE j.purge_id IS NOT NULL AND j.why = 'brought forward' GROUP BY 1, 2) f
                ON f.purge_id = p.id AND f.code = c.code
              WHERE p.id IS NULL OR p.state = 'done') p
        WHERE removed <> forward
        UNION ALL
        SELECT j.purge_id, 'purge ' || j.purge_id || ' leaves ' || sum(l.debit - l.credit) || ' of account '
               || l.account_id
        FROM ledger_journal j JOIN ledger_posting l ON l.journal_id = j.id
        JOIN ledger_chartaccount h ON h.id = l.chart_account_id AND h.role IN {ROLES}
        WHERE j.purge_id IS NOT NULL AND j.why = 'brought forward'
        GROUP BY j.purge_id, h.id, l.account_id HAVING sum(l.debit) <> sum(l.credit)
        """,
    ),
    Invariant(
        "L9c",
        "each purge has its archive, was approved by another than who proposed it, and changed no balance",
        """
        SELECT p.id, 'purge ' || p.id FROM ledger_purge p
        LEFT JOIN core_storedfile f ON f.id = p.archive_id AND f.purpose = 'ledger.purge'
        WHERE p.state = 'done' AND (
            f.sha256 IS DISTINCT FROM p.archive_sha256 OR p.totals_before IS DISTINCT FROM p.totals_after
            OR (p.maker = p.checker AND NOT EXISTS (
                SELECT 1 FROM core_policyvalue v
                WHERE v.code = 'office.single_operator' AND v.value = 'true'::jsonb)))
           OR p.state = 'archiving'
        """,
    ),
)
