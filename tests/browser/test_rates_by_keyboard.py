"""A clerk enters a town's water, sewer and refuse by keys alone; a second person puts them in force."""

from datetime import date

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from core.tenancy import scope
from rates.models import RateTable, RateVersion
from tests.browser import what_if_steps as what_if
from tests.browser.conftest import Site, watched

# The page the clerk has before her: “Water: 9.00 for a 5/8 inch meter, 13.50 for 3/4, 22.50 for 1 inch; the
# first 2,000 gallons at 4.10 a thousand, up to 10,000 at 5.25, above that 6.40.  Sewer: 12.00, and 3.80 a
# thousand gallons of water, at most 10,000.  Refuse: 16.00 for the first cart, 4.00 for each other.”


def type_over(page: Page, text: str) -> None:
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def tab_to(page: Page, place: str, most: int = 60, key: str = "Tab") -> None:
    """Tab until the field is reached."""
    for _ in range(most):
        if page.locator(place).evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{place} is not reached by {key}")


def field(name: str) -> str:
    return f'[id="s.{name}"]'


def new_table(page: Page, code: str, name: str, service: str, shape: str) -> None:
    """From the list of rates into the editor of a first draft."""
    page.keyboard.press("g")
    page.keyboard.press("z")
    page.wait_for_url(lambda address: address.endswith("/rates/"))
    page.keyboard.press("n")
    page.wait_for_url(lambda address: address.endswith("/rates/new/"))
    tab_to(page, "#id_code")
    page.keyboard.type(code)
    page.keyboard.press("Tab")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(service)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address.endswith("/versions/begin/"))
    tab_to(page, "#id_source")
    page.keyboard.type("Ordinance 2026-14")
    page.keyboard.press("Tab")
    for _ in range(8):
        if page.locator(f'input[value="{shape}"]').is_checked():
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address.endswith("/edit/"))
    page.wait_for_load_state("networkidle")


def save(page: Page) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_url(lambda address: "/edit/" not in address and "/versions/" in address)


def enter_water(page: Page) -> None:
    new_table(page, "W-TOWN", "Town water", "Water", "by_size")
    tab_to(page, field("components.0.amount.rows.0.one"))
    for figure in ("9.00", "13.50", "22.50"):
        type_over(page, figure)
        page.keyboard.press("Enter")
    # Two sizes that the page does not have are cleared: their lines are left out.
    for n in (3, 4):
        tab_to(page, field(f"components.0.amount.rows.{n}.one"))
        type_over(page, "")
        page.keyboard.press("Delete")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
    tab_to(page, field("components.1.blocks.one.0.up_to"))
    for n, (limit, price) in enumerate((("2,000", "4.10"), ("10,000", "5.25"))):
        tab_to(page, field(f"components.1.blocks.one.{n}.up_to"))
        type_over(page, limit)
        page.keyboard.press("Tab")
        type_over(page, price)
    expect(page.locator(".findings")).to_contain_text("Nothing to put right")


def the_lint_catches_a_gap(page: Page) -> None:
    tab_to(page, field("components.1.blocks.one.2.up_to"))
    page.keyboard.type("20,000")
    page.keyboard.press("Tab")
    type_over(page, "6.40")
    gap = page.locator(".findings a", has_text="Nothing has a price above 20000")
    expect(gap).to_be_visible()
    # Its link leads to the field; there the limit is taken out.
    tab_to(page, ".findings a", most=90)
    page.keyboard.press("Enter")
    expect(page.locator(field("components.1.blocks.one.2.up_to"))).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator(".findings")).to_contain_text("Nothing to put right")


def try_water(page: Page) -> None:
    tab_to(page, "#id_t-use", most=90)
    type_over(page, "12000")
    # 9.00 + 2 × 4.10 + 8 × 5.25 + 2 × 6.40 = 9.00 + 8.20 + 42.00 + 12.80.
    expect(page.locator(".beside-total strong")).to_have_text("72.00")


def enter_sewer(page: Page) -> None:
    new_table(page, "S-TOWN", "Town sewer", "Sewer", "from_water")
    tab_to(page, "summary:has-text('Use that is billed')")
    tab_to(page, field("use.cap.one"))
    page.keyboard.type("10,000")
    tab_to(page, field("components.0.amount.one"))
    type_over(page, "12.00")
    tab_to(page, field("components.1.price.one"))
    type_over(page, "3.80")
    tab_to(page, "#id_t-use", most=90)
    type_over(page, "15000")
    # 12.00 + 10 × 3.80, since no more than 10,000 gallons count.
    expect(page.locator(".beside-total strong")).to_have_text("50.00")


def enter_refuse(page: Page) -> None:
    new_table(page, "R-TOWN", "Town refuse", "Refuse", "carts")
    tab_to(page, field("components.0.first.one"))
    type_over(page, "16.00")
    tab_to(page, field("components.0.additional.one"))
    type_over(page, "4.00")
    tab_to(page, "#id_t-n_carts", most=90)
    type_over(page, "3")
    expect(page.locator(".beside-total strong")).to_have_text("24.00")


def put_in_force(page: Page, code: str) -> None:
    """From what waits on the home page."""
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url(lambda address: address.endswith("/"))
    link = page.locator(f"a[href*='/rates/{code}/versions/']").first
    tab_to(page, f"a[href*='/rates/{code}/versions/'] >> nth=0", most=120)
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: f"/rates/{code}/versions/" in address)
    page.keyboard.press("p")
    page.wait_for_url(lambda address: address.endswith(f"/rates/{code}/"))


def try_them_on_the_town(page: Page, site: Site) -> None:
    """What would the posted bills have been under them?  The packet for the council is printed."""
    oak = site.world.oak
    with scope(oak.utility.id), transaction.atomic():
        ids = dict(RateTable.objects.values_list("code", "id"))
    instead = {ids["REFUSE"]: "R-TOWN", ids["SEWER"]: "S-TOWN", ids["WATER"]: "W-TOWN"}
    what_if.ask_what_if(page, "The town’s own rates", instead)
    what_if.see_what_came_out(page)
    house = next(h for h in oak.houses if h.size == "5/8" and h.carts > 1)
    what_if.new_bill(page, house.number, what_if.town_rates_bill(oak.plan, house))
    page.keyboard.press("u")
    page.wait_for_url(lambda address: address.rstrip("/").rpartition("/")[2].isdigit())
    what_if.print_packet(page)


@pytest.mark.req("RAT-01", "RAT-08", "RAT-11")
def test_a_town_s_rates_are_entered_from_its_page_by_keys_alone(browser: Browser, fresh_site: Site) -> None:
    with watched(browser, fresh_site) as page:
        fresh_site.sign_in(page, "billing")
        enter_water(page)
        the_lint_catches_a_gap(page)
        try_water(page)
        save(page)
        enter_sewer(page)
        save(page)
        enter_refuse(page)
        save(page)
        fresh_site.change_operator(page, "supervisor")
        for code in ("W-TOWN", "S-TOWN", "R-TOWN"):
            put_in_force(page, code)
        try_them_on_the_town(page, fresh_site)
    with scope(fresh_site.world.oak.utility.id), transaction.atomic():
        made = {
            v.table.code: v
            for v in RateVersion.objects.filter(table__code__endswith="-TOWN").select_related("table")
        }
    assert {v.state for v in made.values()} == {"active"}
    water, sewer, refuse = (made[code].content for code in ("W-TOWN", "S-TOWN", "R-TOWN"))
    assert water["components"][0]["amount"]["rows"] == {"5/8": "9.00", "3/4": "13.50", "1": "22.50"}
    blocks = [{"up_to": "2000", "price": "4.10"}, {"up_to": "10000", "price": "5.25"}, {"price": "6.40"}]
    assert water["components"][1]["blocks"] == blocks
    assert sewer["use"] == {"from": "water", "cap": "10000"}
    assert refuse["components"][0]["additional"] == "4.00"
    assert all(v.starts > date(2026, 1, 1) for v in made.values())
