"""Reports of rates: tables read out, two versions compared, what was billed under each, who used most."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections, transaction

from billing.models import Bill
from config.town.found import tariff
from config.town.month import bill_month
from core.tenancy import scope
from meters.models import Register
from rates.models import RateTable, RateVersion
from rates.operations import activate_version, draft_version
from reports.lines import lines
from tests.conftest import World
from tests.world.desk import readings_of_september, text_of
from tests.world.listings import asked, made, sheet_for

AUTUMN = {"since": "2026-08-01", "through": "2026-10-31"}
_USE_OF_100001 = (
    "SELECT sum(u.use) FROM billing_registeruse u JOIN meters_register r ON r.id = u.register_id"
    " JOIN meters_meter m ON m.id = r.meter_id WHERE m.number = 'M100001' AND u.\"on\" = %s"
)
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def oak(live: World) -> Iterator[World]:
    """The world, in Oak's scope."""
    with scope(live.oak.utility.id):
        yield live


def new_version(world: World, code: str, content: dict[str, Any], starts: date, active: bool = True) -> int:
    """A version by one person, put in force by another."""
    with transaction.atomic():
        table = RateTable.objects.get(code=code).id
    draft = draft_version(world.oak.admin, table_id=table, content=content, starts=starts, source="Ord. 7")
    if active:
        activate_version(world.oak.supervisor, version_id=draft)
    return draft


def dearer_cart(price: str) -> dict[str, Any]:
    """The refuse rate with the first cart at that price."""
    content = tariff("bossier-trash")
    content["components"][0]["amount"] = price
    return content


def dearer_water() -> dict[str, Any]:
    """The water rate at 4.00, 3.00 and 2.00 for 3.85, 2.85 and 1.85."""
    content = deepcopy(tariff("council-bluffs-water"))
    for block, price in zip(content["components"][0]["blocks"], ("4.00", "3.00", "2.00"), strict=True):
        block["price"] = price
    return content


def rows(code: str, *columns: str, **query: str) -> list[tuple[Any, ...]]:
    with transaction.atomic():
        return made(code, **query).rows(*columns)


@pytest.mark.req("RAT-09", "REP-13")
def test_rate_tables_are_listed_clause_by_clause(oak: World) -> None:
    found = rows("rate-tables", "number", "charge", "whom", "price", "revenue", service="water")
    heads = [(number, charge, code) for number, charge, _, _, code in found if number]
    assert heads == [("1", "Water use", "WATER"), ("2", "Minimum bill", "WATER")]
    prices = [price for *_, price, _ in found if isinstance(price, Decimal)]
    # The blocks of the page, then its minimums from 5/8 to 4 inches.
    minimums = ["13.76", "17.20", "19.18", "35.08", "42.96", "185.25", "234.77"]
    assert prices == [Decimal(p) for p in ("3.85", "2.85", "1.85", *minimums)]
    assert [whom for _, _, whom, price, _ in found if price == Decimal("35.08")] == ["1 1/2"]


@pytest.mark.req("RAT-09", "RAT-01")
def test_rate_tables_are_those_of_the_day_asked_for_or_every_one(oak: World) -> None:
    new_version(oak, "REFUSE", dearer_cart("17.00"), OCTOBER)
    new_version(oak, "REFUSE", dearer_cart("18.00"), date(2027, 1, 1), active=False)

    def states(**query: str) -> list[tuple[Any, Any]]:
        return list(dict.fromkeys(rows("rate-tables", "starts", "state", rate="REFUSE", **query)))

    (old,) = states(on="2026-09-30")
    assert old[1] == "In force"
    assert states(on="2026-10-01") == [(OCTOBER, "In force")]
    every = states(on="2026-10-01", show="all")
    assert every == [(old[0], "No longer"), (OCTOBER, "In force"), (date(2027, 1, 1), "Draft")]


@pytest.mark.req("REP-13")
def test_two_versions_are_compared_in_bills_worked_at_even_uses(oak: World) -> None:
    with transaction.atomic():
        old = RateVersion.objects.get(table__code="WATER").id
    new = new_version(oak, "WATER", dearer_water(), OCTOBER, active=False)
    asked_for = {"one": str(old), "other": str(new), "size": "5/8", "most": "40"}
    found = {
        use: rest
        for use, *rest in rows("rate-comparison", "use", "before", "after", "change", "share", **asked_for)
    }
    # 20: 15 × 3.85 + 5 × 2.85 = 72.00, and 15 × 4.00 + 5 × 3.00 = 75.00; 3.00 of 72.00 is 4.1666… %.
    assert found[Decimal(20)] == [Decimal("72.00"), Decimal("75.00"), Decimal("3.00"), Decimal("4.2")]
    # No use: the minimum of 13.76 under both.
    assert found[Decimal(0)] == [Decimal("13.76"), Decimal("13.76"), Decimal("0.00"), Decimal("0.0")]


@pytest.mark.req("REP-13")
def test_a_comparison_says_which_uses_are_usual_and_draws_both(oak: World) -> None:
    with transaction.atomic():
        version = str(RateVersion.objects.get(table__code="WATER").id)
        found = list(
            lines(sheet_for("rate-comparison", {"one": version, "other": version, "on": "2026-09-30"}))
        )
        half = asked("SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY use) FROM billing_registeruse")[0]
    usual = {line.cells[5]: line.cells[3] for line in found if line.kind == "row" and line.cells[5]}
    assert usual["Half of bills use up to this"] == half > 0
    (drawing,) = [line.label for line in found if line.kind == "picture"]
    assert drawing.count("chart-line") == 2 == drawing.count("chart-before"), "a line and its key each"


@pytest.mark.req("REP-13")
def test_clauses_stand_side_by_side_and_only_changes_when_asked(oak: World) -> None:
    with transaction.atomic():
        old = RateVersion.objects.get(table__code="WATER").id
    new = new_version(oak, "WATER", dearer_water(), OCTOBER, active=False)
    pair = {"one": str(old), "other": str(new)}
    changed = rows("rate-comparison", "one", "other", "change", show="changes", **pair)
    assert changed == [("3.85", "4.00", "changed"), ("2.85", "3.00", "changed"), ("1.85", "2.00", "changed")]
    both = rows("rate-comparison", "one", "other", "change", show="clauses", **pair)
    assert set(changed) < set(both)
    assert ("13.76", "13.76", "") in both


def test_two_services_are_not_compared(oak: World) -> None:
    with transaction.atomic():
        ids = dict(RateVersion.objects.values_list("table__code", "id"))
    page = oak.oak.client("clerk").get(
        "/reports/rate-comparison/", {"one": ids["WATER"], "other": ids["REFUSE"]}
    )
    assert page.status_code == 422
    assert "Choose two of one service" in text_of(page)


@pytest.mark.req("REP-13", "RAT-01")
def test_what_was_billed_stands_under_the_version_that_priced_it(oak: World) -> None:
    new_version(oak, "REFUSE", dearer_cart("17.00"), SEPTEMBER)
    readings_of_september(oak.oak)
    bill_month(oak.oak.billing, oak.oak.supervisor, starts=SEPTEMBER, ends=OCTOBER)
    found = rows("billing-by-rate", "starts", "what", "bills", "amount", rate="REFUSE", **AUTUMN)
    carts = [row for row in found if row[1] == "Solid waste, first cart"]
    # Twelve houses: 12 × 16.00 for August, 12 × 17.00 for September.
    assert [row[1:] for row in carts] == [
        ("Solid waste, first cart", 12, Decimal("192.00")),
        ("Solid waste, first cart", 12, Decimal("204.00")),
    ]
    assert carts[0][0] < carts[1][0] == SEPTEMBER


@pytest.mark.req("REP-13", "REP-15")
def test_billing_by_rate_is_the_charges_of_the_ledger_and_the_use_of_the_registers(world: World) -> None:
    found = made("billing-by-rate", **AUTUMN)
    assert found.total("amount") == asked("SELECT sum(amount) FROM ledger_charge")[0] > 0
    assert (
        sum(n or 0 for n in found.column("metered")) == asked("SELECT sum(use) FROM billing_registeruse")[0]
    )
    refuse = asked(
        "SELECT sum(g.amount) FROM ledger_charge g JOIN customers_service s ON s.id = g.service_id"
        " WHERE s.service_type = 'refuse'"
    )[0]
    assert made("billing-by-rate", rate="REFUSE", **AUTUMN).total("amount") == refuse
    by_service = zip(found.column("service", "recap"), found.column("amount", "recap"), strict=True)
    assert dict(by_service)["Refuse"] == refuse


def test_a_cancelled_bill_is_not_under_its_rate(world: World) -> None:
    before = made("billing-by-rate", **AUTUMN).total("amount")
    bill = Bill.objects.order_by("id")[0]
    Bill.objects.filter(id=bill.id).update(is_live=False)
    assert made("billing-by-rate", **AUTUMN).total("amount") == before - bill.charges


def test_a_charge_leads_to_the_bills_that_have_it_and_these_to_each_bill(live: World) -> None:
    client = live.oak.client("supervisor")
    summed = client.get("/reports/billing-by-rate/", {**AUTUMN, "rate": "REFUSE"})
    link = next(line.cells[2].href for line in summed.context["lines"] if line.kind == "row")
    assert "billing-records" in link
    listed = client.get(link)
    bills = [cell.href for line in listed.context["lines"] for cell in line.cells if cell.href]
    assert len({*bills}) == len(live.oak.houses)
    assert client.get(bills[0]).status_code == 200


@pytest.mark.req("REP-13")
def test_the_records_of_a_version_are_its_bills_alone(oak: World) -> None:
    new = new_version(oak, "REFUSE", dearer_cart("17.00"), SEPTEMBER)
    readings_of_september(oak.oak)
    bill_month(oak.oak.billing, oak.oak.supervisor, starts=SEPTEMBER, ends=OCTOBER)
    amounts = rows("billing-records", "what", "amount", rate="REFUSE", version=str(new), **AUTUMN)
    assert [a for what, a in amounts if what.endswith("first cart")] == [Decimal("17.00")] * 12


@pytest.mark.req("REP-13")
def test_the_top_users_are_those_who_used_most(world: World) -> None:
    found = made("top-users", most="3", since="2026-08-15", through="2026-09-30")
    best = "SELECT array_agg(use) FROM (SELECT use FROM billing_registeruse ORDER BY use DESC LIMIT 3) t"
    assert found.column("use") == asked(best)[0]
    assert found.column("place")[0] == 1
    whole = asked("SELECT sum(use) FROM billing_registeruse")[0]
    share = (found.column("use")[0] * 100 / whole).quantize(Decimal("0.1"))
    assert found.column("share")[0] == share
    first = asked(
        "SELECT sum(amount) FROM ledger_charge g JOIN customers_service s ON s.id = g.service_id"
        " JOIN customers_account a ON a.id = s.account_id"
        " WHERE a.number = %s AND s.service_type = 'water'",
        found.column("account")[0],
    )[0]
    assert found.column("charged")[0] == first


@pytest.mark.req("REP-13")
def test_top_users_are_held_against_the_same_days_a_year_before(oak: World) -> None:
    readings_of_september(oak.oak)
    bill_month(oak.oak.billing, oak.oak.supervisor, starts=SEPTEMBER, ends=OCTOBER)
    with connections["owner"].cursor() as cursor:  # August's use a year earlier, as if it were last year's
        cursor.execute("UPDATE billing_registeruse SET \"on\" = '2025-10-01' WHERE \"on\" = '2026-09-01'")
    found = rows(
        "top-users", "account", "use", "before", "change", most="50", since="2026-09-15", through="2026-10-15"
    )
    with transaction.atomic():
        before, now = (asked(_USE_OF_100001, day)[0] for day in ("2025-10-01", "2026-10-01"))
    assert [row[1:] for row in found if row[0] == "100001"] == [(now, before, now - before)]


@pytest.mark.req("REP-13", "RAT-10")
def test_top_users_are_ranked_across_units(oak: World) -> None:
    with connections["owner"].cursor() as cursor:  # 1,000,000 gallons, beside hundreds of cubic feet
        cursor.execute(
            "UPDATE billing_registeruse SET use = 1000000, unit = 'GAL' WHERE register_id ="
            " (SELECT r.id FROM meters_register r JOIN meters_meter m ON m.id = r.meter_id"
            "   WHERE m.number = 'M100005' AND r.tenant_id = %s)", [oak.oak.utility.id],
        )  # fmt: skip
    asked_for = {"most": "1", "since": "2026-08-15", "through": "2026-09-30"}
    # 1,000,000 × 231 ÷ 172,800 = 1,336.80555…
    assert rows("top-users", "account", "use", "unit", **asked_for) == [
        ("100005", Decimal("1336.805556"), "CCF")
    ]
    assert rows("top-users", "use", "unit", **asked_for, unit="KGAL") == [(Decimal(1000), "KGAL")]


def test_the_unit_of_top_users_is_that_of_most_meters(oak: World) -> None:
    with transaction.atomic():
        Register.objects.filter(meter__number__in=[f"M10000{n}" for n in range(1, 9)]).update(unit="GAL")
    found = rows("top-users", "unit", since="2026-08-15", through="2026-09-30")
    assert set(found) == {("GAL",)}


@pytest.mark.req("REP-13", "SYS-01")
def test_nobody_is_offered_the_rates_of_another_town(live: World) -> None:
    with scope(live.elm.utility.id), transaction.atomic():
        theirs = RateVersion.objects.values_list("id", flat=True)[0]
    client = live.oak.client("clerk")
    page = client.get("/reports/rate-comparison/", {"one": theirs, "other": theirs})
    assert page.status_code == 422
    assert "cannot be chosen" in text_of(page)
    records = client.get("/reports/billing-records/", {**AUTUMN, "version": str(theirs)})
    assert records.status_code in (200, 403)
    assert not (records.context or {}).get("rows")


def test_days_beyond_the_calendar_are_refused_at_their_field(live: World) -> None:
    client = live.oak.client("clerk")
    with scope(live.oak.utility.id), transaction.atomic():
        one = str(RateVersion.objects.get(table__code="WATER").id)
    for path, query in (
        ("top-users", {"since": "0001-01-01"}),
        ("rate-comparison", {"one": one, "other": one, "on": "9999-12-31"}),
        ("rate-comparison", {"one": one, "other": one, "on": "0001-01-01"}),
    ):
        page = client.get(f"/reports/{path}/", query)
        assert page.status_code == 422, path
        assert "Choose a day" in text_of(page)
