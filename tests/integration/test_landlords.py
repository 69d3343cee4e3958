"""Landlords and management companies: their files, their locations, the landlord agreement."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from core.codes import put_code
from core.errors import Conflict, NotAllowed, Refused
from core.sealed import Typed
from core.search import find
from core.tenancy import scope
from customers.landlords import (
    add_company,
    add_landlord,
    change_holding,
    change_landlord,
    give_location,
)
from customers.models import Account, Holding, Landlord
from customers.sealed import LANDLORD_LICENCE, LANDLORD_SSN
from tests.conftest import World
from tests.world.comings import ADDRESS
from tests.world.fields import (
    Desk,
    Field,
    kept_by_api,
    kept_by_form,
    refused_by_api,
    refused_by_form,
)
from tests.world.partners import Partner

SINCE = date(2026, 8, 1)

SHARED = (
    Field("number", 12),
    Field("name", 80),
    Field("line_1", 60),
    Field("line_2", 60),
    Field("city", 40),
    Field("state", 3, "ABC"),
    Field("zip_code", 10, "51501-1234"),
    Field("carrier_route", 4, "R012"),
    Field("work_phone", 20),
)
LANDLORD_FIELDS = (
    *SHARED,
    Field("employer", 60),
    Field("home_phone", 20),
    Field("customer_type", 12, "OWNERSAGENCY"),
)
COMPANY_FIELDS = (
    *SHARED,
    Field("emergency_phone", 20),
    Field("fax", 20),
    Field("state_tax_id", 20),
    Field("privilege_licence", 20),
    Field("real_estate_licence", 20),
)


def named(one: Field) -> str:
    return one.name


@pytest.fixture
def files(live: World) -> dict[str, Desk]:
    """A landlord and a company, each with its form and its endpoint."""
    with scope(live.oak.utility.id):
        put_code(live.oak.admin, kind="customer_type", code="OWNERSAGENCY", name="An agency of owners")
        company = add_company(live.oak.clerk, texts={"name": "Homes", **ADDRESS})
        landlord = add_landlord(live.oak.clerk, texts={"name": "Lodge", **ADDRESS})
    return {
        "landlord": Desk(f"/landlords/{landlord}/change/", f"landlords/{landlord}/"),
        "company": Desk(f"/companies/{company}/change/", f"companies/{company}/"),
    }


def all_ways(live: World, desk: Desk, one: Field) -> None:
    client, partner = live.oak.client("clerk"), Partner(live.oak)
    refused_by_form(client, desk, one)
    refused_by_api(partner, desk, one)
    kept_by_form(client, desk, one)
    kept_by_api(partner, desk, one)


@pytest.mark.req("CUS-11")
@pytest.mark.parametrize("one", LANDLORD_FIELDS, ids=named)
def test_each_field_of_a_landlord_keeps_its_full_length(
    live: World, files: dict[str, Desk], one: Field
) -> None:
    all_ways(live, files["landlord"], one)


@pytest.mark.req("CUS-12")
@pytest.mark.parametrize("one", COMPANY_FIELDS, ids=named)
def test_each_field_of_a_company_keeps_its_full_length(
    live: World, files: dict[str, Desk], one: Field
) -> None:
    all_ways(live, files["company"], one)


@pytest.mark.req("CUS-11", "SYS-06")
@pytest.mark.parametrize(
    ("name", "typed", "last4"), [("ssn", "078-05-1120", "1120"), ("licence", "D123-4567-8901", "8901")]
)
def test_the_numbers_of_a_landlord_are_sealed_and_shown_by_their_end_alone(
    live: World, files: dict[str, Desk], name: str, typed: str, last4: str
) -> None:
    partner, desk = Partner(live.oak), files["landlord"]
    answer = partner.ask("PATCH", desk.api, {name: typed})
    assert answer.status_code == 200, answer.content
    assert answer.json()[f"{name}_last4"] == last4
    page = live.oak.client("clerk").get(desk.form.replace("change/", "")).content.decode()
    assert f"•••••{last4}" in page
    assert typed not in page
    with scope(live.oak.utility.id), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT l::text FROM customers_landlord l")
        assert not any(typed.replace("-", "") in row for (row,) in cursor.fetchall())


@pytest.mark.req("CUS-12", "SYS-06")
def test_the_federal_tax_id_of_a_company_is_sealed_and_can_be_taken_out(
    live: World, files: dict[str, Desk]
) -> None:
    partner, api = Partner(live.oak), files["company"].api
    told = partner.ask("PATCH", api, {"federal_tax_id": "12-3456789"}).json()
    assert told["federal_tax_id_last4"] == "6789"
    assert "federal_tax_id" not in told
    assert partner.ask("PATCH", api, {"federal_tax_id": ""}).json()["federal_tax_id_last4"] == ""
    wrong = partner.ask("PATCH", api, {"federal_tax_id": "12345"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "federal_tax_id"


@pytest.mark.req("CUS-11")
def test_a_landlord_is_found_by_name_telephone_number_and_company(world: World) -> None:
    company = add_company(world.oak.clerk, texts={"name": "Quixotic Homes", **ADDRESS})
    texts = {"name": "Xerxes Lodge", "home_phone": "5550147777", "number": "L-77", **ADDRESS}
    landlord = add_landlord(world.oak.clerk, texts=texts, company_id=company)
    for typed in ("xerxes", "7777", "l-77", "quixotic xerxes"):
        assert ("landlord", landlord) in find(typed, ["landlord", "company"], 9), typed
    assert ("company", company) in find("quixotic", ["landlord", "company"], 9)


def test_numbers_are_given_in_turn_and_never_twice(world: World) -> None:
    clerk = world.oak.clerk
    add_landlord(clerk, texts={"name": "One", "number": "2", **ADDRESS})
    made = [add_landlord(clerk, texts={"name": "Another", **ADDRESS}) for _ in range(2)]
    assert [Landlord.objects.get(id=one).number for one in made] == ["1", "3"]
    with pytest.raises(Conflict, match="number 3 is taken"):
        add_landlord(clerk, texts={"name": "Fourth", "number": "3", **ADDRESS})


def test_what_is_not_named_stays(world: World) -> None:
    clerk, typed = world.oak.clerk, Typed(LANDLORD_SSN, "078-05-1120")
    made = add_landlord(clerk, texts={"name": "Lodge", "employer": "Mill", **ADDRESS}, ssn=typed)
    change_landlord(clerk, landlord_id=made, texts={"name": "Lodge & Sons"})
    row = Landlord.objects.get(id=made)
    assert (row.name, row.employer, row.ssn_last4) == ("Lodge & Sons", "Mill", "1120")
    change_landlord(clerk, landlord_id=made, texts={}, ssn=Typed(LANDLORD_SSN, ""))
    assert Landlord.objects.get(id=made).ssn is None


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("name", {"texts": {**ADDRESS, "name": " "}}),
        ("zip_code", {"texts": {**ADDRESS, "name": "A", "zip_code": "5150"}}),
        ("customer_type", {"texts": {**ADDRESS, "name": "A", "customer_type": "NONE"}}),
        ("ssn", {"texts": {**ADDRESS, "name": "A"}, "ssn": Typed(LANDLORD_SSN, "12345678")}),
        ("licence", {"texts": {**ADDRESS, "name": "A"}, "licence": Typed(LANDLORD_LICENCE, "A1")}),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(world: World, field: str, more: Any) -> None:
    with pytest.raises(Refused) as refused:
        add_landlord(world.oak.clerk, **more)
    assert refused.value.field == field


def place(number: str = "100012") -> int:
    return int(Account.objects.values_list("location_id", flat=True).get(number=number))


@pytest.mark.req("CUS-11")
def test_one_landlord_has_a_location_at_a_time(world: World) -> None:
    clerk = world.oak.clerk
    one, other = (add_landlord(clerk, texts={"name": name, **ADDRESS}) for name in ("One", "Other"))
    held = give_location(clerk, landlord_id=one, location_id=place(), starts=SINCE)
    with pytest.raises(Conflict, match="One has that location"):
        give_location(clerk, landlord_id=other, location_id=place(), starts=date(2026, 9, 1))
    change_holding(clerk, holding_id=held, reverts=False, ends=date(2026, 9, 1))
    give_location(clerk, landlord_id=other, location_id=place(), starts=date(2026, 9, 1))
    with pytest.raises(Conflict, match="Another landlord has it"):
        change_holding(clerk, holding_id=held, reverts=False, ends=None)


@pytest.mark.req("CUS-11")
def test_with_an_agreement_the_landlord_becomes_a_customer(world: World) -> None:
    clerk = world.oak.clerk
    landlord = add_landlord(clerk, texts={"name": "Lodge", **ADDRESS})
    held = give_location(clerk, landlord_id=landlord, location_id=place(), starts=SINCE)
    assert Landlord.objects.get(id=landlord).customer is None
    change_holding(clerk, holding_id=held, reverts=True, agreed_on=SINCE)
    assert Landlord.objects.get(id=landlord).customer.name == "Lodge"
    assert Holding.objects.get(id=held).agreed_on == SINCE


@pytest.mark.req("CUS-11", "CUS-12")
def test_landlord_company_and_location_lead_to_each_other_on_screen(live: World) -> None:
    client = live.oak.client("clerk")
    for path, name in (("companies", "Quixotic Homes"), ("landlords", "Xerxes Lodge")):
        sent = {"name": name, **ADDRESS, "idempotency_key": f"one-of-{path}"}
        more = {"company": "Quixotic"} if path == "landlords" else {}
        answer = client.post(f"/{path}/new/", {**sent, **more})
        assert answer.status_code == 302, answer.content
    landlord = answer["Location"]
    given = {"location": "L100001", "starts": "2026-08-01", "reverts": "on", "idempotency_key": "a-location"}
    assert client.post(f"{landlord}locations/new/", given).status_code == 302
    page = client.get(landlord).content.decode()
    assert "Quixotic Homes" in page
    assert "/locations/L100001/" in page
    assert "Xerxes Lodge" in client.get("/locations/L100001/").content.decode()
    assert landlord in client.get("/accounts/100001/").content.decode()


def test_a_landlord_of_another_utility_is_not_there(live: World) -> None:
    with scope(live.elm.utility.id):
        theirs = add_landlord(live.elm.clerk, texts={"name": "Elm Lodge", **ADDRESS})
    client = live.oak.client("clerk")
    assert client.get(f"/landlords/{theirs}/").status_code == 404
    assert "Elm Lodge" not in client.get("/landlords/").content.decode()


def test_a_viewer_adds_no_landlord(world: World) -> None:
    with pytest.raises(NotAllowed):
        add_landlord(world.oak.viewer, texts={"name": "Lodge", **ADDRESS})
