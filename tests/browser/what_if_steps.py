"""Asking a what-if by keys alone, and printing its packet: steps of a journey."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from playwright.sync_api import Page, expect

from config.town.month import work_until_idle
from config.town.plan import Household, TownPlan, use_of

CENT = Decimal("0.01")


def _type_over(page: Page, text: str) -> None:
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def _tab_to(page: Page, place: str, most: int = 120) -> None:
    for _ in range(most):
        if page.locator(place).evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{place} is not reached by Tab")


def _arrow_to(page: Page, place: str, words: str, most: int = 20) -> None:
    """Down to the choice that begins with the words."""
    for _ in range(most):
        if page.locator(place).evaluate("field => field.selectedOptions[0].text").startswith(words):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{place} has no choice “{words}”")


def ask_what_if(page: Page, name: str, instead: Mapping[int, str]) -> None:
    """From anywhere: the rates, “what if”, a new one; ``instead`` names another rate by a table's id."""
    page.keyboard.press("g")
    page.keyboard.press("z")
    page.wait_for_url(lambda address: address.endswith("/rates/"))
    page.keyboard.press("w")
    page.wait_for_url(lambda address: address.endswith("/rates/what-if/"))
    page.keyboard.press("n")
    page.wait_for_url(lambda address: address.endswith("/rates/what-if/new/"))
    _tab_to(page, "#id_name")
    _type_over(page, name)
    for table, code in instead.items():
        _tab_to(page, f"#id_how_{table}")
        _arrow_to(page, f"#id_how_{table}", f"by {code},")
    _tab_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address.rstrip("/").rpartition("/")[2].isdigit())


def see_what_came_out(page: Page) -> None:
    """The work is done beside the page, which tells it by itself."""
    work_until_idle()
    expect(page.locator(".stats")).to_contain_text("Would be")
    expect(page.locator("h1 .state")).to_have_text("Done")


def print_packet(page: Page) -> None:
    """The packet opens by its key."""
    page.keyboard.press("v")
    page.wait_for_url(lambda address: address.endswith("/packet.pdf"))


def new_bill(page: Page, account: str, expected: Decimal) -> None:
    """The list of all bills has the account with that amount."""
    page.keyboard.press("b")
    page.wait_for_url(lambda address: address.endswith("/bills/"))
    row = page.locator("table.rows tbody tr", has_text=account)
    expect(row).to_contain_text(f"{expected:,.2f}")


def town_rates_bill(plan: TownPlan, house: Household) -> Decimal:
    """The house's bill under the rates of the page in ``test_rates_by_keyboard``, by hand.

    Water 9.00, 13.50 or 22.50 by size and 4.10, 5.25, 6.40 a thousand gallons up to 2,000, 10,000 and above;
    sewer 12.00 and 3.80 a thousand, at most 10,000; refuse 16.00 and 4.00 for each further cart.
    """
    gallons = Decimal(use_of(plan, house, 0)) * 100 * 1728 / 231  # a cubic foot is 1728/231 gallons
    size = {"5/8": Decimal("9.00"), "3/4": Decimal("13.50"), "1": Decimal("22.50")}[house.size]
    first, second = min(gallons, Decimal(2000)), max(Decimal(0), min(gallons, Decimal(10000)) - 2000)
    third = max(Decimal(0), gallons - 10000)
    water = (first * Decimal("4.10") + second * Decimal("5.25") + third * Decimal("6.40")) / 1000
    sewer = min(gallons, Decimal(10000)) * Decimal("3.80") / 1000
    rounded = (part.quantize(CENT, ROUND_HALF_UP) for part in (water, sewer))
    return size + sum(rounded) + 12 + 16 + 4 * (house.carts - 1)
