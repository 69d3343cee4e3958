"""A clerk changes a service by keys alone: found by a part of its rate's name, its cart count put right."""

import pytest
from django.db import transaction
from playwright.sync_api import Browser, expect

from core.tenancy import scope
from customers.models import Service
from tests.browser.conftest import Site, watched

NUMBER = "100007"


def refuse(site: Site) -> Service:
    with scope(site.world.oak.utility.id), transaction.atomic():
        return Service.objects.get(account__number=NUMBER, service_type="refuse")


@pytest.mark.req("CUS-08", "CUS-04")
def test_a_service_is_changed_from_the_account_without_a_mouse(browser: Browser, fresh_site: Site) -> None:
    carts = refuse(fresh_site).attributes["carts"]
    with watched(browser, fresh_site) as page:
        fresh_site.sign_in(page, "clerk")
        page.goto(fresh_site.url(f"/accounts/{NUMBER}/"))
        page.keyboard.press("g")
        page.keyboard.press("s")
        page.wait_for_url(lambda address: "tab=services" in address)
        rows = page.locator("tr[data-href]")
        expect(rows).to_have_count(3)
        for _ in range(3):
            page.keyboard.press("ArrowDown")
        expect(rows.last).to_be_focused()
        page.keyboard.press("Enter")
        rate = page.locator("input[name=rate]")
        expect(rate).to_be_focused()
        page.keyboard.press("Control+a")
        page.keyboard.type("solid")
        expect(page.locator("#id_rate-codes option")).to_have_count(1)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "rate=solid" in address)
        count = page.locator("input[name=n_carts]")
        for _ in range(12):
            if count.evaluate("field => field === document.activeElement"):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type(str(carts + 1))
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: address.endswith("tab=services"))
        expect(page.locator("tr[data-href]").last).to_contain_text(f"carts {carts + 1}")
    assert refuse(fresh_site).attributes["carts"] == carts + 1
