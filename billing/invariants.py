"""What must always hold of bills and the use they billed."""

from collections.abc import Iterator

from django.db import connection

from billing.assembly import AccountFacts, Prepared, assemble
from billing.gather import tariffs_by_hash
from billing.models import Bill
from billing.preparing import terms_of
from core.prove import Asked, Invariant, Offence
from ledger.models import Charge
from rates.engine import ENGINE_VERSION

SAMPLE = 2000


def _made_again(asked: Asked) -> Iterator[Offence]:
    """Bills of this engine version, made again from their facts: the newest, or all when asked deeply."""
    bills = Bill.objects.filter(is_live=True, engine_version=ENGINE_VERSION).select_related("run", "prepared")
    bills = bills.exclude(journal__purge__isnull=False).order_by("-id")
    for bill in bills.iterator(500) if asked.deep else bills[:SAMPLE]:
        facts = AccountFacts.from_json(bill.prepared.facts)
        tariffs = tariffs_by_hash(facts.tariff_hashes)
        made = assemble(terms_of(bill.run), facts, tariffs, frozenset(bill.prepared.released))
        if not isinstance(made, Prepared):
            yield bill.id, f"bill {bill.number} cannot be made again: {made.detail}"
            continue
        posted = Charge.objects.filter(journal=bill.journal_id).order_by("id")
        kept = [(c.service_id, c.component, c.amount) for c in posted] if bill.journal_id else []
        again = [(line.service_id, line.component, line.amount) for line in made.lines]
        if kept != again and (bill.journal_id or any(amount for _, _, amount in again)):
            yield bill.id, f"bill {bill.number} of {bill.charges} is {made.total} when made again"


def _numbers(asked: Asked) -> Iterator[Offence]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(max(number), 0),"
            " (SELECT coalesce(max(next) - 1, 0) FROM core_counter WHERE series = 'bill') FROM billing_bill"
        )
        count, highest, given = cursor.fetchone()
    if not count == highest == given:
        yield 0, f"{count} bills, the highest number is {highest}, {given} numbers were given out"


INVARIANTS = (
    Invariant(
        "B1",
        "billed periods of a service tile, from its start to its last day billed",
        """
        SELECT service_id, 'service ' || service_id || ' from ' || starts FROM (
            SELECT service_id, starts, lag(ends) OVER (PARTITION BY service_id ORDER BY starts) before
            FROM billing_billedperiod WHERE is_live) p WHERE before IS NOT NULL AND before <> starts
        UNION ALL
        SELECT s.id, 'service ' || s.id || ' says billed to ' || coalesce(s.billed_to::text, 'never')
               || ', its periods ' || coalesce(max(p.ends)::text, s.came_billed_to::text, 'none')
        FROM customers_service s LEFT JOIN billing_billedperiod p ON p.service_id = s.id AND p.is_live
        GROUP BY s.id, s.billed_to, s.came_billed_to
        HAVING s.billed_to IS DISTINCT FROM coalesce(max(p.ends), s.came_billed_to)
        """,
    ),
    Invariant(
        "B2",
        "each bill equals its charges and its journal",
        """
        SELECT b.id, 'bill ' || b.number || ': ' || b.charges || ', charges ' || coalesce(c.x, 0)
        FROM billing_bill b
        LEFT JOIN (SELECT journal_id, sum(amount) x FROM ledger_charge GROUP BY journal_id) c
          ON c.journal_id = b.journal_id
        LEFT JOIN (SELECT p.journal_id, sum(p.debit - p.credit) x FROM ledger_posting p
                   JOIN ledger_chartaccount a ON a.id = p.chart_account_id
                   WHERE a.role IN ('receivable', 'customer_credit') GROUP BY p.journal_id) j
          ON j.journal_id = b.journal_id
        LEFT JOIN ledger_journal h ON h.id = b.journal_id
        WHERE h.purge_id IS NULL AND (b.charges <> coalesce(c.x, 0) OR b.charges <> coalesce(j.x, 0))
           OR b.total_due <> b.previous_balance + b.charges - b.deposit_applied
        """,
    ),
    Invariant(
        "B2c",
        "a bill is cancelled by its mirror, and nothing of it counts any more",
        """
        SELECT b.id, 'bill ' || b.number FROM billing_bill b
        LEFT JOIN billing_billcancellation x ON x.bill_id = b.id
        LEFT JOIN ledger_journal m ON m.reverses_id = b.journal_id
        WHERE b.is_live <> (x.id IS NULL) OR b.is_live <> (m.id IS NULL) AND b.journal_id IS NOT NULL
           OR x.mirror_id IS DISTINCT FROM m.id
           OR NOT b.is_live AND (
              EXISTS (SELECT FROM billing_billedperiod p WHERE p.bill_id = b.id AND p.is_live)
              OR EXISTS (SELECT FROM billing_registeruse u WHERE u.bill_id = b.id AND u.is_live)
              OR EXISTS (SELECT FROM ledger_charge c JOIN ledger_openitem o ON o.charge_id = c.id
                         WHERE c.journal_id = b.journal_id AND o.open > 0))
        """,
    ),
    Invariant(
        "B3",
        "in a posted run every account of the cycle is billed, excepted or held with a reason",
        """
        SELECT p.id, 'run ' || p.run_id || ', account ' || p.account_id || ' is ' || p.state
        FROM billing_preparedbill p JOIN billing_run r ON r.id = p.run_id
        LEFT JOIN billing_bill b ON b.prepared_id = p.id
        WHERE r.state IN ('posted', 'printed') AND (
              p.state = 'ready' OR (p.state <> 'posted' AND p.reason = '')
              OR (p.state = 'posted') <> (b.id IS NOT NULL))
        """,
    ),
    Invariant(
        "B4",
        "each reading is used once as from and once as to, and use is never negative",
        """
        SELECT u.id, 'register use ' || u.id FROM billing_registeruse u
        JOIN meters_register g ON g.id = u.register_id
        JOIN meters_reading f ON f.id = u.from_reading_id JOIN meters_reading t ON t.id = u.to_reading_id
        WHERE u.is_live AND ((u.use < 0 AND NOT g.may_run_backwards) OR f.register_id <> g.id
              OR t.register_id <> g.id OR t."on" <= f."on" OR u.use <> CASE
                WHEN u.unit IN ('KW', 'KVA') THEN t.dial
                WHEN t.dial >= f.dial OR g.may_run_backwards THEN (t.dial - f.dial)
                ELSE t.dial - f.dial + power(10::numeric, g.dials) END
                * power(10::numeric, g.dead_zeros) * g.multiplier)
        UNION ALL
        SELECT min(id), 'reading ' || from_reading_id || ' is used twice' FROM billing_registeruse
        WHERE is_live GROUP BY from_reading_id HAVING count(*) > 1
        """,
    ),
    Invariant("B5", "a bill made again from its facts is equal", _made_again),
    Invariant("B9", "bill numbers run without gap", _numbers),
    Invariant(
        "B10",
        "the totals of a posted run are the charges of its bills",
        """
        SELECT r.id, 'run ' || r.id || ': totals ' || t.x || ', bills ' || coalesce(b.x, 0)
        FROM billing_run r
        JOIN (SELECT run_id, sum(amount) x, bool_or(state <> 'posted') other
              FROM billing_runtotal GROUP BY run_id) t ON t.run_id = r.id
        LEFT JOIN (SELECT run_id, sum(charges) x FROM billing_bill GROUP BY run_id) b ON b.run_id = r.id
        WHERE r.state IN ('posted', 'printed') AND (t.other OR t.x <> coalesce(b.x, 0))
        """,
    ),
)
