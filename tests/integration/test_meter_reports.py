"""Reports of meters: the inventory, meters that stand still, use that nobody is billed for."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from core.actors import Actor
from core.operations import operation
from core.tenancy import scope
from customers.models import Account
from meters.models import Installation, Reading, Register
from meters.operations import NewReading, record_batch
from reports.lines import lines
from tests.conftest import World
from tests.world.listings import sheet_for
from tests.world.towns import Town


def rows(code: str, **asked: str) -> list[tuple[object, ...]]:
    with transaction.atomic():
        return [line.cells for line in lines(sheet_for(code, asked)) if line.kind == "row"]


@operation("test.account", permission="test.account")
def set_account(by: Actor, *, number: str, no_bill: bool, ends: date | None) -> int:
    return Account.objects.filter(number=number).update(no_bill=no_bill, ends=ends)


@operation("test.dead_zeros", permission="test.dead_zeros")
def set_dead_zeros(by: Actor, *, number: str) -> int:
    return Register.objects.filter(meter__number=number).update(dead_zeros=2)


def read(town: Town, number: str, days: Sequence[date], more: int) -> None:
    """Readings of a meter, each so many steps beyond the one before."""
    with transaction.atomic():
        newest = Reading.objects.filter(register__meter__number=number, is_live=True).latest("on")
    found = [NewReading(newest.register_id, on, newest.dial + more * n) for n, on in enumerate(days, start=1)]
    record_batch(town.system, rows=found, came_from="trial")


@pytest.mark.req("MTR-10")
def test_the_inventory_lists_every_meter_by_route_or_by_the_year_it_was_installed(live: World) -> None:
    with scope(live.oak.utility.id):
        by_route = rows("meter-inventory", by="route")
        by_year = rows("meter-inventory", by="year")
        with transaction.atomic():
            started = Installation.objects.order_by("id").values_list("starts", flat=True)[0]
    assert [row[0] for row in by_route] == sorted(row[0] for row in by_route)  # type: ignore[type-var]  # texts
    assert {row[1] for row in by_route} == {f"M{house.number}" for house in live.oak.houses}
    assert {row[0] for row in by_year} == {f"Installed {started.year}"}


@pytest.mark.req("MTR-10")
def test_a_meter_that_was_read_and_never_moved_is_still(live: World) -> None:
    months = [date(2026, month, 1) for month in (10, 11, 12)]
    for town, number in ((live.oak, "M100004"), (live.elm, "M100004")):
        with scope(town.utility.id):
            read(town, number, months, 0)
            read(town, "M100005", months, 1)
    with scope(live.oak.utility.id):
        found = rows("still-meters", through="2026-12-01", months="3")
        assert rows("still-meters", through="2026-12-01", months="4") == []
    assert [(row[5], row[10], row[11], row[12]) for row in found] == [
        ("M100004", date(2026, 9, 1), date(2026, 12, 1), 91)
    ]
    assert found[0][4] == live.oak.houses[3].name


@pytest.mark.req("MTR-10")
def test_use_at_a_vacant_place_and_on_an_account_without_bills_is_told(live: World) -> None:
    oak = live.oak
    with scope(oak.utility.id):
        set_account(oak.system, number="100006", no_bill=True, ends=None)
        set_account(oak.system, number="100007", no_bill=False, ends=date(2026, 9, 1))
        set_dead_zeros(oak.system, number="M100007")
        for number in ("M100006", "M100007", "M100008"):
            read(oak, number, [date(2026, 10, 1)], 3)
        found = rows("unbilled-use", since="2026-09-01", through="2026-10-31")
    # Three steps each; those of M100007 count a hundred.
    assert [(row[0], row[4], row[6], row[10]) for row in found] == [
        ("Vacant", None, "M100007", Decimal(300)),
        ("No bill", "100006", "M100006", Decimal(3)),
    ]
    with scope(live.elm.utility.id):
        assert rows("unbilled-use", since="2026-09-01", through="2026-10-31") == []
