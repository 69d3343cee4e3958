"""Deposits of landlords in a simulated town, by service; one refund that waits."""

from datetime import date
from decimal import Decimal

from core.actors import Actor
from core.operations import operation
from customers.models import Account, Holding
from ledger.chart import read_chart
from ledger.deposit_models import DepositLeft, DepositService
from ledger.deposit_refunds import propose_refund
from ledger.deposits import take_deposit

_OF_LANDLORDS = 6
_EACH = ((DepositService.WATER, Decimal("60.00")), (DepositService.ELECTRIC, Decimal("125.00")))


@operation("town.deposits", permission="town.settle")
def deposits_of_the_town(by: Actor, *, since: date) -> int:
    """Take them into the bank when the books begin; returns how many."""
    bank, taken = read_chart().role("bank"), 0
    held = Holding.objects.filter(ends=None).order_by("id").values_list("location_id", "landlord_id")
    for location, landlord in held[:_OF_LANDLORDS]:
        account = Account.objects.filter(location=location, ends=None).order_by("id").first()
        if account is None:
            continue
        for service, amount in _EACH:
            take_deposit(
                account.id,
                amount,
                on=since,
                into_account_id=bank,
                key=f"deposit:account {account.id}:{service}",
                reference=f"LEASE-{account.number}",
                for_service=service,
                landlord_id=landlord,
            )
            taken += 1
    first = DepositLeft.objects.filter(deposit__landlord__isnull=False, open__gt=0).order_by("id").first()
    if first is not None:
        propose_refund(
            by, deposit_id=first.deposit_id, amount=first.open, reason="The lease has ended", on=since
        )
    return taken
