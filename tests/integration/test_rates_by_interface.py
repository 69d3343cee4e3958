"""Rates by the API: found, drafted, changed, judged, tried, put in force; each for its own utility alone."""

from typing import Any

import pytest
from django.db import transaction

from config.town.found import tariff
from core.tenancy import scope
from rates.models import RateVersion
from tests.conftest import World
from tests.world.partners import Partner
from tests.world.tables import table_hash

DAYS = {"from": "2026-09-01", "to": "2026-10-01"}


def version_of(partner: Partner, rate: str) -> Any:
    """The version of a rate in force today."""
    return partner.first("rate-versions/", rate=rate, state="active")


def drafted(partner: Partner, rate: str, content: dict[str, Any]) -> Any:
    table = partner.first("rates/", code=rate)["id"]
    return partner.post(f"rates/{table}/versions/", {"starts": "2027-01-01", "content": content})


@pytest.mark.req("RAT-01", "SYS-03")
def test_versions_are_found_by_rate_service_state_and_day(live: World) -> None:
    partner = Partner(live.oak)
    drafted(partner, "REFUSE", tariff("bossier-trash"))
    on = partner.get("rate-versions/", on="2026-09-15")["results"]
    assert sorted(one["rate"] for one in on) == ["REFUSE", "SEWER", "WATER"]
    assert [one["rate"] for one in partner.get("rate-versions/", state="draft")["results"]] == ["REFUSE"]
    assert [o["rate"] for o in partner.get("rate-versions/", service_type="water")["results"]] == ["WATER"]
    water = version_of(partner, "WATER")
    by_hash = partner.get("rate-versions/", content_hash=water["content_hash"])["results"]
    assert [one["id"] for one in by_hash] == [water["id"]]


@pytest.mark.req("RAT-02", "SYS-03")
def test_a_bill_is_tried_without_anything_being_kept(live: World) -> None:
    partner = Partner(live.oak)
    version = version_of(partner, "WATER")["id"]
    before = table_hash("rates_", "billing_")
    asked = {**DAYS, "use": "20", "unit": "CCF", "attributes": {"meter_size": "5/8"}}
    tried = partner.post(f"rate-versions/{version}/trial/", asked)
    # 15 × 3.85 + 5 × 2.85 = 57.75 + 14.25
    assert (tried["total"], tried["days"], tried["from"]) == ("72.00", 30, "2026-09-01")
    (charge,) = tried["services"][0]["charges"]
    assert [step["amount"] for step in charge["steps"]] == ["57.75", "14.25"]
    small = partner.post(f"rate-versions/{version}/trial/", {**asked, "use": "1"})
    assert small["total"] == "13.76"  # the minimum bill of a 5/8 inch meter
    assert table_hash("rates_", "billing_") == before


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, ""),
        ({**DAYS, "use": 4.5}, "use"),
        ({**DAYS, "use": "4", "unit": "CUPS"}, "unit"),
        ({"from": "2026-10-01", "to": "2026-09-01"}, "to"),
        ({**DAYS, "use": "4", "colour": "red"}, "colour"),
        ([1], ""),
    ],
)
def test_facts_that_cannot_be_are_refused_at_their_place(live: World, asked: Any, field: str) -> None:
    partner = Partner(live.oak)
    answer = partner.ask("POST", f"rate-versions/{version_of(partner, 'WATER')['id']}/trial/", asked)
    assert answer.status_code == 422, answer.content
    told = answer.json()
    assert told["remedy"]
    assert [e["field"] for e in told.get("errors", [])] in ([field], [""], [])


def test_a_trial_says_what_the_table_asks_for(live: World) -> None:
    partner = Partner(live.oak)
    path = f"rate-versions/{version_of(partner, 'WATER')['id']}/trial/"
    answer = partner.ask("POST", path, {**DAYS, "use": "4", "unit": "CCF"})
    assert answer.status_code == 422
    assert "meter_size" in answer.json()["remedy"]


@pytest.mark.req("RAT-01")
def test_a_draft_is_changed_in_part_and_never_by_who_did_not_see_the_last_change(live: World) -> None:
    partner = Partner(live.oak)
    draft = drafted(partner, "REFUSE", tariff("bossier-trash"))
    path = f"rate-versions/{draft['id']}/"
    seen = partner.get(path)["version"]
    answer = partner.ask("PATCH", path, {"source": "Ordinance 13", "version": seen})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["source"], answer.json()["content"]) == ("Ordinance 13", draft["content"])
    late = partner.ask("PATCH", path, {"source": "Ordinance 14", "version": seen})
    assert (late.status_code, partner.get(path)["source"]) == (409, "Ordinance 13")


@pytest.mark.req("RAT-01")
def test_a_draft_withdrawn_is_kept_and_can_be_neither_changed_nor_put_in_force(live: World) -> None:
    partner, other = Partner(live.oak), Partner(live.oak, name="Council")
    draft = drafted(partner, "REFUSE", tariff("bossier-trash"))["id"]
    assert partner.post(f"rate-versions/{draft}/withdraw/")["state"] == "withdrawn"
    assert partner.ask("PATCH", f"rate-versions/{draft}/", {"source": "x"}).status_code == 409
    assert other.ask("POST", f"rate-versions/{draft}/activate/").status_code == 409
    assert partner.ask("POST", f"rate-versions/{draft}/withdraw/").status_code == 409


def test_who_wrote_on_a_draft_does_not_put_it_in_force(live: World) -> None:
    partner, other = Partner(live.oak), Partner(live.oak, name="Council")
    draft = drafted(partner, "REFUSE", tariff("bossier-trash"))["id"]
    assert other.ask("PATCH", f"rate-versions/{draft}/", {"source": "Ord. 9"}).status_code == 200
    assert other.ask("POST", f"rate-versions/{draft}/activate/").status_code == 403


@pytest.mark.req("RAT-02")
def test_a_content_is_judged_before_it_is_kept(live: World) -> None:
    partner = Partner(live.oak)
    table = partner.first("rates/", code="WATER")["id"]
    content = tariff("council-bluffs-water")
    blocks = content["components"][0]["blocks"]
    blocks[0]["up_to"], blocks[1]["up_to"] = "300", "15"
    judged = partner.post(f"rates/{table}/findings/", {"content": content, "starts": "2027-01-01"})
    assert judged["may_be_put_in_force"] is False
    assert judged["findings"][0]["place"].startswith("components[0].blocks")
    assert judged["findings"][0]["remedy"]
    kept = partner.get(f"rate-versions/{version_of(partner, 'WATER')['id']}/findings/")
    assert kept["may_be_put_in_force"] is True


@pytest.mark.req("SYS-01")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "rate-versions/{}/", None),
        ("PATCH", "rate-versions/{}/", {"source": "mine"}),
        ("GET", "rate-versions/{}/findings/", None),
        ("POST", "rate-versions/{}/trial/", {**DAYS, "use": "4", "unit": "CCF"}),
        ("POST", "rate-versions/{}/withdraw/", None),
        ("POST", "rate-versions/{}/activate/", None),
    ],
)
def test_a_version_of_another_town_is_not_there(live: World, method: str, path: str, body: Any) -> None:
    with scope(live.elm.utility.id), transaction.atomic():
        theirs = RateVersion.objects.values_list("id", flat=True)[0]
    assert Partner(live.oak).ask(method, path.format(theirs), body).status_code == 404


@pytest.mark.req("SYS-02")
@pytest.mark.parametrize(
    ("method", "path", "right"),
    [
        ("PATCH", "rate-versions/{}/", "rates.edit"),
        ("POST", "rate-versions/{}/withdraw/", "rates.edit"),
        ("POST", "rate-versions/{}/activate/", "rates.activate"),
    ],
)
def test_who_may_only_see_rates_changes_none(live: World, method: str, path: str, right: str) -> None:
    maker, viewer = Partner(live.oak), Partner(live.oak, "rates.view", name="Reader")
    draft = drafted(maker, "REFUSE", tariff("bossier-trash"))["id"]
    assert viewer.ask("GET", f"rate-versions/{draft}/").status_code == 200
    assert viewer.ask(method, path.format(draft), {"source": "x"}).status_code == 403
