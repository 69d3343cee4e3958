"""The same month the obvious way: an account after the other, a transaction a bill, a ``save()`` a row.

What a run is measured against.  It writes the same rows through the same guards.
"""

import hashlib
import json
import sys
import time
import uuid
from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db import connection, transaction

import bench.ready  # noqa: F401 - sets Django up before the models below
from billing.assembly import Prepared, Terms, assemble
from billing.gather import read_facts, read_rates
from billing.models import Bill, BilledPeriod, Cycle, PreparedBill, RegisterUse, Run
from core import clock
from core.counters import take_block
from core.models import Utility
from core.tenancy import scope
from customers.models import Account, Service
from ledger.chart import Chart, read_chart
from ledger.models import Charge, Journal, OpenItem, Posting

FIRST, NEXT = date(2026, 9, 1), date(2026, 10, 1)


def one_bill(run: Run, account_id: int, terms: Terms) -> None:
    """Prepare and post one account's bill, each row by its own ``save()``."""
    rates, chart = read_rates(), read_chart()
    (facts,) = read_facts([account_id], terms, NEXT, rates)
    made = assemble(terms, facts, rates.tariffs)
    if not isinstance(made, Prepared):
        raise SystemExit(made.detail)
    staged = PreparedBill(run=run, account_id=account_id, chunk=1, state="posted", total=made.total)
    staged.facts, staged.lines = facts.as_json(), [line.as_json() for line in made.lines]
    staged.charge_hash = made.charge_hash()
    staged.save()
    journal = post_journal(account_id, made, chart)
    charges = []
    for line in made.lines:
        charge = Charge(journal=journal, account_id=account_id, service_id=line.service_id, text=line.text)
        charge.revenue_code, charge.component, charge.unit = line.revenue_code, line.component, line.unit
        charge.quantity = line.quantity and line.quantity.quantize(Decimal("0.000001"))
        charge.amount, charge.on, charge.due_on = line.amount, NEXT, NEXT
        charges.append(charge)
    for charge in Charge.objects.bulk_create(charges):  # a journal's charges come whole, or are refused
        if charge.amount > 0:
            OpenItem(charge=charge, account_id=account_id, amount=charge.amount, open=charge.amount).save()
    store_bill(run, account_id, made, staged, journal)


def post_journal(account_id: int, made: Prepared, chart: Chart) -> Journal:
    """Header and lines."""
    sides: dict[int, Decimal] = defaultdict(Decimal)
    for line in made.lines:
        sides[chart.revenue_account(line.revenue_code)] += line.amount
    legs = [(chart.role("receivable"), made.total, Decimal(0))]
    legs += [(a, Decimal(0), x) for a, x in sides.items() if x]
    journal = Journal(key=f"naive:{account_id}", on=NEXT, why="bill", lines=len(legs), total=made.total)
    journal.content_hash = hashlib.sha256(json.dumps(str(legs)).encode()).hexdigest()
    journal.operation_id, journal.posted_at = uuid.uuid4(), clock.now()
    journal.save()
    # The lines of a journal go in by one statement, or the guard refuses them: even here.
    Posting.objects.bulk_create(
        [
            Posting(
                tenant_id=journal.tenant_id,
                journal=journal,
                n=n,
                chart_account_id=a,
                account_id=account_id,
                debit=d,
                credit=c,
            )
            for n, (a, d, c) in enumerate(legs, 1)
        ]
    )
    return journal


def store_bill(run: Run, account_id: int, made: Prepared, staged: PreparedBill, journal: Journal) -> None:
    """The bill, its periods and the use it billed."""
    bill = Bill(
        number=take_block("bill", 1), account_id=account_id, run=run, prepared=staged, journal=journal
    )
    bill.starts, bill.ends, bill.bill_on, bill.due_on = made.starts, made.ends, NEXT, NEXT
    bill.charges = bill.total_due = made.total
    bill.previous_balance = bill.payments = Decimal(0)
    bill.save()
    for p in made.periods:
        BilledPeriod(service_id=p.service_id, bill=bill, starts=p.starts, ends=p.ends).save()
        service = Service.objects.get(id=p.service_id)
        service.billed_to = p.ends
        service.save()
    for r in made.readings:
        use = RegisterUse(
            bill=bill, service_id=r.service_id, register_id=r.register_id, use=r.use, unit=r.unit
        )
        use.from_reading_id, use.to_reading_id, use.on, use.days, use.source = (
            r.from_id,
            r.to_id,
            r.on,
            r.days,
            r.source,
        )
        use.save()


def main(count: int) -> None:
    """Bill ``count`` accounts and print the seconds it took."""
    with scope(Utility.objects.get().id):
        with transaction.atomic():
            ids = list(Account.objects.order_by("id").values_list("id", flat=True)[:count])
            run = Run(cycle=Cycle.objects.get(), starts=FIRST, ends=NEXT, bill_on=NEXT, due_on=NEXT)
            run.opened_by, run.opened_at = "bench", clock.now()
            run.save()
        terms = Terms(FIRST, NEXT, Decimal(2000), 45)
        began = time.perf_counter()
        for account_id in ids:
            with transaction.atomic():
                one_bill(run, account_id, terms)
        print(time.perf_counter() - began)
    connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
