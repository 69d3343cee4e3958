"""What a partner does by the API: each operation once, by who has the right, within its own utility."""

from typing import Any

import pytest

from config.town.found import tariff
from config.town.month import dials, work_until_idle
from core.web.route_table import all_routes
from tests.conftest import World
from tests.world.partners import Partner
from tests.world.tables import table_hash
from tests.world.towns import Town

NEW_CUSTOMER = {
    "name": "Nora Newcomer",
    "mail_line_1": "1 Elm St",
    "mail_city": "Oak Hollow",
    "mail_state": "IA",
    "mail_zip": "51501",
}
SEPTEMBER = {"starts": "2026-09-01", "ends": "2026-10-01", "bill_on": "2026-10-01"}


def readings_of_september(town: Town, partner: Partner) -> dict[str, Any]:
    """The dials that close September, under the registers' ids."""
    ids = {r["meter"]: r["id"] for r in partner.get("registers/", limit=200)["results"]}
    return {
        "readings": [
            {"register_id": ids[f"M{h.number}"], "on": "2026-10-01", "dial": str(dial), "rolled_over": over}
            for h, dial, over in dials(town.plan, town.houses, 1)
        ]
    }


def test_a_customer_an_account_and_a_service_are_made(live: World) -> None:
    partner = Partner(live.oak)
    customer = partner.post("customers/", NEW_CUSTOMER)
    place = partner.first("locations/", code="L100001")["id"]
    account = partner.post(
        "accounts/",
        {"location_id": place, "starts": "2026-10-01", "customer_id": customer["id"], "number": "200001"},
    )["account"]
    assert account["customer"] == "Nora Newcomer"
    rate = partner.first("rates/", service_type="refuse")["id"]
    service = partner.post(f"accounts/{account['id']}/services/", {"rate_id": rate, "starts": "2026-10-01"})
    assert service["service_type"] == "refuse"
    assert [s["id"] for s in partner.get(f"accounts/{account['id']}/")["services"]] == [service["id"]]


def test_an_account_is_opened_together_with_its_customer(live: World) -> None:
    partner = Partner(live.oak)
    place = partner.first("locations/", code="L100002")["id"]
    body = {"location_id": place, "starts": "2026-10-01", "new_customer": NEW_CUSTOMER, "number": "A-1"}
    made = partner.post("accounts/", body)
    assert partner.first("customers/", find="Newcomer")["accounts"] == 1
    assert partner.first("accounts/", number="A-1")["id"] == made["account"]["id"]
    neither = partner.ask("POST", "accounts/", {"location_id": place, "starts": "2026-10-01"})
    assert neither.status_code == 400


def test_flags_are_set_one_by_one_and_others_stay(live: World) -> None:
    partner = Partner(live.oak)
    path = f"accounts/{partner.first('accounts/', number='100001')['id']}/flags/"
    partner.ask("PATCH", path, {"on_hold": True})
    after = partner.ask("PATCH", path, {"cash_only": True}).json()
    assert (after["on_hold"], after["cash_only"], after["no_bill"]) == (True, True, False)
    assert partner.ask("PATCH", path, {"on_fire": True}).status_code == 400
    assert partner.ask("PATCH", path, {}).status_code == 400


def test_a_rate_version_is_prepared_by_one_partner_and_put_in_force_by_another(live: World) -> None:
    maker, checker = Partner(live.oak, name="Rates office"), Partner(live.oak, name="Council")
    table = maker.first("rates/", service_type="refuse")
    old = maker.first(f"rates/{table['id']}/versions/")
    content = maker.get(f"rate-versions/{old['id']}/")["content"]
    body = {"starts": "2027-01-01", "content": content, "source": "Ordinance 12"}
    draft = maker.post(f"rates/{table['id']}/versions/", body)
    assert draft["state"] == "draft"
    alone = maker.ask("POST", f"rate-versions/{draft['id']}/activate/")
    assert (alone.status_code, alone.json()["type"]) == (403, "urn:curbstop:problem:maker-is-checker")
    assert checker.post(f"rate-versions/{draft['id']}/activate/")["state"] == "active"
    assert maker.get(f"rate-versions/{old['id']}/")["ends"] == "2027-01-01"


def test_a_rate_table_is_made_and_its_content_is_judged_with_the_place(live: World) -> None:
    partner = Partner(live.oak)
    table = partner.post("rates/", {"code": "CARTS", "name": "Carts", "service_type": "refuse"})
    content = tariff("bossier-trash")
    content["components"][0]["revenue_code"] = ""
    body = {"starts": "2027-01-01", "content": content}
    refused = partner.ask("POST", f"rates/{table['id']}/versions/", body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].startswith("components")
    assert refused.json()["remedy"]
    again = partner.ask("POST", "rates/", {"code": "CARTS", "name": "Twice", "service_type": "refuse"})
    assert again.status_code == 409


@pytest.mark.req("SYS-03", "BIL-01")
def test_a_month_goes_from_readings_to_printed_bills_by_the_api_alone(live: World) -> None:
    maker, checker = Partner(live.oak, name="Billing"), Partner(live.oak, name="Finance")
    sent = readings_of_september(live.oak, maker)
    assert maker.post("readings/", sent, key="september")["recorded"] == len(live.oak.houses)
    cycle = maker.first("cycles/")["id"]
    run = maker.post("runs/", {"cycle_id": cycle, **SEPTEMBER})["run"]["id"]
    job = maker.post(f"runs/{run}/prepare/")["run"]["prepare_job_id"]
    work_until_idle()
    assert maker.get(f"jobs/{job}/")["job"]["state"] == "done"
    seen = maker.get(f"runs/{run}/")["run"]["fingerprint"]
    assert maker.ask("POST", f"runs/{run}/review/", {"seen": "other"}).status_code == 409
    assert maker.post(f"runs/{run}/review/", {"seen": seen})["run"]["fingerprint"] == seen
    assert maker.ask("POST", f"runs/{run}/approve/", {"seen": seen}).status_code == 403
    assert checker.ask("POST", f"runs/{run}/approve/", {"seen": "other"}).status_code == 409
    checker.post(f"runs/{run}/approve/", {"seen": seen})
    for step in ("post", "print"):
        checker.post(f"runs/{run}/{step}/", key=step)
        work_until_idle()
    printed = checker.get(f"runs/{run}/")
    assert (printed["run"]["state"], printed["run"]["bills"]) == ("printed", len(live.oak.houses))
    pdf = checker.ask("GET", f"runs/{run}/pdf/")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_a_held_bill_is_seen_and_let_through_with_a_reason(live: World) -> None:
    partner = Partner(live.oak)
    partner.post("readings/", readings_of_september(live.oak, partner), key="r")
    account = partner.first("accounts/", number="100003")["id"]
    partner.ask("PATCH", f"accounts/{account}/flags/", {"on_hold": True})
    run = partner.post("runs/", {"cycle_id": partner.first("cycles/")["id"], **SEPTEMBER})["run"]["id"]
    partner.post(f"runs/{run}/prepare/")
    work_until_idle()
    (held,) = partner.get(f"runs/{run}/bills/", state="held")["results"]
    assert (held["account"], held["account_id"]) == ("100003", account)
    assert held["lines"]
    path = f"runs/{run}/bills/{account}/release/"
    assert partner.ask("POST", path, {"why": " "}).status_code == 400
    assert partner.post(path, {"why": "Looked at the meter"})["state"] == "ready"


def test_a_run_is_cancelled_and_another_may_be_opened(live: World) -> None:
    partner = Partner(live.oak)
    body = {"cycle_id": partner.first("cycles/")["id"], **SEPTEMBER}
    run = partner.post("runs/", body)["run"]["id"]
    assert partner.ask("POST", "runs/", body).status_code == 409
    assert partner.post(f"runs/{run}/cancel/", {"why": "Wrong month"})["run"]["state"] == "cancelled"
    assert partner.post("runs/", body)["run"]["state"] == "open"


def test_a_job_is_cancelled_and_tried_again(live: World) -> None:
    partner = Partner(live.oak)
    run = partner.post("runs/", {"cycle_id": partner.first("cycles/")["id"], **SEPTEMBER})["run"]["id"]
    job = partner.post(f"runs/{run}/prepare/")["run"]["prepare_job_id"]
    assert partner.post(f"jobs/{job}/cancel/")["job"]["state"] == "cancelled"
    assert partner.ask("POST", f"jobs/{job}/cancel/").status_code == 409
    assert partner.post(f"jobs/{job}/retry/")["job"]["state"] == "ready"


def test_readings_need_a_key_a_register_each_and_one_of_a_day(live: World) -> None:
    partner = Partner(live.oak)
    sent = readings_of_september(live.oak, partner)
    assert partner.ask("POST", "readings/", sent).status_code == 400
    before = table_hash("meters_")
    spoilt = {"readings": [*sent["readings"], {**sent["readings"][0]}]}
    twice = partner.ask("POST", "readings/", spoilt, key="a")
    assert (twice.status_code, twice["Content-Type"]) == (422, "application/problem+json")
    stranger = {"readings": [{"register_id": 10**9, "on": "2026-10-01", "dial": "1"}]}
    assert partner.ask("POST", "readings/", stranger, key="b").status_code == 404
    assert table_hash("meters_") == before


def of_oak(oak: Partner) -> list[tuple[str, dict[str, Any]]]:
    """Writes that name something of Oak's, in the address or in the body."""
    account = oak.first("accounts/", number="100001")["id"]
    run, rate = oak.first("runs/")["id"], oak.first("rates/")["id"]
    version = oak.first(f"rates/{rate}/versions/")["id"]
    paid = {"account_id": account, "amount": "1.00"}
    register = {"register_id": oak.first("registers/")["id"], "on": "2026-12-01", "dial": "1"}
    taken = {"on": "2026-10-01", "tenders": [{"kind": "cash", "amount": "1.00"}], "accounts": [paid]}
    place = {"location_id": oak.first("locations/")["id"], "starts": "2026-10-01"}
    step = {"seen": "x", "why": "x"}
    steps = ("prepare", "review", "approve", "post", "print", "cancel")
    return [
        (f"accounts/{account}/services/", {"rate_id": rate, "starts": "2026-10-01"}),
        ("accounts/", {**place, "customer_id": oak.first("customers/")["id"]}),
        ("payments/", taken),
        ("readings/", {"readings": [register]}),
        ("runs/", {"cycle_id": oak.first("cycles/")["id"], **SEPTEMBER}),
        (f"rates/{rate}/versions/", {"starts": "2027-01-01", "content": {}}),
        (f"rate-versions/{version}/activate/", {}),
        *((f"runs/{run}/{name}/", step) for name in steps),
        (f"runs/{run}/bills/{account}/release/", {"why": "x"}),
        *((f"jobs/{oak.first('jobs/')['id']}/{verb}/", {}) for verb in ("cancel", "retry")),
    ]


@pytest.mark.req("SYS-01")
def test_no_write_of_another_utilitys_partner_reaches_what_it_names(live: World) -> None:
    writes, elm = of_oak(Partner(live.oak)), Partner(live.elm)
    before = table_hash("meters_", "customers_", "ledger", "billing_", "collections_app_", "rates_")
    answers = {path: elm.ask("POST", path, body, key=path) for path, body in writes}
    wrong = {path: a.status_code for path, a in answers.items() if a.status_code not in (404, 409, 422)}
    assert not wrong
    assert table_hash("meters_", "customers_", "ledger", "billing_", "collections_app_", "rates_") == before


def test_no_write_is_done_without_its_right(live: World) -> None:
    writes, viewer = of_oak(Partner(live.oak)), Partner(live.oak, "bills.view", name="Reader")
    answers = {path: viewer.ask("POST", path, body, key=path).status_code for path, body in writes}
    assert set(answers.values()) == {403}, answers
    posts = {r.path for r in all_routes() if r.is_api and r.method == "POST" and not r.public}
    assert len(posts) >= len(writes)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_far_off_are_refused_before_anything_is_reckoned_with_them(live: World, day: str) -> None:
    partner = Partner(live.oak)
    body = {"cycle_id": partner.first("cycles/")["id"], "starts": day, "ends": day, "bill_on": day}
    assert partner.ask("POST", "runs/", body).status_code == 400
