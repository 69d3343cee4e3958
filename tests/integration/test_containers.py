"""Containers: received, placed, moved, serviced; on screen, by the API, on the pages of their places."""

import pytest
from django.test import Client

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

CART = {"serial": "CART-1", "kind": "recycle", "owner": "municipal", "received_on": "2026-08-03"}
PLACE = {"location": "L100001", "route": "001", "sequence": "40"}
FIELDS = (Field("serial", 30),)


@pytest.fixture
def biller(live: World) -> Client:
    return live.oak.client("billing")


def placed(biller: Client, **typed: str) -> str:
    """A container at account 100001's location; its address."""
    made = send(
        biller,
        "/containers/new/",
        **{**CART, **PLACE, **typed},
    )
    assert made.status_code == 302, wrong_on(made)
    return str(made["Location"])


@pytest.mark.req("CUS-14")
@pytest.mark.parametrize("one", FIELDS, ids=lambda one: one.name)
def test_a_container_keeps_texts_of_full_length_and_refuses_longer_ones(
    live: World, biller: Client, one: Field
) -> None:
    number = placed(biller).split("/")[2]
    desk, partner = Desk(f"/containers/{number}/change/", f"containers/{number}/"), Partner(live.oak)
    kept_by_form(biller, desk, one)
    kept_by_api(partner, desk, one)
    refused_by_form(biller, desk, one)
    refused_by_api(partner, desk, one)


@pytest.mark.req("CUS-14")
def test_several_containers_of_a_location_stand_on_its_page_and_on_the_account_s(
    live: World, biller: Client
) -> None:
    placed(biller)
    placed(biller, serial="CART-2", kind="yard", owner="rent")
    for page in ("/locations/L100001/?tab=containers", "/accounts/100001/?tab=containers"):
        shown = text_of(biller.get(page))
        for said in ("CART-1", "Recycling", "CART-2", "Yard waste", "Rented", "001 / 40", "Aug 3, 2026"):
            assert said in shown, (page, said)


@pytest.mark.req("CUS-14")
def test_a_moved_container_remembers_its_previous_place_and_route(live: World, biller: Client) -> None:
    page = placed(biller)
    answer = sent(biller, f"{page}move/", location="L100002", route="002", sequence="7", on="2026-09-04")
    assert answer.status_code == 302, wrong_on(answer)
    shown = text_of(biller.get(page))
    for said in ("002 / 7", "001 / 40", "Previous address"):
        assert said in shown
    found = Partner(live.oak).get(f"containers/{page.split('/')[2]}/")
    assert (found["location"], found["account"], found["sequence"]) == ("L100002", "100002", 7)
    assert (found["previous_route"], found["previous_sequence"]) == ("001", 40)
    assert found["customer"] == live.oak.houses[1].name


@pytest.mark.req("CUS-14")
def test_a_service_is_counted_once_and_dated(live: World, biller: Client) -> None:
    page = placed(biller)
    assert send(biller, f"{page}service/", on="2026-09-08").status_code == 302
    partner, path = Partner(live.oak), f"containers/{page.split('/')[2]}/"
    for _ in range(2):
        partner.post(f"{path}service/", {"on": "2026-09-15"}, key="one-and-the-same")
    found = partner.get(path)
    assert (found["service_count"], found["last_serviced_on"]) == (2, "2026-09-15")
    assert found["updated_on"] >= "2026-09-15"


def test_a_collected_container_stands_nowhere_and_comes_out_again(live: World, biller: Client) -> None:
    page = placed(biller)
    assert sent(biller, f"{page}move/", location="", on="2026-09-04").status_code == 302
    assert "In the yard" in text_of(biller.get(page))
    assert "CART-1" not in text_of(biller.get("/locations/L100001/?tab=containers"))
    assert sent(biller, f"{page}move/", location="L100003", on="2026-09-04").status_code == 302
    assert "CART-1" in text_of(biller.get("/locations/L100003/?tab=containers"))


def test_what_cannot_be_is_refused_at_its_field(live: World) -> None:
    partner = Partner(live.oak)
    place = partner.first("locations/", code="L100001")["id"]
    made = partner.post("containers/", {**CART, "location_id": place})
    for path, body, field in (
        ("containers/", {**CART, "location_id": place}, "serial"),
        ("containers/", {**CART, "serial": "C2", "kind": "glass", "location_id": place}, "kind"),
        (f"containers/{made['id']}/move/", {"on": "2026-08-03", "location_id": place}, "on"),
        (f"containers/{made['id']}/service/", {"on": "2199-01-01"}, "on"),
    ):
        answer = partner.ask("POST", path, body, key="a-key-of-its-own" + path + field)
        assert [e["field"] for e in answer.json()["errors"]] == [field], answer.content


@pytest.mark.req("CUS-14")
def test_containers_are_listed_filtered_and_exported(live: World, biller: Client) -> None:
    placed(biller)
    placed(biller, serial="CART-2", kind="yard", location="L100002", route="002")
    page = text_of(biller.get("/containers/?kind=yard"))
    assert "CART-2" in page
    assert "CART-1" not in page
    answer = biller.get("/containers/?route=&export=csv&find=" + live.oak.houses[0].name.split()[0])
    assert b"CART-1" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a FileResponse
    rows = Partner(live.oak).get("containers/", owner="municipal")["results"]
    assert {row["serial"] for row in rows} == {"CART-1", "CART-2"}
