"""Every line of a bill explained: what it rests on, where that is kept, and the arithmetic (BIL-13)."""

import re
from collections.abc import Iterator
from datetime import date

import pypdfium2
import pytest
from django.db import transaction

from billing.bills import bill_numbered
from billing.explaining import Explanation, explain_bill
from billing.models import Bill
from billing.statements import statements_of
from config.town.month import bill_month, read_file, work_until_idle
from core.tenancy import scope
from interchange.models import ImportFile
from interchange.pipeline import approve_import, receive_file
from rates.models import RateVersion
from tests.conftest import World
from tests.world.desk import text_of
from tests.world.towns import FIRST


@pytest.fixture
def oak(live: World) -> Iterator[World]:
    """The world, in Oak's scope."""
    with scope(live.oak.utility.id):
        yield live


def everything(permission: str) -> bool:
    return True


def nothing(permission: str) -> bool:
    return False


def explained(number: int = 1) -> Explanation:
    with transaction.atomic():
        return explain_bill(bill_numbered(number), everything)


@pytest.mark.req("BIL-13")
def test_each_line_comes_out_again_to_the_cent_with_its_steps(oak: World) -> None:
    with transaction.atomic():
        bill = Bill.objects.get(number=1)
    found = explained()
    assert found.total == sum(s.amount for s in found.services) == bill.charges
    lines = [line for service in found.services for line in service.lines]
    assert all(line.steps for line in lines)
    assert {line.amount for line in lines if line.exact != line.amount} <= {line.amount for line in lines}


@pytest.mark.req("BIL-13")
def test_a_fixed_charge_says_that_there_is_nothing_to_round(oak: World) -> None:
    lines = {line.text: line for s in explained().services for line in s.lines}
    assert lines["Public service fee"].rounding == "It comes to 8.00; there is nothing to round."


@pytest.mark.req("BIL-13")
def test_a_measured_line_names_both_readings_and_the_subtraction(oak: World) -> None:
    (water,) = [s for s in explained().services if s.name == "Water"]
    (one,) = water.measured
    steps = int(one.present.dial.replace(",", "")) - int(one.previous.dial.replace(",", ""))
    assert (one.meter, one.previous.on, one.present.on) == ("M100001", date(2026, 8, 1), date(2026, 9, 1))
    assert one.how == (
        f"{one.present.dial} less {one.previous.dial} is {steps} hundred cubic feet in 31 days."
    )


def test_a_service_without_a_meter_of_its_own_shows_the_one_it_follows(oak: World) -> None:
    (sewer,) = [s for s in explained().services if s.name == "Sewer"]
    assert sewer.measured_by == "Water"
    assert [one.meter for one in sewer.measured] == ["M100001"]


@pytest.mark.req("BIL-13")
def test_the_table_says_since_when_who_put_it_in_force_and_on_whose_word(oak: World) -> None:
    (water,) = [s for s in explained().services if s.name == "Water"]
    with transaction.atomic():
        version = RateVersion.objects.get(table__code="WATER")
    assert water.table is not None
    assert (water.table.code, water.table.starts, water.table.content_hash) == (
        "WATER", version.starts, version.content_hash,
    )  # fmt: skip
    assert water.table.activated_by == "Susan Supervisor"
    assert water.table.prepared_by == "Adam Administrator"
    assert water.table.activated_at is not None
    assert "cbwaterworks.com" in water.table.source


def test_what_the_table_asks_for_is_told_with_the_place_where_it_is_kept(oak: World) -> None:
    services = {s.name: s for s in explained().services}
    size = next(i for i in services["Water"].inputs if i.label == "Meter size")
    carts = next(i for i in services["Refuse"].inputs if i.label == "Carts")
    assert (size.kept, size.url) == ("with the meter", "/meters/M100001/")
    assert (carts.kept, carts.url) == ("with the service", "/accounts/100001/?tab=services")
    assert carts.value == str(oak.oak.houses[0].carts)


@pytest.mark.req("BIL-13")
def test_a_reading_leads_to_the_file_it_came_from(oak: World) -> None:
    number = _september_by_file(oak)
    (water,) = [s for s in explained(number).services if s.name == "Water"]
    origin = water.measured[0].present.origin
    assert origin.words.startswith("file reads.csv, received ")
    assert origin.words.endswith(" from Bill Biller")
    with transaction.atomic():
        assert origin.url == f"/imports/{ImportFile.objects.get().id}/"


def test_a_link_that_the_reader_may_not_follow_is_left_out_and_its_words_stay(oak: World) -> None:
    number = _september_by_file(oak)
    with transaction.atomic():
        services = explain_bill(bill_numbered(number), nothing).services
    origin = next(s for s in services if s.name == "Water").measured[0].present.origin
    assert (origin.url, origin.words[:15]) == ("", "file reads.csv,")


def _september_by_file(oak: World) -> int:
    """Bill September from the meter platform's file; the number of account 100001's bill."""
    content = read_file(oak.oak.plan, oak.oak.houses, FIRST, 1)
    file = receive_file(
        oak.oak.billing, feed="meter_reads", name="reads.csv", content=content, today=date(2026, 10, 2)
    )
    work_until_idle()
    with transaction.atomic():
        seen = ImportFile.objects.get().fingerprint
    approve_import(oak.oak.supervisor, import_id=file, seen=seen, today=date(2026, 10, 2))
    work_until_idle()
    bill_month(oak.oak.billing, oak.oak.supervisor, starts=date(2026, 9, 1), ends=date(2026, 10, 1))
    with transaction.atomic():
        return int(Bill.objects.get(account__number="100001", run__starts=date(2026, 9, 1)).number)


@pytest.mark.req("BIL-13")
def test_the_page_of_a_bill_tells_it_all_to_whoever_may_see_bills(live: World) -> None:
    said = text_of(live.oak.client("clerk").get("/bills/1/"))
    for words in (
        "Step by step",
        "What was measured",
        "with the meter",
        "Put in force",
        "by Susan Supervisor",
    ):
        assert words in said


def test_the_letter_explains_the_same_lines(live: World) -> None:
    page = live.oak.client("clerk").get("/bills/1/letter/")
    text = pypdfium2.PdfDocument(page.content)[0].get_textpage().get_text_range()
    assert "How your bill was computed" in text
    assert "Public service fee = 8.00" in " ".join(text.split())


def test_nobody_else_sees_the_letter(live: World) -> None:
    assert live.elm.client("clerk").get("/bills/99/letter/").status_code == 404


@pytest.mark.req("BIL-05")
def test_on_paper_a_line_says_in_short_what_was_multiplied(oak: World) -> None:
    with transaction.atomic():
        bill = Bill.objects.order_by("-charges")[0]
        (statement,) = statements_of([bill.id])
    details = {line.text: line.detail for s in statement.services for line in s.charges if line.detail}
    quantity = re.compile(r"[\d,]+(\.\d{1,3})? [a-z ]+ × [\d.]+( per [\d,]+)?")
    assert {text for text, said in details.items() if not quantity.fullmatch(said)} == set()
    assert "Sewer use above 2,000 gallons" in details
