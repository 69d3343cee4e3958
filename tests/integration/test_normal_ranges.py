"""Normal ranges by rate or service: kept by form and API, and asked about at each way in (MTR-07)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from core.errors import Refused
from core.tenancy import scope
from customers.models import Service
from meters.entry import TypedReading, enter_readings
from meters.models import Meter, Reading, Register, UseRange
from meters.ranges import put_range, ranges_of
from rates.models import RateTable
from tests.conftest import World
from tests.integration.test_read_file import receive, row_of, the_file
from tests.world.desk import send, text_of
from tests.world.fields import sent, wrong_on
from tests.world.partners import Partner

OCTOBER = date(2026, 10, 1)
TODAY = date(2026, 10, 2)


def register_of(live: World, number: str = "M100001") -> tuple[Register, Decimal]:
    with scope(live.oak.utility.id), transaction.atomic():
        register = Register.objects.select_related("meter").get(meter__number=number)
        return register, Reading.objects.filter(register=register, is_live=True).latest("on").dial


def asked(live: World, register: Register, dial: Decimal) -> list[str]:
    """What the keyboard asks about a reading."""
    row = TypedReading(register.id, OCTOBER, dial)
    with scope(live.oak.utility.id):
        (answer,) = enter_readings(live.oak.clerk, rows=[row], today=TODAY)
    return [remark["code"] for remark in answer["remarks"]]


def rate_of(live: World, number: str = "100001") -> RateTable:
    water = Service.objects.filter(account__number=number, service_type="water")
    with scope(live.oak.utility.id), transaction.atomic():
        return RateTable.objects.get(id__in=water.values("rate"))


@pytest.mark.req("MTR-07")
def test_a_range_made_on_screen_is_asked_about_at_the_keyboard(live: World) -> None:
    register, last = register_of(live)
    biller, rate = live.oak.client("billing"), rate_of(live)
    answer = send(
        biller, "/readings/ranges/new/", service_type="water", rate=rate.code, unit=register.unit, low="0",
        high="2",
    )  # fmt: skip
    assert answer.status_code == 302, wrong_on(answer)
    assert rate.code in text_of(biller.get("/readings/ranges/"))
    step = register.dial.step
    assert "over_range" in asked(live, register, last + 3 / step if step < 1 else last + 3)


@pytest.mark.req("MTR-07")
def test_the_range_of_a_rate_goes_before_that_of_its_service(live: World) -> None:
    register, _ = register_of(live)
    with scope(live.oak.utility.id):
        put_range(live.oak.billing, service_type="water", unit=register.unit, high=Decimal(7))
        with transaction.atomic():
            before = ranges_of([register.id], OCTOBER)
        put_range(
            live.oak.billing, service_type="water", unit=register.unit, rate_id=rate_of(live).id,
            high=Decimal(9),
        )  # fmt: skip
        with transaction.atomic():
            after = ranges_of([register.id], OCTOBER)
    assert (before[register.id].high, before[register.id].of) == (Decimal(7), "water")
    assert (after[register.id].high, after[register.id].of) == (Decimal(9), f"rate {rate_of(live).code}")


def test_a_range_counts_for_registers_of_another_unit_of_its_kind(live: World) -> None:
    register, _ = register_of(live)
    with scope(live.oak.utility.id):
        with transaction.atomic():
            Register.objects.filter(id=register.id).update(unit="GAL")
        put_range(live.oak.billing, service_type="water", unit="KGAL", low=Decimal("0.5"), high=Decimal(9))
        with transaction.atomic():
            found = ranges_of([register.id], OCTOBER)[register.id]
    assert (found.low, found.high) == (Decimal(500), Decimal(9000))


@pytest.mark.req("MTR-07")
def test_the_demand_of_a_meter_is_held_against_its_range(live: World) -> None:
    with scope(live.oak.utility.id):
        with transaction.atomic():
            meter = Meter.objects.get(number="M100001")
            Meter.objects.filter(id=meter.id).update(service_type="electric")
            Register.objects.filter(meter=meter).update(unit="KW", multiplier=1)
        put_range(live.oak.billing, service_type="electric", unit="KW", low=Decimal(5), high=Decimal(50))
    register, last = register_of(live)
    assert "over_range" in asked(live, register, last + 51)


@pytest.mark.req("SYS-03", "MTR-07")
def test_a_partner_keeps_a_range_and_its_own_readings_are_held_against_it(live: World) -> None:
    register, last = register_of(live)
    partner = Partner(live.oak)
    body = {"service_type": "water", "rate_id": rate_of(live).id, "unit": register.unit, "high": "0.5"}
    made = partner.post("use-ranges/", body, key="range")
    assert (made["high"], made["rate"]) == ("0.5", rate_of(live).code)
    row = {"register_id": register.id, "on": "2026-10-01", "dial": str(last + 100)}
    answer = partner.post("readings/", {"readings": [row]}, key="read")
    assert "over_range" in [r["code"] for r in answer["readings"][0]["remarks"]]
    assert answer["held"] == 1


def test_a_range_is_changed_in_place_and_emptied(live: World) -> None:
    with scope(live.oak.utility.id):
        kept = put_range(live.oak.billing, service_type="water", unit="CCF", low=Decimal(1))
    page = f"/readings/ranges/{kept}/"
    assert sent(live.oak.client("billing"), page, low=None, high=None).status_code == 302
    with scope(live.oak.utility.id), transaction.atomic():
        row = UseRange.objects.get()
    assert (row.id, row.low, row.high) == (kept, None, None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"unit": "CUBITS"}, "unit"),
        ({"low": Decimal(5), "high": Decimal(5)}, "low"),
        ({"high": Decimal(-1)}, "high"),
        ({"low": Decimal("0.0001")}, "low"),
    ],
)
def test_a_range_that_cannot_be_is_refused_at_its_field(
    live: World, given: dict[str, Any], field: str
) -> None:
    with scope(live.oak.utility.id), pytest.raises(Refused) as refused:
        put_range(live.oak.billing, service_type="water", **{"unit": "CCF", **given})
    assert refused.value.field == field


def test_two_ranges_of_one_rate_in_units_of_one_kind_are_refused(live: World) -> None:
    with scope(live.oak.utility.id):
        put_range(live.oak.billing, service_type="water", unit="CCF", high=Decimal(9))
        with pytest.raises(Refused, match="Change that one"):
            put_range(live.oak.billing, service_type="water", unit="GAL", high=Decimal(9))


@pytest.mark.req("MTR-07")
def test_a_file_of_reads_is_held_against_the_ranges_too(live: World) -> None:
    register, _ = register_of(live)
    with scope(live.oak.utility.id):
        put_range(live.oak.billing, service_type="water", unit=register.unit, high=Decimal("0.001"))
    import_id = receive(live.oak, the_file(live.oak))
    row = row_of(live.oak, import_id, 2)
    assert "over_range" in [fault["code"] for fault in row.faults]
    assert {fault["level"] for fault in row.faults if fault["code"] == "over_range"} == {"warning"}
