"""A clerk types a route's readings by keys alone: on to the next line, asked where something is odd."""

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from core.tenancy import scope
from meters.models import Location, Reading
from tests.browser.conftest import Site, _profile, barriers

ON = "2026-10-01"


def route_of(site: Site) -> int:
    with scope(site.world.oak.utility.id), transaction.atomic():
        return int(Location.objects.get(code="L100001").route_id)


def last_shown(page: Page, n: int) -> int:
    return int(page.locator("tr[data-line]").nth(n).locator("td").nth(3).inner_text().split("\n")[0])


def type_line(page: Page, figure: int) -> None:
    page.keyboard.type(str(figure))
    page.keyboard.press("Enter")


@pytest.mark.req("MTR-04", "MTR-07", "MTR-05")
def test_a_route_is_read_without_a_mouse(browser: Browser, fresh_site: Site) -> None:
    context = _profile(browser, fresh_site)
    page = context.new_page()
    fresh_site.sign_in(page, "clerk")
    page.goto(fresh_site.url(f"/readings/enter/{route_of(fresh_site)}/?on={ON}"))
    fields = page.locator("tr[data-line] input[name=dial]")
    outcome = page.locator(".round-outcome")
    expect(fields.first).to_be_focused()
    first, second, third = (last_shown(page, n) for n in range(3))
    type_line(page, first + 7)
    expect(outcome.first).to_contain_text("7 CCF")
    expect(fields.nth(1)).to_be_focused()
    type_line(page, second)
    expect(outcome.nth(1)).to_contain_text("There was no use")
    page.keyboard.press("Enter")
    expect(outcome.nth(1)).to_contain_text("0 CCF")
    expect(fields.nth(2)).to_be_focused()
    type_line(page, third - 1)
    expect(outcome.nth(2)).to_contain_text("Did the dial pass zero?")
    page.keyboard.press("z")
    expect(outcome.nth(2)).to_contain_text("passed zero")
    expect(page.locator("[data-round-read]")).to_have_text("3")
    page.reload()
    expect(fields.nth(3)).to_be_focused()
    with scope(fresh_site.world.oak.utility.id), transaction.atomic():
        assert Reading.objects.filter(on=ON).count() == 3
    context.close()


@pytest.mark.req("CUS-15")
def test_a_line_of_the_walk_is_moved_by_keys(browser: Browser, fresh_site: Site) -> None:
    context = _profile(browser, fresh_site)
    page = context.new_page()
    fresh_site.sign_in(page, "billing")
    page.goto(fresh_site.url(f"/routes/{route_of(fresh_site)}/order/"))
    codes = page.locator("tr[data-place] a")
    first, second = codes.nth(0).inner_text(), codes.nth(1).inner_text()
    page.locator("input[name=place]").first.focus()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.locator("#toasts")).to_contain_text("2 places changed")
    assert [codes.nth(0).inner_text(), codes.nth(1).inner_text()] == [second, first]
    context.close()


def test_the_screens_of_reading_keep_nobody_out(inspected: Page, site: Site) -> None:
    site.sign_in(inspected, "supervisor")
    route = route_of(site)
    found = []
    for path in ("/readings/enter/", f"/readings/enter/{route}/?on={ON}", f"/routes/{route}/order/"):
        inspected.goto(site.url(path))
        found += barriers(inspected)
    assert found == []
