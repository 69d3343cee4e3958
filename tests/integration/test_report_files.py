"""Reports as files, made at once or by a job; favourites; the same over the interface; nobody else's rows."""

import csv
import io

import pytest
from django.db import transaction

from config.town.month import work_until_idle
from core.models import Job
from core.tenancy import scope
from reports import making
from reports.catalogue import REPORTS, report_of
from reports.kit import Report
from reports.lines import lines
from reports.renderers import screen
from tests.conftest import World
from tests.world.desk import file_of, send, text_of
from tests.world.listings import asked, sheet_for
from tests.world.partners import Partner

NOTHING_YET = {"still-meters", "unbilled-use", "deposits-held"}
"""Of these there is nothing to list in August; ``test_meter_reports`` and ``test_deposits_by_interface`` have
rows of both towns."""

ANSWERS = {"run": "1", "route": "001", "since": "2026-08-01", "list": "first"}


def answers_for(report: Report) -> dict[str, str]:
    """Answers with which the report lists something of August."""
    names = {p.name: p.kind for p in report.parameters}
    found = {name: text for name, text in ANSWERS.items() if name in names}
    found = {**found, "since": "2026-08"} if names.get("since") == "month" else found
    needed = [p for p in report.parameters if p.required and p.default is None and p.name not in found]
    return {**found, **{p.name: p.offered()[0][0] for p in needed}}


@pytest.mark.req("SYS-01")
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)
def test_no_report_holds_a_row_of_the_other_town(world: World, report: Report) -> None:
    theirs = {house.name for house in world.elm.houses} - {house.name for house in world.oak.houses}
    found = [line for line in lines(sheet_for(report.code, answers_for(report))) if line.kind == "row"]
    texts = {cell for line in found for cell in line.cells if isinstance(cell, str)}
    assert not texts & theirs
    assert texts or report.group == "Counter" or report.code in NOTHING_YET, "Oak's own rows are there"


@pytest.mark.parametrize("form", ["pdf", "xlsx", "csv"])
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)
def test_every_report_is_made_in_every_form(world: World, report: Report, form: str) -> None:
    content = b"".join(making.pieces(sheet_for(report.code, answers_for(report)), form))
    assert content.startswith({"pdf": b"%PDF", "xlsx": b"PK", "csv": b"\xef\xbb\xbf"}[form])


def newest_job(live: World) -> int:
    with scope(live.oak.utility.id), transaction.atomic():
        return int(Job.objects.latest("id").id)


def test_a_report_too_long_to_wait_for_is_made_by_a_job(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_AT_ONCE", {"csv": 5, "xlsx": 5, "pdf": 5})
    client, address = (
        live.oak.client("viewer"),
        "/reports/billing-records/?since=2026-08-01&through=2026-09-30",
    )
    refused = client.get(f"{address}&form=csv")
    assert refused.status_code == 422
    assert "made in the background" in text_of(refused)
    made = send(client, address.replace("records/", "records/make/"), opened=address, form="csv")
    assert made["Location"] == "/reports/files/"
    work_until_idle()
    job = newest_job(live)
    assert f'href="/reports/files/{job}/"' in client.get("/reports/files/").content.decode()
    assert f"/reports/files/{job}/" not in live.oak.client("clerk").get("/reports/files/").content.decode()
    rows = list(csv.reader(io.StringIO(file_of(client.get(f"/reports/files/{job}/")).decode("utf-8-sig"))))
    with scope(live.oak.utility.id), transaction.atomic():
        assert len(rows) - 1 == asked("SELECT count(*) FROM ledger_charge")[0]


def test_a_file_of_a_job_is_for_those_alone_who_may_see_its_report(live: World) -> None:
    address = "/reports/billing-register/"
    send(live.oak.client("viewer"), f"{address}make/?run=1", opened=f"{address}?run=1", form="xlsx")
    job = newest_job(live)
    assert live.oak.client("viewer").get(f"/reports/files/{job}/").status_code == 409
    work_until_idle()
    assert live.oak.client("viewer").get(f"/reports/files/{job}/").status_code == 200
    assert live.oak.client("clerk").get(f"/reports/files/{job}/").status_code == 403
    assert live.elm.client("viewer").get(f"/reports/files/{job}/").status_code == 404


def test_a_long_report_shows_its_first_lines_and_says_that_there_are_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "MOST_LINES", 7)
    sheet = sheet_for("billing-records", {"since": "2026-08-01"})
    shown = screen.context(sheet, {}, today=sheet.printed_at.date())
    assert (shown["rows"], shown["cut"], shown["total"]) == (7, True, None)


def test_favourites_stand_first_and_are_one_s_own(live: World) -> None:
    viewer, clerk = live.oak.client("viewer"), live.oak.client("clerk")
    send(viewer, "/reports/trial-balance/favourite/", opened="/reports/trial-balance/", wanted="1")
    assert [(n, [r.code for r in rs]) for n, rs in viewer.get("/reports/").context["groups"]][0] == (
        "Favourites",
        ["trial-balance"],
    )
    assert clerk.get("/reports/").context["groups"][0][0] != "Favourites"
    send(viewer, "/reports/trial-balance/favourite/", opened="/reports/trial-balance/", wanted="0")
    assert viewer.get("/reports/").context["groups"][0][0] != "Favourites"


def test_what_was_asked_last_is_offered_and_not_forced(live: World) -> None:
    client = live.oak.client("viewer")
    client.get("/reports/aged-receivables/?as_of=2026-10-15&by=category")
    page = client.get("/reports/aged-receivables/")
    assert page.context["last"]["text"] == "As of Oct 15, 2026, Subtotals by Class"
    assert "?as_of=2026-10-15&amp;by=category" in page.content.decode()
    assert dict(page.context["sheet"].parameters.shown)["Subtotals by"] == "Route"


def test_a_report_that_needs_an_answer_opens_with_its_questions(live: World) -> None:
    page = live.oak.client("viewer").get("/reports/account-transactions/")
    assert page.status_code == 200
    assert "Say what it is about" in text_of(page)
    wrong = live.oak.client("viewer").get("/reports/account-transactions/?account=")
    assert wrong.status_code == 422


@pytest.fixture
def partner(live: World) -> Partner:
    """One that may see billing and the ledger, not the counter."""
    return Partner(live.oak, "reports.view", "billing.run.view", "ledger.view", "core.job.view")


@pytest.mark.req("SYS-03")
def test_the_interface_lists_reports_and_what_they_ask_for(partner: Partner) -> None:
    found = {r["code"]: r for r in partner.get("reports/")}
    assert "daily-register" not in found, "its right is not held"
    asked_for = {p["name"]: p for p in found["aged-receivables"]["parameters"]}
    assert asked_for["by"]["choices"] == {"route": "Route", "category": "Class"}
    assert partner.ask("GET", "reports/daily-register/").status_code == 403


def test_the_interface_gives_rows_and_total_as_the_screen_does(live: World, partner: Partner) -> None:
    told = partner.get("reports/billing-register/rows/", run=1)
    assert len(told["rows"]) == live.oak.plan.accounts
    with scope(live.oak.utility.id), transaction.atomic():
        assert told["total"]["charges"] == str(asked("SELECT sum(charges) FROM billing_bill")[0])
    assert told["columns"]["due"] == "Total due"


def test_a_wrong_parameter_over_the_interface_is_named_with_its_remedy(partner: Partner) -> None:
    answer = partner.ask("GET", "reports/trial-balance/rows/", through="tomorrow", run=1)
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"through", "run"}


def test_a_file_is_given_at_once_or_by_a_job_over_the_interface(partner: Partner) -> None:
    at_once = partner.ask("GET", "reports/trial-balance/file/", form="csv")
    job = partner.post("reports/trial-balance/file/", {"form": "csv"})["job"]["id"]
    work_until_idle()
    later = partner.ask("GET", f"reports/files/{job}/")
    assert file_of(later) == file_of(at_once)


def test_every_report_names_a_right_and_says_what_it_is_for() -> None:
    assert len({report.code for report in REPORTS}) == len(REPORTS)
    assert all(report.about.endswith(".") and report.permission for report in REPORTS)
    assert report_of("aged-receivables").group == "Receivables"
