"""Meters and readings that change around a run: told when a bill would be another, and only then."""

from datetime import date
from decimal import Decimal

import pytest

from billing.runs import approve_run, post_run, print_run, review_run
from billing.still_true import changed_since
from config.town.month import work_until_idle
from core.tenancy import scope
from customers.models import Account, Service
from customers.moving import Arrival, Departure, turn_over
from meters.installing import exchange_meter
from meters.models import Installation, Meter, Reading, Register
from meters.operations import NewReading, record_batch
from tests.integration.test_facts_that_changed import exempt
from tests.integration.test_run_review import do
from tests.world.grown import Grown


def meter_of(town: Grown, service: Service) -> Meter:
    with town.at():
        found: Meter = Installation.objects.get(service_point=service.service_point_id, ends=None).meter
    return found


def water(town: Grown) -> Service:
    with town.at():
        rows = Service.objects.filter(account__location__route__in=town.routes(), ends=None)
        return rows.filter(service_type="water").order_by("account__number")[5]


def last_dial(town: Grown, meter: Meter) -> Decimal:
    with town.at():
        return Reading.objects.filter(register__meter=meter, is_live=True).latest("on").dial


def read(town: Grown, meter: Meter, on: date, dial: Decimal) -> None:
    with town.at():
        register = Register.objects.get(meter=meter).id
    with scope(town.utility.id):
        record_batch(town.by("billing"), rows=[NewReading(register, on, dial, "A", False)], came_from="hand")


def test_a_meter_exchanged_twice_and_never_read_between_is_no_change(grown: Grown) -> None:
    meter = meter_of(grown, water(grown))
    last = {"": last_dial(grown, meter) + 2}
    big = do(
        grown, "billing", exchange_meter, meter_id=meter.id, on=date(2026, 9, 10), last=last,
        texts={"number": "BIG", "size": "2"},
    )  # fmt: skip
    do(
        grown, "billing", exchange_meter, meter_id=big, on=date(2026, 10, 3), last={"": Decimal(3)},
        texts={"number": "SMALL", "size": "5/8"},
    )  # fmt: skip
    run = grown.run(grown.prepare())
    with grown.at():
        assert changed_since(run, states=("ready", "held", "excepted")) == {}


@pytest.mark.req("MOV-01")
def test_a_first_reading_that_comes_late_changes_the_first_bill(grown: Grown) -> None:
    service = water(grown)
    meter = meter_of(grown, service)
    with grown.at():
        customer = Account.objects.get(id=service.account_id).customer_id
    dial = last_dial(grown, meter)
    read(grown, meter, date(2026, 9, 5), dial + 1)
    do(grown, "clerk", turn_over, departures=[Departure(service.account_id, date(2026, 9, 5))], arrivals=[])
    came = Arrival(service.account_id, date(2026, 9, 8), customer_id=customer)
    (new,) = do(grown, "clerk", turn_over, departures=[], arrivals=[came])
    for day, more in ((date(2026, 9, 12), 4), (date(2026, 10, 1), 9)):
        read(grown, meter, day, dial + more)
    run = grown.prepare()
    read(grown, meter, date(2026, 9, 8), dial + 1)
    with grown.at():
        found = changed_since(grown.run(run), states=("ready", "held", "excepted"))
    assert found.get(new) == "the meter of the water service"


def test_a_run_whose_bills_are_all_held_while_it_is_posted_comes_to_its_end(grown: Grown) -> None:
    grown.read()
    run = grown.prepare()
    mark = do(grown, "billing", review_run, run_id=run)
    do(grown, "supervisor", approve_run, run_id=run, seen=mark)
    do(grown, "supervisor", post_run, run_id=run)
    for row in grown.staged(run):
        exempt(grown, row)
    work_until_idle()
    assert (grown.run(run).state, grown.bills(run)) == ("posted", 0)
    do(grown, "supervisor", print_run, run_id=run)
    work_until_idle()
    assert grown.run(run).state == "printed"
