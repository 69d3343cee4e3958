"""Debts of people who left the town: given up by two of the office, and a little of it comes in."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from config.town.found import actor
from config.town.once import once
from core.models import Utility
from core.money import round_cents
from core.tenancy import scope
from ledger.deposit_models import DepositLeft
from ledger.models import CreditLeft, OpenItem
from ledger.write_off_models import WriteOff
from ledger.write_offs import approve_write_off, propose_write_off, record_recovery

AFTER = timedelta(days=60)
"""So long somebody is gone before the office gives up."""
MOST = 3
"""So many in a month; the last one waits for the supervisor."""

_WHY = ("Moved away, mail comes back.", "Too small to collect.", "A court has ordered it.")


def give_up(utility: Utility, on: date) -> int:
    """Propose the oldest debts of those who left, approve all but the last; how many were proposed."""
    clerk, boss = actor(utility, "clerk"), actor(utility, "supervisor")
    with scope(utility.id):
        with transaction.atomic():
            owing = _owing(on)
        for n, account in enumerate(owing):
            key = f"town:given up:{account}"
            why = _WHY[n % len(_WHY)]
            made = once(propose_write_off, clerk, key, account_id=account, reason=why, on=on)
            if n + 1 == MOST:
                continue
            once(approve_write_off, boss, key, write_off_id=made, on=on)
            if n == 0:
                with transaction.atomic():
                    half = round_cents(WriteOff.objects.get(id=made).amount / 2)
                came = on + timedelta(days=5)
                words = "Collection agency"
                once(record_recovery, clerk, key, write_off_id=made, amount=half, text=words, on=came)
    return len(owing)


def _owing(on: date) -> list[int]:
    """Accounts that ended long ago, owe, and of which nothing is held or given up; the oldest first."""
    gone = OpenItem.objects.filter(open__gt=0, account__ends__lte=on - AFTER)
    free = gone.exclude(account__in=WriteOff.objects.values("account"))
    free = free.exclude(account__in=CreditLeft.objects.filter(open__gt=0).values("account"))
    free = free.exclude(account__in=DepositLeft.objects.filter(open__gt=0).values("deposit__account"))
    rows = free.values("account").annotate(owed=Sum("open")).filter(owed__gt=Decimal(1))
    return list(rows.order_by("account__ends", "account").values_list("account", flat=True)[:MOST])
