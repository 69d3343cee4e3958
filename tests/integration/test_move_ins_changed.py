"""Who waits for a place comes on another day, or wants other services; two clerks at it are told."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from core import clock
from core.errors import Conflict
from core.seen import Stale, mark_of
from core.tenancy import scope
from customers.models import Account, MoveIn, Service
from customers.move_in import (
    Wished,
    ask_to_move_in,
    change_move_in,
    move_in_values,
    take_over,
    withdraw_move_in,
)
from tests.conftest import World
from tests.integration.test_moving_in import DAY, FAMILY, asked
from tests.integration.test_two_clerks_at_once import opened
from tests.world.comings import comings
from tests.world.desk import text_of
from tests.world.partners import Partner

LATER = date(2026, 9, 20)


@pytest.mark.req("MOV-01")
def test_on_another_day_the_same_account_takes_over(world: World) -> None:
    waits = asked(world)
    change_move_in(world.oak.clerk, move_in_id=waits.id, starts=LATER)
    take_over(world.oak.system, move_in_id=waits.id, on=LATER)
    assert Account.objects.get(id=waits.account_id).starts == LATER
    assert Account.objects.get(number="100003").ends == LATER


def test_other_services_are_wished_instead(world: World) -> None:
    water = Service.objects.get(account__number="100003", service_type="water")
    waits = asked(world)
    change_move_in(world.oak.clerk, move_in_id=waits.id, starts=DAY, services=[Wished(water.rate_id)])
    take_over(world.oak.system, move_in_id=waits.id, on=DAY)
    assert [s.rate_id for s in Service.objects.filter(account=waits.account)] == [water.rate_id]


def test_what_stood_in_the_way_is_forgotten_with_the_new_day(world: World) -> None:
    waits = asked(world)
    MoveIn.objects.filter(id=waits.id).update(problem="billed beyond")
    change_move_in(world.oak.clerk, move_in_id=waits.id, starts=LATER)
    assert MoveIn.objects.get(id=waits.id).problem == ""


def test_what_is_over_is_not_changed_and_what_was_changed_is_told(world: World) -> None:
    waits = asked(world)
    seen = mark_of(move_in_values(waits))
    change_move_in(world.oak.supervisor, move_in_id=waits.id, starts=LATER)
    with pytest.raises(Stale):
        change_move_in(world.oak.clerk, move_in_id=waits.id, starts=DAY, seen=seen)
    withdraw_move_in(world.oak.clerk, move_in_id=waits.id)
    with pytest.raises(Conflict, match="withdrawn"):
        change_move_in(world.oak.clerk, move_in_id=waits.id, starts=DAY)


@pytest.mark.parametrize(
    ("path", "first", "second"),
    [
        ("/move-ins/{move_in_id}/change/", {"starts": "2026-12-02"}, {"starts": "2026-12-03"}),
        ("/holdings/{holding_id}/", {"reverts": "on"}, {"ends": "2027-01-01"}),
    ],
)
def test_the_second_clerk_is_told_and_loses_nothing(live: World, path: str, first: Any, second: Any) -> None:
    with scope(live.oak.utility.id):
        at = path.format(**comings(live.oak, "T"))
    boss, clerk = live.oak.client("supervisor"), live.oak.client("clerk")
    mine, theirs = opened(boss, at), opened(clerk, at)
    assert boss.post(at, {**mine, **first}).status_code == 302
    answer = clerk.post(at, {**theirs, **second})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert live.oak.supervisor.name in page
    (typed,) = second.values()
    assert typed in page


@pytest.mark.req("MOV-01")
def test_a_partner_system_changes_the_day(live: World) -> None:
    with scope(live.oak.utility.id):
        made = comings(live.oak, "T")["move_in_id"]
    partner = Partner(live.oak)
    before = partner.get(f"move-ins/{made}/")
    changed = {"starts": "2026-12-24", "version": before["version"]}
    answer = partner.ask("PATCH", f"move-ins/{made}/", changed)
    assert answer.json()["starts"] == "2026-12-24"
    assert partner.ask("PATCH", f"move-ins/{made}/", changed).status_code == 409


@pytest.mark.req("MOV-01")
def test_home_tells_who_moves_in_this_week_and_what_stands_in_the_way(live: World) -> None:
    soon = clock.today(live.oak.utility.tz) + timedelta(days=3)
    with scope(live.oak.utility.id):
        place = live.oak.account("100003").location_id
        made = ask_to_move_in(live.oak.clerk, location_id=place, starts=soon, new_customer=FAMILY)
    clerk = live.oak.client("clerk")
    told = text_of(clerk.get("/"))
    assert "Fay Family moves in" in told
    assert "in 3 days" in told
    with scope(live.oak.utility.id), transaction.atomic():
        MoveIn.objects.filter(id=made).update(problem="Account 100003 was billed beyond that day")
    assert "billed beyond that day" in text_of(clerk.get("/"))
