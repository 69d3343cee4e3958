"""A version that starts before posted bills: shown first, confirmed by what was shown, no bill changed."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from billing.cancelling import cancel_bill
from billing.models import Bill
from billing.what_if.operations import ask_retroactive, delete_what_if
from billing.what_if.queries import figures_of, state_of, what_ifs
from billing.what_if_models import WhatIf, WhatIfBill
from config.town.month import work_until_idle
from core.errors import Conflict, Refused
from core.tenancy import scope
from rates.models import RateTable, RateVersion
from rates.operations import activate_version, draft_version
from tests.conftest import World
from tests.world.tables import table_hash
from tests.world.towns import Town

BILLS = 12
POSTED = ("billing_bill", "billing_preparedbill", "ledger_", "customers_service")


def content_of(town: Town, code: str) -> dict[str, Any]:
    with scope(town.utility.id), transaction.atomic():
        return deepcopy(dict(RateVersion.objects.get(table__code=code, state="active").content))


def drafted(town: Town, code: str, content: dict[str, Any], starts: date) -> int:
    with scope(town.utility.id):
        with transaction.atomic():
            table = RateTable.objects.get(code=code).id
        return draft_version(town.admin, table_id=table, content=content, starts=starts)


def dearer_sewer(town: Town, starts: date) -> int:
    """The sewer's minimum a dollar more."""
    content = content_of(town, "SEWER")
    content["components"][0]["amount"] = "25.64"
    return drafted(town, "SEWER", content, starts)


def looked_at(town: Town, version: int) -> int:
    """What-if of the version, worked out."""
    with scope(town.utility.id):
        found = ask_retroactive(town.billing, version_id=version)
    work_until_idle()
    return found


def mark_of(town: Town, what_if: int) -> str:
    with scope(town.utility.id), transaction.atomic():
        return str(WhatIf.objects.get(id=what_if).mark)


def total_change(town: Town, what_if: int) -> Decimal:
    with scope(town.utility.id), transaction.atomic():
        found = figures_of(WhatIf.objects.get(id=what_if))
    assert found is not None
    return found.whole.change


@pytest.mark.req("RAT-01", "RAT-08")
def test_it_is_put_in_force_by_who_has_seen_what_the_posted_bills_would_have_been(live: World) -> None:
    """Twelve bills of August, each a dollar more: the version prices a period by the rate of its last day."""
    oak = live.oak
    version = dearer_sewer(oak, date(2026, 8, 15))
    what_if = looked_at(oak, version)
    assert total_change(oak, what_if) == BILLS
    before = table_hash(*POSTED)
    with scope(oak.utility.id):
        with pytest.raises(Conflict, match="12 posted bills cover days from Aug 15, 2026"):
            activate_version(oak.supervisor, version_id=version)
        activate_version(oak.supervisor, version_id=version, seen=mark_of(oak, what_if))
        with transaction.atomic():
            assert state_of(what_ifs().get(id=what_if)) == "applied"
        with pytest.raises(Conflict, match="put in force on what it shows"):
            delete_what_if(oak.billing, what_if_id=what_if)
    assert table_hash(*POSTED) == before


def test_bills_that_came_or_went_since_are_shown_again_first(live: World) -> None:
    oak = live.oak
    version = dearer_sewer(oak, date(2026, 8, 15))
    old = mark_of(oak, looked_at(oak, version))
    with scope(oak.utility.id):
        with transaction.atomic():
            bill = Bill.objects.get(account__number="100003").id
        cancel_bill(oak.supervisor, bill_id=bill, why="Read wrongly", on=date(2026, 9, 3))
        with pytest.raises(Conflict, match="no longer what was looked at"):
            activate_version(oak.supervisor, version_id=version, seen=old)
    again = looked_at(oak, version)
    assert total_change(oak, again) == BILLS - 1
    with scope(oak.utility.id):
        activate_version(oak.supervisor, version_id=version, seen=mark_of(oak, again))


def test_what_was_worked_out_for_exactly_this_is_given_again(live: World) -> None:
    version = dearer_sewer(live.oak, date(2026, 8, 15))
    assert looked_at(live.oak, version) == looked_at(live.oak, version)


@pytest.mark.req("RAT-12")
def test_a_version_by_days_would_have_priced_its_own_days_alone(live: World) -> None:
    """From August 16, 16 of 31 days: the first cart at 15 x 16.00 and 16 x 19.10, divided by 31, is 17.60."""
    oak = live.oak
    content = {**content_of(oak, "REFUSE"), "dated_by": "days"}
    content["components"][0]["amount"] = "19.10"
    what_if = looked_at(oak, drafted(oak, "REFUSE", content, date(2026, 8, 16)))
    with scope(oak.utility.id), transaction.atomic():
        changes = set(WhatIfBill.objects.filter(what_if=what_if).values_list("change", flat=True))
    assert changes == {Decimal("1.60")}


def test_a_version_after_all_bills_asks_nothing(live: World) -> None:
    """September 1 is the first day that August's bills do not have."""
    oak = live.oak
    version = dearer_sewer(oak, date(2026, 9, 1))
    with scope(oak.utility.id):
        with pytest.raises(Refused, match="No bill was posted"):
            ask_retroactive(oak.billing, version_id=version)
        activate_version(oak.supervisor, version_id=version)


def test_bills_of_another_rate_are_not_shown(live: World) -> None:
    """Elm has no sewer; its bills stay out of Oak's question, and refuse stays out of the sewer's."""
    oak = live.oak
    what_if = looked_at(oak, dearer_sewer(oak, date(2026, 8, 15)))
    with scope(oak.utility.id), transaction.atomic():
        rates = set(WhatIfBill.objects.filter(what_if=what_if).values_list("rate_code", flat=True))
        assert rates == {"SEWER"}
    with scope(live.elm.utility.id), transaction.atomic():
        assert not WhatIf.objects.exists()


@pytest.mark.req("RAT-08")
def test_it_is_shown_and_confirmed_on_screen(live: World) -> None:
    oak = live.oak
    version = dearer_sewer(oak, date(2026, 8, 15))
    biller, boss = oak.client("billing"), oak.client("supervisor")
    place = f"/rates/what-if/retroactive/{version}/"
    assert "12 posted bills" in biller.get(place).content.decode()
    what_if = biller.post(place, {"idempotency_key": "look-at-it"})["Location"]
    work_until_idle()
    shown = boss.get(what_if).content.decode()
    assert "+12.00" in shown
    assert "I have seen it" in shown
    mark = mark_of(oak, int(what_if.rstrip("/").rpartition("/")[2]))
    stale = boss.post(f"{what_if}confirm/", {"idempotency_key": "confirm-it-1", "seen": "x"})
    assert stale.status_code == 409
    done = boss.post(f"{what_if}confirm/", {"idempotency_key": "confirm-it-2", "seen": mark})
    assert done.status_code == 302, done.content.decode()[:2000]
    assert "The version is in force." in boss.get(what_if).content.decode()
    listed = boss.get(f"{what_if}bills/?cols=account&cols=again").content.decode()
    assert "/cancel/" in listed
