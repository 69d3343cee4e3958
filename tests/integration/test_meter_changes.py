"""A meter is taken out and another put in."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import Conflict, NotAllowed
from meters.models import Installation, Meter, Reading, Register
from meters.operations import MeterChange, change_meters
from tests.conftest import World

DAY = date(2026, 9, 10)


def _change(on: date = DAY) -> MeterChange:
    old = Installation.objects.get(meter__number="M100003")
    shown = Reading.objects.filter(register__meter=old.meter_id).order_by("-on")[0].dial
    return MeterChange(old.service_point_id, on, shown + 2, "N100003", serial="SN3", endpoint="77003")


def test_the_old_meter_leaves_with_its_last_reading_as_the_new_one_comes(world: World) -> None:
    change = _change()
    (new,) = change_meters(world.oak.billing, changes=[change], came_from="work order")
    old = Installation.objects.get(meter__number="M100003")
    assert old.ends == Installation.objects.get(meter=new).starts == DAY
    last = Reading.objects.get(register__meter=old.meter_id, on=DAY)
    first = Reading.objects.get(register__meter=new)
    assert (last.dial, last.source, first.dial, first.source) == (change.last_dial, "A", Decimal(0), "I")


def test_the_new_meter_counts_as_the_old_one_did(world: World) -> None:
    (new,) = change_meters(world.oak.billing, changes=[_change()], came_from="work order")
    fields = ("unit", "dials", "multiplier", "may_run_backwards")
    counts = Register.objects.filter(meter__number__in=["M100003", "N100003"]).values_list(*fields)
    assert len(set(counts)) == 1
    assert Meter.objects.get(id=new).size == Meter.objects.get(number="M100003").size


def test_a_meter_that_left_cannot_leave_again_on_that_day(world: World) -> None:
    change = _change()
    change_meters(world.oak.billing, changes=[change], came_from="work order")
    with pytest.raises(Conflict, match="no meter to take out"):
        change_meters(world.oak.billing, changes=[change], came_from="work order")


def test_a_meter_is_not_taken_out_before_it_was_put_in(world: World) -> None:
    with pytest.raises(Conflict, match="no meter to take out on Aug 1, 2026"):
        change_meters(world.oak.billing, changes=[_change(date(2026, 8, 1))], came_from="work order")


def test_a_viewer_changes_no_meter(world: World) -> None:
    with pytest.raises(NotAllowed):
        change_meters(world.oak.viewer, changes=[_change()], came_from="work order")
