"""The counter: what a scan fills, what is refused, and that money is taken once."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from billing.models import Bill
from collections_app.models import Payment, Receipt
from core.barcodes import bill_code, receipt_code
from core.operations import operation
from core.policies import set_policy
from core.tenancy import scope
from customers.models import Account
from ledger.receivables import payoff
from tests.conftest import World
from tests.world.desk import key_of, open_till, send, text_of
from tests.world.towns import FIRST, Town


@pytest.fixture(autouse=True)
def _till(live: World) -> None:
    for role in ("clerk", "supervisor"):
        open_till(live.oak, role)


def owed(town: Town, number: str = "100001") -> Decimal:
    account = town.account(number)
    with scope(town.utility.id), transaction.atomic():
        return payoff([account.id])[account.id]


def receipts(town: Town) -> list[Receipt]:
    with scope(town.utility.id), transaction.atomic():
        return list(Receipt.objects.order_by("number"))


def pay(client: Client, number: str = "100001", **fields: Any) -> Any:
    what = {
        "account": number,
        "amount": "10.00",
        "tender": "10.00",
        "kind": "cash",
        "reference": "",
        **fields,
    }
    return send(client, "/counter/", opened=f"/counter/?account={number}", **what)


@operation("test.cash_only", permission="customers.edit")
def cash_only(by: Any, *, number: str) -> int:
    return Account.objects.filter(number=number).update(cash_only=True)


def test_the_code_of_a_bill_fills_account_and_amount(live: World) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        bill = Bill.objects.select_related("account").get(account__number="100001")
    clerk = live.oak.client("clerk")
    found = clerk.get("/counter/scan/", {"code": bill_code("100001", bill.total_due)}).json()
    form = clerk.get(found["url"]).context["form"]
    assert (form.initial["account"], form.initial["amount"]) == ("100001", bill.total_due)


@pytest.mark.parametrize("code", ["A999999*4512", "SOMETHING", "R77", "", "A100001*"])
def test_an_unknown_code_leads_nowhere(live: World, code: str) -> None:
    assert live.oak.client("clerk").get("/counter/scan/", {"code": code}).json() == {}


def test_the_code_of_a_receipt_leads_to_the_receipt(live: World) -> None:
    clerk = live.oak.client("clerk")
    pay(clerk)
    found = clerk.get("/counter/scan/", {"code": receipt_code("1")}).json()
    assert found == {"url": "/receipts/1/"}


def test_one_account_that_fits_is_opened_and_of_several_one_is_chosen(live: World) -> None:
    clerk = live.oak.client("clerk")
    assert clerk.get("/counter/find/", {"q": "100004"})["Location"] == "/counter/?account=100004"
    several = clerk.get("/counter/find/", {"q": "1000"})
    assert len(several.context["choices"]) == live.oak.plan.accounts


def test_what_is_typed_is_shown_laid_on_what_is_owed(live: World) -> None:
    page = live.oak.client("clerk").get("/counter/owed/", {"account": "100001", "amount": "12.34"})
    found = page.context["found"]
    assert found.pays == Decimal("12.34")
    assert found.open == owed(live.oak)
    assert found.left == owed(live.oak) - Decimal("12.34")


def test_a_payment_lowers_what_is_owed_and_says_the_change(live: World) -> None:
    before = owed(live.oak)
    clerk = live.oak.client("clerk")
    done = clerk.get(pay(clerk, amount="12.50", tender="20")["Location"])
    assert 'class="change-due" role="status">7.50<' in done.content.decode()
    assert owed(live.oak) == before - Decimal("12.50")


def test_the_same_form_sent_twice_takes_the_money_once(live: World) -> None:
    clerk = live.oak.client("clerk")
    key = key_of(clerk.get("/counter/?account=100001"))
    what = {"account": "100001", "amount": "5", "tender": "5", "kind": "cash", "idempotency_key": key}
    answers = [clerk.post("/counter/", what)["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(receipts(live.oak)) == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("amount", {"amount": "12.345"}),
        ("amount", {"amount": "-3"}),
        ("tender", {"amount": "20", "tender": "19.99"}),
        ("tender", {"amount": "10", "tender": "12", "kind": "check"}),
    ],
)
def test_a_wrong_amount_is_told_at_its_field_and_what_was_typed_is_kept(
    live: World, field: str, wrong: dict[str, str]
) -> None:
    answer = pay(live.oak.client("clerk"), reference="slip 9", **wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "slip 9" in answer.content.decode()
    assert receipts(live.oak) == []


def test_a_cash_only_account_takes_no_check_from_a_clerk(live: World) -> None:
    with scope(live.oak.utility.id):
        cash_only(live.oak.admin, number="100001")
    clerk = live.oak.client("clerk")
    page = clerk.get("/counter/?account=100001")
    assert "CASH ONLY" in text_of(page)
    assert 'value="check" disabled' in " ".join(page.content.decode().split())
    refused = pay(clerk, kind="check", reference="1042")
    assert "CASH ONLY" in str(refused.context["form"].errors["tender"])
    assert pay(clerk, kind="money_order").status_code == 302


def test_more_than_is_owed_is_kept_only_when_somebody_says_so(live: World) -> None:
    with scope(live.oak.utility.id):
        set_policy(live.oak.admin, code="collections.overpayment_over", value="5.00", starts=FIRST)
    clerk, much = live.oak.client("clerk"), str(owed(live.oak) + 20)
    assert "keep" in pay(clerk, amount=much, tender=much).context["form"].errors
    assert receipts(live.oak) == []
    assert pay(clerk, amount=much, tender=much, keep="on").status_code == 302
    assert owed(live.oak) == -20


def test_only_a_second_person_takes_a_receipt_back_and_it_keeps_its_number(live: World) -> None:
    before = owed(live.oak)
    supervisor, admin = live.oak.client("supervisor"), live.oak.client("admin")
    pay(supervisor)
    assert "a second person takes it back" in text_of(supervisor.get("/receipts/1/"))
    key = key_of(admin.get("/receipts/1/"))
    own = supervisor.post("/receipts/1/void/", {"why": "Mistake", "idempotency_key": key})
    assert own.status_code == 403
    assert send(admin, "/receipts/1/void/", opened="/receipts/1/", why="Wrong account").status_code == 302
    assert "Void" in text_of(admin.get("/receipts/1/"))
    assert owed(live.oak) == before


def test_a_receipt_shows_what_it_was_laid_on_and_adds_up(live: World) -> None:
    clerk = live.oak.client("clerk")
    pay(clerk, amount="12.50", tender="20")
    shown = clerk.get("/receipts/1/").context["shown"]
    assert sum((part.amount for part in shown.laid), Decimal(0)) == Decimal("12.50")
    with scope(live.oak.utility.id), transaction.atomic():
        assert Payment.objects.get().balance_after == owed(live.oak)


@pytest.mark.parametrize("form", ["roll", "letter"])
def test_a_receipt_is_printed(live: World, form: str) -> None:
    clerk = live.oak.client("clerk")
    pay(clerk)
    answer = clerk.get(f"/receipts/1/{form}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_viewer_takes_no_money(live: World) -> None:
    assert live.oak.client("viewer").get("/counter/").status_code == 403
