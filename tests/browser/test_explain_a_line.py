"""A supervisor explains one line of a bill to a caller, without a mouse."""

from datetime import date

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from billing.models import Bill
from config.town.month import bill_month, read_file, work_until_idle
from core.tenancy import scope
from interchange.models import ImportFile
from interchange.pipeline import approve_import, receive_file
from tests.browser.conftest import Site, _profile, barriers
from tests.browser.test_bill_by_keyboard import press_keys
from tests.conftest import World
from tests.world.towns import FIRST

NUMBER = "100007"
ON = date(2026, 10, 2)


def billed_by_file(world: World) -> int:
    """September's reads come as a file and are billed; the bill's number of the account."""
    oak = world.oak
    with scope(oak.utility.id):
        content = read_file(oak.plan, oak.houses, FIRST, 1)
        file = receive_file(oak.billing, feed="meter_reads", name="september.csv", content=content, today=ON)
        work_until_idle()
        with transaction.atomic():
            seen = ImportFile.objects.get().fingerprint
        approve_import(oak.supervisor, import_id=file, seen=seen, today=ON)
        work_until_idle()
        bill_month(oak.billing, oak.supervisor, starts=date(2026, 9, 1), ends=date(2026, 10, 1))
        with transaction.atomic():
            return int(Bill.objects.filter(account__number=NUMBER).latest("number").number)


@pytest.mark.req("BIL-13")
def test_a_line_is_explained_to_a_caller_from_the_search_to_the_readings_file(
    fresh_site: Site, browser: object
) -> None:
    number = billed_by_file(fresh_site.world)
    context = _profile(browser, fresh_site, bypass_csp=True)  # type: ignore[arg-type]  # the session's browser
    page: Page = context.new_page()
    fresh_site.sign_in(page, "supervisor")
    press_keys(page, "/")
    page.keyboard.type(NUMBER)
    expect(page.locator("#find-results [role=option]").first).to_contain_text(NUMBER)
    press_keys(page, "Enter")
    page.wait_for_url(fresh_site.url(f"/accounts/{NUMBER}/"))
    press_keys(page, "g", "b")
    expect(page.locator(".tabs [aria-current=page]")).to_contain_text("Bills")
    press_keys(page, "ArrowDown", "Enter")
    page.wait_for_url(fresh_site.url(f"/bills/{number}/"))
    press_keys(page, "1")
    line = page.locator("details.bill-line").first
    expect(line.locator(".steps-said li").first).to_be_visible()
    expect(line).to_contain_text("What was measured")
    expect(line).to_contain_text("by Susan Supervisor")
    assert barriers(page) == []
    file = line.get_by_role("link", name="september.csv")
    for _ in range(12):
        press_keys(page, "Tab")
        if file.evaluate("e => e === document.activeElement"):
            break
    press_keys(page, "Enter")
    page.wait_for_url(fresh_site.url("/imports/*/"))
    expect(page.locator("main")).to_contain_text("september.csv")
    page.go_back()
    page.wait_for_url(fresh_site.url(f"/bills/{number}/"))
    context.close()
