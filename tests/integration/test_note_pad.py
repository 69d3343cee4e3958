"""The note pad of an account."""

import pytest
from django.db import transaction

from core.errors import Conflict, NotAllowed, Refused
from core.tenancy import scope
from customers.models import Account, Note
from customers.notes import add_note, notes_of, unpin_note
from tests.conftest import World
from tests.world.partners import Partner


def account_id(world: World) -> int:
    return int(Account.objects.values_list("id", flat=True).get(number="100001"))


@pytest.mark.req("CUS-13")
def test_a_note_is_written_and_read_newest_first_with_who_and_when(live: World) -> None:
    client = live.oak.client("clerk")
    for n, text in enumerate(("Dog in the yard", "Gate code is 4711")):
        sent = {"text": text, "idempotency_key": f"note-number-{n}"}
        assert client.post("/accounts/100001/notes/new/", sent).status_code == 302
    page = client.get("/accounts/100001/?tab=notes").content.decode()
    assert page.index("Gate code is 4711") < page.index("Dog in the yard")
    assert page.count("Carla Clerk") >= 2
    with scope(live.oak.utility.id), transaction.atomic():
        assert {n.made_by for n in Note.objects.all()} == {live.oak.clerk.ref}


@pytest.mark.req("CUS-13")
def test_that_there_are_notes_is_seen_on_every_tab(live: World) -> None:
    client = live.oak.client("clerk")
    assert "Notes present" not in client.get("/accounts/100001/").content.decode()
    client.post("/accounts/100001/notes/new/", {"text": "Dog", "idempotency_key": "one-note"})
    for tab in ("", "people", "services"):
        assert "Notes present" in client.get(f"/accounts/100001/?tab={tab}").content.decode()
    assert "Notes present" not in client.get("/accounts/100002/").content.decode()


@pytest.mark.req("CUS-13")
def test_a_pinned_note_is_an_alert_until_somebody_takes_it_off(live: World) -> None:
    client = live.oak.client("clerk")
    sent = {"text": "Call before cutting", "pinned": "on", "idempotency_key": "pinned-note"}
    client.post("/accounts/100001/notes/new/", sent)
    page = client.get("/accounts/100001/").content.decode()
    assert page.index("Call before cutting") < page.index("Pay")
    with scope(live.oak.utility.id), transaction.atomic():
        note = Note.objects.get()
    client.post(f"/notes/{note.id}/unpin/", {"idempotency_key": "take-it-off"})
    assert "Call before cutting" not in client.get("/accounts/100001/").content.decode()
    assert "Call before cutting" in client.get("/accounts/100001/?tab=notes").content.decode()


def test_a_note_as_long_as_it_may_be_is_kept_whole(world: World) -> None:
    text = "x" * 1999 + "Z"
    add_note(world.oak.clerk, account_id=account_id(world), text=text)
    assert notes_of(account_id(world))[0].text == text


@pytest.mark.parametrize(("text", "told"), [("", "empty"), ("x" * 2001, "2,001 characters")])
def test_a_note_that_cannot_be_kept_is_refused_at_its_field(world: World, text: str, told: str) -> None:
    with pytest.raises(Refused, match=told) as refused:
        add_note(world.oak.clerk, account_id=account_id(world), text=text)
    assert refused.value.field == "text"


def test_a_note_is_taken_off_once(world: World) -> None:
    note = add_note(world.oak.clerk, account_id=account_id(world), text="Dog", pinned=True)
    unpin_note(world.oak.clerk, note_id=note)
    with pytest.raises(Conflict, match="not pinned any more"):
        unpin_note(world.oak.clerk, note_id=note)


def test_a_viewer_writes_no_note(world: World) -> None:
    with pytest.raises(NotAllowed):
        add_note(world.oak.viewer, account_id=account_id(world), text="Dog")


@pytest.mark.req("CUS-13")
def test_a_partner_system_writes_reads_and_unpins_notes(live: World) -> None:
    partner = Partner(live.oak)
    account = partner.first("accounts/")["id"]
    made = partner.ask("POST", f"accounts/{account}/notes/", {"text": "From the field", "pinned": True})
    assert made.status_code == 201, made.content
    note = partner.get(f"accounts/{account}/notes/?pinned=true")["results"][0]
    assert note["text"] == "From the field"
    assert note["made_by"].startswith("partner:")
    answer = partner.ask("POST", f"notes/{note['id']}/unpin/", {})
    assert answer.status_code == 200
    assert answer.json()["pinned"] is False
