"""The editor of a draft: what is typed is kept, told at its field, or tried; two clerks lose nothing."""

import json
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client

from core.errors import Conflict, NotAllowed
from core.tenancy import scope
from rates.drafts import change_draft, withdraw_draft
from rates.engine.components import COMPONENT_KINDS
from rates.models import RateTable, RateVersion
from rates.operations import activate_version, create_table, draft_version
from rates.sheet import fields_of, flattened
from tests.conftest import World

STARTS = date(2027, 1, 1)


def content(**more: Any) -> dict[str, Any]:
    charge = {"id": "service", "kind": "fixed", "text": "Service charge", "revenue_code": "WATER"}
    usage = {"id": "usage", "kind": "blocks", "text": "Water use", "revenue_code": "WATER", "per": "1000",
             "blocks": [{"up_to": "3000", "price": "7.05"}, {"price": "6.55"}]}  # fmt: skip
    head = {"name": "Town water", "service_type": "water", "unit": "GAL", "note": "As printed."}
    return {**head, "components": [{**charge, "amount": "19.50"}, usage], **more}


def a_draft(live: World, what: dict[str, Any] | None = None) -> RateVersion:
    """A draft of a new table, made by the billing clerk."""
    town = live.oak
    with scope(town.utility.id):
        table = create_table(town.billing, code="TOWN", name="Town water", service_type="water")
        made = draft_version(town.billing, table_id=table, content=what or content(), starts=STARTS)
        with transaction.atomic():
            return RateVersion.objects.get(id=made)


def now(live: World, draft: RateVersion) -> RateVersion:
    with scope(live.oak.utility.id), transaction.atomic():
        return RateVersion.objects.get(id=draft.id)


def typed(what: dict[str, Any], **more: str) -> dict[str, str]:
    """The form as a browser would send it."""
    fields = {f"s.{name}": text for name, text in flattened(fields_of(what)).items()}
    return {**fields, "starts": "2027-01-01", "idempotency_key": str(uuid4()), **more}


class Inputs(HTMLParser):
    """What a browser would send of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "input" and name and (found.get("type") != "checkbox" or "checked" in found):
            self.sent[name] = found.get("value", "")
        if tag in ("select", "textarea"):
            self.inside = name
            self.sent[name] = ""
        if tag == "option" and self.inside and "selected" in found:
            self.sent[self.inside] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag in ("select", "textarea") else self.inside

    def handle_data(self, data: str) -> None:
        if self.inside in self.sent and self.get_starttag_text().startswith("<textarea"):  # type: ignore[union-attr]  # inside one
            self.sent[self.inside] += data


def opened(client: Client, draft: RateVersion) -> dict[str, str]:
    page = client.get(f"/rates/TOWN/versions/{draft.id}/edit/").content.decode()
    form = page[page.index('id="editor"') :]
    return Inputs(form).sent


@pytest.mark.req("RAT-01")
def test_a_draft_opened_and_saved_as_it_is_says_what_it_said(live: World) -> None:
    what = content(seasons=[{"name": "summer", "from": "05-01"}, {"name": "winter", "from": "10-01"}])
    what["components"][1]["when"] = {"season": ["summer"], "class": ["residential", None]}
    what["components"][1]["quantity"] = {"op": "least", "of": ["use", "7000"]}
    draft = a_draft(live, what)
    clerk = live.oak.client("billing")
    answer = clerk.post(f"/rates/TOWN/versions/{draft.id}/edit/", opened(clerk, draft))
    assert answer.status_code == 302
    assert now(live, draft).content == what


@pytest.mark.req("RAT-01", "RAT-02")
def test_what_is_typed_is_kept_and_reads_like_the_ordinance(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    sent = opened(clerk, draft)
    sent["s.components.1.blocks.one.1.up_to"] = "10,000"
    sent["s.components.1.blocks.one.2.price"] = "$5.80"
    answer = clerk.post(f"/rates/TOWN/versions/{draft.id}/edit/", sent)
    page = clerk.get(answer["Location"]).content.decode()
    assert re.search(r"over 3,000 to 10,000</td>\s*<td[^>]*>6.55", page)
    assert re.search(r"over 10,000</td>\s*<td[^>]*>5.80", page)


def test_what_cannot_be_read_is_told_at_its_field_and_stays_typed(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    sent = {**opened(clerk, draft), "s.components.1.blocks.one.0.up_to": "many"}
    sent["s.components.0.text"] = "Changed meanwhile"
    answer = clerk.post(
        f"/rates/TOWN/versions/{draft.id}/edit/", {**sent, "s.components.1.blocks.one.0.price": ""}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#s.components.1.blocks.one.0.price"' in page
    assert 'value="Changed meanwhile"' in page
    assert now(live, draft).content == content()


def test_what_the_engine_refuses_is_led_to_its_field(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    sent = {**opened(clerk, draft), "s.components.1.per": "-1"}
    page = clerk.post(f"/rates/TOWN/versions/{draft.id}/edit/", sent).content.decode()
    assert 'href="#s.components.1.per"' in page
    assert "more than zero units" in page


def test_the_trial_follows_what_is_typed_and_keeps_nothing(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    sent = {**typed(content()), "t-use": "4000", "t-on": "2027-01-31", "t-days": "31"}
    sent["s.components.0.amount.one"] = "20.00"
    page = clerk.post(f"/rates/TOWN/versions/{draft.id}/edit/try/", sent).content.decode()
    # 20.00 + 3,000 at 7.05 and 1,000 at 6.55 a thousand: 21.15 + 6.55 = 27.70.
    assert "47.70" in page
    assert now(live, draft).content == content()


def test_a_gap_is_told_while_one_types_with_a_link_to_where_it_is(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    sent = {**typed(content()), "t-use": "4000"}
    sent |= {"s.components.1.blocks.one.1.up_to": "9000", "s.components.0.revenue_code": "NOWHERE"}
    page = clerk.post(f"/rates/TOWN/versions/{draft.id}/edit/try/", sent).content.decode()
    assert "NOWHERE" in page
    assert 'data-at="s.components.0.revenue_code"' in page
    assert 'data-at="s.components.1.blocks' in page


def test_a_charge_is_added_by_the_server_with_what_was_typed_still_there(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    sent = {**typed(content()), "s.components.0.text": "Base charge", "act": "add tax"}
    page = clerk.post(f"/rates/TOWN/versions/{draft.id}/edit/sheet/", sent).content.decode()
    assert 'value="Base charge"' in page
    assert Inputs(page).sent["s.components.2.kind"] == "tax"
    assert "data-focus-here" in page


@pytest.mark.parametrize("kind", [one.kind for one in COMPONENT_KINDS])
def test_each_kind_of_charge_can_be_added(live: World, kind: str) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    answer = clerk.post(
        f"/rates/TOWN/versions/{draft.id}/edit/sheet/", {**typed(content()), "act": f"add {kind}"}
    )
    page = answer.content.decode()
    assert (answer.status_code, Inputs(page).sent["s.components.2.kind"]) == (200, kind)
    assert 'class="ask ask-json"' not in page[page.index("clause-2") :]


@pytest.mark.req("RAT-02")
def test_a_maximum_bill_is_typed_saved_and_read_as_the_ordinance_says_it(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    most = {"id": "most", "kind": "maximum_bill", "text": "Maximum", "revenue_code": "WATER"}
    whole = content()
    whole["components"].append({**most, "of": ["all"], "amount": "45.00"})
    assert clerk.post(f"/rates/TOWN/versions/{draft.id}/edit/", typed(whole)).status_code == 302
    assert now(live, draft).content["components"][2]["amount"] == "45.00"
    page = clerk.get(f"/rates/TOWN/versions/{draft.id}/").content.decode()
    said = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "What all charges above come to above 45.00 is taken off" in said


def test_of_two_clerks_the_later_one_keeps_the_others_charge_and_her_own(live: World) -> None:
    draft, first, second = a_draft(live), live.oak.client("billing"), live.oak.client("supervisor")
    early, late = opened(first, draft), opened(second, draft)
    early["s.components.0.amount.one"] = "21.00"
    late["s.components.1.blocks.one.1.price"] = "6.00"
    address = f"/rates/TOWN/versions/{draft.id}/edit/"
    assert first.post(address, early).status_code == 302
    answer = second.post(address, late)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "“Service charge”. It is taken over here." in page
    again = Inputs(page[page.index('id="editor"') :]).sent
    assert second.post(address, {**again, "idempotency_key": str(uuid4())}).status_code == 302
    kept = now(live, draft).content["components"]
    assert kept[0]["amount"] == "21.00"
    assert kept[1]["blocks"][1]["price"] == "6.00"


@pytest.mark.req("SYS-02")
def test_who_changed_a_draft_does_not_put_it_in_force(live: World) -> None:
    draft = a_draft(live)
    town = live.oak
    with scope(town.utility.id):
        change_draft(town.supervisor, version_id=draft.id, content=content(note="Seen."), starts=STARTS)
        with pytest.raises(NotAllowed):
            activate_version(town.supervisor, version_id=draft.id)
        activate_version(town.admin, version_id=draft.id)
    page = town.client("viewer").get(f"/rates/TOWN/versions/{draft.id}/").content.decode()
    assert "Changed by" in page


def test_what_is_in_force_is_changed_and_withdrawn_by_nobody(live: World) -> None:
    draft, town = a_draft(live), live.oak
    with scope(town.utility.id):
        activate_version(town.admin, version_id=draft.id)
        with pytest.raises(Conflict, match="not a draft"):
            change_draft(town.billing, version_id=draft.id, content=content(), starts=STARTS)
        with pytest.raises(Conflict, match="not a draft"):
            withdraw_draft(town.billing, version_id=draft.id)


@pytest.mark.req("RAT-01")
def test_the_database_itself_keeps_what_a_version_in_force_says(live: World) -> None:
    draft, town = a_draft(live), live.oak
    with scope(town.utility.id):
        activate_version(town.admin, version_id=draft.id)
        with (
            pytest.raises(DatabaseError, match="says for ever") as refused,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "UPDATE rates_rateversion SET content = %s WHERE id = %s",
                [json.dumps(content(note="Otherwise")), draft.id],
            )
    assert isinstance(refused.value.__cause__, psycopg2.errors.CheckViolation)
    assert now(live, draft).content == content()


def test_a_draft_is_withdrawn_and_can_still_be_read(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    sent = {"idempotency_key": "withdrawn-by-clerk"}
    assert clerk.post(f"/rates/TOWN/versions/{draft.id}/withdraw/", sent).status_code == 302
    assert now(live, draft).state == "withdrawn"
    assert "Service charge" in clerk.get(f"/rates/TOWN/versions/{draft.id}/").content.decode()


@pytest.mark.parametrize(
    ("service", "shape"), [("water", "by_size"), ("sewer", "winter"), ("refuse", "carts")]
)
def test_a_new_table_begins_with_the_usual_shape_of_its_service(
    live: World, service: str, shape: str
) -> None:
    clerk = live.oak.client("billing")
    made = {"code": "FRESH", "name": "New rate", "service_type": service, "idempotency_key": "table-is-made"}
    place = clerk.post("/rates/new/", made)["Location"]
    begun = {"starts": "2027-01-01", "begin": shape, "idempotency_key": "draft-is-begun"}
    answer = clerk.post(place, begun)
    assert answer.status_code == 302
    assert answer["Location"].endswith("/edit/")
    assert clerk.get(answer["Location"]).status_code == 200


def test_a_table_is_taken_away_as_a_file_and_begins_another_one(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    file = clerk.get(f"/rates/TOWN/versions/{draft.id}/file/")
    assert json.loads(file.content) == content()
    sent = {"starts": "2028-01-01", "begin": "file", "idempotency_key": "begun-with-a-file"}
    upload = SimpleUploadedFile("town.json", file.content)
    answer = clerk.post("/rates/TOWN/versions/begin/", {**sent, "file": upload})
    assert answer.status_code == 302
    with scope(live.oak.utility.id), transaction.atomic():
        table = RateTable.objects.get(code="TOWN")
        assert RateVersion.objects.filter(table=table, content_hash=draft.content_hash).count() == 2


def test_the_file_of_a_whole_table_begins_with_its_last_version(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    upload = SimpleUploadedFile("town.json", clerk.get("/rates/TOWN/file/").content)
    sent = {"starts": "2028-01-01", "begin": "file", "file": upload, "idempotency_key": "begun-with-all"}
    assert clerk.post("/rates/TOWN/versions/begin/", sent).status_code == 302
    with scope(live.oak.utility.id), transaction.atomic():
        assert RateVersion.objects.filter(content_hash=draft.content_hash).count() == 2


@pytest.mark.parametrize("file", [b"", b"[1]", b"{", b"\xff\xfe\x00", b'{"name": 7}'])
def test_a_file_that_holds_no_table_is_refused_at_its_field(live: World, file: bytes) -> None:
    a_draft(live)
    sent = {"starts": "2028-01-01", "begin": "file", "idempotency_key": "begun-with-rubbish"}
    upload = SimpleUploadedFile("town.json", file)
    answer = live.oak.client("billing").post("/rates/TOWN/versions/begin/", {**sent, "file": upload})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
