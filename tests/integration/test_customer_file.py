"""The customer file as a clerk and a partner use it: codes, addresses, flags, limits, who vouches."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from billing.models import Bill
from billing.statements import statements_of
from core import policies
from core.codes import put_code
from core.models import AuditEntry, Change
from core.tenancy import scope
from customers.models import Account, Customer, Service
from customers.queries import never_cut_off
from meters.models import ServicePoint
from rates.models import RateTable
from tests.conftest import World
from tests.world.desk import send, text_of
from tests.world.fields import sent, wrong_on
from tests.world.partners import Partner

ELSEWHERE = {"line_1": "PO Box 77", "city": "Dubuque", "state": "IA", "zip_code": "52001-0077"}


def printed_lines(live: World) -> tuple[str, ...]:
    """The mailing lines of the August bill of Oak's account 100001, as they are printed now."""
    with scope(live.oak.utility.id), transaction.atomic():
        bill = Bill.objects.get(account__number="100001")
        return statements_of([bill.id])[0].mailing_lines


@pytest.mark.req("CUS-02")
def test_a_bill_is_mailed_where_the_flag_on_the_account_says(live: World) -> None:
    clerk, main = live.oak.client("clerk"), printed_lines(live)
    form = "/accounts/100001/alternate-address/"
    assert sent(clerk, form, **ELSEWHERE).status_code == 302
    assert printed_lines(live) == main
    assert sent(clerk, form, bills_go_there="on").status_code == 302
    assert printed_lines(live) == ("PO Box 77", "Dubuque IA  52001-0077")
    assert "PO Box 77" in text_of(clerk.get("/accounts/100001/?tab=people"))
    assert sent(clerk, form, bills_go_there=None).status_code == 302
    assert printed_lines(live) == main


@pytest.mark.req("CUS-02")
def test_a_partner_sends_bills_abroad_and_back(live: World) -> None:
    partner, account = Partner(live.oak), live.oak.account("100001").id
    path = f"accounts/{account}/alternate-address/"
    assert partner.ask("PATCH", path, {"bills_go_there": True}).status_code == 422
    abroad = {"name": "Uncle Ed", "line_1": "5 King St", "city": "Toronto", "state": "ON", "country": "CA"}
    assert (
        partner.ask("PATCH", path, {**abroad, "postal_code": "M5V 2T6", "bills_go_there": True}).status_code
        == 200
    )
    assert printed_lines(live) == ("Uncle Ed", "5 King St", "Toronto ON M5V 2T6", "CANADA")
    assert partner.ask("PATCH", path, {"bills_go_there": False}).status_code == 200
    assert partner.get(f"accounts/{account}/file/")["bills_to"] == "main"


@pytest.mark.req("CUS-03")
def test_each_flag_is_set_on_screen_and_stands_above_the_account(live: World) -> None:
    clerk = live.oak.client("clerk")
    flags = dict.fromkeys(
        ("cash_only", "bad_debt", "equal_payment", "on_hold", "no_bill", "no_cutoff", "late_fee_exempt"), "on"
    )
    why = {"no_cutoff_until": "2030-01-01", "no_cutoff_note": "Life support, Dr. Hale"}
    assert send(clerk, "/accounts/100001/flags/", **flags, **why).status_code == 302
    page = text_of(clerk.get("/accounts/100001/"))
    for said in ("CASH ONLY", "BAD DEBT", "Equal payment", "Account hold", "No bill", "NEVER CUT OFF"):
        assert said in page, said
    assert "until Jan 1, 2030: Life support, Dr. Hale" in page
    assert "Exempt" in text_of(clerk.get("/accounts/100001/?tab=file"))


@pytest.mark.req("CUS-03")
def test_no_cutoff_counts_to_its_day_and_its_note_goes_with_it(live: World) -> None:
    partner, account = Partner(live.oak), live.oak.account("100001")
    path = f"accounts/{account.id}/flags/"
    alone = partner.ask("PATCH", path, {"no_cutoff_until": "2026-12-01"})
    assert [e["field"] for e in alone.json()["errors"]] == ["no_cutoff"]
    told = partner.ask(
        "PATCH", path, {"no_cutoff": True, "no_cutoff_until": "2026-12-01", "no_cutoff_note": "Court"}
    )
    assert (told.json()["no_cutoff_until"], told.json()["no_cutoff_note"]) == ("2026-12-01", "Court")
    held = live.oak.account("100001")
    assert [never_cut_off(held, date(2026, 11, 30)), never_cut_off(held, date(2026, 12, 1))] == [True, False]
    over = partner.ask("PATCH", path, {"no_cutoff": False}).json()
    assert (over["no_cutoff_until"], over["no_cutoff_note"]) == (None, "")


def more_points(live: World, count: int) -> list[int]:
    """More water points at the place of Oak's account 100001; their ids."""
    with scope(live.oak.utility.id), transaction.atomic():
        place = Account.objects.get(number="100001").location
        return [
            ServicePoint.objects.create(location=place, code=f"X{n}", service_type="water").id
            for n in range(count)
        ]


def rate_of(live: World, service_type: str) -> int:
    with scope(live.oak.utility.id), transaction.atomic():
        return int(RateTable.objects.filter(service_type=service_type).earliest("id").id)


def services_now(live: World, metered: bool) -> int:
    with scope(live.oak.utility.id), transaction.atomic():
        there = Service.objects.filter(account__number="100001", ends=None, service_point__isnull=not metered)
        return there.count()


@pytest.mark.req("CUS-04")
def test_a_sixth_metered_service_is_refused_on_screen_and_by_api(live: World) -> None:
    room = 5 - services_now(live, metered=True)
    points, rate = more_points(live, room + 1), rate_of(live, "water")
    partner, account = Partner(live.oak), live.oak.account("100001").id
    for point in points[:-1]:
        partner.post(f"accounts/{account}/services/", new_service(rate, point))
    told = partner.ask("POST", f"accounts/{account}/services/", new_service(rate, points[-1]))
    assert told.status_code == 422
    assert "has 5 metered services; it may have 5" in told.json()["detail"]
    clerk = live.oak.client("clerk")
    screen = "/accounts/100001/services/new/?rate=WATER"
    refused = send(clerk, screen, starts="2026-10-01", units="1", point=points[-1])
    assert "has 5 metered services" in wrong_on(refused)["point"]
    assert services_now(live, metered=True) == 5


def new_service(rate: int, point: int | None) -> dict[str, Any]:
    return {"rate_id": rate, "starts": "2026-10-01", "service_point_id": point}


@pytest.mark.req("CUS-04")
def test_the_limit_of_flat_services_is_seven_and_a_setting(live: World) -> None:
    partner, account = Partner(live.oak), live.oak.account("100001").id
    rate, path = rate_of(live, "refuse"), f"accounts/{account}/services/"
    for _ in range(7 - services_now(live, metered=False)):
        partner.post(path, new_service(rate, None))
    assert partner.ask("POST", path, new_service(rate, None)).status_code == 422
    with scope(live.oak.utility.id):
        policies.set_policy(live.oak.admin, code="customers.most_flat", value="8", starts=date(2026, 1, 1))
    partner.post(path, new_service(rate, None))
    assert services_now(live, metered=False) == 8


@pytest.mark.req("CUS-10")
def test_a_guarantor_is_linked_shown_and_taken_off(live: World) -> None:
    clerk, customer = live.oak.client("clerk"), live.oak.account("100001").customer_id
    form = f"/customers/{customer}/guarantor/"
    given = {"name": "Gus Guarantor", **ELSEWHERE, "phone": "5635550100"}
    assert sent(clerk, form, **given).status_code == 302
    page = text_of(clerk.get(f"/customers/{customer}/"))
    assert "Gus Guarantor" in page
    assert "(563) 555-0100" in page
    assert send(clerk, f"{form}release/", opened=form).status_code == 302
    assert "Gus Guarantor" not in text_of(clerk.get(f"/customers/{customer}/"))
    assert Partner(live.oak).ask("GET", f"customers/{customer}/guarantor/").status_code == 404


@pytest.mark.req("CUS-01")
def test_a_new_customer_is_made_whole_and_changed_with_what_stood_before(live: World) -> None:
    clerk = live.oak.client("clerk")
    given = {"name": "Nora New", "mail_line_1": "1 Elm St", "mail_city": "Dubuque", "mail_zip": "52001"}
    made = sent(clerk, "/customers/new/", **given, employer="Mill", ssn="078-05-1120")
    page = text_of(clerk.get(made["Location"]))
    assert [said in page for said in ("Nora New", "Mill", "•••-••-1120")] == [True] * 3
    changed = sent(clerk, f"{made['Location']}change/", employer="Foundry", no_ssn="on")
    assert changed.status_code == 302
    page = text_of(clerk.get(made["Location"]))
    assert "Foundry" in page
    assert "1120" not in page
    assert wrong_on(sent(clerk, "/customers/new/", **{**given, "mail_zip": "no"})).keys() == {"mail_zip"}


@pytest.mark.req("CUS-08")
def test_a_code_shows_what_it_means_and_a_retired_one_is_taken_for_nothing_new(live: World) -> None:
    admin, clerk = live.oak.client("admin"), live.oak.client("clerk")
    new = {"kind": "demographics", "code": "SEN", "name": "Senior citizens"}
    assert sent(admin, "/settings/codes/new/", **new).status_code == 302
    options = clerk.get("/codes/demographics/options/?of=demographics&demographics=sen&at=id_demographics")
    assert "SEN Senior citizens" in text_of(options)
    assert sent(clerk, "/accounts/100001/change/", demographics="sen").status_code == 302
    assert "SEN · Senior citizens" in text_of(clerk.get("/accounts/100001/?tab=file"))
    with scope(live.oak.utility.id):
        put_code(live.oak.admin, kind="demographics", code="SEN", name="Seniors", is_live=False)
    assert sent(clerk, "/accounts/100001/change/", units="3").status_code == 302
    refused = sent(clerk, "/accounts/100002/change/", demographics="SEN")
    assert "none of the demographics" in wrong_on(refused)["demographics"]


@pytest.mark.req("CUS-08")
def test_codes_are_listed_and_put_by_api_and_a_category_of_ones_own_is_taken(live: World) -> None:
    partner, account = Partner(live.oak), live.oak.account("100001").id
    partner.ask("GET", "schema/")  # whose making looks at every filter before there is a kind
    partner.post("codes/", {"kind": "category", "code": "farm", "name": "Farms"})
    listed = partner.get("codes/", kind="category")["results"]
    assert {row["code"] for row in listed} == {"commercial", "farm", "industrial", "public", "residential"}
    assert (
        partner.ask("PATCH", f"accounts/{account}/file/", {"category": "farm"}).json()["category_name"]
        == "Farms"
    )
    refused = partner.ask("PATCH", f"accounts/{account}/file/", {"category": "castle"})
    assert [e["field"] for e in refused.json()["errors"]] == ["category"]


@pytest.mark.req("CUS-01")
def test_the_file_shows_from_where_they_belong_meter_readings_rates_and_cycle(live: World) -> None:
    page = text_of(live.oak.client("clerk").get("/accounts/100001/?tab=file"))
    for said in ("Service start", "Route and place", "Cycle", "M100001", "WATER", "Sep 1, 2026", "Bank draft",
                 "Deposits", "Landlord"):  # fmt: skip
        assert said in page, said


def test_a_sealed_number_is_in_no_audit_and_no_kept_answer(live: World) -> None:
    partner, customer = Partner(live.oak), live.oak.account("100001").customer_id
    path, body = f"customers/{customer}/", {"ssn": "078-05-1120", "licence": "D1234567"}
    assert partner.ask("PATCH", path, body, key="sealed-once-1").status_code == 200
    assert partner.ask("PATCH", path, body, key="sealed-once-1").status_code == 200
    with scope(live.oak.utility.id), transaction.atomic():
        audit = AuditEntry.objects.get(operation="customers.customer.change")
        assert "078051120" not in str(audit.what).replace("-", "")
        assert "D1234567" not in str(audit.what)
        assert "ssn" not in (Change.objects.latest("id").after or {})
        assert Customer.objects.get(id=customer).ssn_last4 == "1120"


@pytest.mark.req("CUS-08")
def test_the_codes_page_shows_a_kind_with_what_it_is_for_and_what_counts_until_then(live: World) -> None:
    page = text_of(live.oak.client("supervisor").get("/settings/codes/?kind=category"))
    assert "commercial (Commercial)" in page
    assert "What an account is" in page
    assert "Add a code" not in text_of(live.oak.client("billing").get("/settings/codes/"))
