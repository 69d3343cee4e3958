"""How a town pays: most in full, some late, a few too much."""

from datetime import date
from decimal import Decimal
from random import Random

from django.db import transaction

from collections_app.batches import Outside
from collections_app.operations import post_batch
from config.town.plan import TownPlan
from core.actors import Actor
from core.money import round_cents
from core.tenancy import scope
from customers.models import Account
from ledger.receivables import payoff


def pay_month(by: Actor, plan: TownPlan, *, on: date, month: int) -> int:
    """Post one month's payments from the bank's lock box; returns how many."""
    with scope(by.utility_id):
        with transaction.atomic():
            ids = list(Account.objects.order_by("id").values_list("id", flat=True))
            owed = payoff(ids)
        paid = []
        for n, account_id in enumerate(ids):
            amount = _amount(Random(f"{plan.seed}:pay:{n}:{month}"), owed[account_id])
            if amount > 0:
                paid.append(Outside(account_id, amount, f"{plan.slug}-{month:02d}-{n:06d}"))
        return post_batch(by, payments=paid, on=on, source="lock box")


def _amount(draw: Random, owed: Decimal) -> Decimal:
    habit = draw.random()
    if owed <= 0 or habit < 0.06:
        return Decimal(0)
    if habit < 0.10:
        return round_cents(owed / 2)
    if habit < 0.14:
        return Decimal(int(owed / 10) * 10 + 10)
    return owed
