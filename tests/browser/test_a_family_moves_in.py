"""A family moves in, by keys alone: from the old debt of a relative to the bills of the month."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
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
from customers.models import Account, MoveIn
from customers.sealed import SSN
from customers.vacant import tenancies
from ledger.models import OpenItem
from tests.browser.conftest import Site, watched
from tests.integration.test_moves_are_billed import CAME, LEFT, bill_september, billed, landlord_of, read
from tests.world.desk import open_till
from tests.world.proof import broken

NUMBER = "078051120"
RELATIVE, OLD, FLAT = "100005", "100003", "100004"
LOOKED = date(2026, 10, 1)


@dataclass
class Office:
    """A window on the town's site, and the questions to its database."""

    page: Page
    site: Site

    @property
    def town(self) -> Any:
        return self.site.world.oak

    def seen(self, ask: Callable[[], Any]) -> Any:
        with scope(self.town.utility.id), transaction.atomic():
            return ask()

    def account(self, number: str) -> Account:
        found: Account = self.seen(lambda: Account.objects.get(number=number))
        return found

    def goes_to(self, path: str) -> None:
        self.page.goto(self.site.url(path))

    def arrives(self, part: str) -> None:
        self.page.wait_for_url(lambda address: part in address)
        self.page.wait_for_load_state()

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def fills(self, **typed: str) -> None:
        """Tab on to each field and type over what is in it."""
        for field, text in typed.items():
            self._tab_to(f"id_{field}")
            self.presses("Control+A")
            self.page.keyboard.type(text)

    def _tab_to(self, field: str) -> None:
        for _ in range(60):
            if self.page.evaluate("document.activeElement.id") == field:
                return
            self.presses("Tab")
        raise AssertionError(f"Tab never came to {field}.")

    def refused_once(self) -> None:
        """The server refused, as it should, and the browser told that alone."""
        assert all("422" in trouble for trouble in self.site.troubles)
        self.site.troubles.clear()


@pytest.fixture
def office(browser: Browser, fresh_site: Site) -> Iterator[Office]:
    with watched(browser, fresh_site) as page:
        yield Office(page, fresh_site)


def somebody_moves_out(office: Office, number: str, typed: str) -> None:
    """The account is ended from its own page, by its key."""
    office.goes_to(f"/accounts/{number}/")
    office.presses("d")
    office.arrives("/end/")
    expect(office.page.locator("#id_on")).to_be_focused()
    office.page.keyboard.type(typed)
    office.presses("Enter")
    office.page.wait_for_url(office.site.url(f"/accounts/{number}/"))


def a_relative_left_a_debt(office: Office) -> Decimal:
    """Her number is on file; she has moved away, and what she owed is written off by two people."""
    relative = office.account(RELATIVE).customer_id
    with scope(office.town.utility.id):
        change_customer(office.town.clerk, customer_id=relative, fields={}, ssn=Typed(SSN, NUMBER))
    owed = office.seen(lambda: sum(i.open for i in OpenItem.objects.filter(account__number=RELATIVE)))
    somebody_moves_out(office, RELATIVE, "09032026")
    office.presses("b")
    office.arrives("/write-off/")
    expect(office.page.locator("#id_reason")).to_be_focused()
    office.page.keyboard.type("Moved away, mail comes back")
    office.presses("Enter")
    office.arrives("/ledger/write-offs/")
    expect(office.page.locator("h1")).to_contain_text("Waiting")
    at = office.page.url
    office.site.change_operator(office.page, "supervisor")
    office.page.goto(at)
    office.presses("s")
    expect(office.page.locator("h1")).to_contain_text("Written off")
    office.site.change_operator(office.page, "clerk")
    assert isinstance(owed, Decimal)
    return owed


def the_family_applies(office: Office, debt: Decimal) -> str:
    """They ask for a place where the old tenant still is; the relative's debt is told and a reason asked.

    The number of their account.
    """
    page = office.page
    office.goes_to(f"/locations/L{OLD}/")
    office.presses("i")
    office.arrives("/move-ins/new/")
    office.fills(starts="09202026", name="Fay Family", ssn=NUMBER)
    told = page.locator("#earlier-bills")
    expect(told).to_contain_text(RELATIVE)
    expect(told).to_contain_text("Written off")
    expect(told).to_contain_text(f"{debt:,.2f}")
    office.presses("Enter")
    expect(page.locator(".errors, .field-error").first).to_be_visible()
    office.refused_once()
    page.evaluate("document.activeElement.blur()")
    office.fills(owed_reason="Pays the old bill in two parts")
    office.presses("Enter")
    page.wait_for_url(lambda address: "/accounts/" in address and "/move-ins/" not in address)
    expect(page.locator(".object-head")).to_contain_text("takes over on Sep 20, 2026")
    expect(page.locator(".object-head")).to_contain_text("Pays the old bill in two parts")
    assert office.account(OLD).ends is None
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def their_deposit_is_taken(office: Office, number: str) -> None:
    """At the counter, while the old tenant is still there."""
    office.goes_to(f"/accounts/{number}/")
    office.presses("g", "d")
    office.arrives("tab=deposits")
    office.presses("i")
    office.arrives("/deposit/")
    expect(office.page.locator("#id_amount")).to_be_focused()
    office.fills(amount="100.00", tender="100.00")
    office.presses("Enter")
    office.arrives("/counter/?receipt=")
    office.goes_to(f"/accounts/{number}/?tab=deposits")
    expect(office.page.locator("main")).to_contain_text("100.00 held")
    assert office.account(number).pending


def the_night_comes(office: Office) -> None:
    """The night's work, as the schedule does it."""
    schedule = office.seen(lambda: Schedule.objects.get(kind="customers.take_over").id)
    with scope(office.town.utility.id):
        run_schedule_now(office.town.supervisor, schedule_id=schedule)
    work_until_idle()


def the_family_has_taken_over(office: Office, number: str) -> None:
    """The days between belong to nobody; those of the flat to its landlord."""
    waited = office.seen(lambda: MoveIn.objects.select_related("account").get())
    assert (waited.state, waited.problem, waited.account.pending) == ("done", "", False)
    here = office.seen(lambda: tenancies(waited.account.location_id, LOOKED))
    assert [t.account.number if t.account else "" for t in here] == [number, "", OLD]
    assert (here[1].days.start, here[1].days.end) == (LEFT, CAME)
    flat = office.account(FLAT).location_id
    there = office.seen(lambda: tenancies(flat, LOOKED))
    assert [(t.landlords, t.days.start) for t in there] == [(True, LEFT), (False, date(2026, 8, 1))]


def the_meter_is_changed(office: Office, number: str, last: Decimal) -> None:
    """From the family's page; whoever may change meters does it."""
    office.site.change_operator(office.page, "billing")
    office.goes_to(f"/accounts/{number}/")
    office.presses("x")
    office.arrives("/exchange/")
    office.fills(on="09252026", last=f"{last:f}", number="N100003")
    office.presses("Enter")
    office.arrives("/meters/N100003/")
    office.site.change_operator(office.page, "clerk")


def the_use_of_the_place_is_whole(office: Office) -> None:
    """Old tenant, vacant days and family stand on one page."""
    office.goes_to(f"/locations/L{OLD}/")
    office.presses("g", "u")
    office.arrives("tab=usage")
    for said in (OLD, "Vacant", "Fay Family"):
        expect(office.page.locator("main")).to_contain_text(said)


@pytest.mark.req("MOV-01", "CUS-07", "MOV-04")
def test_a_family_moves_in_by_keys_alone(office: Office) -> None:
    town = office.town
    office.site.sign_in(office.page, "clerk")
    debt = a_relative_left_a_debt(office)
    landlord_of(town, FLAT)
    open_till(town)
    family = the_family_applies(office, debt)
    their_deposit_is_taken(office, family)
    for meter, on in (("M100005", date(2026, 9, 3)), ("M100003", LEFT), ("M100004", LEFT)):
        read(town, meter, on, 3)
    somebody_moves_out(office, OLD, "09052026")
    somebody_moves_out(office, FLAT, "09052026")
    shown = read(town, "M100003", CAME, 1)
    the_night_comes(office)
    the_family_has_taken_over(office, family)
    the_meter_is_changed(office, family, shown + 1)
    the_use_of_the_place_is_whole(office)
    read(town, "N100003", LOOKED, 4)
    run = bill_september(town, but=("100003", RELATIVE))
    water = office.seen(lambda: billed(run))
    assert water[OLD].days == [(date(2026, 9, 1), LEFT)]
    assert water[family].days == [(CAME, LOOKED)]
    assert (water[OLD].used, water[family].used) == (3, 1 + 4)
    assert water[FLAT].days == [(date(2026, 9, 1), LEFT)]
    (landlords,) = [one for one in water.values() if one.name == "Lodge"]
    assert landlords.days == [(LEFT, LOOKED)]
    assert broken(office.site.world) == []
