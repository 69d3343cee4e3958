"""How a town pays: each account by its habit, through the bank's lock box; some cheques come back."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from billing.models import Bill
from collections_app.batches import Outside
from collections_app.models import Payment
from collections_app.operations import post_batch
from collections_app.returns import return_payment
from config.town.life import bounces, habit_of, payment_of
from config.town.once import once
from config.town.plan import TownPlan
from core.actors import Actor
from core.operations import note, operation
from core.tenancy import scope
from ledger.receivables import payoff

LOCK_BOX_EVERY = 4
"""The bank empties the lock box on every fourth day."""

SENT_BACK_AFTER = 5  # days
RETURN_FEE = Decimal("30.00")


def pay_runs(by: Actor, plan: TownPlan, *, month: int, run_ids: Sequence[int], until: date) -> int:
    """Have the bills of these runs paid by habit, each on its day, but nothing after ``until``.

    Returns how many payments were posted or had been posted by an earlier call.
    """
    with scope(by.utility_id):
        with transaction.atomic():
            days = _by_day(plan, month, run_ids)
        posted = 0
        for day in sorted(days):
            if day <= until:
                posted += once(
                    pay_day,
                    by,
                    f"town:{month}:paid:{day}:{min(run_ids)}",
                    plan=plan,
                    month=month,
                    on=day,
                    run_ids=run_ids,
                )
        if plan.life.returns:
            posted -= _send_back(by, plan, month, days, until)
    return posted


@operation("town.month.payments", permission="town.month", quiet=frozenset({"plan"}))
def pay_day(by: Actor, *, plan: TownPlan, month: int, on: date, run_ids: Sequence[int]) -> int:
    """Post what the lock box held on a day; returns how many payments."""
    who = _by_day(plan, month, run_ids)[on]
    owed = payoff([account_id for account_id, _, _ in who])
    paid = []
    for account_id, number, draft in who:
        habit = habit_of(plan, number, draft)
        amount = payment_of(plan, number, habit, month, owed[account_id])
        if amount > 0:
            paid.append(Outside(account_id, amount, _reference(number, month), habit.kind))
    note(payments=len(paid))
    return post_batch(by, payments=paid, on=on, source="lock box")


def _reference(number: str, month: int) -> str:
    return f"{number}/{month:02d}"


def _by_day(plan: TownPlan, month: int, run_ids: Sequence[int]) -> dict[date, list[tuple[int, str, bool]]]:
    """The accounts billed by these runs, under the day on which they pay."""
    found: dict[date, list[tuple[int, str, bool]]] = defaultdict(list)
    rows = Bill.objects.filter(run__in=run_ids, is_live=True).order_by("account__number")
    for account, number, draft, on in rows.values_list(
        "account_id", "account__number", "account__pays_by_draft", "bill_on"
    ):
        day = on + timedelta(days=habit_of(plan, number, draft).days)
        found[day + timedelta(days=-day.toordinal() % LOCK_BOX_EVERY)].append((account, number, draft))
    return found


def _send_back(
    by: Actor,
    plan: TownPlan,
    month: int,
    days: dict[date, list[tuple[int, str, bool]]],
    until: date,
) -> int:
    """Return the month's bad cheques, with the fee; returns how many."""
    bad = {
        _reference(number, month): day + timedelta(days=SENT_BACK_AFTER)
        for day, who in days.items()
        for _, number, draft in who
        if not draft and bounces(plan, number, habit_of(plan, number, draft), month)
    }
    with transaction.atomic():
        rows = Payment.objects.filter(receipt__source="lock box", receipt__reference__in=list(bad))
        payments = list(rows.order_by("id").values_list("id", "receipt__reference"))
    for payment, reference in payments:
        if bad[reference] <= until:
            once(
                return_payment,
                by,
                f"town:returned:{payment}",
                payment_id=payment,
                reason="Not sufficient funds",
                on=bad[reference],
                fee=RETURN_FEE,
            )
    return len(payments)
