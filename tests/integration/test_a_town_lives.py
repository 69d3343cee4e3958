"""A made-up town lived for two months: what moved, what was changed and what it paid."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.models import Count, F, Sum

from billing.models import Bill, BilledPeriod, RegisterUse
from collections_app.models import Payment, PaymentReturn
from config.town.ordinary import ordinary_town
from config.town.plan import Life, TownPlan
from config.town.simulate import live_month, raise_town, read_month
from core import clock
from core.errors import Conflict
from core.models import Utility
from core.prove import Asked, prove
from core.tenancy import scope
from customers.models import Account, MoveIn, Service, Standing
from ledger.models import Charge
from meters.models import Installation, Reading, Register
from tests.world.databases import Databases

SINCE = date(2026, 6, 3)
BUSY = Life(leaks=10, idle=20, leaves=70, changes=50, estimates=60, returns=80)
VILLAGE = replace(ordinary_town("village", "City of Village", accounts=100, seed=7, cycles=2), life=BUSY)
TWIN = replace(VILLAGE, slug="twin")


@dataclass
class Lived:
    """The village after two months, and its twin’s bills and payments of the first."""

    utility: Utility
    twin: tuple[list[Any], list[Any]]


@pytest.fixture(scope="module")
def lived(databases: Databases, django_db_blocker: pytest.FixtureRequest) -> Iterator[Lived]:
    """Made once for the tests below, which only look."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        databases.create("village", "template")
        databases.use("village")
        twin = _lived(TWIN, months=1)
        with scope(twin.id), transaction.atomic():
            found = _bills(), _paid()
        yield Lived(_lived(VILLAGE, months=2), found)
        for connection in connections.all():
            connection.close()
        databases.drop("village")


def _lived(plan: TownPlan, months: int) -> Utility:
    utility = raise_town(plan, password="tower of water 7", since=SINCE, reads_before=2)
    for month in range(months):
        live_month(utility, plan, month)
    return utility


@pytest.fixture
def village(lived: Lived) -> Iterator[Utility]:
    """The village, in its scope."""
    with scope(lived.utility.id), transaction.atomic():
        yield lived.utility


def _bills() -> list[tuple[str, date, date, Decimal]]:
    rows = Bill.objects.order_by("account__number", "starts")
    return list(rows.values_list("account__number", "starts", "ends", "charges"))


def _paid() -> list[tuple[str, date, Decimal]]:
    rows = Payment.objects.order_by("account__number", "receipt__on", "amount")
    return list(rows.values_list("account__number", "receipt__on", "amount"))


def test_the_same_seed_gives_the_same_bills_and_payments(village: Utility, lived: Lived) -> None:
    bills, paid = lived.twin
    assert [b for b in _bills() if b[1] < date(2026, 7, 3)] == bills
    assert [p for p in _paid() if p[1] < date(2026, 7, 31)] == [p for p in paid if p[1] < date(2026, 7, 31)]
    assert len(bills) > 95
    assert len(paid) > 60


def test_everything_adds_up_after_two_months(lived: Lived, tmp_path: Path) -> None:
    found = prove(Asked(lived.utility, clock.now(), anchors=tmp_path))
    assert [(f.invariant.code, f.offences) for f in found if not f.holds] == []


@pytest.mark.req("HIS-03")
def test_who_moves_in_is_billed_from_the_reading_of_the_first_day(village: Utility) -> None:
    came = Account.objects.filter(starts__gt=SINCE, number__gt="100100")
    uses = RegisterUse.objects.filter(bill__account__in=came, bill__starts=F("bill__account__starts"))
    assert len(uses) > 3
    for use in uses.select_related("bill", "from_reading"):
        assert use.from_reading.on == use.bill.starts


def test_who_moves_out_is_billed_up_to_the_final_reading_and_never_again(village: Utility) -> None:
    left = Account.objects.exclude(ends=None)
    assert left.count() > 3
    for account in left:
        last = Bill.objects.filter(account=account).order_by("-ends").first()
        assert last is not None
        assert last.ends == account.ends
        final = RegisterUse.objects.filter(bill=last).values_list("to_reading__source", flat=True)
        assert set(final) == {"F"}


def test_the_account_before_and_the_one_after_meet_in_one_reading(village: Utility) -> None:
    left = RegisterUse.objects.filter(to_reading__source="F").values_list("to_reading", flat=True)
    came = RegisterUse.objects.filter(from_reading__in=list(left))
    assert came.count() > 2
    assert all(use.bill.account.starts == use.from_reading.on for use in came.select_related("bill__account"))


def test_a_changed_meter_is_billed_with_the_use_of_both(village: Utility) -> None:
    ended = Installation.objects.exclude(ends=None).filter(service_point__service_type="water")
    both = (
        RegisterUse.objects.filter(service__service_point__in=ended.values("service_point"))
        .values("bill", "service")
        .annotate(meters=Count("id"), used=Sum("use"))
        .filter(meters=2)
    )
    assert len(both) > 1
    for row in both:
        journal = Bill.objects.get(id=row["bill"]).journal_id
        charged = Charge.objects.get(journal=journal, service=row["service"], component="usage")
        assert charged.quantity == row["used"]


def test_the_first_bill_begins_where_the_system_before_had_ended(village: Utility) -> None:
    first = BilledPeriod.objects.filter(bill__run__starts__lt=date(2026, 7, 1))
    came = first.exclude(service__came_billed_to=None)
    assert came.count() > 250
    assert not came.exclude(starts=F("service__came_billed_to")).exists()
    assert Reading.objects.filter(on__lt=SINCE).count() >= 300


def test_nothing_before_the_first_bill_is_billed(village: Utility) -> None:
    assert not RegisterUse.objects.filter(from_reading__on__lt=SINCE).exists()


def test_the_tax_is_six_per_cent_of_the_water_charges(village: Utility) -> None:
    for tax in Charge.objects.filter(revenue_code="TAX")[:20]:
        water = Charge.objects.filter(journal=tax.journal_id, revenue_code="WATER")
        due = sum((c.amount for c in water), Decimal(0)) * Decimal("0.06")
        assert abs(tax.amount - due) <= Decimal("0.005")


def test_a_returned_cheque_is_owed_again_with_its_fee(village: Utility) -> None:
    returned = PaymentReturn.objects.select_related("payment", "fee")
    assert len(returned) > 2
    assert {r.fee.amount for r in returned} == {Decimal("30.00")}
    counted = Standing.objects.filter(kind=Standing.Kind.RETURNED)
    assert {one.account_id: one.count for one in counted} == Counter(r.payment.account_id for r in returned)


def test_summer_energy_costs_more_in_the_last_block(village: Utility) -> None:
    """Elberton: above 1,000 kWh 12.5 cents from June to September (the page’s summer rate)."""
    energy = Charge.objects.filter(component="energy", quantity__gt=1000, on__month=7, unit="KWH")
    for charge in energy.exclude(service__account__category="commercial")[:10]:
        assert charge.quantity is not None
        above = charge.quantity - 1000
        due = Decimal("56.25") + Decimal("58.75") + above * Decimal("0.125")
        assert abs(charge.amount - due) <= Decimal("0.005")
    assert energy.exists()


def test_a_month_lived_is_left_alone(village: Utility) -> None:
    before = len(_bills()), len(_paid()), Reading.objects.count(), Service.objects.count()
    live_month(village, VILLAGE, 1)
    assert read_month(village, VILLAGE, 1) > 0, "the answer of the first time"
    assert before == (len(_bills()), len(_paid()), Reading.objects.count(), Service.objects.count())


def test_a_utility_with_accounts_of_its_own_is_left_alone(lived: Lived) -> None:
    with pytest.raises(Conflict, match="accounts of its own"):
        raise_town(replace(VILLAGE, slug="oak"), password="tower of water 7", since=SINCE)


def test_a_compound_meter_is_read_and_billed_on_both_sides_and_a_family_waits(village: Utility) -> None:
    sides = Register.objects.filter(code__in=("L", "H"))
    billed = RegisterUse.objects.filter(register__in=sides, is_live=True).order_by("on", "register__code")
    assert sorted(sides.values_list("code", flat=True)) == ["H", "L"]
    found: dict[date, list[str]] = {}
    for on, code in billed.values_list("on", "register__code"):
        found.setdefault(on, []).append(code)
    assert len(found) >= 2
    assert all(codes == ["H", "L"] for codes in found.values())
    assert MoveIn.objects.get(state="waiting").account.customer.name == "Amara Osei"
