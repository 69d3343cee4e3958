"""What a utility sets up for itself: a list and a form each, refused with the place and the remedy."""

import re

import pytest
from django.db import transaction
from django.test import Client

from billing.cycles import routes_without_cycle
from billing.models import Cycle, CycleRoute
from collections_app.models import Drawer
from core.models import AuditEntry, Schedule
from core.tenancy import scope
from core.work.schedules import schedulable
from ledger.models import ChartAccount, RevenueCode
from meters.models import Route
from tests.conftest import World
from tests.world.desk import SEPTEMBER, cycle_of, send, text_of

LISTS = (
    "/settings/cycles/", "/settings/chart/", "/settings/revenue-codes/", "/settings/drawers/",
    "/settings/schedules/",
)  # fmt: skip


@pytest.fixture
def clerk(live: World) -> Client:
    return live.oak.client("clerk")


@pytest.fixture
def admin(live: World) -> Client:
    return live.oak.client("admin")


@pytest.mark.req("SYS-07")
def test_every_page_of_the_settings_opens_for_who_sees_it(live: World, admin: Client) -> None:
    page = admin.get("/settings/").content.decode()
    listed = re.findall(r'<li><a href="(/[^"]+)"', page)
    assert {*LISTS, "/policies/", "/settings/operators/", "/settings/keys/", "/rates/"} <= set(listed)
    for path in listed:
        assert admin.get(path).status_code == 200, path


def test_a_clerk_sees_no_setting_that_a_clerk_may_not_change(live: World, clerk: Client) -> None:
    page = text_of(clerk.get("/settings/"))
    assert "Cycles and routes" not in page
    assert clerk.get("/settings/cycles/").status_code == 403


@pytest.mark.req("SYS-07")
@pytest.mark.parametrize("path", LISTS)
def test_every_list_of_settings_is_exported(live: World, admin: Client, path: str) -> None:
    response = admin.get(f"{path}?export=csv")
    assert response.status_code == 200
    assert int(response["X-Row-Count"]) >= 0
    b"".join(response.streaming_content)  # type: ignore[attr-defined]  # a FileResponse


@pytest.mark.req("SYS-07")
def test_a_new_route_is_in_no_cycle_until_a_cycle_takes_it_up(live: World, admin: Client) -> None:
    assert send(admin, "/routes/new/", code="77", name="Riverside").status_code == 302
    assert "1 route is in no cycle:" in text_of(admin.get("/settings/cycles/"))
    with scope(live.oak.utility.id), transaction.atomic():
        route = Route.objects.get(code="77")
        assert routes_without_cycle() == [route]
    send(admin, "/settings/cycles/new/", code="02", name="River", route_ids=[route.id])
    assert "in no cycle" not in text_of(admin.get("/settings/cycles/"))
    with scope(live.oak.utility.id), transaction.atomic():
        assert CycleRoute.objects.get(route=route).cycle.code == "02"
        assert AuditEntry.objects.filter(operation="billing.cycle.add").count() == 1


def test_a_route_does_not_change_its_cycle_while_a_run_is_under_way(live: World, admin: Client) -> None:
    cycle = cycle_of(live.oak)
    run = send(live.oak.client("billing"), "/runs/new/", cycle_id=cycle, **SEPTEMBER)["Location"]
    with scope(live.oak.utility.id), transaction.atomic():
        before = sorted(CycleRoute.objects.filter(cycle=cycle).values_list("route_id", flat=True))
        code = Cycle.objects.get(id=cycle).code
    answer = send(admin, f"/settings/cycles/{cycle}/", code=code, name="Town", route_ids=before[:1])
    assert answer.status_code == 409
    assert f"Run {run.split('/')[2]} of cycle {code} is under way" in text_of(answer)
    with scope(live.oak.utility.id), transaction.atomic():
        assert sorted(CycleRoute.objects.filter(cycle=cycle).values_list("route_id", flat=True)) == before


@pytest.mark.req("COL-03")
def test_the_order_of_paying_is_set_on_screen(live: World, admin: Client) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        water = RevenueCode.objects.get(code="WATER")
    typed = {"name": "Water", "chart_account_id": str(water.chart_account_id), "priority": "5"}
    assert send(admin, f"/settings/revenue-codes/{water.id}/", **typed).status_code == 302
    first = admin.get("/settings/revenue-codes/").content.decode()
    assert first.index("WATER") < first.index("TAX")


def test_a_revenue_code_cannot_lead_to_an_account_that_charges_do_not_grow(
    live: World, admin: Client
) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        drawer = ChartAccount.objects.get(role="drawer")
    typed = {"code": "NEW", "name": "New", "chart_account_id": str(drawer.id), "priority": "5"}
    assert send(admin, "/settings/revenue-codes/new/", **typed).status_code == 422
    with scope(live.oak.utility.id), transaction.atomic():
        assert not RevenueCode.objects.filter(code="NEW").exists()


def test_a_number_of_the_chart_is_given_once(live: World, admin: Client) -> None:
    answer = send(admin, "/settings/chart/new/", code="4100", name="Water again", kind="revenue")
    assert answer.status_code == 409
    assert "“4100” is taken. Choose another code." in text_of(answer)


def test_a_drawer_is_set_up_and_takes_another_name(live: World, admin: Client) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        account = ChartAccount.objects.get(role="drawer").id
    send(admin, "/settings/drawers/new/", code="D9", name="Drive-through", chart_account_id=account)
    with scope(live.oak.utility.id), transaction.atomic():
        made = Drawer.objects.get(code="D9")
    send(admin, f"/settings/drawers/{made.id}/", code="D9", name="Window", chart_account_id=account)
    assert "Window" in text_of(admin.get("/settings/drawers/"))


@pytest.mark.req("SYS-07")
def test_a_schedule_says_its_next_times_is_paused_and_goes_on(live: World, admin: Client) -> None:
    kind = schedulable()[0].code
    place = send(admin, "/settings/schedules/new/", name="Nightly", kind=kind, every="weekday", at="02:00")[
        "Location"
    ]
    page = text_of(admin.get(place))
    assert "Every weekday at 02:00, America/Chicago time" in page
    assert page.count("2:00 am CST") + page.count("2:00 am CDT") >= 5
    send(admin, f"{place}pause/", opened=place, paused="yes")
    assert "It rests" in text_of(admin.get(place))
    with scope(live.oak.utility.id), transaction.atomic():
        assert Schedule.objects.latest("id").paused


def test_a_schedule_with_a_time_that_is_none_is_refused_at_the_time(live: World, admin: Client) -> None:
    kind = schedulable()[0].code
    answer = send(admin, "/settings/schedules/new/", name="N", kind=kind, every="day", at="26:00")
    assert answer.status_code == 422
    assert "“26:00” is not a time of day. Type it like 02:00." in text_of(answer)
