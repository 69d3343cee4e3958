"""A month goes from readings to a balanced ledger and printed bills."""

import pytest
from django.db.models import Sum

from billing.models import Bill, PrintBatch
from billing.printing import bill_pdf
from ledger.models import OpenItem, Posting
from tests.conftest import World


@pytest.mark.req("BIL-10")
def test_every_posting_of_the_month_balances(world: World) -> None:
    sums = Posting.objects.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    assert sums["debit"] == sums["credit"] > 0


def test_what_is_open_is_what_was_billed(world: World) -> None:
    billed = Bill.objects.aggregate(total=Sum("charges"))["total"]
    assert OpenItem.objects.aggregate(total=Sum("open"))["total"] == billed


def test_each_account_has_one_bill_and_the_run_one_pdf(world: World) -> None:
    assert Bill.objects.count() == world.oak.plan.accounts
    assert PrintBatch.objects.get(part=0).bills == world.oak.plan.accounts


def test_a_single_bill_is_taken_out_of_the_batch_as_it_was_printed(world: World) -> None:
    assert bill_pdf(Bill.objects.get(number=1)).startswith(b"%PDF")
