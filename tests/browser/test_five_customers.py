"""A clerk with a queue before her: five customers by keys alone, and a drawer one dollar short."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Browser, BrowserContext, Page, expect

from collections_app.models import DrawerClose, Receipt, ReceiptVoid
from core import clock
from core.actors import Actor
from core.operations import operation
from core.prove import Asked, prove
from core.tenancy import scope
from customers.models import Account
from tests.browser.conftest import Site, _profile, barriers, complained
from tests.world.towns import Town

CASH_ONLY = "100004"


@operation("test.cash_only", permission="customers.edit")
def cash_only(by: Actor, *, number: str) -> int:
    return Account.objects.filter(number=number).update(cash_only=True)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def scan(page: Page, code: str) -> None:
    """A scanner: keys 4 ms apart, however busy this machine is, and Enter, on a page that has come."""
    page.wait_for_load_state("load")
    keys = [*((key, key) for key in code), ("Enter", "\r")]
    began, session = clock.now().timestamp(), page.context.new_cdp_session(page)
    for n, (key, text) in enumerate(keys):
        at = {"key": key, "timestamp": began + n * 0.004}
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": text, **at})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **at})
    session.detach()


def arrived(page: Page, part: str) -> None:
    page.wait_for_url(lambda address: part in address)
    page.wait_for_load_state()


def seen(town: Town, ask: Callable[[], Any]) -> Any:
    with scope(town.utility.id), transaction.atomic():
        return ask()


@pytest.fixture
def window(browser: Browser, fresh_site: Site) -> Any:
    with scope(fresh_site.world.oak.utility.id):
        cash_only(fresh_site.world.oak.admin, number=CASH_ONLY)
    context: BrowserContext = _profile(browser, fresh_site)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda m: troubles.append(m.text) if complained(m) else None)
    page.on("pageerror", lambda e: troubles.append(str(e)))
    yield page
    context.close()
    # The server refused once, as it should, and the browser tells each 4xx.
    assert [t for t in troubles if "Failed to load resource" not in t] == []


def open_drawer(page: Page, site: Site) -> None:
    page.goto(site.url("/counter/"))
    press(page, "n")
    arrived(page, "/drawers/open/")
    page.keyboard.type("100")
    press(page, "Enter")
    expect(page.locator("#scan")).to_be_focused()


def exact_by_scan_enter_enter(page: Page) -> None:
    scan(page, "A100001*3000")
    expect(page.locator(".till-number")).to_have_text("100001")
    press(page, "Enter", "Enter")
    expect(page.locator(".till-done-label")).to_have_text("No change due")


def cash_with_change(page: Page) -> None:
    scan(page, "A100002*4512")
    expect(page.locator(".till-number")).to_have_text("100002")
    press(page, "Enter")
    page.keyboard.type("50")
    expect(page.locator("[data-change]")).to_have_text("4.88")
    press(page, "Enter")
    expect(page.locator(".change-due")).to_have_text("4.88")


def one_check_for_two_accounts(page: Page) -> None:
    scan(page, "A100003*2000")
    expect(page.locator(".till-number")).to_have_text("100003")
    scan(page, "A100005*1500")
    expect(page.locator(".till-number")).to_have_count(2)
    expect(page.locator("[data-wanted]")).to_have_text("35.00")
    press(page, "Tab", "ArrowRight", "Tab")
    expect(page.locator("input[name=kind]:checked")).to_have_value("check")
    press(page, "Enter")
    expect(page.locator(".till-done-text")).to_contain_text("100005")


def card_refused_then_cash(page: Page) -> None:
    scan(page, f"A{CASH_ONLY}*1000")
    expect(page.get_by_text("CASH ONLY").first).to_be_visible()
    expect(page.locator("input[name=kind][value=card]")).to_be_disabled()
    press(page, "Enter", "Enter")
    expect(page.locator(".till-done-label")).to_have_text("No change due")


def asked_to_be_taken_back(page: Page, site: Site) -> None:
    """The fifth paid for the wrong account: another operator takes it back at the same screen."""
    scan(page, "A100006*1100")
    expect(page.locator(".till-number")).to_have_text("100006")
    press(page, "Enter", "Enter")
    expect(page.locator(".till-done-label")).to_have_text("No change due")
    scan(page, "R5")
    arrived(page, "/receipts/5/")
    site.change_operator(page, "supervisor")
    arrived(page, "/receipts/5/")
    press(page, "v")
    expect(page.locator("#id_why")).to_be_focused()
    page.keyboard.type("Paid for the wrong account")
    press(page, "Tab", "Enter")
    expect(page.locator("h1")).to_contain_text("Void")
    site.change_operator(page, "clerk")


def close_one_dollar_short(page: Page, site: Site) -> None:
    page.goto(site.url("/counter/"))
    press(page, "Escape", "w")
    expect(page.locator("h1")).to_contain_text("Front counter")
    press(page, "c")
    arrived(page, "/close/")
    expect(page.locator("#id_counted_cash")).to_be_focused()
    page.keyboard.type("184.12")
    press(page, "Enter")
    page.keyboard.type("35")
    press(page, "Enter")
    expect(page.locator(".wrong-summary")).to_contain_text("1.00 short")
    press(page, "Tab", "Enter")
    expect(page.locator("#id_sure")).to_be_focused()
    press(page, "Space", "Enter")
    expect(page.locator(".drawer-difference")).to_have_text("-1.00")


@pytest.mark.req("COL-02", "COL-04", "COL-07")
def test_five_customers_in_a_row_and_a_drawer_one_dollar_short(fresh_site: Site, window: Page) -> None:
    fresh_site.sign_in(window, "clerk")
    open_drawer(window, fresh_site)
    exact_by_scan_enter_enter(window)
    cash_with_change(window)
    one_check_for_two_accounts(window)
    card_refused_then_cash(window)
    asked_to_be_taken_back(window, fresh_site)
    close_one_dollar_short(window, fresh_site)
    oak = fresh_site.world.oak
    assert seen(oak, lambda: list(Receipt.objects.order_by("number").values_list("total", flat=True))) == [
        Decimal(x) for x in ("30.00", "45.12", "35.00", "10.00", "11.00")
    ]
    assert seen(oak, ReceiptVoid.objects.get).operator == oak.supervisor.ref
    assert seen(oak, DrawerClose.objects.get).over_short == Decimal("-1.00")
    assert [f.invariant.code for f in prove(Asked(oak.utility, clock.now())) if f.offences] == []


PAGES = (
    "/counter/", "/counter/?account=100001", "/counter/?account=100001&account_2=100002&hand=1",
    "/counter/?account=100001&tender=10.00&more=tender", "/drawers/", "/drawers/1/", "/drawers/1/close/",
    "/drawers/register/", "/drawers/open/", "/receipts/1/",
)  # fmt: skip


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.trials), "dark"])
def test_no_serious_barrier_stands_at_the_counter(fresh_site: Site, browser: Browser, scheme: str) -> None:
    dark = "dark" if scheme == "dark" else "light"
    context = _profile(browser, fresh_site, bypass_csp=True, color_scheme=dark)
    page = context.new_page()
    fresh_site.sign_in(page, "clerk")
    open_drawer(page, fresh_site)
    exact_by_scan_enter_enter(page)
    found: list[str] = []
    for path in PAGES:
        page.goto(fresh_site.url(path), wait_until="networkidle")
        found += barriers(page)
    context.close()
    assert found == []
