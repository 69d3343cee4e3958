"""Bills printed in the order they are mailed in, and those paid by bank draft apart (BIL-07)."""

import csv
import io
import re
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from billing.models import Bill, BillPage, PrintBatch, Run
from billing.printing import bill_pdf
from billing.runs import print_run
from config.town.month import bill_month, work_until_idle
from core.errors import Refused
from core.tenancy import scope
from core.vault import fetch
from customers.models import Account, Customer
from tests.conftest import World
from tests.world.desk import file_of, readings_of_september, send, text_of

ZIPS = ("51503", "51501", "51502")
BY_DRAFT = ("100003", "100008")


@pytest.fixture
def run(live: World) -> Iterator[int]:
    """September, posted; customers in three ZIPs and on carrier routes, two pay by bank draft."""
    with scope(live.oak.utility.id):
        with transaction.atomic():
            for account in Account.objects.select_related("customer"):
                n = int(account.number) - 100001
                Customer.objects.filter(id=account.customer_id).update(
                    mail_zip=ZIPS[n % 3], carrier_route=f"C{(7 * n) % 5:03d}"
                )
            Account.objects.filter(number__in=BY_DRAFT).update(pays_by_draft=True)
        readings_of_september(live.oak)
        yield bill_month(
            live.oak.billing, live.oak.supervisor, starts=date(2026, 9, 1), ends=date(2026, 10, 1)
        )


def printed(live: World, run_id: int, order: str = "") -> None:
    print_run(live.oak.supervisor, run_id=run_id, order=order, chunk=5)
    work_until_idle()


def on_paper(run_id: int, group: str, folder: Path) -> list[str]:
    """The account numbers of a PDF in the order of its pages, read by another program."""
    with transaction.atomic():
        batch = PrintBatch.objects.get(run=run_id, group=group, part=0)
        (folder / "bills.pdf").write_bytes(fetch(batch.file_id))
    said = subprocess.run(
        ["pdftotext", "-layout", str(folder / "bills.pdf"), "-"], capture_output=True, text=True, check=True
    )
    pages = said.stdout.split("\f")
    found = [re.search(r"Account number\s+(\d{6})", page) for page in pages]
    return [m[1] for m in found if m]


def expected(run_id: int, *fields: str) -> list[str]:
    """The same by plain sorting of what the rows say."""
    rows = Bill.objects.filter(run=run_id).exclude(account__number__in=BY_DRAFT)
    with transaction.atomic():
        facts = {
            b.account.number: {
                "zip": b.account.customer.mail_zip,
                "carrier": b.account.customer.carrier_route,
                "delivery": b.account.customer.delivery_point,
                "name": b.account.customer.name.lower(),
                "route": b.account.location.route.code,
                "place": b.account.location.sequence,
            }
            for b in rows.select_related("account__customer", "account__location__route")
        }
    return sorted(facts, key=lambda number: [facts[number][f] for f in fields])


@pytest.mark.req("BIL-07")
@pytest.mark.parametrize(
    ("order", "fields"),
    [
        ("zip", ("zip", "route", "place")),
        ("route", ("route", "place")),
        ("carrier", ("zip", "carrier", "delivery", "route", "place")),
        ("name", ("name",)),
    ],
)
def test_the_pages_follow_the_order_that_was_chosen(
    live: World, run: int, tmp_path: Path, order: str, fields: tuple[str, ...]
) -> None:
    printed(live, run, order)
    assert on_paper(run, "mail", tmp_path) == expected(run, *fields)


@pytest.mark.req("BIL-07")
def test_bills_paid_by_bank_draft_come_in_a_pdf_of_their_own(live: World, run: int, tmp_path: Path) -> None:
    printed(live, run)
    assert sorted(on_paper(run, "draft", tmp_path)) == list(BY_DRAFT)
    assert not set(on_paper(run, "mail", tmp_path)) & set(BY_DRAFT)
    with transaction.atomic():
        assert Run.objects.get(id=run).print_order == "zip"


@pytest.mark.req("BIL-07")
def test_a_single_reprint_is_the_page_that_was_sent(live: World, run: int, tmp_path: Path) -> None:
    printed(live, run)
    for number in (BY_DRAFT[0], "100001"):
        with transaction.atomic():
            bill = Bill.objects.get(run=run, account__number=number)
            (tmp_path / "one.pdf").write_bytes(bill_pdf(bill))
        said = subprocess.run(
            ["pdftotext", str(tmp_path / "one.pdf"), "-"], capture_output=True, text=True, check=True
        )
        assert (number in said.stdout, said.stdout.count("\f")) == (True, 1)


@pytest.mark.req("BIL-07")
def test_the_page_index_is_a_list_and_a_file(live: World, run: int) -> None:
    printed(live, run)
    clerk = live.oak.client("billing")
    answer = clerk.get(f"/runs/{run}/pages/?export=csv")
    content = file_of(answer) if answer.streaming else answer.content
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    with transaction.atomic():
        kept = BillPage.objects.filter(batch__run=run, batch__part=0)
        assert len(rows) == kept.count() == live.oak.plan.accounts
    mail = [int(r["Page"]) for r in rows if r["PDF"] == "To be paid"]
    assert mail == list(range(1, len(mail) + 1))


def test_an_order_nobody_knows_is_refused(live: World, run: int) -> None:
    with pytest.raises(Refused) as refused:
        print_run(live.oak.supervisor, run_id=run, order="moon")
    assert refused.value.field == "order"


@pytest.mark.req("BIL-07")
def test_the_order_is_chosen_on_screen_and_both_pdfs_are_offered(live: World, run: int) -> None:
    biller = live.oak.client("supervisor")
    assert "Paid by bank draft 2" in text_of(biller.get(f"/runs/{run}/print/"))
    assert send(biller, f"/runs/{run}/print/", order="name").status_code == 302
    work_until_idle()
    assert "In the order: Name, alphabetical." in text_of(biller.get(f"/runs/{run}/"))
    for group in ("mail", "draft"):
        assert file_of(biller.get(f"/runs/{run}/bills.pdf?group={group}")).startswith(b"%PDF")
