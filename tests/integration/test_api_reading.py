"""What a partner reads by the API: every list and every object, of its own utility alone."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.api.views import OperationView
from core.money import round_cents
from core.web.route_table import all_routes
from tests.conftest import World
from tests.world.partners import Partner
from tests.world.towns import Town

LISTS = (
    "accounts", "customers", "services", "routes", "locations", "meters", "registers", "readings", "rates",
    "cycles", "runs", "bills", "journals", "chart-accounts", "payments", "receipts", "jobs", "audit",
)  # fmt: skip
OBJECTS = ("accounts", "customers", "locations", "meters", "rates", "runs", "bills", "journals", "jobs")


def some_paths(town: Town) -> list[str]:
    """Addresses of objects of the town, as its own partner finds them."""
    own = Partner(town)
    found = [f"{name}/{own.first(f'{name}/')['id']}/" for name in OBJECTS]
    run, bill = own.first("runs/")["id"], own.first("bills/")["id"]
    rate = own.first("rates/")["id"]
    version = own.first(f"rates/{rate}/versions/")["id"]
    return [
        *found,
        f"rates/{rate}/versions/",
        f"rate-versions/{version}/",
        f"runs/{run}/bills/",
        f"runs/{run}/pdf/",
        f"bills/{bill}/pdf/",
    ]


def test_each_list_answers_in_pages_and_refuses_a_filter_it_does_not_have(live: World) -> None:
    partner = Partner(live.oak)
    pages = {name: partner.get(f"{name}/", limit=1) for name in LISTS}
    assert {name for name, page in pages.items() if not page["results"]} == {"payments", "receipts"}
    for name in LISTS:
        refused = partner.ask("GET", f"{name}/", colour="red")
        assert refused.status_code == 400
        (error,) = refused.json()["errors"]
        assert error["field"] == "colour"
        assert "limit" in error["detail"]


def test_a_page_takes_few_questions_to_the_database_however_many_rows_it_has(live: World) -> None:
    partner, asked = Partner(live.oak), {}
    for name in (*LISTS, f"runs/{Partner(live.oak).first('runs/')['id']}/bills"):
        with CaptureQueriesContext(connection) as few:
            partner.get(f"{name}/", limit=1)
        with CaptureQueriesContext(connection) as many:
            partner.get(f"{name}/", limit=200)
        asked[name] = (len(many) - len(few), len(many))
    assert {name: n for name, n in asked.items() if n[0] > 0 or n[1] > 15} == {}


def test_the_links_of_a_list_lead_over_every_row_once(live: World) -> None:
    partner, numbers = Partner(live.oak), []
    url = "/api/v1/accounts/?limit=5"
    while url:
        page = partner.client.get(url, headers={"authorization": f"Bearer {partner.key}"}).json()
        numbers += [row["number"] for row in page["results"]]
        url = page["next"]
    assert sorted(numbers) == [house.number for house in live.oak.houses]


def test_each_object_is_there_for_its_own_partner_and_not_for_another_utilitys(live: World) -> None:
    paths = some_paths(live.oak)
    oak, elm = Partner(live.oak), Partner(live.elm)
    assert {oak.ask("GET", path).status_code for path in paths} == {200}
    strangers = [elm.ask("GET", path) for path in paths]
    assert {answer.status_code for answer in strangers} == {404}, list(zip(paths, strangers, strict=True))
    assert {answer["Content-Type"] for answer in strangers} == {"application/problem+json"}


def test_a_partner_of_another_utility_is_nobody_at_this_ones_host(live: World) -> None:
    assert Partner(live.elm, host=live.oak.host).ask("GET", "accounts/").status_code == 404


def test_the_same_account_numbers_are_other_people_in_each_utility(live: World) -> None:
    for town in (live.oak, live.elm):
        rows = Partner(town).get("accounts/", limit=200)["results"]
        assert {(r["number"], r["customer"]) for r in rows} == {(h.number, h.name) for h in town.houses}


def test_every_address_of_the_api_says_its_right_for_each_method(live: World) -> None:
    routes = [r for r in all_routes() if r.is_api and not r.public]
    assert len(routes) > 50
    assert [r for r in routes if not r.declared] == []
    nobody = Partner(live.oak, "core.vault.sweep")
    lists = {r.path for r in routes if r.method == "GET" and "<" not in r.path and r.permission}
    asked = {path: nobody.ask("GET", path.removeprefix("/api/v1/")).status_code for path in lists}
    assert set(asked.values()) == {403}, asked


@pytest.mark.req("SYS-03", "BIL-13")
def test_a_bill_is_told_with_its_lines_and_the_steps_behind_each(live: World) -> None:
    partner = Partner(live.oak, "bills.view")
    found = partner.first("bills/", account="100001")
    bill = partner.get(f"bills/{found['id']}/")
    assert sum(Decimal(line["amount"]) for line in bill["lines"]) == Decimal(found["charges"])
    for line in bill["lines"]:
        exact = sum((Decimal(step["amount"]) for step in line["steps"]), Decimal(0))
        assert line["steps"]
        assert round_cents(exact) == Decimal(line["amount"])
    water = next(line for line in bill["lines"] if line["revenue_code"] == "WATER" and line["quantity"])
    assert all(step["text"] for step in water["steps"])
    assert len(water["rate_hash"]) == 64
    (reading,) = bill["readings"]
    assert reading["use"] == str(int(reading["to_dial"]) - int(reading["from_dial"]))


def test_a_bill_comes_as_pdf_also_to_one_who_asks_for_pdf_alone(live: World) -> None:
    partner = Partner(live.oak)
    path = f"/api/v1/bills/{partner.first('bills/')['id']}/pdf/"
    headers = {"authorization": f"Bearer {partner.key}", "accept": "application/pdf"}
    answer = partner.client.get(path, headers=headers)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    missing = partner.client.get("/api/v1/bills/99999999/pdf/", headers=headers)
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")
    assert missing.json()["title"] == "Not found"


def test_an_account_is_told_with_what_it_owes(live: World) -> None:
    partner = Partner(live.oak, "customers.view", "bills.view")
    row = partner.first("accounts/", number="100001")
    detail = partner.get(f"accounts/{row['id']}/")
    owed = [Decimal(charge["open"]) for charge in detail["balance"]["open_charges"]]
    assert sum(owed) == Decimal(detail["balance"]["payoff"]) == Decimal(row["payoff"]) > 0
    assert row["payoff"] == partner.first("bills/", account="100001")["total_due"]
    assert {s["service_type"] for s in detail["services"]} == set(live.oak.plan.rates)


def test_both_sides_of_the_trial_balance_are_equal_to_the_days_journals(live: World) -> None:
    partner = Partner(live.oak, "ledger.view", "bills.view")
    balance = partner.get("trial-balance/", through="2026-12-31")
    assert balance["debit"] == balance["credit"]
    receivable = next(a for a in balance["accounts"] if a["code"] == "1200")
    billed = sum(Decimal(b["charges"]) for b in partner.get("bills/", limit=200)["results"])
    assert Decimal(receivable["debit"]) == billed
    assert partner.get("trial-balance/", through="2020-01-01")["accounts"] == []


def test_a_journal_is_told_with_its_lines_in_balance(live: World) -> None:
    partner = Partner(live.oak, "ledger.view")
    journal = partner.get(f"journals/{partner.first('journals/', why='bill')['id']}/")
    lines = journal["postings"]
    assert sum(Decimal(p["debit"]) for p in lines) == Decimal(journal["journal"]["total"])
    assert sum(Decimal(p["credit"]) for p in lines) == Decimal(journal["journal"]["total"])
    assert journal["reversed_by"] is None


@pytest.mark.parametrize("cursor", ["x", "cD1hYmM=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ==", "cD0lMDA="])
def test_a_cursor_that_was_not_given_out_is_said_so(live: World, cursor: str) -> None:
    assert Partner(live.oak).ask("GET", "accounts/", cursor=cursor).status_code == 404


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("accounts/", {"owes": "much"}),
        ("accounts/", {"customer": "0x1"}),
        ("readings/", {"since": "yesterday"}),
        ("trial-balance/", {"through": "9999-99-99"}),
        ("trial-balance/", {"until": "2026-01-01"}),
    ],
)
def test_a_filter_that_cannot_be_read_is_named(live: World, path: str, query: dict[str, str]) -> None:
    answer = Partner(live.oak).ask("GET", path, **query)
    assert answer.status_code == 400
    assert [e["field"] for e in answer.json()["errors"]] == list(query)


def test_a_row_of_another_utility_cannot_be_filtered_by(live: World) -> None:
    customer = Partner(live.elm).first("customers/")["id"]
    assert Partner(live.oak).ask("GET", "accounts/", customer=customer).status_code == 400


def test_every_endpoint_stands_on_the_same_ground() -> None:
    from django.urls import get_resolver

    resolver = get_resolver("config.api_urls")
    callbacks = [p.callback for r in resolver.url_patterns for p in getattr(r, "url_patterns", [])]
    kinds = [callback.cls for callback in callbacks if callback is not None]
    assert len(kinds) > 40
    assert all(issubclass(kind, OperationView) for kind in kinds)
