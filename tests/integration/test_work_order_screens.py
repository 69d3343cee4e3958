"""Work orders on screen, by the interface, on paper, and as files."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from config.town.month import work_until_idle
from core.tenancy import scope
from customers.models import Note
from interchange import pipeline
from interchange.models import ImportFile, ImportRow
from meters.models import Meter, Reading, WorkOrder
from tests.conftest import World
from tests.world.partners import Partner
from tests.world.towns import Town

KEY = "work-order-key"
DUE = {"kind": "disconnect", "location": "L100003", "due_on": "2026-09-10", "account_number": "100003"}


def at(town: Town, ask: Any) -> Any:
    with scope(town.utility.id), transaction.atomic():
        return ask()


def order_on_screen(client: Client, **more: str) -> int:
    answer = client.post("/orders/new/", {**DUE, **more, "idempotency_key": f"{KEY}{more}"[:100]})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.headers["Location"].strip("/").split("/")[-1])


def last_dial(town: Town) -> int:
    rows = Reading.objects.filter(register__meter__number="M100003", is_live=True)
    return int(at(town, lambda: rows.order_by("-on")[0].dial))


@pytest.mark.req("MOV-08")
def test_an_order_is_made_printed_and_completed_on_screen(live: World) -> None:
    client = live.oak.client("clerk")
    number = order_on_screen(client, what="Two dogs")
    assert "Two dogs" in client.get(f"/orders/{number}/").content.decode()
    assert client.get(f"/orders/{number}/sheet.pdf").content.startswith(b"%PDF")
    dial = last_dial(live.oak) + 2
    sent = {"done_on": "2026-09-10", "dial": str(dial), "findings": "Off", "idempotency_key": KEY}
    answer = client.post(f"/orders/{number}/complete/", {**sent, "sure": "on"})
    assert answer.headers.get("Location") == f"/orders/{number}/", answer.content.decode()
    page = client.get(f"/orders/{number}/").content.decode()
    assert "Done on" in page
    assert f"{dial}" in page
    assert at(live.oak, lambda: Meter.objects.get(number="M100003").cut_off) == date(2026, 9, 10)


@pytest.mark.req("MOV-08")
def test_a_finished_order_is_noted_on_its_account_once(live: World) -> None:
    client = live.oak.client("clerk")
    number = order_on_screen(client)
    sent = {"done_on": "2026-09-10", "findings": "Turned off", "idempotency_key": KEY}
    client.post(f"/orders/{number}/complete/", sent)
    for _ in range(2):
        with scope(live.oak.utility.id):
            work_until_idle()
    notes = at(live.oak, lambda: [n.text for n in Note.objects.filter(account__number="100003")])
    assert len(notes) == 1
    assert f"Work order {number}" in notes[0]
    assert "Turned off" in notes[0]
    assert "Shut off" in client.get("/accounts/100003/").content.decode()


def test_a_refused_reading_comes_back_with_what_was_typed(live: World) -> None:
    client = live.oak.client("clerk")
    number = order_on_screen(client)
    sent = {"done_on": "2026-09-10", "dial": "1", "findings": "Kept text", "idempotency_key": KEY}
    answer = client.post(f"/orders/{number}/complete/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "lower than" in page
    assert "Kept text" in page
    assert "Keep it" not in page


def test_a_reading_without_any_use_is_kept_when_it_is_sent_again_on_purpose(live: World) -> None:
    client = live.oak.client("clerk")
    path = f"/orders/{order_on_screen(client)}/complete/"
    sent = {"done_on": "2026-09-10", "dial": str(last_dial(live.oak)), "idempotency_key": KEY}
    page = client.post(path, sent).content.decode()
    assert "There was no use" in page
    assert "Keep it" in page
    assert client.post(path, {**sent, "sure": "on"}).status_code == 302


def test_the_list_filters_and_the_search_box_opens_a_scanned_order(live: World) -> None:
    client = live.oak.client("clerk")
    number = order_on_screen(client, assigned_to="Crew 7")
    assert f"/orders/{number}/" in client.get("/orders/?state=open&assigned=crew+7").content.decode()
    assert f"/orders/{number}/" not in client.get("/orders/?state=done").content.decode()
    found = client.get(f"/search/?q=W{number}")
    assert f"/orders/{number}/" in found.headers.get("Location", "") + found.content.decode()


@pytest.mark.req("MOV-08")
def test_the_map_shows_what_is_due_as_marks_and_as_a_table(live: World) -> None:
    client = live.oak.client("clerk")
    number = order_on_screen(client)
    page = client.get("/orders/map/").content.decode()
    assert page.count(f'href="/orders/{number}/"') == 2
    assert "map-late" in page
    assert client.get("/orders/sheets.pdf?due=2026-12-31").content.startswith(b"%PDF")
    assert f'href="/orders/{number}/"' not in client.get("/orders/map/?due=2026-09-09").content.decode()


@pytest.mark.req("MOV-08")
def test_an_outside_system_makes_completes_and_cancels(live: World) -> None:
    partner = Partner(live.oak)
    place = partner.first("locations/", code="L100003")["id"]
    body = {"kind": "re_read", "location_id": place, "due_on": "2026-09-10", "outside_ref": "X-7"}
    made = partner.post("work-orders/", body, key="a")["order"]
    assert partner.post("work-orders/", body, key="a")["order"]["id"] == made["id"]
    dial = last_dial(live.oak) + 2
    done = {"done_on": "2026-09-10", "readings": [{"dial": str(dial)}], "sure": True}
    after = partner.post(f"work-orders/{made['id']}/complete/", done, key="b")
    assert (after["order"]["state"], after["readings"][0]["dial"]) == ("done", str(dial))
    assert partner.first("work-orders/", outside_ref="X-7")["state"] == "done"
    other = partner.post("work-orders/", {**body, "outside_ref": "X-8"}, key="c")["order"]
    cancelled = partner.post(f"work-orders/{other['id']}/cancel/", {"why": "Not needed"}, key="d")
    assert cancelled["order"]["findings"] == "Not needed"


def test_a_partner_with_an_old_version_changes_nothing(live: World) -> None:
    partner = Partner(live.oak)
    place = partner.first("locations/", code="L100003")["id"]
    body = {"kind": "connect", "location_id": place, "due_on": "2026-09-10"}
    order = partner.post("work-orders/", body, key="a")["order"]
    path = f"work-orders/{order['id']}/"
    first = partner.ask("PATCH", path, {"assigned_to": "One", "version": order["version"]})
    second = partner.ask("PATCH", path, {"assigned_to": "Two", "version": order["version"]})
    assert (first.status_code, second.status_code) == (200, 409)
    assert partner.get(path)["order"]["assigned_to"] == "One"


@pytest.mark.req("MOV-08")
def test_open_orders_go_out_as_csv_and_come_back_done_row_by_row(live: World) -> None:
    client = live.oak.client("clerk")
    number, second = (
        order_on_screen(client),
        order_on_screen(client, location="L100004", account_number="100004"),
    )
    text = client.get("/orders/open.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [r["Order_Number"] for r in rows] == [str(number), str(second)]
    rows[0] |= {"Done_On": "2026-09-10", "Reading": str(last_dial(live.oak) + 2), "Reading_Confirmed": "Y"}
    rows[1] |= {"Done_On": "2026-09-10", "Reading": "1"}
    back = io.StringIO(newline="")
    writer = csv.DictWriter(back, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    town = live.oak
    with scope(town.utility.id):
        file = pipeline.receive_file(
            town.billing, feed="work_orders", name="done.csv", content=back.getvalue().encode(),
            today=date(2026, 10, 2),
        )  # fmt: skip
        work_until_idle()
        assert at(town, lambda: ImportFile.objects.get(id=file).ready) == 2
    approve(town, file)
    assert at(town, lambda: WorkOrder.objects.get(number=number).state) == "done"
    assert at(town, lambda: WorkOrder.objects.get(number=second).state) == "open"
    faults = at(town, lambda: ImportRow.objects.get(import_file=file, line=3).faults)
    assert "lower than" in str(faults)


def approve(town: Town, file: int) -> None:
    with scope(town.utility.id):
        found = at(town, lambda: ImportFile.objects.get(id=file))
        pipeline.approve_import(
            town.supervisor, import_id=file, seen=found.fingerprint, today=date(2026, 10, 2)
        )
        work_until_idle()
