"""A month of moves: each is billed to and from their day, vacant days to nobody or the landlord."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from billing.models import Bill, BilledPeriod, RegisterUse
from config.town.month import bill_month, record_month
from core.tenancy import scope
from customers.landlords import add_landlord, give_location
from customers.leaving import end_account
from customers.models import Account
from customers.move_in import ask_to_move_in, take_over
from customers.opening import NewCustomer
from meters.installing import exchange_meter
from meters.models import Meter, Reading, Register
from meters.operations import NewReading, record_batch
from tests.conftest import World
from tests.world.comings import ADDRESS
from tests.world.proof import broken
from tests.world.towns import FIRST, Town

LEFT, CAME, CHANGED, BILLED = date(2026, 9, 5), date(2026, 9, 20), date(2026, 9, 25), date(2026, 10, 1)
FAMILY = NewCustomer("Fay Family", "PO Box 7", "Oak Hollow", "IA", "51501")


@dataclass
class Billed:
    """What of an account's water a run billed: its days, what was used, to whom."""

    name: str
    days: list[tuple[date, date]]
    used: Decimal
    final: bool


def read(town: Town, meter: str, on: date, further: int) -> Decimal:
    """The meter is read so much further than before; what it shows."""
    with scope(town.utility.id):
        with transaction.atomic():
            register = Register.objects.get(meter__number=meter)
            earlier = Reading.objects.filter(register=register, is_live=True, on__lt=on)
            shows: Decimal = earlier.latest("on").dial + further
        rows = [NewReading(register.id, on, shows, "A", False)]
        record_batch(town.system, rows=rows, came_from="trial")
    return shows


def bill_september(town: Town, *, but: tuple[str, ...] = ()) -> int:
    """All meters are read on October 1, but those of these accounts, and the month is billed; the run."""
    with scope(town.utility.id):
        record_month(town.system, town.plan, [h for h in town.houses if h.number not in but], FIRST, 1)
    return bill_month(
        town.billing, town.supervisor, starts=date(2026, 9, 1), ends=BILLED, let_pass="Looked at"
    )


def billed(run: int) -> dict[str, Billed]:
    """The water of each account that the run billed, by account number."""
    found: dict[str, Billed] = {}
    for bill in Bill.objects.filter(run=run).select_related("account__customer"):
        periods = BilledPeriod.objects.filter(bill=bill, service__service_type="water")
        uses: Any = RegisterUse.objects.filter(bill=bill, service__service_type="water")
        found[bill.account.number] = Billed(
            bill.account.customer.name,
            list(periods.order_by("starts").values_list("starts", "ends")),
            sum((one.use for one in uses), Decimal(0)),
            bill.final,
        )
    return found


def landlord_of(town: Town, number: str) -> None:
    """The place of that account is a landlord's, with an agreement."""
    with scope(town.utility.id):
        landlord = add_landlord(town.clerk, texts={"name": "Lodge", **ADDRESS})
        place = town.account(number).location_id
        give_location(town.clerk, landlord_id=landlord, location_id=place, starts=FIRST, reverts=True)


def change_meter(town: Town, shows: Decimal) -> None:
    with scope(town.utility.id):
        with transaction.atomic():
            old = Meter.objects.get(number="M100003")
        new = {"number": "N100003", "size": old.size}
        exchange_meter(town.billing, meter_id=old.id, on=CHANGED, last={"": shows}, texts=new)


@pytest.mark.req("MOV-01", "MOV-04")
def test_in_a_month_of_moves_each_pays_for_their_days_and_no_day_is_paid_twice(live: World) -> None:
    town = live.oak
    landlord_of(town, "100004")
    with scope(town.utility.id):
        here = town.account("100003")
        made = ask_to_move_in(town.clerk, location_id=here.location_id, starts=CAME, new_customer=FAMILY)
        for number in ("100003", "100004"):
            read(town, f"M{number}", LEFT, 3)
            end_account(town.clerk, account_id=town.account(number).id, on=LEFT)
        shows = read(town, "M100003", CAME, 1)
        took_over = take_over(town.system, move_in_id=made, on=CAME)
    change_meter(town, shows + 2)
    read(town, "N100003", BILLED, 4)
    run = bill_september(town, but=("100003",))
    with scope(town.utility.id), transaction.atomic():
        water, family = billed(run), Account.objects.get(id=took_over).number
    assert (water["100003"].days, water["100003"].used) == ([(date(2026, 9, 1), LEFT)], Decimal(3))
    assert (water[family].days, water[family].used) == ([(CAME, BILLED)], Decimal(2 + 4))
    assert (water["100004"].days, water["100004"].final) == ([(date(2026, 9, 1), LEFT)], True)
    (lodge,) = [one for one in water.values() if one.name == "Lodge"]
    assert lodge.days == [(LEFT, BILLED)]
    assert broken(live) == []
