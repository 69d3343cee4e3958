"""Old history in a town, and its purge, as tests ask for them."""

from datetime import date
from decimal import Decimal

from django.db import connection, transaction

from collections_app.models import Payment
from collections_app.operations import Tendered, ToAccount, post_payment
from core.policies import set_policy
from core.tenancy import scope
from ledger.history import look_before, move_to_history
from ledger.history_models import HistoryMove
from ledger.models import FiscalPeriod, Journal
from ledger.periods import add_period, close_period
from ledger.policies import HISTORY_KEPT_MONTHS
from ledger.purging import approve_purge, propose_purge
from ledger.receivables import payoff
from tests.world.towns import Town

PAID = date(2026, 9, 10)
TODAY = date(2026, 12, 15)
BEFORE = date(2026, 10, 1)


def owed(town: Town, number: str) -> Decimal:
    """What settles the account."""
    account = town.account(number).id
    with transaction.atomic():
        return payoff([account])[account]


def pay(town: Town, number: str, amount: Decimal, on: date = PAID, kind: str = "check") -> int:
    """A payment's id."""
    account = town.account(number)
    tenders, to = [Tendered(kind, amount)], [ToAccount(account.id, amount)]
    receipt = post_payment(town.clerk, tenders=tenders, accounts=to, on=on, source="by mail")
    with transaction.atomic():
        return int(Payment.objects.get(receipt=receipt).id)


def close_until(town: Town, last: date) -> None:
    """Every month from the first journal's to the one before ``last`` is a closed period."""
    with transaction.atomic():
        first = Journal.objects.order_by("on").values_list("on", flat=True)[0]
        there = FiscalPeriod.objects.order_by("-ends").values_list("ends", flat=True).first()
    starts = there or first.replace(day=1)
    while starts < last:
        ends = (starts.replace(day=28).replace(day=1) + (date(2000, 2, 1) - date(2000, 1, 1))).replace(day=1)
        made = add_period(town.supervisor, starts=starts, ends=ends)
        close_period(town.supervisor, period_id=made)
        starts = ends


def to_history(town: Town, today: date = TODAY) -> None:
    """All that is completed until then."""
    looked = look_before(town.supervisor, before=today, today=today)
    with transaction.atomic():
        found = HistoryMove.objects.get(id=looked).seen
    if found:
        move_to_history(town.supervisor, move_id=looked, today=today)


def old_history(town: Town, *numbers: str) -> None:
    """These accounts paid what they owed; it is history, the months are closed, it need not be kept."""
    with scope(town.utility.id):
        for number in numbers:
            pay(town, number, owed(town, number))
        to_history(town)
        close_until(town, BEFORE)
        set_policy(town.admin, code=HISTORY_KEPT_MONTHS, value="1", starts=date(2026, 1, 1))


def purge(town: Town, before: date = BEFORE) -> int:
    """Proposed by the supervisor, approved by the administrator; the purge's id."""
    with scope(town.utility.id):
        made = propose_purge(town.supervisor, before=before, today=TODAY)
        return approve_purge(town.admin, purge_id=made, today=TODAY)


def balances(town: Town) -> dict[str, list[tuple[object, ...]]]:
    """Every balance there is: chart by month, each customer's by month, what is open, left and held."""
    asked = {
        "chart": """
            SELECT p.chart_account_id, date_trunc('month', j."on"), sum(p.debit), sum(p.credit)
            FROM ledger_posting p JOIN ledger_journal j ON j.id = p.journal_id GROUP BY 1, 2 ORDER BY 1, 2""",
        "customers": """
            SELECT p.account_id, h.role, date_trunc('month', j."on"), sum(p.debit), sum(p.credit)
            FROM ledger_posting p JOIN ledger_journal j ON j.id = p.journal_id
            JOIN ledger_chartaccount h ON h.id = p.chart_account_id
            WHERE h.role IN ('receivable', 'customer_credit', 'deposits_held', 'refunds_payable')
            GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
        "open": "SELECT account_id, sum(open) FROM ledger_openitem WHERE open > 0 GROUP BY 1 ORDER BY 1",
        "left": "SELECT account_id, sum(open) FROM ledger_creditleft WHERE open > 0 GROUP BY 1 ORDER BY 1",
        "held": "SELECT deposit_id, open FROM ledger_depositleft ORDER BY 1",
    }
    with scope(town.utility.id), transaction.atomic(), connection.cursor() as cursor:
        found = {}
        for name, sql in asked.items():
            cursor.execute(sql)
            found[name] = cursor.fetchall()
    return found
