"""Every field of the customer's and the account's file: its whole length by form and by API, and no more."""

import pytest

from core.codes import put_code
from core.tenancy import scope
from tests.conftest import World
from tests.world.fields import Desk, Field, kept_by_api, kept_by_form, refused_by_api, refused_by_form
from tests.world.partners import Partner

PLACE = {"line_1": "1 Elm St", "city": "Oak Hollow", "state": "IA", "zip_code": "51501"}
CODED = "RESIDENTIALX"
MAIL = f"{'n' * 64}@{'a' * 60}.{'b' * 60}.{'c' * 59}.example"

CUSTOMER = (
    Field("name", 80),
    Field("mail_line_1", 60),
    Field("mail_line_2", 60),
    Field("mail_city", 40),
    Field("mail_state", 3, "IOW"),
    Field("mail_zip", 10, "51501-1234"),
    Field("mail_country", 2, "CA"),
    Field("mail_postal_code", 16),
    Field("carrier_route", 4, "C001"),
    Field("delivery_point", 2, "07"),
    Field("phone", 20),
    Field("work_phone", 20),
    Field("email", 254, MAIL),
    Field("employer", 60),
)
ACCOUNT = (
    Field("category", 12, CODED),
    Field("demographics", 12, CODED),
    Field("alternate_payer", 80),
    Field("message", 200),
)
LOCATION = (
    Field("street_number", 10),
    Field("street_name", 40),
    Field("unit_label", 15),
    Field("city", 30),
    Field("state", 2, "IA"),
    Field("zip_code", 10, "51501-1234"),
    Field("zone", 12, CODED),
    Field("parcel", 30),
)
ALTERNATE = (
    Field("name", 80),
    Field("line_1", 60),
    Field("line_2", 60),
    Field("city", 40),
    Field("state", 3, "IOW"),
    Field("zip_code", 10, "51501-1234"),
    Field("country", 2, "CA"),
    Field("postal_code", 16),
    Field("carrier_route", 4, "C001"),
)
GUARANTOR = (
    Field("name", 80),
    Field("line_1", 60),
    Field("line_2", 60),
    Field("city", 40),
    Field("state", 3, "IOW"),
    Field("zip_code", 10, "51501-1234"),
    Field("phone", 20),
)
"""The lengths that CUS-01, CUS-02 and CUS-10 name are the least; these are what the file keeps."""


def coded(live: World) -> World:
    """Oak with a code of full length of each kind that these files use."""
    with scope(live.oak.utility.id):
        for kind in ("category", "demographics", "zone"):
            put_code(live.oak.admin, kind=kind, code=CODED, name="Trial")
    return live


def desks(live: World) -> dict[str, Desk]:
    """Where each file of Oak's account 100001 is changed."""
    account = live.oak.account("100001")
    customer, place = account.customer_id, account.location
    return {
        "customer": Desk(f"/customers/{customer}/change/", f"customers/{customer}/"),
        "account": Desk("/accounts/100001/change/", f"accounts/{account.id}/file/"),
        "location": Desk(f"/locations/{place.code}/change/", f"locations/{place.id}/file/"),
        "alternate": Desk(
            "/accounts/100001/alternate-address/", f"accounts/{account.id}/alternate-address/", first=PLACE
        ),
        "guarantor": Desk(
            f"/customers/{customer}/guarantor/", f"customers/{customer}/guarantor/",
            first={**PLACE, "name": "Gus Guarantor"},
        ),
    }  # fmt: skip


FILES = [
    pytest.param(file, one, id=f"{file}-{one.name}")
    for file, fields in (
        ("customer", CUSTOMER), ("account", ACCOUNT), ("location", LOCATION), ("alternate", ALTERNATE),
        ("guarantor", GUARANTOR),
    )
    for one in fields
]  # fmt: skip


@pytest.mark.req("CUS-01", "CUS-02", "CUS-10")
@pytest.mark.parametrize(("file", "one"), FILES)
def test_a_field_is_kept_whole_by_form_and_by_api_and_refused_when_longer(
    live: World, file: str, one: Field
) -> None:
    desk, clerk, partner = desks(coded(live))[file], live.oak.client("supervisor"), Partner(live.oak)
    kept_by_form(clerk, desk, one)
    refused_by_form(clerk, desk, one)
    kept_by_api(partner, desk, one)
    refused_by_api(partner, desk, one)


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize(
    ("one", "told", "masked"),
    [
        (Field("ssn", 11, "078-05-1120", shown=""), ("ssn_last4", "1120"), "•••-••-1120"),
        (Field("licence", 20, "D123-4567-890-12-345", shown=""), ("licence_last4", "2345"), "••••2345"),
    ],
    ids=["ssn", "licence"],
)
def test_a_sealed_number_is_taken_whole_and_told_by_its_end_alone(
    live: World, one: Field, told: tuple[str, str], masked: str
) -> None:
    desk, clerk, partner = desks(live)["customer"], live.oak.client("clerk"), Partner(live.oak)
    kept_by_form(clerk, desk, one)
    assert masked in clerk.get(desk.form.removesuffix("change/")).content.decode()
    kept_by_api(partner, desk, one, told)
    too_long = Field(one.name, 30, "1" * 30)
    refused_by_form(clerk, desk, too_long)
    refused_by_api(partner, desk, too_long)
