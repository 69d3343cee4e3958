"""The small town of the demonstration: sewer by the winter, water dearer in mid-month, a draft credit."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction

from billing.bills import bill_numbered
from billing.explaining import Explanation, explain_bill
from billing.models import Bill
from billing.remaking import differences
from config.town.demo import CHANGES_RATES, TOWNS
from config.town.newer_rates import put_newer_rates
from config.town.simulate import live_month, raise_town
from core.models import Utility
from core.tenancy import scope
from customers.models import Account
from ledger.models import Charge
from tests.conftest import World

SINCE, DEARER = date(2026, 6, 3), date(2026, 6, 17)
FORD = replace(next(t for t in TOWNS if t.slug in CHANGES_RATES), slug="ford", accounts=90)


@pytest.fixture
def ford(live: World) -> Iterator[Utility]:
    """Ninety houses of the town with a winter of readings and one month billed, in its scope."""
    utility = raise_town(FORD, password="tower of water 7", since=SINCE, reads_before=7)
    put_newer_rates(utility, credit_from=SINCE, dearer_from=DEARER)
    live_month(utility, FORD, 0, lets_pass=True)
    with scope(utility.id), transaction.atomic():
        yield utility


def explained() -> Explanation:
    """A bill of somebody who was there in the winter."""
    bill = Bill.objects.filter(account__starts__lt=date(2025, 12, 1)).order_by("number")[0]
    return explain_bill(bill_numbered(bill.number), lambda right: True)


@pytest.mark.req("RAT-11", "RAT-12", "DRF-06")
def test_its_bills_show_the_winter_the_dearer_water_and_the_credit(ford: Utility) -> None:
    assert Bill.objects.count() > 30
    services = {s.name: s for s in explained().services}
    assert [t.days.start for t in services["Water"].tables] == [SINCE, DEARER]
    (winter,) = services["Sewer"].past
    # Read on the third of each month: the four bills of December to March end on the second of each.
    months = [(2025, 12), (2026, 1), (2026, 2), (2026, 3)]
    assert [p.on for p in winter.periods] == [date(year, month, 2) for year, month in months]
    paying = set(Account.objects.filter(pays_by_draft=True).values_list("id", flat=True))
    credited = set(Charge.objects.filter(component="draft_credit").values_list("account_id", flat=True))
    assert paying
    assert credited
    assert credited <= paying
    assert differences(1, 10_000)[1] == []
