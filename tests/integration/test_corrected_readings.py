"""A reading is corrected by another that stands in its place; what a bill used stays (MTR-08)."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from billing.models import Bill, PreparedBill, Run
from config.town.month import record_month, work_until_idle
from core.errors import Conflict, Refused
from core.tenancy import scope
from meters.corrections import correct_reading
from meters.models import Reading
from tests.conftest import World
from tests.world.partners import Partner
from tests.world.towns import FIRST, Town

TODAY = date(2026, 10, 2)


def september(town: Town) -> Reading:
    """The reading of October 1 of account 100001, not billed yet."""
    found = Reading.objects.filter(register__meter__number="M100001", is_live=True)
    if found.latest("on").on < date(2026, 10, 1):
        record_month(town.system, town.plan, town.houses, FIRST, 1)
    return found.latest("on")


def correct(town: Town, reading: Reading, **what: Any) -> Reading:
    given = {"dial": reading.dial + 1, "why": "Digits turned round", "today": TODAY, **what}
    with transaction.atomic():
        return Reading.objects.get(id=correct_reading(town.clerk, reading_id=reading.id, **given))


@pytest.mark.req("MTR-08")
def test_a_correction_stands_in_the_place_of_the_old_reading_with_who_and_why(world: World) -> None:
    old = september(world.oak)
    new = correct(world.oak, old)
    old.refresh_from_db()
    assert (old.is_live, new.is_live, new.replaces_id) == (False, True, old.id)
    assert (new.on, new.source, new.dial) == (old.on, old.source, old.dial + 1)
    assert (new.came_from, new.why) == (world.oak.clerk.ref, "Digits turned round")


@pytest.mark.req("MTR-08")
def test_a_reading_that_a_bill_used_is_kept_and_the_bill_is_named(world: World) -> None:
    bill = Bill.objects.get(account__number="100001")
    billed = Reading.objects.filter(register__meter__number="M100001", is_live=True).latest("on")
    with pytest.raises(Refused, match=f"Bill {bill.number} .* Cancel bill {bill.number} first"):
        correct(world.oak, billed)
    assert Reading.objects.get(id=billed.id).is_live


def test_a_correction_goes_with_the_readings_around_it(world: World) -> None:
    old = september(world.oak)
    with pytest.raises(Refused, match="lower than"):
        correct(world.oak, old, dial=Decimal(0))
    with pytest.raises(Refused, match="does not fit"):
        correct(world.oak, old, dial=old.register.dial.limit)
    with pytest.raises(Refused, match="still to come"):
        correct(world.oak, old, on=date(2026, 10, 3))
    with pytest.raises(Refused, match="needs a reason"):
        correct(world.oak, old, why=" ")
    with pytest.raises(Refused, match="Nothing about the reading"):
        correct(world.oak, old, dial=old.dial)


def test_who_corrects_what_was_corrected_meanwhile_is_told(world: World) -> None:
    old = september(world.oak)
    new = correct(world.oak, old)
    with pytest.raises(Conflict, match=f"corrected to {new.dial.normalize():f} of Oct 1, 2026 meanwhile"):
        correct(world.oak, old, dial=old.dial + 2)


def test_the_day_of_a_reading_is_corrected_too(world: World) -> None:
    new = correct(world.oak, september(world.oak), on=date(2026, 9, 30))
    assert new.on == date(2026, 9, 30)


def test_a_bill_under_review_is_made_again_from_the_corrected_reading(live: World) -> None:
    from billing.models import Cycle
    from billing.runs import open_run, prepare_run

    oak = live.oak
    with scope(oak.utility.id):
        with transaction.atomic():
            old = september(oak)
            cycle = Cycle.objects.get().id
        first, end = date(2026, 9, 1), date(2026, 10, 1)
        run = open_run(oak.billing, cycle_id=cycle, starts=first, ends=end, bill_on=end)
        prepare_run(oak.billing, run_id=run)
    work_until_idle()
    with scope(oak.utility.id):
        with transaction.atomic():
            was = PreparedBill.objects.get(run=run, account__number="100001").charge_hash
        new = correct(oak, old, dial=old.dial + 3)
        with transaction.atomic():
            now = PreparedBill.objects.get(run=run, account__number="100001")
            assert Run.objects.get(id=run).state == "prepared"
            assert now.charge_hash != was
            assert new.id in [used[3] for used in now.measured[1]]


def test_a_clerk_corrects_on_screen_and_the_meter_shows_both(live: World) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        old = september(live.oak)
    client = live.oak.client("clerk")
    sent = {
        "idempotency_key": str(uuid4()),
        "dial": str(old.dial + 1),
        "on": str(old.on),
        "source": "A",
        "why": "Misread",
    }
    answer = client.post(f"/readings/{old.id}/correct/", sent, follow=True)
    page = answer.content.decode()
    assert f"<s>{old.dial.normalize():f}</s>" in page
    assert "Misread" in page


def test_a_partner_corrects_a_reading(live: World) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        old = september(live.oak)
    partner = Partner(live.oak, "readings.correct")
    made = partner.post(f"readings/{old.id}/correct/", {"dial": str(old.dial + 1), "why": "Misread"}, "c-1")
    assert made["replaces_id"] == old.id
