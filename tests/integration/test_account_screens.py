"""The screens of the account side, as an operator's browser gets them."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from billing.models import Bill
from collections_app.operations import Tendered, ToAccount, post_payment
from core.app_lists import gather
from core.barcodes import bill_code
from core.tenancy import scope
from customers.models import Account
from ledger.models import Charge, OpenItem
from tests.conftest import World

TABS = ("", "transactions", "bills", "usage", "meters", "services", "people", "documents", "history")
LISTS = (
    "/accounts/", "/customers/", "/readings/", "/meters/", "/locations/", "/routes/", "/rates/", "/bills/",
    "/ledger/journals/", "/ledger/chart/",
)  # fmt: skip
MOST_QUERIES = 15


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return str(response.content.decode())


def queries_of(client: Client, path: str) -> list[str]:
    """What the page asked the database, without the statements that begin and end the transaction."""
    client.get("/accounts/100001/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200, path
    return [q["sql"] for q in asked.captured_queries if not q["sql"].startswith(("BEGIN", "COMMIT", "SET "))]


def exported(client: Client, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]  # a FileResponse
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def in_oak(world: World, ask: Callable[[], Any]) -> Any:
    with scope(world.oak.utility.id), transaction.atomic():
        return ask()


def test_the_account_page_says_who_where_and_how_much(live: World) -> None:
    page = text_of(live.oak.client("clerk"), "/accounts/100001/")
    house = live.oak.houses[0]
    owed = in_oak(live, lambda: sum(i.open for i in OpenItem.objects.filter(account__number="100001")))
    for said in (escape(house.name), f"{house.street_number} {house.street_name}", f"{owed:,.2f}"):
        assert said in page
    assert "/counter/?account=100001" in page


@pytest.mark.parametrize("tab", TABS)
def test_no_tab_of_an_account_asks_the_database_more_than_fifteen_times(live: World, tab: str) -> None:
    assert len(queries_of(live.oak.client("admin"), f"/accounts/100001/?tab={tab}")) <= MOST_QUERIES


@pytest.mark.parametrize(
    "path",
    ["/search/?q=oak", "/search/?q=100001", "/bills/1/", "/accounts/new/", "/rates/WATER/", *LISTS],
)
def test_no_page_asks_the_database_more_than_fifteen_times(live: World, path: str) -> None:
    client = live.oak.client("admin")
    if path == "/search/?q=100001":
        client.defaults["HTTP_HX_REQUEST"] = "true"
    assert len(queries_of(client, path)) <= MOST_QUERIES


def test_home_asks_the_database_twice_for_each_of_its_parts_at_most(live: World) -> None:
    asked = queries_of(live.oak.client("admin"), "/")
    signing_in_and_drawer = 6
    assert len(asked) <= signing_in_and_drawer + 2 * len(gather("home", "HOME"))


def test_a_tab_that_is_not_there_is_not_found(live: World) -> None:
    assert live.oak.client("clerk").get("/accounts/100001/?tab=nothing").status_code == 404


def test_things_of_another_town_are_not_found(live: World) -> None:
    with scope(live.elm.utility.id), transaction.atomic():
        charge = Charge.objects.order_by("id").first()
        customer = Account.objects.values_list("customer_id", flat=True).get(number="100001")
    assert charge is not None
    client = live.oak.client("clerk")
    paths = (
        f"/ledger/charges/{charge.id}/",
        f"/ledger/journals/{charge.journal_id}/",
        f"/customers/{customer}/",
    )
    for path in (
        *paths,
        "/accounts/999999/",
        "/bills/999/",
        "/meters/none/",
        "/locations/none/",
        "/rates/none/",
    ):
        assert client.get(path).status_code == 404, path


def test_the_same_number_is_another_account_in_each_town(live: World) -> None:
    oak, elm = (text_of(town.client("clerk"), "/accounts/100001/") for town in (live.oak, live.elm))
    assert escape(live.oak.houses[0].name) in oak
    assert escape(live.elm.houses[0].name) in elm
    assert escape(live.elm.houses[0].name) not in oak


def test_an_alert_stands_before_any_action(live: World) -> None:
    client = live.oak.client("clerk")
    client.post("/accounts/100002/flags/", {"cash_only": "on", "idempotency_key": "flags-of-100002"})
    page = text_of(client, "/accounts/100002/")
    assert page.index("CASH ONLY") < page.index("Pay")


def test_a_change_is_kept_with_what_stood_there_before_and_who_did_it(live: World) -> None:
    client = live.oak.client("clerk")
    client.post("/accounts/100003/flags/", {"on_hold": "on", "idempotency_key": "hold-of-100003"})
    page = text_of(client, "/accounts/100003/?tab=history")
    assert "on hold" in page
    assert "Carla Clerk" in page


def test_every_charge_of_the_account_opens_its_arithmetic(live: World) -> None:
    client = live.oak.client("clerk")
    charges = in_oak(live, lambda: list(Charge.objects.filter(account__number="100001")))
    assert charges
    for charge in charges:
        page = text_of(client, f"/ledger/charges/{charge.id}/")
        assert "How it was computed" in page
        assert f"{charge.amount:,.2f}" in page
        assert "No steps are known" not in page


def test_a_bill_adds_up_on_the_screen_and_each_line_has_its_steps(live: World) -> None:
    bill = in_oak(live, lambda: Bill.objects.get(number=1))
    page = text_of(live.oak.client("clerk"), "/bills/1/")
    assert f"{bill.total_due:,.2f}" in page
    assert f"{bill.charges:,.2f}, as posted" in page
    assert "No steps are known" not in page


def test_a_bill_is_shown_as_it_was_printed(live: World) -> None:
    response = live.oak.client("clerk").get("/bills/1/pdf/")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_a_payment_stands_among_the_transactions_with_the_balance_after_it(live: World) -> None:
    account = live.oak.account("100004")
    with scope(live.oak.utility.id):
        before = in_oak(live, lambda: sum(i.open for i in OpenItem.objects.filter(account=account.id)))
        to = [ToAccount(account.id, Decimal("10.00"))]
        paid, day = [Tendered("cash", Decimal("10.00"))], date(2026, 9, 5)
        post_payment(live.oak.clerk, tenders=paid, accounts=to, on=day, source="bank")
    client = live.oak.client("clerk")
    page = text_of(client, "/accounts/100004/?tab=transactions")
    assert "-10.00" in page
    assert client.get("/search/", {"q": "R1"})["Location"] == "/receipts/1/"
    assert f"{before - Decimal(10):,.2f}" in page


def test_what_is_exported_is_what_is_filtered(live: World) -> None:
    client = live.oak.client("clerk")
    rows = exported(client, "/accounts/?route=&find=100001&export=csv")
    assert [row["Account"] for row in rows] == ["100001"]
    house = live.oak.houses[0]
    same = [h.number for h in live.oak.houses if house.street_name.split()[0] in f"{h.street_name} {h.name}"]
    found = exported(client, f"/accounts/?find={house.street_name.split()[0]}&export=csv")
    assert [row["Account"] for row in found] == same


def test_a_list_sorted_by_balance_agrees_with_the_ledger(live: World) -> None:
    rows = exported(live.oak.client("clerk"), "/accounts/?sort=-payoff&export=csv")
    balances = [Decimal(row["Balance"]) for row in rows]
    owed = in_oak(live, lambda: sum(i.open for i in OpenItem.objects.all()))
    assert balances == sorted(balances, reverse=True)
    assert sum(balances) == owed


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_exported_and_says_how_many_rows(live: World, path: str) -> None:
    client = live.oak.client("supervisor")
    response = client.get(f"{path}?export=xlsx")
    assert response.status_code == 200
    rows = exported(client, f"{path}?export=csv")
    assert int(response["X-Row-Count"]) == len(rows) > 0
    b"".join(response.streaming_content)  # type: ignore[attr-defined]  # a FileResponse


def test_a_scanned_bill_leads_straight_to_its_account(live: World) -> None:
    scanned = bill_code("100005", Decimal("48.21"))
    response = live.oak.client("clerk").get("/search/", {"q": scanned})
    assert response.status_code == 302
    assert response["Location"] == "/accounts/100005/"


@pytest.mark.parametrize(
    ("typed", "leads"), [("100006", "/accounts/100006/"), ("7", "/bills/7/"), ("M100003", "/meters/M100003/")]
)
def test_a_whole_number_is_found(live: World, typed: str, leads: str) -> None:
    response = live.oak.client("clerk").get("/search/", {"q": typed}, headers={"HX-Request": "true"})
    assert leads in response.content.decode()


def test_a_page_is_found_by_another_name_for_it_only_by_those_who_may_see_it(live: World) -> None:
    assert "/rates/" in text_of(live.oak.client("clerk"), "/search/?q=tariffs")
    assert "/audit/" not in text_of(live.oak.client("clerk"), "/search/?q=audit")


def test_an_account_is_opened_for_somebody_new_with_the_next_number(live: World) -> None:
    client = live.oak.client("clerk")
    typed = {
        "location": "L100001",
        "starts": "2026-09-15",
        "category": "residential",
        "name": "Nora Newcomer",
    }
    response = client.post("/accounts/new/", {**typed, "idempotency_key": "opened-by-nora"})
    assert response.status_code == 302
    page = text_of(client, response["Location"])
    assert "Nora Newcomer" in page
    again = client.post("/accounts/new/", {**typed, "idempotency_key": "opened-by-nora"})
    assert again["Location"] == response["Location"]
    assert in_oak(live, lambda: Account.objects.filter(customer__name="Nora Newcomer").count()) == 1


@pytest.mark.req("CUS-06")
def test_an_account_number_is_assigned_or_typed_and_never_given_twice(live: World) -> None:
    client = live.oak.client("clerk")
    typed = {"location": "L100002", "starts": "2026-09-15", "category": "residential", "name": "Nora"}
    assigned = client.post("/accounts/new/", {**typed, "idempotency_key": "number-assigned"})
    chosen = client.post("/accounts/new/", {**typed, "number": "77-1", "idempotency_key": "number-typed"})
    taken = client.post("/accounts/new/", {**typed, "number": "77-1", "idempotency_key": "number-taken"})
    assert chosen["Location"] == "/accounts/77-1/"
    assert assigned["Location"] not in ("/accounts/77-1/", "/accounts/100001/")
    assert taken.status_code == 409
    assert "Account number 77-1 is taken." in taken.content.decode()


def test_a_form_with_something_wrong_keeps_what_was_typed_and_says_what_to_do(live: World) -> None:
    typed = {"location": "nowhere", "starts": "2026-09-15", "category": "residential", "name": "Nora"}
    response = live.oak.client("clerk").post("/accounts/new/", {**typed, "idempotency_key": "opened-nowhere"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "No location has “nowhere”" in page
    assert 'value="Nora"' in page


def test_a_rate_version_that_cannot_be_read_names_the_place_at_the_table(live: World) -> None:
    content = (
        '{"name": "W", "service_type": "water", "components": [{"id": "a", "kind": "fixed", "text": "A"}]}'
    )
    typed = {"starts": "2027-01-01", "content": content, "idempotency_key": "a-version-of-water"}
    page = live.oak.client("billing").post("/rates/WATER/versions/new/", typed).content.decode()
    assert "components[0].revenue_code" in page or "components[0]" in page


@pytest.mark.req("SYS-02")
def test_a_rate_version_is_put_in_force_by_a_second_person_only(live: World) -> None:
    maker, checker = live.oak.client("supervisor"), live.oak.client("admin")
    content = (
        '{"name": "Refuse 2027", "service_type": "refuse", "components": [{"id": "a", "kind": "fixed",'
        ' "text": "Cart", "revenue_code": "TRASH", "amount": "19.00"}]}'
    )
    typed = {"starts": "2027-01-01", "content": content, "idempotency_key": "a-version-of-refuse"}
    place = maker.post("/rates/REFUSE/versions/new/", typed)["Location"]
    assert "a second person puts it in force" in text_of(maker, place)
    assert f'href="{place}"' in text_of(checker, "/")
    assert f'href="{place}"' not in text_of(maker, "/")
    assert maker.post(f"{place}activate/", {"idempotency_key": "activated-by-maker"}).status_code == 403
    assert checker.post(f"{place}activate/", {"idempotency_key": "activated-by-other"}).status_code == 302
    assert "19.00" in text_of(checker, place)


def test_a_trial_bill_beside_the_table_charges_as_the_tariff_says(live: World) -> None:
    # Council Bluffs: 15 CCF at 3.85, then 2.85; 20 CCF = 57.75 + 14.25.
    page = text_of(live.oak.client("viewer"), "/rates/WATER/?use=20&is_meter_size=5/8&on=2026-09-30")
    assert "72.00" in page


def test_home_shows_what_is_owed_and_leads_to_it(live: World) -> None:
    owed = in_oak(live, lambda: sum(i.open for i in OpenItem.objects.all()))
    page = text_of(live.oak.client("supervisor"), "/")
    assert f"{owed:,.2f}" in page
    assert "/accounts/?owes=any" in page
