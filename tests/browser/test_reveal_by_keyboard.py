"""A number that is kept sealed is looked at by keys alone, in its place, and is gone again afterwards."""

import pytest
from playwright.sync_api import Page, expect

from core.codes import put_code
from core.sealed import Typed
from core.tenancy import scope
from customers.customer_file import change_customer
from customers.sealed import SSN
from tests.browser.conftest import Site, barriers

PLAIN, WHY = "219099999", "Asked for by the agency"


def numbered(site: Site) -> str:
    """The page of a customer with a social security number; its utility has a bank."""
    with scope(site.world.oak.utility.id):
        customer = site.world.oak.account("100005").customer_id
        change_customer(site.world.oak.clerk, customer_id=customer, fields={}, ssn=Typed(SSN, PLAIN))
        put_code(site.world.oak.admin, kind="bank", code="FIRST", name="First Bank of Oak")
    return f"/customers/{customer}/"


@pytest.mark.req("SYS-06")
def test_a_number_is_revealed_in_its_place_and_hidden_again(site: Site, page: Page) -> None:
    path = numbered(site)
    site.sign_in(page, "supervisor")
    page.goto(site.url(path))
    page.keyboard.press("1")
    expect(page.get_by_label("Why must it be seen?")).to_be_focused()
    page.keyboard.type("why")
    page.keyboard.press("Enter")
    expect(page.locator(".reveal-said")).to_contain_text("too short")
    page.keyboard.press("Control+a")
    page.keyboard.type(WHY)
    page.keyboard.press("Enter")
    expect(page.locator(".sealed-open")).to_have_text(PLAIN)
    assert page.url == site.url(path)
    assert PLAIN not in page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])"
    )
    page.goto(site.url("/customers/"))
    page.go_back()
    expect(page.locator(".sealed").first).to_have_text("•••-••-9999")
    assert PLAIN not in page.content()
    # A refused reason is a status of its own, which the browser notes.
    site.troubles[:] = [said for said in site.troubles if "422" not in said]


def test_a_number_that_was_revealed_hides_itself_after_a_minute(site: Site, page: Page) -> None:
    path = numbered(site)
    site.sign_in(page, "supervisor")
    page.clock.install()
    page.goto(site.url(path))
    page.keyboard.press("1")
    page.keyboard.type(WHY)
    page.keyboard.press("Enter")
    expect(page.locator(".sealed-open")).to_have_text(PLAIN)
    page.clock.fast_forward(61_000)
    expect(page.locator(".sealed").first).to_have_text("•••-••-9999")
    assert PLAIN not in page.content()


def test_the_question_is_left_by_escape(site: Site, page: Page) -> None:
    path = numbered(site)
    site.sign_in(page, "supervisor")
    page.goto(site.url(path))
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(page.locator("details.reveal[open]")).to_have_count(0)
    assert page.url == site.url(path)


def test_the_screens_of_numbers_have_no_barriers(site: Site, inspected: Page) -> None:
    path = numbered(site)
    site.sign_in(inspected, "admin")
    found = []
    for address in (
        path,
        "/accounts/100005/bank-draft/new/",
        "/accounts/100005/?tab=file",
        "/audit/numbers/",
    ):
        inspected.goto(site.url(address))
        if "data-reveal" in inspected.content():
            inspected.keyboard.press("1")
        found += barriers(inspected)
    assert found == []
