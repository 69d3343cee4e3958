"""A clerk at a keyboard: signing in, finding an account, seeing its bill as it was printed."""

import io
import time
from decimal import Decimal

import pytest
from django.db import transaction
from PIL import Image
from playwright.sync_api import Page, expect
from pyzbar.pyzbar import ZBarSymbol, decode

from billing.models import Bill
from core.barcodes import read_bill_code
from core.tenancy import scope
from tests.browser.conftest import Site, barriers

NUMBER = "100007"
PAINTED_WITHIN = 25
PAGES = (
    "/", f"/accounts/{NUMBER}/", f"/accounts/{NUMBER}/?tab=transactions", "/accounts/", "/accounts/new/",
    "/bills/1/", "/runs/1/", "/rates/WATER/", "/policies/", "/policies/billing.due_days/",
)  # fmt: skip


def bill_of(site: Site) -> Bill:
    with scope(site.world.oak.utility.id), transaction.atomic():
        return Bill.objects.get(account__number=NUMBER)


def bar_code_on_the_screen(page: Page) -> str:
    """The one Code 128 of what the browser has painted, read by a bar-code library.

    The window is made large and the viewer told by its own key to fit the page into it, until it has.
    """
    page.set_viewport_size({"width": 2400, "height": 2600})
    until = time.monotonic() + PAINTED_WITHIN
    texts: set[str] = set()
    while not texts and time.monotonic() < until:
        page.wait_for_timeout(1000)
        press_keys(page, "Control+\\")
        page.wait_for_timeout(500)
        picture = Image.open(io.BytesIO(page.screenshot()))
        texts = {found.data.decode() for found in decode(picture, symbols=[ZBarSymbol.CODE128])}
    assert len(texts) == 1, texts
    return texts.pop()


def press_keys(page: Page, *keys: str) -> None:
    """Press one after the other, on a page that has come whole: before that nobody listens to keys."""
    for key in keys:
        page.wait_for_load_state()
        page.keyboard.press(key)


@pytest.mark.req("BIL-05")
def test_the_bill_of_an_account_is_reached_and_read_without_a_mouse(site: Site, page: Page) -> None:
    site.sign_in(page, "clerk")
    press_keys(page, "/")
    page.keyboard.type(NUMBER)
    expect(page.locator("#find-results [role=option]").first).to_contain_text(NUMBER)
    press_keys(page, "Enter")
    page.wait_for_url(site.url(f"/accounts/{NUMBER}/"))
    press_keys(page, "g", "b")
    expect(page.locator(".tabs [aria-current=page]")).to_contain_text("Bills")
    press_keys(page, "ArrowDown", "Enter")
    bill = bill_of(site)
    page.wait_for_url(site.url(f"/bills/{bill.number}/"))
    press_keys(page, "v")
    page.wait_for_url(site.url(f"/bills/{bill.number}/pdf/"))
    account, cents = read_bill_code(bar_code_on_the_screen(page))
    assert account == NUMBER
    assert Decimal(cents) / 100 == bill.total_due


def test_each_line_of_a_bill_opens_its_arithmetic_by_key(site: Site, page: Page) -> None:
    site.sign_in(page, "clerk")
    page.goto(site.url(f"/bills/{bill_of(site).number}/"))
    line = page.locator("details.bill-line").first
    line.locator("summary").focus()
    expect(line.locator(".bill-steps")).to_be_hidden()
    press_keys(page, "Enter")
    expect(line.locator(".bill-steps li").first).to_be_visible()


def test_the_header_of_an_account_does_not_scroll_away(site: Site, page: Page) -> None:
    site.sign_in(page, "clerk")
    page.goto(site.url(f"/accounts/{NUMBER}/"))
    press_keys(page, "End")
    page.mouse.wheel(0, 3000)
    for said in (".object-number", ".object-place", ".object-facts"):
        expect(page.locator(said)).to_be_in_viewport()


def test_a_scanned_bill_opens_its_account_from_the_search_box(site: Site, page: Page) -> None:
    site.sign_in(page, "clerk")
    press_keys(page, "Control+k")
    page.keyboard.type(f"A{NUMBER}*4821")
    press_keys(page, "Enter")
    page.wait_for_url(site.url(f"/accounts/{NUMBER}/"))


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.trials), "dark"])
def test_no_serious_barrier_stands_on_the_main_pages(site: Site, inspected: Page, scheme: str) -> None:
    site.sign_in(inspected, "admin")
    inspected.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found: list[str] = []
    for path in PAGES:
        inspected.goto(site.url(path), wait_until="networkidle")
        found += barriers(inspected)
    assert found == []
