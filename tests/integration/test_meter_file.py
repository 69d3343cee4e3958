"""The meter file: added, changed, put in, taken out and exchanged, on screen and by the API."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from core.codes import put_code
from core.tenancy import scope
from meters.models import Installation, Meter, Reading, Register
from tests.conftest import World
from tests.world.desk import send, text_of
from tests.world.fields import (
    Desk,
    Field,
    kept_by_api,
    kept_by_form,
    refused_by_api,
    refused_by_form,
    sent,
    wrong_on,
)
from tests.world.partners import Partner

COUNTS = {"unit": "GAL", "dials": "6", "dead_zeros": "0", "multiplier": "1"}
FIELDS = (
    Field("number", 24),
    Field("size", 10),
    Field("serial", 30),
    Field("kind", 12, sample="DISPLACEMENT"),
    Field("brand", 30),
    Field("style", 30),
    Field("endpoint", 20),
    Field("place_text", 60),
)


@pytest.fixture
def biller(live: World) -> Client:
    return live.oak.client("billing")


def meter_of(live: World, number: str = "M100001") -> int:
    with scope(live.oak.utility.id), transaction.atomic():
        return int(Meter.objects.get(number=number).id)


def desk_of(live: World) -> Desk:
    with scope(live.oak.utility.id):
        put_code(live.oak.admin, kind="meter_type", code="DISPLACEMENT", name="Displacement")
    number = meter_of(live)
    return Desk(f"/meters/{number}/change/", f"meters/{number}/", inside="meter")


@pytest.mark.req("MTR-01")
@pytest.mark.parametrize("one", FIELDS, ids=lambda one: one.name)
def test_a_field_of_the_meter_file_keeps_its_full_length_by_form_and_by_api(live: World, one: Field) -> None:
    desk = desk_of(live)
    kept_by_form(live.oak.client("billing"), desk, one)
    kept_by_api(Partner(live.oak), desk, one)


@pytest.mark.parametrize("one", FIELDS, ids=lambda one: one.name)
def test_what_is_too_long_for_the_meter_file_is_refused_at_its_field(live: World, one: Field) -> None:
    desk = desk_of(live)
    refused_by_form(live.oak.client("billing"), desk, one)
    refused_by_api(Partner(live.oak), desk, one)


@pytest.mark.req("MTR-01")
def test_days_master_meter_and_registers_are_changed_by_form_and_read_by_api(
    live: World, biller: Client
) -> None:
    typed = {
        "cut_on": "2024-05-06", "cut_off": "2025-07-08", "master": "M100002", "dead_zeros": "2",
        "multiplier": "0.1",
    }  # fmt: skip
    answer = sent(biller, f"/meters/{meter_of(live)}/change/", **typed)
    assert answer.status_code == 302, wrong_on(answer)
    found = Partner(live.oak).get(f"meters/{meter_of(live)}/")
    assert {k: found["meter"][k] for k in ("cut_on", "cut_off", "master")} == {
        "cut_on": "2024-05-06", "cut_off": "2025-07-08", "master": "M100002",
    }  # fmt: skip
    assert [(r["dead_zeros"], r["multiplier"]) for r in found["registers"]] == [(2, "0.1")]


@pytest.mark.req("MTR-01")
def test_the_page_of_a_meter_shows_its_whole_file(live: World, biller: Client) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        place = Installation.objects.get(meter__number="M100001")
    send(
        biller, f"/points/{place.service_point_id}/fee/", kind="impact", paid_on="2003-04-05",
        amount="1,250.00", receipt="R-7781",
    )  # fmt: skip
    sent(biller, f"/meters/{meter_of(live)}/change/", style="Nutating disc", place_text="Behind the garage")
    page = text_of(biller.get("/meters/M100001/?tab=file"))
    for said in ("Nutating disc", "Behind the garage", "Apr 5, 2003", "R-7781", "1,250.00", "Dead zeros"):
        assert said in page
    assert live.oak.houses[0].name in page
    fees = Partner(live.oak).get(f"meters/{meter_of(live)}/")["fees"]
    assert [(fee["kind"], fee["amount"], fee["receipt"]) for fee in fees] == [("impact", "1250.00", "R-7781")]


def test_a_meter_is_not_its_own_master_however_far_around(live: World) -> None:
    partner = Partner(live.oak)
    assert partner.ask("PATCH", f"meters/{meter_of(live)}/", {"master": "M100002"}).status_code == 200
    answer = partner.ask("PATCH", f"meters/{meter_of(live, 'M100002')}/", {"master": "M100001"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "master")


@pytest.mark.req("MTR-02")
def test_a_meter_keeps_its_readings_whatever_number_it_gets(live: World, biller: Client) -> None:
    before = len(Partner(live.oak).get("readings/", meter="M100001")["results"])
    assert sent(biller, f"/meters/{meter_of(live)}/change/", number="9000001").status_code == 302
    assert len(Partner(live.oak).get("readings/", meter="9000001")["results"]) == before >= 2
    assert "M100001" not in text_of(biller.get("/accounts/100001/?tab=meters"))


@pytest.mark.req("CUS-05", "MTR-01")
def test_a_compound_meter_is_added_and_installed_with_a_reading_of_each_register(
    live: World, biller: Client
) -> None:
    high = {"high_unit": "GAL", "high_dials": "5", "high_dead_zeros": "1", "high_multiplier": "10"}
    to = send(biller, "/meters/new/?location=L100001", number="C1", service_type="water", **COUNTS, **high)
    answer = send(
        biller, to["Location"], location="L100001", point="002", on="2026-09-15", diall="5", dialh="77"
    )
    assert answer["Location"] == "/meters/C1/"
    found = Partner(live.oak).get(f"meters/{meter_of(live, 'C1')}/")
    assert [(r["code"], r["dials"], r["dead_zeros"]) for r in found["registers"]] == [
        ("H", 5, 1),
        ("L", 6, 0),
    ]
    with scope(live.oak.utility.id), transaction.atomic():
        shown = dict(
            Reading.objects.filter(register__meter__number="C1").values_list("register__code", "dial")
        )
    assert shown == {"L": 5, "H": 77}


HOURS = {
    **{"unit": "KWH", "for": "P", "dials": "5", "dead_zeros": "0", "multiplier": "40"},
    **{
        "high_unit": "KWH",
        "high_for": "O",
        "high_dials": "5",
        "high_dead_zeros": "0",
        "high_multiplier": "40",
    },
    **{"third_unit": "KW", "third_for": "", "third_dials": "4"},
}


@pytest.mark.req("MTR-01")
def test_a_meter_with_on_peak_off_peak_and_demand_is_added_and_changed_out_on_screen(
    live: World, biller: Client
) -> None:
    to = send(biller, "/meters/new/?location=L100001", number="T1", service_type="electric", **HOURS)
    dials = {"dialp": "10", "dialo": "20", "diald": "3"}
    send(biller, to["Location"], location="L100001", point="003", on="2026-09-15", **dials)
    assert units_of(live, "T1") == {"P": "KWH", "O": "KWH", "D": "KW"}
    page = f"/meters/{meter_of(live, 'T1')}/exchange/"
    assert '<option value="O" selected>Off peak</option>' in biller.get(page).content.decode()
    last = {"lastp": "15", "lasto": "29", "lastd": "4"}
    sent(biller, page, on="2026-09-28", number="T2", **last, **HOURS)
    assert units_of(live, "T2") == {"P": "KWH", "O": "KWH", "D": "KW"}


def test_two_registers_of_a_meter_are_not_for_the_same_hours(live: World, biller: Client) -> None:
    answer = sent(biller, "/meters/new/", number="T1", service_type="electric", **{**HOURS, "high_for": "P"})
    assert answer.status_code == 422
    assert "The registers of a meter need a letter each, by what they are for." in text_of(answer)


def units_of(live: World, number: str) -> dict[str, str]:
    found = Partner(live.oak).get(f"meters/{meter_of(live, number)}/")
    return {register["code"]: register["unit"] for register in found["registers"]}


def test_a_meter_in_its_place_is_not_installed_elsewhere(live: World) -> None:
    partner = Partner(live.oak)
    place = partner.first("locations/", code="L100002")["id"]
    body = {"location_id": place, "on": "2026-09-20", "dials": [{"dial": "1"}]}
    answer = partner.ask("POST", f"meters/{meter_of(live)}/install/", body)
    assert answer.status_code == 409
    assert "Take it out there first" in answer.json()["remedy"]


@pytest.mark.req("MTR-01")
def test_a_meter_is_taken_out_with_its_last_reading_and_lies_in_store(live: World, biller: Client) -> None:
    number = meter_of(live)
    body = {"on": "2026-09-20", "dials": [{"dial": last_dial(live, 4)}]}
    assert Partner(live.oak).ask("POST", f"meters/{number}/remove/", body).status_code == 201
    assert "In store" in text_of(biller.get("/meters/M100001/?tab=file"))


def last_dial(live: World, more: int, number: str = "M100001") -> str:
    with scope(live.oak.utility.id), transaction.atomic():
        newest = Reading.objects.filter(register__meter__number=number, is_live=True).latest("on")
    return format(newest.dial + more, "f")


@pytest.mark.req("MTR-03", "MTR-02")
def test_a_meter_is_changed_out_on_screen_for_one_that_counts_otherwise(live: World, biller: Client) -> None:
    account = text_of(biller.get("/accounts/100001/"))
    assert "Change meter" in account
    answer = sent(
        biller, f"/meters/{meter_of(live)}/exchange/", on="2026-09-10", last=last_dial(live, 7), number="N1",
        size="1", unit="GAL", dials="5", dead_zeros="1", multiplier="1", first="3",
    )  # fmt: skip
    assert answer.status_code == 302, wrong_on(answer)
    with scope(live.oak.utility.id), transaction.atomic():
        old, new = (Installation.objects.get(meter__number=n) for n in ("M100001", "N1"))
        register = Register.objects.get(meter=new.meter)
        first = Reading.objects.get(register=register)
    assert (old.ends, new.ends, old.service_point_id) == (new.starts, None, new.service_point_id)
    assert (register.unit, register.dials, register.dead_zeros) == ("GAL", 5, 1)
    assert (first.dial, first.source, first.on) == (Decimal(3), "I", date(2026, 9, 10))


@pytest.mark.req("MTR-03", "MTR-05")
def test_a_last_reading_that_went_backwards_is_refused_until_the_dial_passed_zero(live: World) -> None:
    partner, number = Partner(live.oak), meter_of(live)
    gone = {"on": "2026-09-10", "last": [{"dial": "1"}], "meter": {"number": "N1"}}
    answer = partner.ask("POST", f"meters/{number}/exchange/", gone)
    assert answer.status_code == 422
    assert "is lower than" in answer.json()["detail"]
    gone["last"] = [{"dial": "1", "passed_zero": True}]
    assert partner.ask("POST", f"meters/{number}/exchange/", gone).status_code == 201


@pytest.mark.req("MTR-03")
def test_a_meter_in_store_is_put_in_as_its_file_says(live: World) -> None:
    partner = Partner(live.oak)
    partner.post("meters/", {"number": "S1", "size": "2", "registers": [{"unit": "CCF", "dials": 4}]})
    body: dict[str, Any] = {
        "on": "2026-09-10",
        "last": [{"dial": last_dial(live, 1)}],
        "meter": {"number": "S1"},
    }
    made = partner.ask("POST", f"meters/{meter_of(live)}/exchange/", body).json()
    assert (made["meter"]["number"], made["meter"]["size"], made["registers"][0]["dials"]) == ("S1", "2", 4)
    assert made["meter"]["location"] == "L100001"


def test_gallons_are_not_exchanged_for_kilowatt_hours(live: World) -> None:
    meter = {"number": "K1", "registers": [{"unit": "KWH"}]}
    body = {"on": "2026-09-10", "last": [{"dial": last_dial(live, 1)}], "meter": meter}
    answer = Partner(live.oak).ask("POST", f"meters/{meter_of(live)}/exchange/", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "unit")
    assert not Partner(live.oak).get("meters/", number="K1")["results"]


@pytest.mark.req("MTR-01")
def test_current_and_previous_customers_come_from_the_accounts(live: World) -> None:
    found = Partner(live.oak).get(f"meters/{meter_of(live)}/customers/")
    assert found["current"]["number"] == "100001"
    assert found["previous"] == []
