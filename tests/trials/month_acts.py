"""What else is done in an office: months billed, bills cancelled, people moving, deposits, drawers, periods.

As in ``tests.trials.acts``: each act does one thing to the product and the same to the books.
"""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from billing import runs
from billing.cancelling import cancel_bill
from billing.checking import checks_of, pass_check
from billing.models import Bill, Cycle, PreparedBill, Run
from billing.preparing import chunk_hashes
from billing.review.breakers import tripped
from collections_app.drawers import Counted, close_drawer, move_cash
from collections_app.operations import Tendered, ToAccount, post_payment
from config.town.month import record_month, work_until_idle
from core.actors import Actor
from core.errors import Conflict, Refused
from core.operations import operation
from customers.models import Account, Service
from customers.moving import Arrival, Departure, turn_over
from customers.opening import NewCustomer, open_for
from customers.operations import add_service
from ledger.chart import read_chart
from ledger.deposit_models import Deposit, DepositLeft
from ledger.deposits import apply_deposit, refund_deposit, take_deposit
from ledger.periods import add_period, close_period
from rates.models import RateTable
from tests.trials.acts import dollars, someone
from tests.trials.books import CASH, NOTHING, Billed
from tests.trials.office import Desk
from tests.world.row_attacks import WRITTEN_ONCE
from tests.world.towns import FIRST


def _prepared_run(desk: Desk) -> int:
    """The month's readings taken, a run opened and prepared; its id."""
    month, biller = desk.month, desk.town.billing
    if desk.read < month:
        record_month(desk.town.system, desk.town.plan, desk.town.houses, FIRST, month)
        desk.read = month
    with transaction.atomic():
        cycle = Cycle.objects.get().id
    ends = desk.ends_of(month)
    run = runs.open_run(biller, cycle_id=cycle, starts=desk.ends_of(month - 1), ends=ends, bill_on=ends)
    runs.prepare_run(biller, run_id=run)
    work_until_idle()
    return run


def _approve(desk: Desk, run_id: int) -> None:
    """Two people: checks that stop the run are let through, as an office of odd months would."""
    with transaction.atomic():
        stopping = [check.code for check in tripped(checks_of(Run.objects.get(id=run_id)))]
    for code in stopping:
        pass_check(desk.town.supervisor, run_id=run_id, code=code, why="An odd month")
    runs.review_run(desk.town.billing, run_id=run_id)
    with transaction.atomic():
        seen = runs.run_hash(chunk_hashes(Run.objects.get(id=run_id)))
    runs.approve_run(desk.town.supervisor, run_id=run_id, seen=seen)


def bill(desk: Desk, chance: Random) -> str:
    """A month is read and billed to the end; each balance rises by the total that was prepared."""
    books = desk.books
    run = _prepared_run(desk)
    with transaction.atomic():
        ready = dict(PreparedBill.objects.filter(run=run, state="ready").values_list("account_id", "total"))
    if not ready:
        runs.cancel_run(desk.town.billing, run_id=run, why="nobody to bill")
    else:
        _approve(desk, run)
        runs.post_run(desk.town.supervisor, run_id=run)
        work_until_idle()
    with transaction.atomic():
        made = list(Bill.objects.filter(run=run))
    assert {b.account_id for b in made} == set(ready)
    for one in made:
        books.owe(one.account_id, ready[one.account_id] - one.deposit_applied)
        books.keep_deposit(one.account_id, -one.deposit_applied)
        assert books.deposits[one.account_id] >= 0
        entry = Billed(one.id, one.account_id, ready[one.account_id], one.deposit_applied)
        books.bills.setdefault(one.account_id, []).append(entry)
    books.today = max(books.today, desk.ends_of(desk.month))
    desk.month += 1
    return f"{len(made)} bills for the month before {books.today}"


def give_up_run(desk: Desk, chance: Random) -> str:
    """A run is prepared and cancelled: nothing changes."""
    run = _prepared_run(desk)
    runs.cancel_run(desk.town.billing, run_id=run, why="the wrong message")
    return f"run {run} cancelled before posting"


def take_bill_back(desk: Desk, chance: Random) -> str:
    """The latest bill of an account is cancelled; what was paid on it is the account's credit."""
    books = desk.books
    billed = [account for account, bills in books.bills.items() if bills]
    if not billed:
        return ""
    account = someone(desk, chance, billed)
    last = books.bills[account].pop()
    cancel_bill(desk.town.supervisor, bill_id=last.id, why="wrong rate", on=books.today)
    with pytest.raises(Conflict):
        cancel_bill(desk.town.supervisor, bill_id=last.id, why="again", on=books.today)
    again = _held_again(desk, account)
    assert again >= last.deposit
    books.owe(account, again - last.total)
    books.keep_deposit(account, again)
    return f"bill {last.id} of {last.total} for {account} cancelled"


def _held_again(desk: Desk, account: int) -> Decimal:
    """What of deposits had paid the bill and is held again; how much, only the product knows."""
    with transaction.atomic():
        left = DepositLeft.objects.filter(deposit__account=account).aggregate(x=Sum("open"))["x"] or NOTHING
    return left - desk.books.deposits.get(account, NOTHING)


def move(desk: Desk, chance: Random) -> str:
    """Somebody leaves at the end of the month being billed; mostly somebody else comes."""
    on = desk.ends_of(desk.month)
    with transaction.atomic():
        metered = Service.objects.filter(ends=None, service_point__isnull=False).values("account")
        there = list(Account.objects.filter(id__in=metered, ends=None, starts__lt=on).order_by("id"))
    if len(there) < 4:
        return ""
    leaving = chance.choice(there)
    with transaction.atomic():
        shared = Account.objects.filter(location=leaving.location_id, ends=None).exclude(id=leaving.id)
        comes = chance.random() < 0.8 and not shared.exists()
    person = NewCustomer("Nadia Newcomer", "", "", "", "")
    arrivals = [Arrival(leaving.id, on, newcomer=person)] if comes else []
    new = turn_over(desk.town.clerk, departures=[Departure(leaving.id, on)], arrivals=arrivals)
    for account in new:
        desk.books.owe(account, NOTHING)
    return f"{leaving.number} ends on {on}, {len(new)} comes"


def open_account(desk: Desk, chance: Random) -> str:
    """A new customer with a service that is not metered."""
    books = desk.books
    with transaction.atomic():
        place = chance.choice(list(Account.objects.order_by("id").values_list("location_id", flat=True)))
        rate = RateTable.objects.get(service_type="refuse").id
    person = NewCustomer("Nora New", "PO Box 7", "Town", "IA", "51501")
    starts = desk.ends_of(desk.month - 1)
    account = open_for(desk.town.clerk, location_id=place, starts=starts, new_customer=person)
    add_service(desk.town.clerk, account_id=account, rate_id=rate, starts=starts, attributes={"carts": 1})
    books.owe(account, NOTHING)
    return f"account {account} opened"


@operation("test.deposit.take", permission="payments.post")
def _take_deposit(by: Actor, *, account: int, amount: Decimal, name: str, on: date) -> int:
    bank = read_chart().role("bank")
    return take_deposit(account, amount, on=on, into_account_id=bank, key=name)


@operation("test.deposit.apply", permission="payments.post")
def _apply_deposit(by: Actor, *, deposit: int, name: str, on: date) -> Decimal:
    return apply_deposit(deposit, on=on, key=name)


@operation("test.deposit.refund", permission="payments.post")
def _refund_deposit(by: Actor, *, deposit: int, amount: Decimal, name: str, on: date) -> int:
    return refund_deposit(deposit, amount, on=on, key=name)


def take_a_deposit(desk: Desk, chance: Random) -> str:
    """A deposit is held; what is owed stays as it is."""
    books, account, amount = desk.books, someone(desk, chance), Decimal(chance.choice((50, 75, 120)))
    name = f"test deposit {desk.next()}"
    _take_deposit(desk.town.clerk, account=account, amount=amount, name=name, on=books.today)
    books.keep_deposit(account, amount)
    return f"deposit of {amount} from {account}"


def use_a_deposit(desk: Desk, chance: Random) -> str:
    """A deposit pays what is owed, or what is left of it is promised back."""
    books = desk.books
    with transaction.atomic():
        left = dict(DepositLeft.objects.filter(open__gt=0).values_list("deposit", "open"))
        of = dict(Deposit.objects.filter(id__in=left).values_list("id", "account_id"))
    if not left:
        return ""
    deposit = chance.choice(sorted(left))
    account, name = of[deposit], f"test deposit {desk.next()}"
    if chance.random() < 0.3:
        amount = min(left[deposit], dollars(chance, 40))
        _refund_deposit(desk.town.clerk, deposit=deposit, amount=amount, name=name, on=books.today)
        books.keep_deposit(account, -amount)
        return f"{amount} of deposit {deposit} refunded"
    if books.owed[account] <= 0:
        return ""
    used = _apply_deposit(desk.town.clerk, deposit=deposit, name=name, on=books.today)
    assert NOTHING < used <= left[deposit]
    assert used == left[deposit] or used >= books.owed[account]
    books.owe(account, -used)
    books.keep_deposit(account, -used)
    return f"{used} of deposit {deposit} pays {account}"


def carry_cash(desk: Desk, chance: Random) -> str:
    """A float is added to a drawer, or cash dropped to the safe; never more than is there."""
    if not desk.books.tills:
        return ""
    till = chance.choice(list(desk.books.tills.values()))
    by, there = getattr(desk.town, till.cashier), till.holds.get(CASH, NOTHING)
    if chance.random() < 0.4 or there < 1:
        move_cash(by, session_id=till.session, kind="added", amount=Decimal(20), on=desk.books.today)
        till.put(CASH, Decimal(20))
        return f"20.00 into the drawer of {till.cashier}"
    with pytest.raises(Refused):
        move_cash(by, session_id=till.session, kind="drop", amount=there + 1, on=desk.books.today)
    drop = min(there, dollars(chance, 100))
    move_cash(by, session_id=till.session, kind="drop", amount=drop, on=desk.books.today)
    till.put(CASH, -drop)
    return f"{drop} out of the drawer of {till.cashier}"


def count_a_drawer(desk: Desk, chance: Random) -> str:
    """A drawer is counted and closed, sometimes a dollar over or short."""
    books = desk.books
    if not books.tills:
        return ""
    till = books.tills.pop(chance.choice(sorted(books.tills)))
    wrong = chance.choice((NOTHING, NOTHING, Decimal(1), Decimal(-1)))
    cash = till.holds.get(CASH, NOTHING)
    wrong = wrong if cash + wrong >= 0 else NOTHING
    counted = [Counted(CASH, cash + wrong)]
    counted += [Counted(kind, amount) for kind, amount in till.holds.items() if kind != CASH]
    by = getattr(desk.town, till.cashier)
    close_drawer(by, session_id=till.session, counted=counted, on=books.today)
    books.over_short += wrong
    with pytest.raises(Conflict):
        move_cash(by, session_id=till.session, kind="added", amount=Decimal(5), on=books.today)
    return f"the drawer of {till.cashier} closed, {wrong} off"


def close_a_period(desk: Desk, chance: Random) -> str:
    """A month that is over is closed; nothing is posted into it any more."""
    starts = desk.closed_until
    index = (starts.year - FIRST.year) * 12 + starts.month - FIRST.month
    ends = desk.ends_of(index)
    if ends > desk.books.today:
        return ""
    period = add_period(desk.town.supervisor, starts=starts, ends=ends)
    close_period(desk.town.supervisor, period_id=period)
    desk.closed_until = ends
    paid = [Tendered("check", Decimal(5))], [ToAccount(someone(desk, chance), Decimal(5))]
    with pytest.raises(Refused, match="closed period"):
        post_payment(desk.town.clerk, tenders=paid[0], accounts=paid[1], on=starts, source="by mail")
    return f"the period to {ends} closed"


def try_to_purge(desk: Desk, chance: Random) -> str:
    """Rows that are written once cannot be changed, removed or emptied by the application."""
    table = chance.choice(WRITTEN_ONCE)
    statement = chance.choice(
        (f"DELETE FROM {table}", f"UPDATE {table} SET tenant_id = tenant_id", f"TRUNCATE {table} CASCADE")
    )
    refused = pytest.raises(DatabaseError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return f"refused: {statement}"


def wait(desk: Desk, chance: Random) -> str:
    """Days pass."""
    desk.day_passes(chance.randint(1, 6))
    return f"it is {desk.books.today}"
