"""Readings typed in walking order: judged at once, kept line by line, safe between two clerks."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
from django.db import transaction
from django.test import Client

from core.tenancy import scope
from meters.entry import TypedReading, enter_readings
from meters.models import Location, Reading, Register
from meters.rounds import lines_of, progress
from tests.conftest import World
from tests.world.partners import Partner
from tests.world.towns import Town

ON, TODAY = date(2026, 10, 1), date(2026, 10, 2)


def register(number: str = "100001") -> Register:
    return Register.objects.select_related("meter").get(meter__number=f"M{number}")


def last(number: str = "100001") -> Reading:
    return Reading.objects.filter(register=register(number), is_live=True).latest("on")


def enter(town: Town, number: str, more: int, **what: Any) -> dict[str, Any]:
    """So many more than the last reading, on October 1."""
    dial = last(number).dial + more
    row = TypedReading(register(number).id, what.pop("on", ON), dial, **what)
    return enter_readings(town.clerk, rows=[row], today=TODAY)[0]


def used_last(number: str) -> int:
    """What the register went in August."""
    first, second = Reading.objects.filter(register=register(number), is_live=True).order_by("on")[:2]
    return int(second.dial - first.dial)


@pytest.mark.req("MTR-04")
def test_a_route_shows_its_registers_in_walking_order_and_what_is_left(world: World) -> None:
    route = Location.objects.get(code="L100001").route
    lines = lines_of(route.id, ON)
    assert [line.sequence for line in lines] == sorted(line.sequence for line in lines)
    assert all(line.now is None for line in lines)
    assert enter(world.oak, "100001", used_last("100001"))["state"] == "taken"
    now = {line.meter: line.now for line in lines_of(route.id, ON)}
    assert now["M100001"] is not None
    (mine,) = [one for one in progress(ON) if one.id == route.id]
    assert (mine.registers, mine.read) == (len(lines), 1)


def test_a_reading_keeps_who_typed_it_and_its_use_is_told(world: World) -> None:
    answer = enter(world.oak, "100001", used_last("100001"))
    kept = Reading.objects.get(id=answer["reading_id"])
    assert (kept.came_from, kept.source, kept.on) == (world.oak.clerk.ref, "A", ON)
    assert Decimal(answer["use"]) == used_last("100001")


@pytest.mark.req("MTR-07")
def test_no_use_is_asked_about_and_kept_once_somebody_says_so(world: World) -> None:
    before = Reading.objects.count()
    asked = enter(world.oak, "100001", 0)
    assert (asked["state"], [r["code"] for r in asked["remarks"]]) == ("asks", ["zero_use"])
    assert Reading.objects.count() == before
    kept = enter(world.oak, "100001", 0, sure=("zero_use",))
    assert kept["state"] == "taken"
    assert Reading.objects.get(id=kept["reading_id"]).why == "Kept after a look: no use"


@pytest.mark.req("MTR-05")
def test_a_lower_reading_asks_whether_the_dial_passed_zero(world: World) -> None:
    asked = enter(world.oak, "100001", -1)
    assert (asked["state"], asked["remarks"][0]["code"]) == ("asks", "lower")
    over = enter(world.oak, "100001", -1, rolled_over=True, sure=("high_use",))
    assert over["state"] == "taken"
    assert Reading.objects.get(id=over["reading_id"]).rolled_over
    assert Decimal(over["use"]) == register().dial.limit - 1


def test_a_lower_reading_may_be_kept_as_it_is_and_says_so(world: World) -> None:
    kept = enter(world.oak, "100001", -1, rolled_over=False)
    assert kept["state"] == "taken"
    row = Reading.objects.get(id=kept["reading_id"])
    assert (row.rolled_over, row.why) == (False, "Kept after a look: lower than the last")


def test_of_several_readings_the_good_ones_are_kept(world: World) -> None:
    good, wrong = register("100001"), register("100002")
    rows = [
        TypedReading(good.id, ON, last("100001").dial + used_last("100001")),
        TypedReading(wrong.id, ON, wrong.dial.limit),
    ]
    answers = enter_readings(world.oak.clerk, rows=rows, today=TODAY)
    assert [a["state"] for a in answers] == ["taken", "wrong"]
    assert answers[1]["remarks"][0]["code"] == "too_many_digits"


def test_the_second_clerk_is_told_what_the_first_one_entered(world: World) -> None:
    seen, use = last().id, used_last("100001")
    row = TypedReading(register().id, ON, last().dial + use, seen=seen)
    assert enter_readings(world.oak.clerk, rows=[row], today=TODAY)[0]["state"] == "taken"
    again = enter_readings(world.oak.billing, rows=[row], today=TODAY)[0]
    assert again["state"] == "there"
    other = TypedReading(register().id, ON, row.dial + 1, seen=seen)
    told = enter_readings(world.oak.billing, rows=[other], today=TODAY)[0]
    assert told["state"] == "wrong"
    assert f"was entered for Oct 1, 2026 already by {world.oak.clerk.name}" in told["remarks"][0]["problem"]


def test_a_reading_of_another_day_that_came_in_since_is_told_before_anything_is_kept(world: World) -> None:
    seen = last().id
    enter(world.oak, "100001", 1, on=date(2026, 9, 20))
    late = TypedReading(register().id, ON, last().dial + 1, seen=seen)
    answer = enter_readings(world.oak.billing, rows=[late], today=TODAY)[0]
    assert (answer["state"], answer["last"]["on"]) == ("changed", "2026-09-20")


def post(client: Client, route: int, key: str = "", **what: Any) -> Any:
    sent = {"idempotency_key": key or str(uuid4()), "on": str(ON), **what}
    return client.post(f"/readings/enter/{route}/line/", sent)


def _place(town: Town) -> tuple[int, int, Decimal]:
    with scope(town.utility.id), transaction.atomic():
        return Location.objects.get(code="L100001").route_id, register().id, last().dial + used_last("100001")


@pytest.mark.req("MTR-04")
def test_a_line_is_sent_from_the_grid_and_sent_twice_is_kept_once(live: World) -> None:
    route, register_id, dial = _place(live.oak)
    client, key = live.oak.client("clerk"), str(uuid4())
    answers = [post(client, route, key, register_id=register_id, dial=str(dial)) for _ in range(2)]
    assert [a.json()["state"] for a in answers] == ["taken", "taken"]
    assert answers[0].json()["reading_id"] == answers[1].json()["reading_id"]
    page = client.get(f"/readings/enter/{route}/?on={ON}").content.decode()
    assert f'data-kept="{dial.normalize():f}"' in page
    assert "<span data-round-read>1</span>" in page


def test_a_line_that_cannot_be_read_says_so_beside_it(live: World) -> None:
    route, register_id, _ = _place(live.oak)
    answer = post(live.oak.client("clerk"), route, register_id=register_id, dial="12a")
    assert (answer.status_code, answer.json()["state"]) == (422, "wrong")


def test_only_what_is_not_read_is_shown_when_asked(live: World) -> None:
    route, register_id, dial = _place(live.oak)
    client = live.oak.client("clerk")
    post(client, route, register_id=register_id, dial=str(dial))
    left = client.get(f"/readings/enter/{route}/?on={ON}&left=1").content.decode()
    assert "M100001" not in left
    assert "Walking order" in left


@pytest.mark.req("CUS-15")
def test_the_sheets_of_a_route_have_every_meter_in_walking_order(live: World) -> None:
    route, *_ = _place(live.oak)
    with scope(live.oak.utility.id), transaction.atomic():
        meters = [line.meter for line in lines_of(route, ON)]
    answer = live.oak.client("viewer").get(f"/readings/sheets/{route}/?on={ON}")
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content))
    places = [text.index(meter) for meter in meters]
    assert places == sorted(places)
    assert len(places) > 3


def test_a_partner_sends_readings_and_gets_an_answer_to_each(live: World) -> None:
    route, register_id, dial = _place(live.oak)
    partner = Partner(live.oak, "readings.enter", "readings.view")
    sent = {"readings": [{"register_id": register_id, "on": str(ON), "dial": str(dial)}]}
    (answer,) = partner.post("readings/enter/", sent, "round-1")["readings"]
    assert answer["state"] == "taken"
    line = next(
        one
        for one in partner.get(f"routes/{route}/round/", on=str(ON))["lines"]
        if one["register_id"] == register_id
    )
    assert line["read"] is True
