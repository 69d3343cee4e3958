"""What an account used and what moved its balance: on screen, filtered by address, and as a file."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from billing.models import Bill, RegisterUse
from billing.usage import months_of, usage_of
from core.tenancy import scope
from customers.models import Service
from ledger.models import Charge
from meters.models import Installation, Meter, Reading, Register
from meters.operations import MeterChange, NewReading, change_meters, record_batch
from tests.conftest import World
from tests.world.partners import Partner

NUMBER = "100004"


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    assert response.status_code == 200, path
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]  # a FileResponse
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def earlier_reads(world: World, months: int) -> list[int]:
    """Readings of the months before the town's first one, 5 a month; the dials they showed."""
    account = world.oak.account(NUMBER)
    with scope(world.oak.utility.id), transaction.atomic():
        start = date(2026, 8, 1)
        register = Register.objects.get(meter__number=f"M{NUMBER}")
        account.starts = date(2024, 1, 1)
        account.save(update_fields=["starts"])
        first = Reading.objects.get(register=register, on=start)
        Installation.objects.filter(meter=register.meter_id).update(starts=account.starts)
        days = [
            date(start.year - (n + 4) // 12, (start.month - n - 1) % 12 + 1, 1) for n in range(1, months + 1)
        ]
        rows = [NewReading(register.id, day, first.dial - 5 * (n + 1)) for n, day in enumerate(days)]
        record_batch(world.oak.system, rows=rows, came_from="former system")
    return [int(r.dial) for r in rows]


@pytest.mark.req("HIS-04")
def test_what_was_billed_is_what_the_usage_shows(live: World) -> None:
    account = live.oak.account(NUMBER)
    with scope(live.oak.utility.id), transaction.atomic():
        found = usage_of(account)
        billed = RegisterUse.objects.get(bill__account=account)
        assert [u.name for u in found] == ["Water"]
        period = found[0].periods[0]
        assert (period.use, period.on, period.bill) == (billed.use, billed.on, billed.bill.number)
        assert period.billed_on == Bill.objects.get(account=account).bill_on


@pytest.mark.req("HIS-04")
def test_months_before_the_first_bill_come_from_the_readings(live: World) -> None:
    earlier_reads(live, 24)
    account = live.oak.account(NUMBER)
    with scope(live.oak.utility.id), transaction.atomic():
        usage = usage_of(account)[0]
    assert len(usage.periods) == 25
    assert {u.use for u in usage.periods[1:]} == {Decimal(5)}
    assert [u.bill for u in usage.periods[1:]] == [None] * 24
    assert usage.periods[1].year_before == 5
    by_year = {y.year: (y.months, y.total, y.average) for y in usage.years}
    assert by_year[2025] == (12, Decimal(60), Decimal("5.0"))
    assert len(months_of(usage)) == 25


@pytest.mark.req("HIS-04")
def test_each_register_of_a_compound_meter_stands_by_itself(live: World) -> None:
    account = live.oak.account(NUMBER)
    with scope(live.oak.utility.id), transaction.atomic():
        meter = Meter.objects.get(number=f"M{NUMBER}")
        high = Register.objects.create(meter=meter, code="H", unit="CCF", dials=4, multiplier=10)
        rows = [NewReading(high.id, date(2026, m, 1), Decimal(dial)) for m, dial in ((8, 9998), (9, 3))]
        rows[1] = NewReading(high.id, date(2026, 9, 1), Decimal(3), rolled_over=True)
        record_batch(live.oak.system, rows=rows, came_from="trial")
        found = {u.name: u.periods[0].use for u in usage_of(account)}
    # From 9998 past 9999 to 3 are five steps of ten.
    assert found["Water, high side"] == 50
    assert "Water" in found


def test_a_changed_meter_goes_on_in_the_same_history(live: World) -> None:
    account = live.oak.account(NUMBER)
    with scope(live.oak.utility.id):
        with transaction.atomic():
            point = Service.objects.get(account=account, service_point__isnull=False).service_point_id
            last = Reading.objects.get(register__meter__number=f"M{NUMBER}", on=date(2026, 9, 1)).dial
        change = MeterChange(point or 0, date(2026, 9, 11), last + 3, "NEW-77")
        change_meters(live.oak.system, changes=[change], came_from="trial")
        with transaction.atomic():
            new = Register.objects.get(meter__number="NEW-77")
            rows = [NewReading(new.id, date(2026, 10, 1), Decimal(4))]
            record_batch(live.oak.system, rows=rows, came_from="trial")
            usage = usage_of(account)[0]
    assert [(u.meter, u.use) for u in usage.periods[:2]] == [
        ("NEW-77", Decimal(4)),
        (f"M{NUMBER}", Decimal(3)),
    ]
    assert usage.years[0].total == sum(u.use for u in usage.periods)


def test_the_usage_is_a_file_too(live: World) -> None:
    rows = rows_of(live.oak.client("clerk"), f"/accounts/{NUMBER}/usage/?export=csv")
    assert [row["Meter"] for row in rows] == [f"M{NUMBER}"]
    assert rows[0]["Read to"] == "2026-09-01"
    assert rows[0]["Unit"] == "hundred cubic feet"


@pytest.mark.req("HIS-03")
def test_the_history_says_month_type_date_number_amount_and_what_for(live: World) -> None:
    rows = rows_of(live.oak.client("clerk"), f"/accounts/{NUMBER}/transactions/?export=csv")
    with scope(live.oak.utility.id), transaction.atomic():
        bill = Bill.objects.get(account__number=NUMBER)
        charged = sum(c.amount for c in Charge.objects.filter(journal=bill.journal_id))
    assert len(rows) == 1
    told = rows[0]
    assert (told["Month"], told["Type"], told["Number"]) == ("2026-09", "Bill", f"Bill {bill.number}")
    assert Decimal(told["Amount"]) == Decimal(told["Balance"]) == charged


@pytest.mark.req("HIS-03")
def test_the_history_is_filtered_by_its_address_and_the_file_is_what_is_filtered(live: World) -> None:
    client = live.oak.client("clerk")
    path = f"/accounts/{NUMBER}/transactions/?export=csv"
    assert len(rows_of(client, f"{path}&type=Bill&since=2026-09-01&until=2026-09-01")) == 1
    assert rows_of(client, f"{path}&type=Payment") == []
    assert rows_of(client, f"{path}&until=2026-08-31") == []
    page = client.get(f"/accounts/{NUMBER}/?tab=transactions&until=2026-08-31").content.decode()
    assert "Nothing fits" in page
    assert "until=2026-08-31&amp;export=csv" in page


@pytest.mark.req("HIS-01")
def test_open_receivables_are_parted_into_past_due_and_current(live: World) -> None:
    page = live.oak.client("clerk").get(f"/accounts/{NUMBER}/?tab=transactions").content.decode()
    with scope(live.oak.utility.id), transaction.atomic():
        owed = sum(c.amount for c in Charge.objects.filter(account__number=NUMBER))
    assert "Open receivables" in page
    assert "Payoff, everything open" in page
    assert f"{owed:,.2f}" in page


@pytest.mark.req("HIS-05")
def test_from_open_items_to_history_to_use_to_the_meter_is_one_key_each(live: World) -> None:
    client = live.oak.client("clerk")
    pages = {
        tab: client.get(f"/accounts/{NUMBER}/?tab={tab}").content.decode()
        for tab in ("transactions", "usage")
    }
    assert 'href="#history" data-key="h"' in pages["transactions"]
    assert 'href="?tab=usage" data-key="u"' in pages["transactions"]
    assert f'href="/meters/M{NUMBER}/" data-key="m"' in pages["usage"]


def test_an_account_of_another_town_has_no_file_here(live: World) -> None:
    client = live.oak.client("clerk")
    for part in ("usage", "transactions"):
        assert client.get(f"/accounts/999999/{part}/?export=csv").status_code == 404


@pytest.mark.req("HIS-04")
def test_a_partner_reads_two_years_of_each_register_with_days_source_and_averages(live: World) -> None:
    earlier_reads(live, 26)
    account = live.oak.account(NUMBER)
    found = Partner(live.oak, "readings.view").get(f"accounts/{account.id}/usage/")
    assert [(one["name"], one["unit"]) for one in found] == [("Water", "CCF")]
    periods = found[0]["periods"]
    assert len(periods) == 25
    assert (periods[0]["billed_on"], periods[0]["days"]) == ("2026-09-01", 31)
    assert (periods[1]["use"], periods[1]["bill"], periods[1]["on"]) == ("5", None, "2026-08-01")
    assert {"year": 2025, "months": 12, "total": "60", "average": "5"} in found[0]["years"]
    short = Partner(live.oak, "readings.view", name="Short").get(f"accounts/{account.id}/usage/", months=3)
    assert len(short[0]["periods"]) == 3
