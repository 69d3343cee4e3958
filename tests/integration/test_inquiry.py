"""What a customer owes on all accounts; what each transaction is called: on screen, on paper and by API."""

import re
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction

from billing.models import Bill
from collections_app.returns import return_payment
from core.tenancy import scope
from customers.models import Account
from ledger.adjustments import approve_adjustment, propose_adjustment
from ledger.receivables import payoff
from tests.conftest import World
from tests.integration.test_account_history import rows_of
from tests.integration.test_payment_records import paid
from tests.world.listings import made
from tests.world.partners import Partner

NUMBERS = ("100001", "100002")


@pytest.fixture
def owner_of_two(live: World) -> int:
    """A customer with two accounts, one of them partly paid; their id."""
    with scope(live.oak.utility.id):
        with transaction.atomic():
            customer = int(Account.objects.get(number=NUMBERS[0]).customer_id)
            Account.objects.filter(number=NUMBERS[1]).update(customer=customer)
        paid(live.oak, NUMBERS[1], "12.00")
    return customer


def owed(live: World) -> dict[str, Decimal]:
    with scope(live.oak.utility.id), transaction.atomic():
        ids = {live.oak.account(number).id: number for number in NUMBERS}
        return {ids[one]: amount for one, amount in payoff(list(ids)).items()}


@pytest.mark.req("HIS-01")
def test_the_customer_page_tells_what_is_owed_on_each_account_and_on_all(
    live: World, owner_of_two: int
) -> None:
    page = live.oak.client("clerk").get(f"/customers/{owner_of_two}/").content.decode()
    for number, amount in owed(live).items():
        assert f"/accounts/{number}/?tab=transactions" in page
        assert f"{amount:,.2f}" in page
    assert f"{sum(owed(live).values()):,.2f}" in page
    assert f"customer={owner_of_two}" in page


@pytest.mark.req("HIS-01")
def test_the_same_is_printed_for_a_customer(live: World, owner_of_two: int) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        found = made("account-transactions", customer=str(owner_of_two))
    assert found.total("open") == sum(owed(live).values())
    assert set(found.column("account")) == set(NUMBERS)
    answer = live.oak.client("clerk").get(f"/reports/account-transactions/?customer={owner_of_two}&form=pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]  # a FileResponse


@pytest.mark.req("HIS-01")
def test_a_partner_reads_what_a_customer_owes(live: World, owner_of_two: int) -> None:
    partner = Partner(live.oak, "ledger.view")
    found = partner.get(f"customers/{owner_of_two}/receivables/")
    told = {one["account"]: Decimal(one["balance"]["payoff"]) for one in found["accounts"]}
    assert told == owed(live)
    assert Decimal(found["payoff"]) == Decimal(found["past_due"]) == sum(owed(live).values())
    assert partner.ask("GET", "customers/999999/receivables/").status_code == 404


@pytest.fixture
def eventful(live: World) -> World:
    """An account with a bill, a payment that came back with a fee, and a courtesy."""
    with scope(live.oak.utility.id):
        back = paid(live.oak, "100001", "30.00")
        return_payment(
            live.oak.supervisor, payment_id=back, reason="Account closed", on=date(2026, 9, 15),
            fee=Decimal("25.00"),
        )  # fmt: skip
        one = propose_adjustment(
            live.oak.clerk, account_id=live.oak.account().id, kind="credit", amount=Decimal("5.00"),
            revenue_code="OTHER", reason="Courtesy", text="For the trouble", on=date(2026, 9, 16),
        )  # fmt: skip
        approve_adjustment(live.oak.supervisor, adjustment_id=one, on=date(2026, 9, 16))
    return live


TOLD = [
    ("Adjustment", "Adjustment 1", "For the trouble: Courtesy"),
    ("Returned payment fee", "Receipt 1", "Returned payment fee"),
    ("Payment returned", "Receipt 1", "Account closed"),
    ("Payment", "Receipt 1", "Payment"),
]


@pytest.mark.req("HIS-03")
def test_each_transaction_has_the_number_of_what_made_it_and_says_what_it_was_for(eventful: World) -> None:
    rows = rows_of(eventful.oak.client("clerk"), "/accounts/100001/transactions/?export=csv")
    assert [(r["Type"], r["Number"], r["Description"]) for r in rows[:4]] == TOLD
    page = eventful.oak.client("clerk").get("/accounts/100001/?tab=transactions").content.decode()
    assert "For the trouble: Courtesy" in page


@pytest.mark.req("HIS-03")
def test_a_partner_reads_the_history_from_a_day_and_of_a_type(eventful: World) -> None:
    partner, account = Partner(eventful.oak, "ledger.view"), eventful.oak.account().id
    found = partner.get(f"accounts/{account}/transactions/", since="2026-09-02")
    assert [(r["type"], r["number"], r["description"]) for r in found] == TOLD
    assert (found[0]["month"], found[0]["on"], found[0]["amount"]) == ("2026-09", "2026-09-16", "-5.00")
    assert found[2]["reverses"] == found[3]["journal_id"]
    of_type = partner.get(f"accounts/{account}/transactions/", type="Adjustment", until="2026-09-16")
    assert len(of_type) == 1


@pytest.mark.req("HIS-03")
def test_the_history_is_printed_as_it_is_filtered(eventful: World) -> None:
    path = "/accounts/100001/?tab=transactions&type=Payment&since=2026-09-02"
    page = eventful.oak.client("clerk").get(path).content.decode().replace("&amp;", "&")
    address = next(part for part in page.split('"') if "show=history" in part)
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items() if name != "form"}
    assert (query["type"], query["since"]) == ("Payment", "2026-09-02")
    with scope(eventful.oak.utility.id), transaction.atomic():
        found = made("account-transactions", **query)
    assert found.rows("month", "type") == [("Sep 2026", "Payment")]


def test_the_papers_of_an_account_are_together(eventful: World) -> None:
    page = eventful.oak.client("clerk").get("/accounts/100001/?tab=documents").content.decode()
    with scope(eventful.oak.utility.id), transaction.atomic():
        bill = Bill.objects.get(account__number="100001").number
    for part in (f"/bills/{bill}/pdf/", "/receipts/1/letter.pdf", "show=history", "consumption-history"):
        assert part in page


def test_no_two_keys_of_the_account_page_lead_to_different_places(live: World) -> None:
    page = live.oak.client("admin").get("/accounts/100001/").content.decode()
    ways = re.findall(r'data-go="([^"]+)"', page)
    assert len(ways) > 20
    assert sorted(ways) == sorted(set(ways))
