"""Each sentence about minimums, steps and flat rates, from a table entered as data to the bill.

The arithmetic stands beside each figure; prices are in the tables at hand.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from billing.bills import bill_numbered
from billing.explaining import explain_bill
from billing.models import Bill, BilledPeriod
from billing.remaking import differences
from config.town.month import bill_month, month_start, record_month
from core.errors import Refused
from core.tenancy import scope
from customers.models import Service
from customers.operations import add_service
from ledger.models import Charge
from meters.operations import NewReading, record_batch
from tests.conftest import World
from tests.journeys.test_rates_in_a_bill import (
    OCTOBER,
    SEPTEMBER,
    bill_metered,
    charges,
    metered,
    only_this,
    rate,
)
from tests.world.towns import FIRST

TRASH = "TRASH"


def table(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A table of these charges, metered in gallons unless it says otherwise."""
    return {"name": "Trial", "service_type": "water", "unit": "GAL", **more, "components": list(components)}


def charge(kind: str, text: str, **more: Any) -> dict[str, Any]:
    code = "WATER" if more.pop("water", True) else TRASH
    return {"id": kind, "kind": kind, "text": text, "revenue_code": code, **more}


def flat(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "Trial", "service_type": "refuse", **more, "components": list(components)}


def billed_flat(live: World, content: dict[str, Any], units: str = "1", **numbers: Any) -> dict[str, Decimal]:
    """The charges of September for a flat service alone."""
    account = live.oak.account()
    with scope(live.oak.utility.id):
        only_this(live, account)
        add_service(
            live.oak.clerk,
            account_id=account.id,
            rate_id=rate(live, "FLAT", content),
            starts=SEPTEMBER,
            units=Decimal(units),
            attributes=numbers or None,
        )
    return charges(live, account)


@pytest.mark.req("RAT-02")
@pytest.mark.parametrize(
    ("size", "use", "total"), [("5/8", "1000", "12.00"), ("1", "1000", "20.00"), ("1", "9000", "27.00")]
)
def test_a_metered_table_has_its_own_minimum_charge_by_meter_size(
    live: World, size: str, use: str, total: str
) -> None:
    minimum = {"by": "meter_size", "rows": {"5/8": "12.00", "1": "20.00"}}
    content = table(
        charge("per_unit", "Use", price="3.00", per="1000"),
        charge("minimum_bill", "Minimum", of=["per_unit"], amount=minimum),
    )
    # 1,000 × 3.00 per 1,000 = 3.00, made up to 12.00 or 20.00; 9,000 give 27.00, above the minimum.
    assert sum(bill_metered(live, content, use=use, size=size).values()) == Decimal(total)


@pytest.mark.req("RAT-02")
@pytest.mark.parametrize(("use", "total"), [("0", "24.64"), ("2000", "24.64"), ("4500", "32.77")])
def test_a_minimum_includes_use(live: World, use: str, total: str) -> None:
    blocks = [{"price": "3.25"}]
    content = table(charge("minimum", "Minimum", amount="24.64", includes="2000", per="1000", blocks=blocks))
    # 4,500: 24.64 + 2,500 × 3.25 per 1,000 = 24.64 + 8.125 = 32.765, half a cent up.
    assert sum(bill_metered(live, content, use=use).values()) == Decimal(total)


@pytest.mark.req("RAT-02")
def test_a_table_may_have_any_number_of_steps(live: World) -> None:
    steps: list[dict[str, str]] = [{"up_to": str(1000 * n), "price": f"{n}.00"} for n in range(1, 31)]
    content = table(charge("blocks", "Use", per="1000", blocks=[*steps, {"price": "50.00"}]))
    # 31,500: 1 + 2 + … + 30 = 30 × 31 ÷ 2 = 465.00, and 1.5 × 50.00 = 75.00.
    assert bill_metered(live, content, use="31500") == {"blocks": Decimal("540.00")}


@pytest.mark.req("RAT-02")
def test_minimum_included_use_and_steps_are_per_number_of_units(live: World) -> None:
    account = live.oak.account()
    blocks = [{"up_to": "5000", "price": "4.00"}, {"price": "6.00"}]
    content = table(
        charge(
            "minimum", "Minimum", amount="10.00", includes="2000", times="units", per="1000", blocks=blocks
        )
    )
    with scope(live.oak.utility.id):
        only_this(live, account)
        point, register = metered(live, account, "water", "5/8", "GAL")
        add_service(
            live.oak.clerk, account_id=account.id, rate_id=rate(live, "UNITS", content), starts=SEPTEMBER,
            service_point_id=point, units=Decimal(3),
        )  # fmt: skip
        record_batch(live.oak.system, rows=[NewReading(register, OCTOBER, Decimal(7000))], came_from="test")
    # Three units: 3 × 10.00 with 3 × 2,000 included; the limits count from zero, so use from 6,000 to 7,000
    # lies above 5,000: 1 × 6.00.
    assert charges(live, account) == {"minimum": Decimal("36.00")}


@pytest.mark.req("RAT-02", "RAT-03")
@pytest.mark.parametrize(("units", "total"), [("1", "10.00"), ("4", "16.00")])
def test_a_flat_table_has_its_own_minimum_charge(live: World, units: str, total: str) -> None:
    content = flat(
        charge("per_unit", "Units", water=False, quantity="units", price="4.00"),
        charge("minimum_bill", "Minimum", water=False, of=["per_unit"], amount="10.00"),
    )
    # One unit at 4.00 is made up to 10.00; four are 16.00.
    assert sum(billed_flat(live, content, units).values()) == Decimal(total)


@pytest.mark.req("RAT-03")
def test_a_flat_table_charges_a_fixed_amount(live: World) -> None:
    assert billed_flat(live, flat(charge("fixed", "Refuse", water=False, amount="18.75"))) == {
        "fixed": Decimal("18.75")
    }


@pytest.mark.req("RAT-03")
@pytest.mark.parametrize(("carts", "total"), [(1, "16.00"), (3, "24.00")])
def test_a_flat_table_charges_by_containers(live: World, carts: int, total: str) -> None:
    content = flat(
        charge(
            "containers",
            "Carts",
            water=False,
            quantity="carts",
            first="16.00",
            additional="4.00",
            unit="carts",
        )
    )
    # The first at 16.00, each other at 4.00.
    assert sum(billed_flat(live, content, carts=carts).values()) == Decimal(total)


@pytest.mark.req("RAT-03")
def test_a_flat_table_charges_by_size_and_pickups(live: World) -> None:
    monthly = {"by": ["size", "pickups"], "rows": {"2yd": {"1": "60.00", "2": "110.00"}}}
    content = flat(charge("fixed", "Dumpster", water=False, amount=monthly))
    assert billed_flat(live, content, size="2yd", pickups="2") == {"fixed": Decimal("110.00")}


QUARTERLY = flat(charge("fixed", "Refuse, a quarter", water=False, amount="45.00"), billed_in=[9, 12])


def quarterly(live: World, starts: date = FIRST) -> int:
    """A second refuse service of account 100001, billed in September and December; its id."""
    with scope(live.oak.utility.id):
        return int(
            add_service(
                live.oak.clerk,
                account_id=live.oak.account().id,
                rate_id=rate(live, "QUARTER", QUARTERLY),
                starts=starts,
            )
        )


def month(live: World, number: int) -> None:
    """Bill the whole cycle for the month of that number: 1 is September."""
    starts, ends = month_start(FIRST, number), month_start(FIRST, number + 1)
    with scope(live.oak.utility.id):
        record_month(live.oak.system, live.oak.plan, live.oak.houses, FIRST, number)
    bill_month(live.oak.billing, live.oak.supervisor, starts=starts, ends=ends, let_pass="A quarterly rate")


def quarters(live: World, service: int) -> list[tuple[date, date, Decimal]]:
    with scope(live.oak.utility.id), transaction.atomic():
        periods = BilledPeriod.objects.filter(service=service, is_live=True).order_by("starts")
        return [
            (p.starts, p.ends, Charge.objects.get(journal=p.bill.journal_id, service_id=service).amount)
            for p in periods.select_related("bill")
        ]


@pytest.mark.req("RAT-03")
def test_a_quarterly_rate_is_billed_with_the_month_that_ends_the_quarter(live: World) -> None:
    service = quarterly(live)
    for number in range(1, 5):
        month(live, number)
    assert quarters(live, service) == [
        # Never billed: from its first day; then the whole quarter.
        (date(2026, 8, 1), date(2026, 10, 1), Decimal("45.00")),
        (date(2026, 10, 1), date(2027, 1, 1), Decimal("45.00")),
    ]
    with scope(live.oak.utility.id), transaction.atomic():
        bills = list(Bill.objects.filter(account__number="100001").order_by("bill_on"))
        assert [b.starts for b in bills] == [month_start(FIRST, n) for n in range(5)], "bills stay monthly"
        last = Bill.objects.latest("id").id
        assert differences(0, last) == (5 * len(live.oak.houses), [])


@pytest.mark.req("RAT-03", "BIL-13")
def test_the_bill_says_which_days_a_quarterly_charge_is_for(live: World) -> None:
    service = quarterly(live)
    month(live, 1)
    with scope(live.oak.utility.id), transaction.atomic():
        number = Bill.objects.get(account__number="100001", starts=SEPTEMBER).number
        told = explain_bill(bill_numbered(number), lambda right: True)
        days = {s.service_id: s.days for s in told.services}
    assert days[service] == 61  # August and September


@pytest.mark.req("RAT-03")
def test_a_quarterly_service_that_ends_is_billed_with_the_last_bill(live: World) -> None:
    service = quarterly(live)
    month(live, 1)
    with scope(live.oak.utility.id), transaction.atomic():
        Service.objects.filter(id=service).update(ends=date(2026, 10, 20))
    month(live, 2)
    assert quarters(live, service)[-1] == (date(2026, 10, 1), date(2026, 10, 20), Decimal("45.00"))


def test_a_table_that_prices_use_is_not_billed_by_months(live: World) -> None:
    content = {**table(charge("per_unit", "Use", price="3.00", per="1000")), "billed_in": [3, 6]}
    with scope(live.oak.utility.id), pytest.raises(Refused) as refused:
        rate(live, "METER", content)
    assert refused.value.field == "billed_in"
