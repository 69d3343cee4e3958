"""A bill of the past is worked with the table of its day, for ever (RAT-01).

Refuse is a fixed first cart and a fee of 8.00; its first cart changes from month to month.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from billing.bills import bill_numbered
from billing.explaining import explain_bill
from billing.models import Bill
from billing.remaking import differences
from config.town.found import tariff
from config.town.month import bill_month, month_start, record_month
from core.errors import Conflict, Refused
from core.tenancy import scope
from ledger.models import Charge
from rates.drafts import change_draft, withdraw_draft
from rates.models import RateTable, RateVersion
from rates.operations import activate_version, draft_version
from tests.conftest import World
from tests.world.desk import send, text_of
from tests.world.towns import FIRST

PRICES = {date(2026, 9, 1): "17.00", date(2026, 10, 1): "18.50", date(2026, 12, 1): "16.25"}
"""The first cart from that day on; 16.00 before."""


@pytest.fixture
def oak(live: World) -> Iterator[World]:
    """The world, in Oak's scope."""
    with scope(live.oak.utility.id):
        yield live


def cart_at(price: str) -> dict[str, Any]:
    content = tariff("bossier-trash")
    content["components"][0]["amount"] = price
    return content


def drafted(world: World, starts: date, price: str) -> int:
    with transaction.atomic():
        table = RateTable.objects.get(code="REFUSE").id
    return draft_version(
        world.oak.admin,
        table_id=table,
        content=cart_at(price),
        starts=starts,
        source=f"Ordinance of {starts}",
    )


def a_year_with_three_changes(world: World) -> None:
    """Each version is put in force before its month; September to January are billed as they end."""
    for month in range(1, 6):
        starts, ends = month_start(FIRST, month), month_start(FIRST, month + 1)
        if starts in PRICES:
            activate_version(world.oak.supervisor, version_id=drafted(world, starts, PRICES[starts]))
        record_month(world.oak.system, world.oak.plan, world.oak.houses, FIRST, month)
        bill_month(
            world.oak.billing, world.oak.supervisor, starts=starts, ends=ends, let_pass="Prices have changed"
        )


def first_carts() -> dict[date, Decimal]:
    """What account 100001 was charged for its first cart, by the first day of the bill."""
    with transaction.atomic():
        bills = Bill.objects.filter(account__number="100001").order_by("starts")
        charges = Charge.objects.filter(component="solid_waste")
        return {bill.starts: charges.get(journal=bill.journal_id).amount for bill in bills}


@pytest.mark.req("RAT-01")
def test_each_bill_has_the_price_of_its_days_and_comes_out_again_after_all_changes(oak: World) -> None:
    a_year_with_three_changes(oak)
    charged = first_carts()
    assert charged == {
        date(2026, 8, 1): Decimal("16.00"),
        date(2026, 9, 1): Decimal("17.00"),
        date(2026, 10, 1): Decimal("18.50"),
        date(2026, 11, 1): Decimal("18.50"),
        date(2026, 12, 1): Decimal("16.25"),
        date(2027, 1, 1): Decimal("16.25"),
    }
    with transaction.atomic():
        made, differ = differences(0, Bill.objects.latest("id").id)
    assert (made, differ) == (6 * len(oak.oak.houses), [])


@pytest.mark.req("RAT-01", "BIL-13")
def test_the_explanation_of_a_bill_names_the_version_of_its_days(oak: World) -> None:
    a_year_with_three_changes(oak)
    client = oak.oak.client("clerk")
    with transaction.atomic():
        bills = list(Bill.objects.filter(account__number="100001").order_by("starts"))
        told = [explain_bill(bill_numbered(bill.number), lambda right: True) for bill in bills]
    refuse = [next(s for s in one.services if s.name == "Refuse") for one in told]
    assert [s.lines[0].amount for s in refuse] == list(first_carts().values())
    # The bill of November stands under the version of October: none began in between.
    assert "Ordinance of 2026-10-01" in text_of(client.get(f"/bills/{bills[3].number}/"))
    assert "Ordinance of 2026-12-01" in text_of(client.get(f"/bills/{bills[4].number}/"))


@pytest.mark.req("RAT-01")
def test_a_version_in_force_can_be_neither_changed_nor_withdrawn(oak: World) -> None:
    with transaction.atomic():
        version = RateVersion.objects.get(table__code="REFUSE")
    with pytest.raises(Conflict, match="not a draft"):
        change_draft(oak.oak.admin, version_id=version.id, content=cart_at("99.00"), starts=version.starts)
    with pytest.raises(Conflict, match="not a draft"):
        withdraw_draft(oak.oak.admin, version_id=version.id)


@pytest.mark.req("RAT-01")
@pytest.mark.parametrize(
    "change",
    [
        "content = '{}'",
        "content_hash = repeat('0', 64)",
        "starts = starts + 1",
        "state = 'draft'",
        "source = 'another'",
        "table_id = table_id + 1",
    ],
)
def test_the_database_keeps_a_version_in_force_as_it_was_written(oak: World, change: str) -> None:
    with (
        pytest.raises((IntegrityError, ProgrammingError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE rates_rateversion SET {change} WHERE state = 'active'")


@pytest.mark.req("RAT-01")
def test_a_version_is_never_deleted(oak: World) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM rates_rateversion")


@pytest.mark.req("RAT-01")
def test_users_make_a_table_and_its_first_version_themselves(oak: World) -> None:
    biller, checker = oak.oak.client("billing"), oak.oak.client("supervisor")
    made = send(biller, "/rates/new/", code="CARTS", name="Carts", service_type="refuse")
    assert made.status_code == 302
    with transaction.atomic():
        table = RateTable.objects.get(code="CARTS").id
    draft = draft_version(oak.oak.billing, table_id=table, content=cart_at("9.00"), starts=date(2026, 1, 1))
    page = f"/rates/CARTS/versions/{draft}/"
    assert send(checker, f"{page}activate/", opened=page).status_code == 302
    assert "In force" in text_of(checker.get("/rates/CARTS/"))


@pytest.mark.req("RAT-01")
def test_days_without_any_rate_are_refused(oak: World) -> None:
    activate_version(oak.oak.supervisor, version_id=_ending(oak, date(2027, 1, 1), date(2027, 2, 1)))
    with pytest.raises(Refused, match="no rate from Feb 1, 2027 to Feb 28, 2027"):
        activate_version(oak.oak.supervisor, version_id=drafted(oak, date(2027, 3, 1), "20.00"))


def _ending(world: World, starts: date, ends: date) -> int:
    with transaction.atomic():
        table = RateTable.objects.get(code="REFUSE").id
    return draft_version(world.oak.admin, table_id=table, content=cart_at("19.00"), starts=starts, ends=ends)
