"""Billing staff work a month's exceptions and post it, by keys alone, from its reads to its bills."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from billing.models import Bill
from config.town.month import work_until_idle
from core import clock
from core.prove import Asked, prove
from tests.browser.conftest import Address, served, watched
from tests.browser.test_five_customers import press
from tests.integration.test_planted_disasters import ACCOUNTS, READ, dials
from tests.world.databases import Databases
from tests.world.grown import Grown

TOWN = "grown"
DATE = 10  # the column of the date in the platform's file
LEAK, MISTYPED, UNREAD = 4, 9, 20  # places in the file: a toilet ran, a date was typed wrongly, nobody got in
LEAKED = "A toilet ran all month; the customer was told"
DOUBTED = "The customer says that the meter is another's"
HELD = "tr[data-href*='state=held'] a"


@dataclass
class Month(Address):
    """The town, served, with the faults of its month: the accounts of each, and the run they are in."""

    town: Grown = field(kw_only=True)
    leak: str = ""
    mistyped: str = ""
    unread: str = ""
    doubted: str = ""
    run: int = 0
    lines: list[str] = field(default_factory=list)

    def plant(self) -> None:
        """The month's file comes in with a leak, a wrong date and a meter left out."""
        head, *lines = dials(self.town, lambda before, read: read)
        leak, wrong = lines[LEAK].split(","), lines[MISTYPED].split(",")
        self.leak, self.mistyped, self.unread = leak[0], wrong[0], lines[UNREAD].split(",")[0]
        self.lines = [head, lines[MISTYPED]]
        leak[READ] = str(Decimal(leak[READ]) + 90)
        wrong[DATE] = wrong[DATE].replace("2026-10-01", "2026-09-10")
        lines[LEAK], lines[MISTYPED] = ",".join(leak), ",".join(wrong)
        del lines[UNREAD]
        assert self.town.receive([head, *lines]).applied == ACCOUNTS - 1


@pytest.fixture
def month(grown: Grown, _grown: Databases, static_root: Path, tmp_path: Path) -> Iterator[Month]:
    with served(_grown.env("live"), static_root, tmp_path / "site.log") as port:
        found = Month(port, town=grown)
        found.plant()
        yield found


@pytest.fixture
def desk(browser: Browser, month: Month) -> Iterator[Page]:
    """A window on the town."""
    with watched(browser, month) as page:
        yield page


def arrived(page: Page, path: str) -> None:
    page.wait_for_url(lambda address: urlsplit(address).path == path)
    page.wait_for_load_state()


def open_the_run(page: Page, month: Month) -> None:
    """Runs, a new one: the cycle that is next is proposed, and another brings its own days."""
    press(page, "g", "x")
    arrived(page, "/runs/")
    press(page, "n")
    arrived(page, "/runs/new/")
    expect(page.locator("#id_cycle_id")).to_be_focused()
    expect(page.locator("#id_starts")).to_have_value("2026-09-01")
    press(page, "ArrowDown")
    expect(page.locator("#id_starts")).to_have_value("2026-09-03")
    press(page, "ArrowUp")
    expect(page.locator("#id_starts")).to_have_value("2026-09-01")
    expect(page.locator("#id_ends")).to_have_value("2026-09-30")
    expect(page.locator("#id_bill_on")).to_have_value("2026-10-01")
    press(page, "Enter")
    expect(page.locator("h1")).to_contain_text("Cycle 01, September 2026")
    month.run = int(page.url.split("/")[-2])


def prepare(page: Page, *held: str) -> None:
    """The page follows the work by itself, and then shows what is held, by money at risk."""
    press(page, "p")
    expect(page.locator("#run-live")).to_contain_text(f"0 of {ACCOUNTS} accounts")
    work_until_idle()
    expect(page.locator("#run-state")).to_have_text("Prepared")
    expect(page.locator(HELD)).to_have_text(list(held))


def walk_what_is_held(page: Page, month: Month) -> None:
    """The list of held bills, the worst first, each with its reason; there and back."""
    press(page, "h")
    arrived(page, f"/runs/{month.run}/accounts/")
    expect(page.locator(".used-filter")).to_contain_text("Held")
    press(page, "ArrowDown", "Enter")
    for number, why in (
        (month.leak, "times the service's own average"),
        (month.unread, "There is no reading of the water meter after Sep 1, 2026"),
        (month.mistyped, "The water period has 9 days"),
    ):
        arrived(page, f"/runs/{month.run}/accounts/{number}/")
        expect(page.locator(".object-acts")).to_contain_text(why)
        press(page, "j")
    press(page, "k")
    arrived(page, f"/runs/{month.run}/accounts/{month.unread}/")
    press(page, "k")
    arrived(page, f"/runs/{month.run}/accounts/{month.leak}/")


def release_the_leak(page: Page, month: Month) -> None:
    """Two things speak against it: the use, and then the amount; each is let through with a reason."""
    for told in ("The bill is still held: far over its own average", f"account {month.leak} goes with"):
        press(page, "r")
        expect(page.locator("#id_why")).to_be_focused()
        page.keyboard.type(LEAKED)
        press(page, "Tab", "Enter")
        expect(page.locator("#toasts")).to_contain_text(told)
    expect(page.locator("h1")).to_contain_text("Prepared")
    press(page, "j")
    arrived(page, f"/runs/{month.run}/accounts/{month.unread}/")
    press(page, "Escape")
    arrived(page, f"/runs/{month.run}/accounts/")
    expect(page.locator(".list-count")).to_have_text("2 bills")
    press(page, "Escape")
    arrived(page, f"/runs/{month.run}/")


def hold_a_doubtful_one(page: Page, month: Month) -> None:
    """Among all bills, dearest first, the third: nothing speaks against it but a call."""
    press(page, "b")
    arrived(page, f"/runs/{month.run}/accounts/")
    press(page, "ArrowDown", "Enter")
    for number in (month.leak, month.mistyped):
        arrived(page, f"/runs/{month.run}/accounts/{number}/")
        press(page, "j")
    expect(page.locator(".object-acts")).to_contain_text(f"3 of {ACCOUNTS}")
    month.doubted = page.locator(".object-number").inner_text()
    expect(page.locator("h1")).to_contain_text("Prepared")
    press(page, "h")
    expect(page.locator("#id_why")).to_be_focused()
    page.keyboard.type(DOUBTED)
    press(page, "Tab", "Enter")
    expect(page.locator(".object-acts")).to_contain_text(f"Held by hand. {DOUBTED}")


def let_the_right_reading_in(page: Page, month: Month) -> None:
    """It came in a second file, which who brought it in cannot approve: another person does at this desk."""
    assert month.town.receive(month.lines, approved=False).errors == 0
    press(page, "g", "i")
    arrived(page, "/imports/")
    press(page, "ArrowDown", "Enter")
    arrived(page, "/imports/2/")
    month.change_operator(page, "supervisor", TOWN)
    press(page, "a")
    expect(page.locator("#toasts")).to_contain_text("Approved")
    work_until_idle()
    expect(page.locator("#import-live")).to_contain_text("1 rows recorded")
    month.change_operator(page, "billing", TOWN)
    press(page, "g", "x")
    arrived(page, "/runs/")
    press(page, "ArrowDown", "Enter")
    arrived(page, f"/runs/{month.run}/")


def mark_reviewed(page: Page) -> None:
    press(page, "v")
    expect(page.locator("#run-state")).to_have_text("Reviewed")
    expect(page.locator(".step[aria-current]")).to_contain_text("You opened this run")


def approve_and_post(page: Page, month: Month, bills: int) -> None:
    """The second person, from the locked screen on."""
    month.change_operator(page, "supervisor", TOWN)
    arrived(page, f"/runs/{month.run}/")
    press(page, "a")
    arrived(page, f"/runs/{month.run}/approve/")
    expect(page.locator("main")).to_contain_text(f"You approve {bills} bills")
    press(page, "Enter")
    expect(page.locator("#run-state")).to_have_text("Approved")
    press(page, "s")
    arrived(page, f"/runs/{month.run}/post/")
    expect(page.locator("main")).to_contain_text(f"{bills} bills with charges of")
    press(page, "s")
    expect(page.locator("#run-live")).to_contain_text(f"0 of {bills} bills")
    work_until_idle()
    expect(page.locator("#run-state")).to_have_text("Posted")
    expect(page.locator(".step", has_text="Charged")).to_contain_text(f"Bills {bills}")


@pytest.mark.req("BIL-01", "BIL-03")
def test_a_month_s_exceptions_are_worked_and_it_is_posted(month: Month, desk: Page) -> None:
    month.sign_in(desk, "billing", TOWN)
    open_the_run(desk, month)
    prepare(desk, month.leak, month.unread, month.mistyped)
    walk_what_is_held(desk, month)
    release_the_leak(desk, month)
    hold_a_doubtful_one(desk, month)
    let_the_right_reading_in(desk, month)
    prepare(desk, month.doubted, month.unread)
    mark_reviewed(desk)
    approve_and_post(desk, month, ACCOUNTS - 2)
    with month.town.at():
        billed = set(Bill.objects.filter(run=month.run).values_list("account__number", flat=True))
    assert len(billed) == month.town.bills(month.run) == ACCOUNTS - 2
    assert {month.leak, month.mistyped} <= billed
    assert not {month.doubted, month.unread} & billed
    assert [f for f in prove(Asked(month.town.utility, clock.now())) if f.offences] == []
