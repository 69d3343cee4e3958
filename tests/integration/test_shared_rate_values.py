"""Taxes and riders that several tables share, who is exempt, and what the lint stops."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from billing.models import Bill
from config.town.found import tariff
from config.town.month import bill_month
from core.errors import Conflict, NotAllowed, Refused
from core.tenancy import scope
from customers.models import Account, Service
from customers.operations import add_service
from ledger.models import Charge
from rates.checking import context_of
from rates.engine import parse_tariff
from rates.models import RateTable, RateVersion
from rates.operations import activate_version, create_table, draft_version
from rates.shared.operations import activate_together, change_shared_value
from tests.conftest import World
from tests.world.desk import send, text_of
from tests.world.fields import sent
from tests.world.partners import Partner

CART = {
    "id": "cart",
    "kind": "fixed",
    "text": "Cart",
    "revenue_code": "TRASH",
    "amount": "16.00",
    "taxable": True,
}
FUEL = {
    "id": "fuel",
    "kind": "rider",
    "text": "Fuel",
    "revenue_code": "TRASH",
    "quantity": "units",
    "price": {"dated": [{"from": "2020-01-01", "value": "0.50"}]},
}
TAX = {
    "id": "tax",
    "kind": "tax",
    "text": "Sales tax",
    "revenue_code": "TAX",
    "tax_code": "SALES",
    "percent": "5",
}
FIRST, SEPTEMBER, OCTOBER = date(2020, 1, 1), date(2026, 9, 1), date(2026, 10, 1)


def table(live: World, code: str, *charges: dict[str, Any]) -> int:
    """A flat refuse table in force, prepared by the administrator; returns the table's id."""
    oak = live.oak
    content = {"name": code, "service_type": "refuse", "components": list(charges)}
    made = create_table(oak.admin, code=code, name=code, service_type="refuse")
    draft = draft_version(oak.admin, table_id=made, content=content, starts=FIRST)
    activate_version(oak.supervisor, version_id=draft)
    return made


def change(live: World, *codes: str, **what: Any) -> list[int]:
    asked = {"kind": "tax", "name": "SALES", "value": Decimal("6.250"), "starts": SEPTEMBER, **what}
    return change_shared_value(live.oak.billing, rates=codes, **asked)


def content_on(code: str, day: date) -> dict[str, Any]:
    rows = RateVersion.objects.filter(table__code=code, state="active", starts__lte=day).order_by("starts")
    found: dict[str, Any] = rows[len(rows) - 1].content
    return found


@pytest.mark.req("RAT-05")
def test_a_tax_is_changed_in_all_tables_at_once_by_two_people(live: World) -> None:
    with scope(live.oak.utility.id):
        table(live, "ONE", CART, TAX)
        table(live, "TWO", CART, FUEL, TAX)
        drafts = change(live, "ONE", "TWO")
        with pytest.raises(NotAllowed):
            activate_together(live.oak.billing, version_ids=drafts)
        assert activate_together(live.oak.supervisor, version_ids=drafts) == drafts
        with transaction.atomic():
            for code, day in (("ONE", OCTOBER), ("TWO", OCTOBER)):
                taxed = content_on(code, day)["components"][-1]
                assert taxed["percent"] == {"dated": [{"from": "2026-09-01", "value": "6.25"}]}
            assert content_on("ONE", date(2026, 8, 31))["components"][-1]["percent"] == "5"


@pytest.mark.req("RAT-05")
def test_the_new_tax_is_on_the_bill_and_an_exempt_account_pays_none(live: World) -> None:
    clerk = live.oak.client("clerk")
    with scope(live.oak.utility.id):
        rate = table(live, "ONE", CART, TAX)
        activate_together(live.oak.supervisor, version_ids=change(live, "ONE"))
        for number in ("100001", "100002"):
            account = live.oak.account(number)
            with transaction.atomic():
                Service.objects.filter(account=account).update(ends=SEPTEMBER)
            add_service(live.oak.clerk, account_id=account.id, rate_id=rate, starts=SEPTEMBER)
    assert sent(clerk, "/accounts/100002/taxes/", codes=["SALES"]).status_code == 302
    assert "Exempt from tax SALES" in text_of(clerk.get("/accounts/100002/?tab=file"))
    # 6.25 % of 16.00 = 1.00; the exempt account has the cart alone.
    assert september(live, "100001") == {"cart": Decimal("16.00"), "tax": Decimal("1.00")}
    assert charged(live, "100002") == {"cart": Decimal("16.00")}
    assert "100002" in text_of(clerk.get("/accounts/exempt/?code=SALES"))
    assert "100002" not in text_of(clerk.get("/accounts/exempt/?code=OTHER"))


def september(live: World, number: str) -> dict[str, Decimal]:
    why = "Only two accounts of the cycle are billed here"
    bill_month(live.oak.billing, live.oak.supervisor, starts=SEPTEMBER, ends=OCTOBER, let_pass=why)
    return charged(live, number)


def charged(live: World, number: str) -> dict[str, Decimal]:
    with scope(live.oak.utility.id), transaction.atomic():
        bill = Bill.objects.get(account__number=number, starts=SEPTEMBER)
        return dict(Charge.objects.filter(journal=bill.journal_id).values_list("component", "amount"))


@pytest.mark.req("RAT-05")
def test_this_month_s_rider_is_one_form(live: World) -> None:
    with scope(live.oak.utility.id):
        table(live, "TWO", CART, FUEL, TAX)
    form = "/rates/shared/change/?kind=rider&name=fuel"
    billing = live.oak.client("billing")
    assert "0.50" in text_of(billing.get(form))
    typed = {"value": "0.75", "starts": "2026-12-01", "rates": ["TWO"], "source": "Notice of November"}
    assert sent(billing, form, **typed).status_code == 302
    supervisor = live.oak.client("supervisor")
    assert "Notice of November" in text_of(supervisor.get("/rates/shared/"))
    with scope(live.oak.utility.id), transaction.atomic():
        draft = RateVersion.objects.get(table__code="TWO", state="draft")
    answer = send(supervisor, "/rates/shared/activate/", opened="/rates/shared/", version_ids=[draft.id])
    assert answer.status_code == 302
    with scope(live.oak.utility.id), transaction.atomic():
        assert content_on("TWO", date(2026, 12, 1))["components"][1]["price"] == {
            "dated": [{"from": "2026-12-01", "value": "0.75"}]
        }


def test_nothing_is_prepared_while_a_draft_waits(live: World) -> None:
    with scope(live.oak.utility.id):
        table(live, "ONE", CART, TAX)
        table(live, "TWO", CART, TAX)
        change(live, "TWO")
        with pytest.raises(Conflict, match="Rate TWO: a draft waits already"):
            change(live, "ONE", "TWO")
        with transaction.atomic():
            assert RateVersion.objects.filter(state="draft").count() == 1


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"value": Decimal("101")}, "is no per cent of a tax"),
        ({"value": Decimal("5.00")}, "is 5 already"),
        ({"name": "CITY"}, "has the tax “CITY”"),
        ({"kind": "fee"}, "has the fee"),
        ({"starts": FIRST}, "starts on that day itself"),
        ({"value": Decimal("0.123456789")}, "more than 8 places"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(live: World, what: dict[str, Any], why: str) -> None:
    with scope(live.oak.utility.id):
        table(live, "ONE", CART, TAX)
        with pytest.raises(Refused, match=why):
            change(live, "ONE", **what)


def test_a_partner_sees_and_changes_shared_values(live: World) -> None:
    partner = Partner(live.oak)
    with scope(live.oak.utility.id):
        table(live, "ONE", CART, TAX)
    path = f"accounts/{live.oak.account('100003').id}/taxes/"
    assert partner.ask("PATCH", path, {"codes": ["CITY"]}).status_code == 422
    assert partner.ask("PATCH", path, {"codes": ["SALES"]}).status_code == 200
    (tax,) = partner.get("shared-rate-values/")["values"]
    assert (tax["name"], tax["exempt_accounts"], tax["rates"][0]["value"]) == ("SALES", 1, "5.00000000")
    asked = {"kind": "tax", "name": "SALES", "value": "6", "starts": "2026-12-01", "rates": ["ONE"]}
    assert partner.ask("POST", "shared-rate-values/", asked).status_code == 201
    assert partner.first("exempt-accounts/", code="SALES")["number"] == "100003"


def test_the_lint_keeps_a_version_out_of_force(live: World) -> None:
    oak = live.oak
    with scope(oak.utility.id):
        with transaction.atomic():
            water = RateTable.objects.get(code="WATER")
        content = tariff(oak.plan.rates["water"])
        per_gallon = {**content, "unit": "GAL"}
        draft = draft_version(oak.admin, table_id=water.id, content=per_gallon, starts=date(2027, 1, 1))
        with pytest.raises(Refused, match="3.85 a gallon: far more than is usual"):
            activate_version(oak.supervisor, version_id=draft)
        with transaction.atomic():
            assert RateVersion.objects.get(id=draft).state == "draft"


def test_the_lint_knows_the_chart_the_meters_and_the_services(live: World) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        water = RateTable.objects.get(code="WATER")
        context = context_of(water, date(2027, 1, 1))
        count = Service.objects.filter(rate=water).count()
        assert context.revenue_codes is not None
        assert {"WATER", "TAX"} <= context.revenue_codes
        assert context.meter_units["water"]
        assert sum(kind.count for kind in context.services) == count
        assert context.before == content_on("WATER", date(2026, 12, 31))
        assert parse_tariff(context.before).attributes <= set(context.services[0].attributes)
        assert Account.objects.exclude(tax_exempt_codes=[]).count() == 0
