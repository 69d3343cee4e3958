"""The usage range of a rate: set on its page, seen there, and asked about while readings are typed."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from core.tenancy import scope
from meters.models import HeldReading, Location, Reading, Register, UseRange
from meters.ranges import put_range
from tests.conftest import World
from tests.world.desk import text_of
from tests.world.fields import sent, wrong_on
from tests.world.partners import Partner

PAGE = "/rates/WATER/range/"


def last_of(live: World, number: str = "M100001") -> tuple[Register, Decimal]:
    with scope(live.oak.utility.id), transaction.atomic():
        register = Register.objects.select_related("meter").get(meter__number=number)
        return register, Reading.objects.filter(register=register, is_live=True).latest("on").dial


def line_of(live: World, more: str) -> str:
    """What the grid says after so much more than the last reading was typed."""
    register, last = last_of(live)
    with scope(live.oak.utility.id), transaction.atomic():
        route = Location.objects.get(code="L100001").route_id
    typed = {"register_id": register.id, "on": "2026-10-01", "dial": str(last + Decimal(more))}
    key = {"idempotency_key": uuid4().hex}
    answer = live.oak.client("clerk").post(f"/readings/enter/{route}/line/", {**key, **typed})
    return " ".join(remark["problem"] for remark in answer.json()["remarks"])


@pytest.mark.req("RAT-07")
def test_the_range_set_on_the_rates_page_stands_there_and_is_asked_about_in_the_grid(live: World) -> None:
    biller = live.oak.client("billing")
    answer = sent(biller, PAGE, unit="CCF", low="2", high="5")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/rates/WATER/"), wrong_on(answer)
    assert "From 2 to 5 hundred cubic feet in 30 days" in text_of(biller.get("/rates/WATER/"))
    # In the 30 days from September 1.
    assert "rate WATER" in line_of(live, "6")
    assert "rate WATER" in line_of(live, "1")


@pytest.mark.req("RAT-07")
def test_use_inside_the_range_is_not_asked_about(live: World) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        first, last = Reading.objects.filter(register__meter__number="M100001").order_by("on")[:2]
    usual = str(last.dial - first.dial)
    sent(live.oak.client("billing"), PAGE, unit="CCF", low="0", high="9000")
    assert "rate WATER" not in line_of(live, usual)


@pytest.mark.req("RAT-07")
def test_a_range_is_changed_on_the_page_in_place(live: World) -> None:
    biller = live.oak.client("billing")
    sent(biller, PAGE, unit="CCF", low="2", high="5")
    form = biller.get(PAGE).context["form"]
    assert [form[name].value() for name in ("unit", "low", "high")] == ["CCF", "2", "5"]
    assert sent(biller, PAGE, high="7").status_code == 302
    with scope(live.oak.utility.id), transaction.atomic():
        kept = UseRange.objects.select_related("rate").get()
    assert (kept.low, kept.high, kept.rate.code) == (Decimal(2), Decimal(7), "WATER")


@pytest.mark.req("RAT-07")
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"low": "5", "high": "5"}, "low"),
        ({"high": "-1"}, "high"),
        ({"low": "much"}, "low"),
        ({"unit": "CUP"}, "unit"),
    ],
)
def test_a_range_that_cannot_be_is_refused_at_its_field(
    live: World, typed: dict[str, str], field: str
) -> None:
    answer = sent(live.oak.client("billing"), PAGE, **typed)
    assert answer.status_code == 422
    assert field in wrong_on(answer)


@pytest.mark.req("RAT-07", "SYS-03")
def test_a_partner_sets_the_range_and_its_reading_beyond_it_is_held(live: World) -> None:
    partner = Partner(live.oak)
    rate = partner.first("rates/", code="WATER")["id"]
    partner.post(
        "use-ranges/", {"service_type": "water", "rate_id": rate, "unit": "CCF", "low": "2", "high": "5"}
    )
    assert "From 2 to 5 hundred cubic feet" in text_of(live.oak.client("clerk").get("/rates/WATER/"))
    register, last = last_of(live)
    row = {"register_id": register.id, "on": "2026-10-01", "dial": str(last + 6)}
    answer = partner.post("readings/", {"readings": [row]}, key="october")
    assert "over_range" in [remark["code"] for remark in answer["readings"][0]["remarks"]]
    with scope(live.oak.utility.id), transaction.atomic():
        assert HeldReading.objects.count() == 1


@pytest.mark.req("RAT-07")
def test_without_its_own_the_page_shows_the_range_of_the_service(live: World) -> None:
    with scope(live.oak.utility.id):
        put_range(live.oak.billing, service_type="water", unit="CCF", high=Decimal(40))
    said = text_of(live.oak.client("clerk").get("/rates/WATER/"))
    assert "At most 40 hundred cubic feet in 30 days (of every water rate without its own)" in said
    assert "hundred cubic feet" not in text_of(live.oak.client("clerk").get("/rates/REFUSE/"))


@pytest.mark.req("RAT-07", "SYS-02")
def test_who_may_not_change_meters_sees_the_range_and_sets_none(live: World) -> None:
    clerk = live.oak.client("clerk")
    assert clerk.get(PAGE).status_code == 403
    assert "Set a range" not in text_of(clerk.get("/rates/WATER/"))
    assert live.elm.client("billing").get("/rates/SEWER/range/").status_code == 404
