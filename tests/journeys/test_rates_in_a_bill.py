"""What a rate table says reaches the bill to the cent: tables entered as data, a run, the charges.

The figures are those that the towns published, or worked by hand beside the test.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from billing.models import Bill
from config.town.found import tariff
from config.town.month import bill_month
from core.tenancy import scope
from customers.models import Account, Service
from customers.operations import add_service
from ledger.models import Charge
from meters.models import Installation, Meter, Reading, Register, ServicePoint
from meters.operations import NewReading, record_batch
from rates.operations import activate_version, create_table, draft_version
from tests.conftest import World

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
GAS = tariff("sample-gas")


def rate(live: World, code: str, content: dict[str, Any]) -> int:
    """The table entered by one person and activated by another."""
    oak = live.oak
    table = create_table(oak.admin, code=code, name=content["name"], service_type=content["service_type"])
    draft = draft_version(oak.admin, table_id=table, content=content, starts=date(2020, 1, 1))
    activate_version(oak.supervisor, version_id=draft)
    return table


def metered(
    live: World, account: Account, kind: str, size: str, unit: str, dials: int = 6
) -> tuple[int, int]:
    """A meter at the account's place, started at 0 on the first of September: (service point, register)."""
    with transaction.atomic():
        point = ServicePoint.objects.create(
            location_id=account.location_id, code=f"9{kind}", service_type=kind
        )
        meter = Meter.objects.create(number=f"X{kind}{account.number}", size=size, service_type=kind)
        register = Register.objects.create(meter=meter, unit=unit, dials=dials)
        Installation.objects.create(service_point=point, meter=meter, starts=SEPTEMBER)
        Reading.objects.create(register=register, on=SEPTEMBER, dial=0, source="I")
    return point.id, register.id


def only_this(live: World, account: Account) -> None:
    """End the account's other services, so that the bill shows the new one alone."""
    with transaction.atomic():
        Service.objects.filter(account=account).update(ends=SEPTEMBER)


def charges(live: World, account: Account) -> dict[str, Decimal]:
    """The September bill's charges by component, after a run of the whole cycle."""
    why = "Only this account of the cycle is read"
    bill_month(live.oak.billing, live.oak.supervisor, starts=SEPTEMBER, ends=OCTOBER, let_pass=why)
    with scope(live.oak.utility.id), transaction.atomic():
        bill = Bill.objects.get(account=account, starts=SEPTEMBER)
        rows = Charge.objects.filter(journal=bill.journal_id).values_list("component", "amount")
        return dict(rows)


def bill_metered(
    live: World, content: dict[str, Any], *, use: str, size: str = "5/8", unit: str = "", numbers: Any = None
) -> dict[str, Decimal]:
    account = live.oak.account()
    with scope(live.oak.utility.id):
        only_this(live, account)
        point, register = metered(live, account, content["service_type"], size, unit or content["unit"])
        add_service(
            live.oak.clerk,
            account_id=account.id,
            rate_id=rate(live, "TRIED", content),
            starts=SEPTEMBER,
            service_point_id=point,
            attributes=numbers,
        )
        record_batch(live.oak.system, rows=[NewReading(register, OCTOBER, Decimal(use))], came_from="test")
    return charges(live, account)


@pytest.mark.req("RAT-02")
def test_the_minimum_by_meter_size_tops_up_small_use(live: World) -> None:
    found = bill_metered(live, tariff("wheeling-water"), use="1500", size="3/4")
    # Wheeling's page: 1,500 gallons through a 3/4 inch meter are the minimum of 17.40.
    assert sum(found.values()) == Decimal("17.40")


@pytest.mark.req("RAT-02")
def test_steps_are_charged_block_by_block_and_the_minimum_includes_use(live: World) -> None:
    found = bill_metered(live, tariff("dunsmuir-water-2016"), use="11250", unit="GAL")
    # Dunsmuir's comparison of 2016: 15 units, each of 750 gallons.
    assert sum(found.values()) == Decimal("49.80")


@pytest.mark.req("RAT-03", "RAT-05")
def test_taxes_and_riders_follow_the_table_and_an_exempt_account_pays_none(live: World) -> None:
    account = live.oak.account()
    with scope(live.oak.utility.id), transaction.atomic():
        Account.objects.filter(id=account.id).update(tax_exempt_codes=["SALES"])
    found = bill_metered(live, GAS, use="1000")
    # 1,000 × .4374 + 80.00 − 9.70 + 2.00; no tax.
    assert found == {
        "commodity": Decimal("437.40"),
        "pga": Decimal("-9.70"),
        "dsm": Decimal("2.00"),
        "service": Decimal("80.00"),
    }


@pytest.mark.req("RAT-05")
def test_sales_tax_is_added_to_the_taxable_lines(live: World) -> None:
    found = bill_metered(live, GAS, use="1000")
    assert found["tax"] == Decimal("29.56")  # 5.8 % of 437.40 − 9.70 + 2.00 + 80.00 = 29.5626


@pytest.mark.req("RAT-10")
def test_a_gallon_meter_is_billed_by_a_table_in_hundred_cubic_feet(live: World) -> None:
    found = bill_metered(live, tariff("council-bluffs-water"), use="11220", unit="GAL")
    # 11,220 gallons × 231/172,800 = 14.998958… hundred cubic feet × 3.85 = 57.7459…
    assert found["usage"] == Decimal("57.75")


@pytest.mark.req("RAT-03")
def test_a_flat_rate_is_charged_by_units(live: World) -> None:
    account = live.oak.account()
    with scope(live.oak.utility.id):
        only_this(live, account)
        add_service(
            live.oak.clerk,
            account_id=account.id,
            rate_id=rate(live, "LIGHT", tariff("monroe-oh-street-light")),
            starts=SEPTEMBER,
            units=Decimal(4),
        )
    assert charges(live, account) == {"light": Decimal("7.72")}  # Monroe's page: 4 × 1.93


@pytest.mark.req("MTR-05")
def test_a_dial_that_passed_its_limit_is_billed_for_what_really_flowed(live: World) -> None:
    account = live.oak.account()
    with scope(live.oak.utility.id):
        only_this(live, account)
        point, register = metered(live, account, "water", "5/8", "GAL", dials=5)
        with transaction.atomic():
            Reading.objects.filter(register=register).update(is_live=False)
            Reading.objects.create(register_id=register, on=SEPTEMBER, dial=95000, source="I")
        content = tariff("dunsmuir-water-2016")
        rate_id = rate(live, "TRIED", content)
        add_service(
            live.oak.clerk, account_id=account.id, rate_id=rate_id, starts=SEPTEMBER, service_point_id=point
        )
        rows = [NewReading(register, OCTOBER, Decimal(6250), rolled_over=True)]
        record_batch(live.oak.system, rows=rows, came_from="test")
    assert sum(charges(live, account).values()) == Decimal("49.80")  # 11,250 gallons
