"""The screens of a run: what they show, what they refuse, and that they stay quick."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from billing.holds import hold_bill
from billing.models import Cycle, PreparedBill, Run
from core.models import Job
from core.operations import operation
from core.tenancy import scope
from customers.models import Account
from tests.conftest import World
from tests.integration.test_planted_disasters import READ, dials
from tests.world.desk import SEPTEMBER, cycle_of, key_of, prepared_september, review, send, text_of
from tests.world.grown import Grown, client
from tests.world.towns import Town

MOST_QUERIES = 15
_CONTROL = re.compile(r"^(BEGIN|COMMIT|SAVEPOINT|RELEASE|SET |SELECT set_config|UPDATE .django_session)")


def queries_of(client: Any, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return [q["sql"] for q in asked if not _CONTROL.match(q["sql"])]


@operation("test.hold", permission="customers.edit")
def put_on_hold(by: Any, *, number: str) -> int:
    return Account.objects.filter(number=number).update(on_hold=True)


def state_of(town: Town, address: str) -> str:
    with scope(town.utility.id), transaction.atomic():
        return str(Run.objects.get(id=int(address.strip("/").split("/")[-1])).state)


@pytest.mark.parametrize(
    "page", ["/runs/", "/runs/1/", "/runs/1/accounts/", "/runs/1/accounts/100001/", "/runs/1/pages/"]
)
def test_a_page_of_runs_asks_at_most_fifteen_questions(live: World, page: str) -> None:
    assert len(queries_of(live.oak.client("billing"), page)) <= MOST_QUERIES


def test_the_run_shows_who_did_each_step_and_what_was_charged(live: World) -> None:
    shown = text_of(live.oak.client("viewer").get("/runs/1/"))
    with scope(live.oak.utility.id), transaction.atomic():
        charged = sum(PreparedBill.objects.filter(run=1).values_list("total", flat=True), Decimal(0))
    assert "Bill Biller" in shown
    assert "Susan Supervisor" in shown
    assert f"Charged {charged:,.2f}" in shown


def test_totals_by_revenue_code_add_up_to_the_bills(live: World) -> None:
    page = live.oak.client("billing").get("/runs/1/")
    with scope(live.oak.utility.id), transaction.atomic():
        charged = sum(PreparedBill.objects.filter(run=1).values_list("total", flat=True), Decimal(0))
    assert sum(line["of"].amount for line in page.context["totals"]) == charged > 0


@pytest.mark.parametrize(
    "page", ["", "live/", "accounts/", "accounts/100001/", "pages/", "bills.pdf", "approve/"]
)
def test_the_run_of_another_town_is_not_there(live: World, page: str) -> None:
    with scope(live.elm.utility.id), transaction.atomic():
        theirs = Run.objects.get().id
    assert live.oak.client("supervisor").get(f"/runs/{theirs}/{page}").status_code == 404


def test_a_period_that_is_billed_already_is_refused_at_its_field_and_what_was_typed_is_kept(
    live: World,
) -> None:
    typed = {**SEPTEMBER, "starts": "2026-08-01", "ends": "2026-08-31", "message": "Boil water until Friday"}
    answer = send(live.oak.client("billing"), "/runs/new/", cycle_id=cycle_of(live.oak), **typed)
    assert answer.status_code == 409
    assert answer.context["form"].errors.as_data().keys() == {"starts"}
    assert "Boil water until Friday" in answer.content.decode()


def test_an_account_without_a_reading_is_held_and_ranked_by_what_it_billed_last(live: World) -> None:
    run = prepared_september(live.oak, without=2)
    page = live.oak.client("billing").get(run)
    held = page.context["held"]
    assert [row.reason for row in held] == ["missing_reading"] * 2
    assert held[0].at_risk == held[0].before >= held[1].at_risk > 0
    assert "2 held: no reading" in text_of(page)


def test_the_list_of_held_bills_is_exported_as_it_is_filtered(live: World) -> None:
    run = prepared_september(live.oak, without=2)
    answer = live.oak.client("billing").get(f"{run}accounts/?state=held&export=csv")
    assert answer["X-Row-Count"] == "2"


def test_a_bill_shows_the_arithmetic_behind_its_lines_and_leads_to_its_neighbours(live: World) -> None:
    client = live.oak.client("billing")
    first = client.get("/runs/1/accounts/?sort=account").context["rows"][0].href
    page = client.get(first)
    assert "sort=account" in page.context["next"]
    assert page.context["previous"] == ""
    assert (page.context["place"], page.context["of"]) == (1, live.oak.plan.accounts)
    back = client.get(page.context["next"]).context["previous"]
    assert back == first
    assert all(line.steps for service in page.context["services"] for line in service.lines)


def test_a_held_bill_is_released_with_a_reason_and_the_run_is_reviewed_again(live: World) -> None:
    with scope(live.oak.utility.id):
        put_on_hold(live.oak.admin, number="100003")
    run = prepared_september(live.oak)
    biller, bill = live.oak.client("billing"), f"{run}accounts/100003/"
    account = live.oak.account("100003").id
    refused = send(biller, f"{bill}release/", opened=bill, why=" ", account_id=account)
    assert refused.status_code == 422
    assert "Fill this in" in text_of(refused)
    assert review(biller, run).status_code == 302
    told = "Dispute is settled"
    assert send(biller, f"{bill}release/", opened=bill, why=told, account_id=account).status_code == 302
    assert biller.get(bill).context["row"].state == "ready"
    assert state_of(live.oak, run) == "prepared"


def test_who_opened_the_run_is_told_beforehand_that_a_second_person_approves(live: World) -> None:
    run = prepared_september(live.oak)
    biller = live.oak.client("billing")
    review(biller, run)
    assert "You opened this run, so a second person approves it." in text_of(biller.get(run))
    approve = biller.get(f"{run}approve/")
    answer = biller.post(
        f"{run}approve/", {"idempotency_key": key_of(approve), "seen": approve.context["sent"]}
    )
    assert answer.status_code == 403
    assert state_of(live.oak, run) == "reviewed"


def test_an_approval_is_refused_when_the_charges_are_not_those_that_were_seen(live: World) -> None:
    run = prepared_september(live.oak)
    review(live.oak.client("billing"), run)
    answer = send(live.oak.client("supervisor"), f"{run}approve/", seen="0" * 64)
    assert answer.status_code == 409
    assert "not those that were reviewed" in text_of(answer)
    assert state_of(live.oak, run) == "reviewed"


def test_an_open_run_is_cancelled_with_a_reason_and_the_period_can_be_opened_again(live: World) -> None:
    run = prepared_september(live.oak)
    biller = live.oak.client("billing")
    assert send(biller, f"{run}cancel/", why="").status_code == 422
    assert send(biller, f"{run}cancel/", why="Wrong dates").status_code == 302
    assert state_of(live.oak, run) == "cancelled"
    assert send(biller, "/runs/new/", cycle_id=cycle_of(live.oak), **SEPTEMBER).status_code == 302


def test_a_job_tells_how_far_it_is_and_that_no_worker_is_there(live: World) -> None:
    client = live.oak.client("billing")
    run = send(client, "/runs/new/", cycle_id=cycle_of(live.oak), **SEPTEMBER)["Location"]
    send(client, f"{run}prepare/", opened=run)
    with scope(live.oak.utility.id), transaction.atomic():
        job = Job.objects.order_by("-id").first()
        assert job is not None
    shown = text_of(client.get(f"/jobs/{job.id}/"))
    assert f"0 of {live.oak.plan.accounts} accounts" in shown
    assert "No worker is running." in shown
    assert "data-live" in client.get(f"/jobs/{job.id}/live/").content.decode()


def test_a_waiting_job_is_cancelled_and_tried_again(live: World) -> None:
    client = live.oak.client("billing")
    run = send(client, "/runs/new/", cycle_id=cycle_of(live.oak), **SEPTEMBER)["Location"]
    send(client, f"{run}prepare/", opened=run)
    job = re.search(r"/jobs/(\d+)/", client.get(run).content.decode())
    assert job is not None
    assert send(client, f"{job[0]}cancel/", opened=job[0]).status_code == 302
    assert "Cancelled" in text_of(client.get(job[0]))
    assert send(client, f"{job[0]}retry/", opened=job[0]).status_code == 302
    assert "data-live" in client.get(f"{job[0]}live/").content.decode()


def test_a_new_run_is_proposed_for_the_cycle_billed_least_far_and_for_the_days_that_follow(
    grown: Grown,
) -> None:
    biller = client(grown, "billing")
    with grown.at():
        one, two = Cycle.objects.order_by("code").values_list("id", flat=True)

    def proposed(query: str = "") -> tuple[str, date, date]:
        given = biller.get(f"/runs/new/{query}").context["form"].initial
        return given["cycle_id"], given["starts"], given["ends"]

    assert proposed() == (str(one), date(2026, 9, 1), date(2026, 9, 30))
    assert proposed(f"?cycle_id={two}") == (str(two), date(2026, 9, 3), date(2026, 10, 2))
    grown.open()
    assert proposed() == (str(two), date(2026, 9, 3), date(2026, 10, 2))


def test_a_released_bill_leads_on_in_the_list_it_has_left(grown: Grown) -> None:
    grown.read()
    run = grown.prepare()
    one, two = (row.account for row in grown.staged(run)[3:5])
    for account in (one, two):
        with scope(grown.utility.id):
            hold_bill(grown.by("billing"), run_id=run, account_id=account.id, why="Look at the meter")
    page, biller = f"/runs/{run}/accounts/{one.number}/?state=held&sort=account", client(grown, "billing")
    assert biller.get(page).context["place"] == 1
    address = send(biller, page.replace("/?", "/release/?"), opened=page, why="It is right")["Location"]
    assert address == page
    after = biller.get(address)
    assert (after.context["row"].state, after.context["listed"]) == ("ready", 0)
    assert after.context["next"] == page.replace(one.number, two.number)


def test_a_release_says_when_another_reason_still_holds_the_bill(grown: Grown) -> None:
    lines = dials(grown, lambda before, read: read)
    cells = lines[4].split(",")
    cells[READ] = str(Decimal(cells[READ]) + 90)
    grown.receive([*lines[:4], ",".join(cells), *lines[5:]])
    run, biller = grown.prepare(), client(grown, "billing")
    page = f"/runs/{run}/accounts/{cells[0]}/"
    for told in ("The bill is still held: far over its own average", "goes with the run"):
        send(biller, f"{page}release/", opened=page, why="A toilet ran all month")
        assert told in text_of(biller.get(page))
