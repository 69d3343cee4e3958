"""A family applies while the old tenant is there, by keys alone, and takes over on its day."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from config.town.month import work_until_idle
from core.models import Schedule
from core.sealed import Typed
from core.tenancy import scope
from core.work.schedules import run_schedule_now
from customers.customer_file import change_customer
from customers.landlords import add_landlord, give_location
from customers.models import Account, MoveIn
from customers.sealed import SSN
from customers.vacant import tenancies
from tests.browser.conftest import Site, _profile, complained
from tests.world.comings import ADDRESS

NUMBER = "078051120"
LEFT, CAME = date(2026, 9, 5), date(2026, 9, 20)


def seen(site: Site, ask: Callable[[], Any]) -> Any:
    with scope(site.world.oak.utility.id), transaction.atomic():
        return ask()


def account(number: str) -> Account:
    return Account.objects.get(number=number)


def owner_of(site: Site, number: str) -> None:
    """The flat of that account is a landlord's, with an agreement."""
    oak, place = site.world.oak, seen(site, lambda: account(number).location_id)
    with scope(oak.utility.id):
        landlord = add_landlord(oak.clerk, texts={"name": "Lodge", **ADDRESS})
        since = date(2026, 8, 1)
        give_location(oak.clerk, landlord_id=landlord, location_id=place, starts=since, reverts=True)


@pytest.fixture
def window(browser: Browser, fresh_site: Site) -> Iterator[Page]:
    context = _profile(browser, fresh_site)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda m: troubles.append(m.text) if complained(m) else None)
    page.on("pageerror", lambda e: troubles.append(str(e)))
    yield page
    context.close()
    # The server refused once, as it should, and the browser tells each 4xx.
    assert [t for t in troubles if "Failed to load resource" not in t] == []


def tab_to(page: Page, field: str) -> None:
    """Tab on until that field has the focus."""
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == field:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {field}.")


def fill(page: Page, **typed: str) -> None:
    for field, text in typed.items():
        tab_to(page, f"id_{field}")
        page.keyboard.press("Control+A")
        page.keyboard.type(text)


def moves_out(page: Page, site: Site, number: str, on: str) -> None:
    """The account is ended from its own page, by its key."""
    page.goto(site.url(f"/accounts/{number}/"))
    page.keyboard.press("d")
    page.wait_for_url(lambda address: "/end/" in address)
    expect(page.locator("#id_on")).to_be_focused()
    page.keyboard.type(on)
    page.keyboard.press("Enter")
    page.wait_for_url(site.url(f"/accounts/{number}/"))


def nightly(site: Site) -> None:
    """The night's work, as the schedule does it."""
    oak = site.world.oak
    schedule = seen(site, lambda: Schedule.objects.get(kind="customers.take_over").id)
    with scope(oak.utility.id):
        run_schedule_now(oak.supervisor, schedule_id=schedule)
    work_until_idle()


@pytest.mark.req("MOV-01", "CUS-07", "MOV-04")
def test_a_family_moves_in_by_keys_alone(window: Page, fresh_site: Site) -> None:
    page, site, oak = window, fresh_site, fresh_site.world.oak
    relative = seen(site, lambda: account("100005").customer_id)
    with scope(oak.utility.id):
        change_customer(oak.clerk, customer_id=relative, fields={}, ssn=Typed(SSN, NUMBER))
    owner_of(site, "100004")
    site.sign_in(page, "clerk")

    page.goto(site.url("/locations/L100003/"))
    page.keyboard.press("i")
    page.wait_for_url(lambda address: "/move-ins/new/" in address)
    fill(page, starts="09202026", name="Fay Family", ssn=NUMBER)
    expect(page.locator("#earlier-bills")).to_contain_text("100005")
    page.keyboard.press("Enter")
    expect(page.locator(".errors, .field-error").first).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    fill(page, owed_reason="Pays the old bill in two parts")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/accounts/" in address and "/move-ins/" not in address)
    expect(page.locator(".object-head")).to_contain_text("takes over on Sep 20, 2026")
    expect(page.locator(".object-head")).to_contain_text("Pays the old bill in two parts")

    moves_out(page, site, "100003", "09052026")
    moves_out(page, site, "100004", "09052026")
    nightly(site)

    waited = seen(site, lambda: MoveIn.objects.select_related("account").get())
    assert (waited.state, waited.problem, waited.account.pending) == ("done", "", False)
    here = seen(site, lambda: tenancies(waited.account.location_id, date(2026, 10, 1)))
    assert [t.account.number if t.account else "" for t in here] == [waited.account.number, "", "100003"]
    assert (here[1].days.start, here[1].days.end) == (LEFT, CAME)
    there = seen(site, lambda: tenancies(account("100004").location_id, date(2026, 10, 1)))
    assert [(t.landlords, t.days.start) for t in there] == [(True, LEFT), (False, date(2026, 8, 1))]

    page.goto(site.url("/locations/L100003/"))
    page.keyboard.press("g")
    page.keyboard.press("u")
    page.wait_for_url(lambda address: "tab=usage" in address)
    expect(page.locator("main")).to_contain_text("100003")
    expect(page.locator("main")).to_contain_text("Fay Family")
    expect(page.locator("main")).to_contain_text("Vacant")
