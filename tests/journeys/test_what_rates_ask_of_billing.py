"""A rate that changes in mid-month, past periods, demand, limits, drafts: asked by a table, given by billing.

Every figure is worked by hand beside its test.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from billing.cancelling import cancel_bill
from billing.models import RegisterUse
from billing.remaking import differences
from billing.statements import statements_of
from core.tenancy import scope
from customers.leaving import end_account
from customers.models import Account, BankDraft
from ledger.models import ChartAccount, Posting, RevenueCode
from tests.conftest import World
from tests.world import rated
from tests.world.desk import text_of
from tests.world.proof import broken
from tests.world.rated import DECEMBER, NOVEMBER, OCTOBER, SEPTEMBER
from tests.world.towns import Town

CHANGED = date(2026, 9, 19)
BOOKS = ("B1", "B2", "B4", "B5", "B10", "L1", "L2", "L3")


@pytest.fixture
def oak(live: World) -> Iterator[Town]:
    """Oak, in its scope."""
    with scope(live.oak.utility.id):
        yield live.oak


def water(service: str, low: str, high: str, **more: Any) -> dict[str, Any]:
    """A service charge, two blocks divided at 4, and a tax of 5 %."""
    blocks = [{"up_to": "4", "price": low}, {"price": high}]
    usage = {"id": "usage", "kind": "blocks", "text": "Water use", "revenue_code": "WATER", "blocks": blocks}
    tax = {"id": "tax", "kind": "tax", "text": "Sales tax", "revenue_code": "TAX", "percent": "5"}
    parts = [rated.fixed("service", service), usage, {**tax, "tax_code": "SALES", "of": ["all"]}]
    return rated.table("water", parts, unit="KGAL", dated_by="days", **more)


def watered(town: Town, rate: int, gallons: str = "10000") -> Account:
    """Account 100001 with a meter of gallons alone, which measured so much in September."""
    account = town.account()
    rated.only_these(account)
    point, registers = rated.install(account, "water", {"": "GAL"})
    rated.serve(town, account, rate, point)
    rated.read(town, registers[""], {OCTOBER: gallons})
    return account


def changing(town: Town) -> int:
    """Water whose prices rise on the 19th."""
    table = rated.new_rate(town, "WTR", water("27.50", "2.00", "3.00"))
    rated.put_in_force(town, table, water("30.00", "2.20", "3.30"), CHANGED)
    return table


@pytest.mark.req("RAT-12")
def test_a_rate_that_changes_in_mid_month_is_charged_by_the_days_of_each(live: World, oak: Town) -> None:
    account = watered(oak, changing(oak))
    rated.bill(oak)
    # 18 days of 27.50 and 12 of 30.00; use 10: 4 × 2.00 + 6 × 3.00 = 26.00, 4 × 2.20 + 6 × 3.30 = 28.60.
    # (18 × 27.50 + 12 × 30.00) ÷ 30 = 28.50; (18 × 26.00 + 12 × 28.60) ÷ 30 = 27.04; 5 % of 55.54 = 2.777.
    assert rated.charged(oak, account) == {
        "service": Decimal("28.50"), "usage": Decimal("27.04"), "tax": Decimal("2.78"),
    }  # fmt: skip
    with transaction.atomic():
        assert differences(1, 10_000)[1] == []
    assert broken(live, *BOOKS) == []


@pytest.mark.req("BIL-13", "RAT-12")
def test_the_explanation_names_both_versions_with_their_days_and_shares(oak: Town) -> None:
    account = watered(oak, changing(oak))
    rated.bill(oak)
    (found,) = rated.explained(oak, account).services
    assert [(t.days.start, t.days.end, t.starts) for t in found.tables] == [
        (SEPTEMBER, CHANGED, rated.FIRST_DAY), (CHANGED, OCTOBER, CHANGED),
    ]  # fmt: skip
    service = found.lines[0]
    assert [s.text for s in service.steps if not s.under] == [
        "Sep 1 – Sep 18, 18 of 30 days: 27.50 × 18 ÷ 30 = 16.50",
        "Sep 19 – Sep 30, 12 of 30 days: 30.00 × 12 ÷ 30 = 12.00",
    ]
    number = rated.bill_of(oak, account).number
    said = text_of(oak.client("clerk").get(f"/bills/{number}/"))
    assert "The rate changed inside the period" in said
    assert "Sep 1 – Sep 18, 18 of 30 days" in said


@pytest.mark.req("RAT-01", "BIL-13")
def test_a_bill_made_again_after_a_retroactive_change_names_the_one_it_replaces(oak: Town) -> None:
    table = rated.new_rate(oak, "TOWN", water("27.50", "2.00", "3.00"))
    account = watered(oak, table)
    rated.bill(oak)
    # 27.50 + 26.00 = 53.50; 5 % = 2.675, rounded 2.68.
    first = rated.bill_of(oak, account)
    assert first.charges == Decimal("56.18")
    later = rated.put_in_force_late(oak, table, water("30.00", "2.20", "3.30"), CHANGED)
    (was,) = rated.explained(oak, account).services
    assert was.table is not None
    assert was.table.since_then is not None
    assert was.table.since_then.version_id == later
    with transaction.atomic():
        assert differences(1, 10_000)[1] == []
    cancel_bill(oak.supervisor, bill_id=first.id, why="Council put the rate in force late", on=OCTOBER)
    rated.bill(oak, OCTOBER, NOVEMBER, released="100001")
    again = rated.explained(oak, account, OCTOBER)
    # As in the test above: 28.50 + 27.04 + 2.78 = 58.32, which is 2.14 more.
    assert again.before is not None
    assert again.before.more_days == 0
    assert (again.before.number, again.before.more) == (first.number, Decimal("2.14"))
    assert again.total == Decimal("58.32")
    said = text_of(oak.client("clerk").get(f"/bills/{rated.bill_of(oak, account, OCTOBER).number}/"))
    assert f"Made instead of bill {first.number}" in said


def winter(**more: Any) -> dict[str, Any]:
    """Sewer: 5.00 a thousand gallons of the water, at most the average of the winter's."""
    look = {"name": "winter_water", "of": "water", "months": [12, 1, 2], "from": "04-01", "at_least": 2}
    use = {"from": "water", "cap": {"op": "average", "of": ["winter_water"]}}
    charge = {"id": "use", "kind": "per_unit", "text": "Sewer use", "revenue_code": "SEWER", "price": "5.00"}
    return rated.table("sewer", [charge], unit="KGAL", use=use, look_back=[{**look, **more}])


def with_a_winter(town: Town, shown: dict[date, str], sewer: dict[str, Any]) -> Account:
    """Water that another system billed up to September, and sewer that follows it."""
    account = town.account()
    rated.only_these(account)
    point, registers = rated.install(account, "water", {"": "GAL"}, date(2025, 12, 1))
    service = rated.serve(town, account, rated.new_rate(town, "WTR", water("1.00", "1.00", "1.00")), point)
    rated.came_billed(service, date(2025, 12, 1))
    rated.read(town, registers[""], shown)
    rated.serve(town, account, rated.new_rate(town, "SEW", sewer))
    return account


WINTER = {
    date(2026, 1, 1): "6000", date(2026, 2, 1): "14000", date(2026, 3, 1): "21000",
    SEPTEMBER: "90000", OCTOBER: "102000",
}  # fmt: skip


@pytest.mark.req("RAT-11", "BIL-13")
def test_sewer_is_capped_at_the_average_of_the_winter_and_says_so(oak: Town) -> None:
    account = with_a_winter(oak, WINTER, winter())
    rated.bill(oak)
    # December 6, January 8, February 7 thousand: 7 on average; September's 12 are more. 7 × 5.00 = 35.00.
    assert rated.charged(oak, account)["use"] == Decimal("35.00")
    sewer = next(s for s in rated.explained(oak, account).services if s.name == "Sewer")
    (past,) = sewer.past
    assert [(p.on, p.use) for p in past.periods] == [
        (date(2025, 12, 31), Decimal(6000)),
        (date(2026, 1, 31), Decimal(8000)),
        (date(2026, 2, 28), Decimal(7000)),
    ]
    assert sewer.use_told == (
        "At most the average of winter water (6, 8, 7), which is 7: 7 thousand gallons are billed"
        " instead of 12.",
    )
    with transaction.atomic():
        (paper,) = statements_of([rated.bill_of(oak, account).id])
        assert differences(1, 10_000)[1] == []
    assert any("which is 7" in said for said in paper.explanation)


@pytest.mark.req("RAT-11")
def test_without_enough_of_a_winter_the_table_says_what_is_taken_instead(oak: Town) -> None:
    since_spring = {day: dial for day, dial in WINTER.items() if day >= date(2026, 3, 1)}
    account = with_a_winter(
        oak, {date(2026, 2, 1): "14000", **since_spring}, winter(otherwise="7", at_least=3)
    )
    rated.bill(oak)
    assert rated.charged(oak, account)["use"] == Decimal("35.00")  # 7 × 5.00
    sewer = next(s for s in rated.explained(oak, account).services if s.name == "Sewer")
    assert sewer.past[0].instead == (
        "Only 2 of the 3 periods needed are known, so 7 thousand gallons is taken."
    )


@pytest.mark.req("RAT-11")
def test_a_winter_average_may_go_by_the_days_of_the_winter(oak: Town) -> None:
    sewer = winter()
    (look,) = sewer["look_back"]
    sewer["look_back"] = [look, {**look, "name": "winter_days", "what": "days"}]
    a_day = [{"op": "sum", "of": [name]} for name in ("winter_water", "winter_days")]
    sewer["use"]["cap"] = {"op": "product", "of": [{"op": "quotient", "of": a_day}, "30"]}
    account = with_a_winter(oak, WINTER, sewer)
    rated.bill(oak)
    # 21 thousand gallons in 31 + 31 + 28 = 90 days are 7 in 30 days; 7 × 5.00 = 35.00.
    assert rated.charged(oak, account)["use"] == Decimal("35.00")
    shown = next(s for s in rated.explained(oak, account).services if s.name == "Sewer").past
    days = next(one for one in shown if one.name == "Winter days")
    assert [f"{p.use} {p.unit}" for p in days.periods] == ["31 days", "31 days", "28 days"]


@pytest.mark.req("RAT-11")
def test_what_was_billed_here_counts_as_well(oak: Town) -> None:
    # The months before each September are those of a town that was read on August 1 and September 1.
    sewer = winter(months=[8], **{"from": "09-01", "at_least": 1})
    account = oak.account()
    rate = rated.new_rate(oak, "SEW", sewer)
    rated.serve(oak, account, rate)
    with transaction.atomic():
        august: Any = RegisterUse.objects.select_related("to_reading").get(bill__account=account)
    assert august.unit == "CCF"
    register = august.register_id
    rated.read(oak, register, {OCTOBER: str(august.to_reading.dial + august.use + 1)})
    rated.bill(oak)
    # A hundred cubic feet are 74.8051948… thousand gallons ÷ 100: 0.748051948… thousand gallons.
    cubic_inches = august.use * 100 * 1728
    gallons = cubic_inches / 231
    expected = (gallons / 1000 * 5).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    assert rated.charged(oak, account)["use"] == expected


def electric() -> dict[str, Any]:
    """Energy at 0.10, demand at 10.00 a kW: the present one, or 80 % of the highest of two months before."""
    past = {"op": "product", "of": ["0.8", {"op": "highest", "of": ["past_kw"], "count": 1}]}
    energy = {"id": "energy", "kind": "per_unit", "text": "Energy", "revenue_code": "ELECTRIC"}
    demand = {"id": "demand", "kind": "per_unit", "text": "Demand", "revenue_code": "ELECTRIC"}
    return rated.table(
        "electric",
        [{**energy, "price": "0.10"}, {**demand, "quantity": "billing_kw", "unit": "kW", "price": "10.00"}],
        unit="KWH",
        look_back=[{"name": "past_kw", "what": "demand", "last": 2, "otherwise": "0"}],
        derive=[{"name": "billing_kw", "value": {"op": "greatest", "of": ["kw", past]}}],
    )


@pytest.mark.req("RAT-06")
def test_a_demand_is_what_the_register_shows_and_ratchets_on_the_months_before(
    live: World, oak: Town
) -> None:
    account = oak.account()
    rated.only_these(account)
    point, registers = rated.install(account, "electric", {"E": "KWH", "D": "KW"}, date(2026, 7, 1), 2)
    service = rated.serve(oak, account, rated.new_rate(oak, "EL", electric()), point)
    rated.came_billed(service, date(2026, 7, 1))
    # The demand is set back at each reading, so a lower figure is no step backwards.
    days = (date(2026, 8, 1), SEPTEMBER, OCTOBER)
    rated.read(oak, registers["D"], dict(zip(days, ("31", "25", "20"), strict=True)))
    rated.read(oak, registers["E"], dict(zip(days, ("400", "800", "1300"), strict=True)))
    rated.bill(oak)
    # Energy (1300 − 800) × 2 = 1,000 kWh × 0.10.  Demand 20 × 2 = 40; July 62, August 50: 0.8 × 62 = 49.6.
    assert rated.charged(oak, account) == {"energy": Decimal("100.00"), "demand": Decimal("496.00")}
    (found,) = rated.explained(oak, account).services
    assert [one.how for one in found.measured if one.unit == "kW"] == [
        "The highest shown is 20; times the meter's 2 makes 40 kW in 30 days."
    ]
    assert found.use_told == (
        "Billing kW: the greatest of kW (40) and the product of 0.8 and the highest of past kW (62, 50),"
        " which is 49.6.",
    )
    assert ("Demand, kW", "40") in [(i.label, i.value) for i in found.inputs]
    assert broken(live, *BOOKS) == []


@pytest.mark.req("RAT-04")
def test_a_flat_charge_stops_by_itself_at_its_limit(live: World, oak: Town) -> None:
    account = oak.account()
    rated.only_these(account)
    loan = rated.table("drainage", [rated.fixed("loan", "27.50", stops_at="40.00")])
    rated.serve(oak, account, rated.new_rate(oak, "LOAN", loan))
    rated.serve(
        oak, account, rated.new_rate(oak, "BASE", rated.table("refuse", [rated.fixed("cart", "9.00")]))
    )
    for starts, ends in ((SEPTEMBER, OCTOBER), (OCTOBER, NOVEMBER), (NOVEMBER, DECEMBER)):
        rated.bill(oak, starts, ends)
    months = [rated.charged(oak, account, month).get("loan") for month in (SEPTEMBER, OCTOBER, NOVEMBER)]
    # 27.50, then the 12.50 that 40.00 leaves, then nothing.
    assert months == [Decimal("27.50"), Decimal("12.50"), None]
    said = text_of(oak.client("clerk").get("/accounts/100001/?tab=services"))
    assert "40.00 of 40.00" in said
    assert broken(live, *BOOKS) == []


@pytest.mark.req("DRF-06")
def test_who_pays_by_draft_gets_the_credit_of_the_rate_on_its_own_revenue_account(oak: Town) -> None:
    account, other = oak.account(), oak.account("100002")
    with transaction.atomic():
        revenue = ChartAccount.objects.create(code="4790", name="Draft credits", kind="revenue")
        RevenueCode.objects.create(code="DRAFTCR", name="Draft credit", chart_account=revenue, priority=30)
        BankDraft.objects.create(
            account=account, bank="FIRST", holder="A", routing="021000021", number_last4="1111",
            signed_on=SEPTEMBER, starts=SEPTEMBER,
        )  # fmt: skip
    draft = {"when": {"bank_draft": ["yes"]}, "revenue_code": "DRAFTCR"}
    content = rated.table("refuse", [rated.fixed("cart", "9.00"), rated.fixed("draft", "-1.50", **draft)])
    rate = rated.new_rate(oak, "CART", content)
    for one in (account, other):
        rated.only_these(one)
        rated.serve(oak, one, rate)
    rated.bill(oak)
    assert rated.charged(oak, account) == {"cart": Decimal("9.00"), "draft": Decimal("-1.50")}
    assert rated.charged(oak, other) == {"cart": Decimal("9.00")}
    with transaction.atomic():
        booked = Posting.objects.filter(chart_account=revenue).values_list("debit", "credit")
        assert list(booked) == [(Decimal("1.50"), Decimal("0.00"))]


@pytest.mark.req("RAT-11")
def test_load_control_gives_its_credit_for_each_switch_in_its_season(oak: Town) -> None:
    account = oak.account()
    rated.only_these(account)
    switch = {
        "id": "switch", "kind": "per_unit", "text": "Peak switch", "revenue_code": "LOADCONTROL",
        "price": "-10.00", "quantity": "switches", "unit": "switches", "when": {"month": [5, 6, 7, 8, 9]},
    }  # fmt: skip
    rate = rated.new_rate(oak, "PEAK", rated.table("electric", [rated.fixed("base", "50.00"), switch]))
    rated.serve(oak, account, rate, attributes={"switches": 2})
    rated.bill(oak)
    rated.bill(oak, OCTOBER, NOVEMBER)
    assert rated.charged(oak, account) == {"base": Decimal("50.00"), "switch": Decimal("-20.00")}
    assert rated.charged(oak, account, OCTOBER) == {"base": Decimal("50.00")}


@pytest.mark.req("RAT-10")
def test_gallons_cubic_feet_and_cubic_metres_on_one_route_are_priced_alike(oak: Town) -> None:
    per = {"id": "usage", "kind": "per_unit", "text": "Water", "revenue_code": "WATER", "per": "1000"}
    rate = rated.new_rate(oak, "GAL", rated.table("water", [{**per, "price": "6.06"}], unit="GAL"))
    accounts = [oak.account(number) for number in ("100001", "100002", "100003")]
    for account, unit, dial in zip(accounts, ("GAL", "CCF", "M3"), ("4500", "231", "10"), strict=True):
        rated.only_these(account)
        point, registers = rated.install(account, "water", {"": unit})
        rated.serve(oak, account, rate, point)
        rated.read(oak, registers[""], {OCTOBER: dial})
    assert len({account.location.route_id for account in accounts}) == 1
    rated.bill(oak)
    # 4,500 × 6.06 ÷ 1,000 = 27.27.  23,100 cubic feet × 1,728 ÷ 231 are 172,800 gallons: 1,047.168.
    # 10 cubic metres are 10,000 ÷ 3.785411784 = 2,641.7205… gallons: 16.0088….
    found = [rated.charged(oak, account)["usage"] for account in accounts]
    assert found == [Decimal("27.27"), Decimal("1047.17"), Decimal("16.01")]


@pytest.mark.req("RAT-12", "MOV-01")
def test_who_leaves_in_mid_month_pays_the_fixed_charge_by_days(oak: Town) -> None:
    account = oak.account()
    by_days = {"proration": {"full": "30", "below": "25"}}
    rate = rated.new_rate(oak, "TOWN", water("19.50", "2.00", "3.00", **by_days))
    rated.only_these(account)
    point, registers = rated.install(account, "water", {"": "GAL"})
    rated.serve(oak, account, rate, point)
    left = date(2026, 9, 13)
    rated.read(oak, registers[""], {left: "3000"})
    end_account(oak.clerk, account_id=account.id, on=left)
    rated.bill(oak)
    # 12 of 30 days: 19.50 × 12 ÷ 30 = 7.80.  The first block ends at 4 × 12 ÷ 30 = 1.6:
    # 1.6 × 2.00 + 1.4 × 3.00 = 7.40.  5 % of 15.20 = 0.76.
    assert rated.charged(oak, account) == {
        "service": Decimal("7.80"), "usage": Decimal("7.40"), "tax": Decimal("0.76"),
    }  # fmt: skip
    bill = rated.bill_of(oak, account)
    assert (bill.final, bill.charges) == (True, Decimal("15.96"))


@pytest.mark.req("RAT-05", "BIL-13")
def test_an_exemption_says_which_tax_is_not_charged_and_why(oak: Town) -> None:
    account = oak.account()
    with transaction.atomic():
        Account.objects.filter(id=account.id).update(tax_exempt_codes=["SALES"])
    watered(oak, rated.new_rate(oak, "TOWN", water("27.50", "2.00", "3.00")))
    rated.bill(oak)
    (found,) = rated.explained(oak, account).services
    # 5 % of 27.50 + 4 × 2.00 + 6 × 3.00 = 53.50 would be 2.675, rounded 2.68.
    assert [(e.text, e.amount) for e in found.exempted] == [("Sales tax", Decimal("2.68"))]
    number = rated.bill_of(oak, account).number
    said = text_of(oak.client("clerk").get(f"/bills/{number}/"))
    assert "not charged, because the account is exempt from this tax (SALES)" in said
