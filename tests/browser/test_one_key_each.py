"""From what is open to the history, on to the use, on to the meter: one key each, and back again."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from core.tenancy import scope
from meters.models import Meter, Register
from meters.operations import NewReading, record_batch
from tests.browser.conftest import Site, watched
from tests.world.towns import Town

NUMBER = "100004"


def compound(town: Town) -> None:
    """The account's meter has a high side as well, read like the low one."""
    with scope(town.utility.id), transaction.atomic():
        meter = Meter.objects.get(number=f"M{NUMBER}")
        high = Register.objects.create(meter=meter, code="H", unit="CCF", dials=4, multiplier=10)
        rows = [NewReading(high.id, date(2026, m, 1), Decimal(dial)) for m, dial in ((8, 100), (9, 107))]
        record_batch(town.system, rows=rows, came_from="trial")


def arrived(page: Page, part: str) -> None:
    page.wait_for_url(lambda address: part in address)
    page.wait_for_load_state()


@pytest.mark.req("HIS-05", "CUS-05")
def test_open_items_history_use_and_meter_are_one_key_from_each_other(
    browser: Browser, fresh_site: Site
) -> None:
    compound(fresh_site.world.oak)
    with watched(browser, fresh_site) as page:
        fresh_site.sign_in(page, "clerk")
        page.goto(fresh_site.url(f"/accounts/{NUMBER}/"))
        page.keyboard.press("g")
        page.keyboard.press("t")
        arrived(page, "tab=transactions")
        page.keyboard.press("h")
        expect(page.locator("#history")).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(page.locator("#history tbody tr").first).to_be_focused()
        page.keyboard.press("u")
        arrived(page, "tab=usage")
        expect(page.get_by_role("heading", name="Water, high side used")).to_be_visible()
        page.keyboard.press("m")
        arrived(page, f"/meters/M{NUMBER}/")
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"M{NUMBER}")
        page.go_back()
        arrived(page, "tab=usage")
        page.keyboard.press("ArrowDown")
        expect(page.locator("tr:focus")).to_contain_text("Sep 1, 2026")
        page.keyboard.press("Enter")
        arrived(page, f"/meters/M{NUMBER}/")
        for part in ("tab=usage", "#history"):
            page.go_back()
            arrived(page, part)
