"""Meters that are changed out, compound, or have zeros that do not turn: what they measured reaches the bill.

Dunsmuir's comparison of 2016 has 15 units of 750 gallons, 11,250 gallons, at 49.80: each meter below
measures exactly these.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from billing.bills import bill_numbered
from billing.explaining import explain_bill
from billing.models import Bill, RegisterUse
from billing.remaking import differences
from billing.usage import Usage, usage_of
from config.town.found import tariff
from core.tenancy import scope
from customers.models import Account
from customers.operations import add_service
from meters.meter_file import RegisterOf, add_meter
from meters.models import Installation, Meter, Register
from meters.operations import NewReading, record_batch
from meters.orders import make_order
from meters.orders_done import DialShown, NewMeter, complete_order
from tests.conftest import World
from tests.journeys.test_rates_in_a_bill import OCTOBER, SEPTEMBER, charges, only_this, rate
from tests.world.desk import send
from tests.world.fields import sent, wrong_on

PUBLISHED = Decimal("49.80")
ONE_DIAL = {"unit": "GAL", "dials": "6", "dead_zeros": "0", "multiplier": "1"}


def serve(live: World, number: str, first: dict[str, str], **registers: str) -> Account:
    """A meter added and installed on screen on the first of September, for a service of account 100001."""
    account, biller = live.oak.account(), live.oak.client("billing")
    typed = {**ONE_DIAL, **registers, "number": number, "service_type": "water", "size": "5/8"}
    to_install = send(biller, "/meters/new/?location=L100001", **typed)
    assert to_install.status_code == 302, wrong_on(to_install)
    place = {"location": "L100001", "point": "900", "on": "2026-09-01"}
    answer = send(biller, to_install["Location"], **place, **first)
    assert answer.status_code == 302, wrong_on(answer)
    with scope(live.oak.utility.id):
        only_this(live, account)
        with transaction.atomic():
            point = Installation.objects.get(meter__number=number).service_point_id
        add_service(
            live.oak.clerk, account_id=account.id, rate_id=rate(live, "NEW", tariff("dunsmuir-water-2016")),
            starts=SEPTEMBER, service_point_id=point,
        )  # fmt: skip
    return account


def read(live: World, number: str, passed_zero: str = "", **dials: str) -> None:
    """What the registers of a meter show on the first of October, by their codes."""
    with scope(live.oak.utility.id):
        with transaction.atomic():
            found = {r.code: r.id for r in Register.objects.filter(meter__number=number)}
        rows = [
            NewReading(found[code.strip("_")], OCTOBER, Decimal(dial), rolled_over=code == passed_zero)
            for code, dial in dials.items()
        ]
        record_batch(live.oak.system, rows=rows, came_from="test")


def used(live: World, account: Account) -> list[Usage]:
    with scope(live.oak.utility.id), transaction.atomic():
        return [usage for usage in usage_of(account) if usage.periods[0].on == OCTOBER]


def how(live: World, account: Account) -> list[str]:
    """What the explanation of the bill says of each register."""
    with scope(live.oak.utility.id), transaction.atomic():
        bill = Bill.objects.get(account=account, starts=SEPTEMBER)
        found = explain_bill(bill_numbered(bill.number), lambda right: True)
        return [one.how for service in found.services for one in service.measured]


@pytest.mark.req("MTR-03", "MTR-02", "MTR-01")
def test_use_is_counted_across_a_change_out_to_a_meter_with_dead_zeros(live: World) -> None:
    account = serve(live, "OLD", {"dial": "0"})
    with scope(live.oak.utility.id), transaction.atomic():
        old = Meter.objects.get(number="OLD").id
    # The old one measured 5,250 gallons.  The new one counts tens: from 3 to 603 are 6,000 gallons.
    answer = sent(
        live.oak.client("billing"), f"/meters/{old}/exchange/", on="2026-09-15", last="5250", number="NEW",
        dials="4", dead_zeros="1", first="3",
    )  # fmt: skip
    assert answer.status_code == 302, wrong_on(answer)
    read(live, "NEW", _="603")
    assert sum(charges(live, account).values()) == PUBLISHED
    assert how(live, account) == [
        "5,250 less 0 is 5,250 gallons in 14 days.",
        "603 less 3 is 600; 1 dead zero makes it 6,000 gallons in 16 days.",
    ]
    (whole,) = used(live, account)
    assert [(one.meter, one.use) for one in whole.periods] == [("NEW", Decimal(6000)), ("OLD", Decimal(5250))]


@pytest.mark.req("CUS-05", "MTR-01")
def test_one_bill_from_both_registers_of_a_compound_meter(live: World) -> None:
    high = {"high_unit": "GAL", "high_dials": "4", "high_dead_zeros": "2", "high_multiplier": "10"}
    account = serve(live, "COMP", {"diall": "100", "dialh": "9999"}, **high)
    # Low: 9,350 − 100 = 9,250.  High: past 9999 to 1 are 2 steps, each of 100 × 10: 2,000.
    read(live, "COMP", "H", L="9350", H="1")
    # Its first bill is posted with the others; nobody has to release it.
    assert sum(charges(live, account).values()) == PUBLISHED
    with scope(live.oak.utility.id), transaction.atomic():
        assert Bill.objects.get(account=account, starts=SEPTEMBER).charges == PUBLISHED
        uses = dict(
            RegisterUse.objects.filter(bill__account=account, bill__starts=SEPTEMBER).values_list(
                "register__code", "use"
            )
        )
        found = differences(1, 10_000)
    assert uses == {"L": 9250, "H": 2000}
    assert found[1] == []
    assert {one.register: one.periods[0].use for one in used(live, account)} == {"L": 9250, "H": 2000}


@pytest.mark.req("MTR-02", "MTR-03")
def test_the_use_of_a_place_stays_whole_when_the_new_meter_counts_in_another_unit(live: World) -> None:
    account = serve(live, "OLD", {"dial": "0"}, unit="CF")
    with scope(live.oak.utility.id), transaction.atomic():
        old = Meter.objects.get(number="OLD").id
    answer = sent(
        live.oak.client("billing"), f"/meters/{old}/exchange/", on="2026-09-15", last="231", number="NEW",
        unit="GAL", first="0",
    )  # fmt: skip
    assert answer.status_code == 302, wrong_on(answer)
    read(live, "NEW", _="9522")
    # 231 cubic feet are 1,728 gallons (a gallon is 231 cubic inches); with 9,522 they make 11,250.
    assert sum(charges(live, account).values()) == PUBLISHED
    (whole,) = used(live, account)
    assert whole.unit == "GAL"
    assert [one.use for one in whole.periods] == [9522, 1728]


@pytest.mark.req("MTR-03", "MOV-08", "MTR-04")
def test_an_order_puts_in_a_meter_of_another_unit_and_sheet_device_and_bill_follow(live: World) -> None:
    account, oak = serve(live, "OLD", {"dial": "0"}), live.oak
    with scope(oak.utility.id):
        with transaction.atomic():
            old = Installation.objects.get(meter__number="OLD")
            route = account.location.route_id
        counts = RegisterOf("CF", dials=4, dead_zeros=1, multiplier=Decimal("0.1"))
        add_meter(oak.billing, texts={"number": "STORE", "size": "5/8"}, registers=[counts])
        order = make_order(
            oak.clerk, kind="meter_change", location_id=account.location_id, due_on=SEPTEMBER,
            account_number=account.number, service_point_id=old.service_point_id,
        )  # fmt: skip
        new = NewMeter("STORE", first=(DialShown(Decimal(9990)),))
        complete_order(
            oak.billing, order_id=order, done_on=date(2026, 9, 15), readings=[DialShown(Decimal(9522))],
            new_meter=new,
        )  # fmt: skip
    sheet = oak.client("clerk").get(f"/readings/sheets/{route}/?on=2026-10-01").content
    device = oak.client("viewer").get(f"/routes/{route}/hand-held.csv?on=2026-10-01").content
    grid = oak.client("clerk").get(f"/readings/enter/{route}/?on=2026-10-01").content
    assert sheet.startswith(b"%PDF")
    assert [b"STORE" in device, b"OLD" in device, b"STORE" in grid, b"OLD" in grid] == [True, False] * 2
    # 9,522 gallons, and past 9999 to 221 are 231 steps of one cubic foot: 1,728 gallons.
    read(live, "STORE", "_", _="221")
    assert sum(charges(live, account).values()) == PUBLISHED
    (whole,) = used(live, account)
    # Shown in the new meter's unit: 9,522 gallons of 231 cubic inches are 1,272.90625 cubic feet.
    assert sorted(one.use for one in whole.periods) == [231, Decimal("1272.90625")]
    assert how(live, account)[1].endswith("231 cubic feet in 16 days.")
