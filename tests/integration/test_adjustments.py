"""Adjustments: proposed, approved by a second person, reversed.  Figures worked by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from core.errors import Conflict, NotAllowed, Refused
from core.policies import set_policy
from core.tenancy import scope
from ledger.adjustments import (
    approve_adjustment,
    propose_adjustment,
    propose_reversal,
    refuse_adjustment,
    withdraw_adjustment,
)
from ledger.models import Adjustment, Charge, Journal, OpenItem, Posting
from ledger.queries import happened
from ledger.receivables import payoff
from tests.conftest import World
from tests.world.proof import broken

DAY = date(2026, 9, 20)


def propose(live: World, kind: str, amount: str, **given: Any) -> int:
    facts = {"revenue_code": "OTHER", "reason": "Courtesy", "text": "As agreed by telephone", "on": DAY}
    return propose_adjustment(
        live.oak.clerk,
        account_id=live.oak.account().id,
        kind=kind,
        amount=Decimal(amount),
        **{**facts, **given},
    )


def owed(live: World) -> Decimal:
    account = live.oak.account().id
    with transaction.atomic():
        return payoff([account])[account]


@pytest.mark.req("HIS-03")
def test_a_credit_lowers_what_is_owed_once_approved_and_says_why(live: World) -> None:
    with scope(live.oak.utility.id):
        before = owed(live)
        proposed = propose(live, "credit", "7.50")
        assert owed(live) == before
        approve_adjustment(live.oak.supervisor, adjustment_id=proposed, on=DAY)
        assert owed(live) == before - Decimal("7.50")
        with transaction.atomic():
            newest = happened(live.oak.account())[0]
        assert (newest.what, newest.detail, newest.effect) == (
            "Adjustment",
            "As agreed by telephone",
            Decimal("-7.50"),
        )
    assert broken(live) == []


@pytest.mark.req("HIS-03")
def test_a_debit_is_a_charge_with_the_words_of_the_adjustment(live: World) -> None:
    with scope(live.oak.utility.id):
        before = owed(live)
        proposed = propose(live, "debit", "12.00", text="Broken lid replaced")
        journal = approve_adjustment(live.oak.supervisor, adjustment_id=proposed, on=DAY)
        assert owed(live) == before + 12
        with transaction.atomic():
            charge = Charge.objects.get(journal=journal)
        assert (charge.text, charge.amount, charge.revenue_code, charge.due_on) == (
            "Broken lid replaced",
            Decimal("12.00"),
            "OTHER",
            DAY,
        )
    assert broken(live) == []


def test_a_credit_beyond_what_is_owed_is_a_liability(live: World) -> None:
    with scope(live.oak.utility.id):
        more = owed(live) + 20
        approve_adjustment(live.oak.supervisor, adjustment_id=propose(live, "credit", str(more)), on=DAY)
        with transaction.atomic():
            lines = {
                p.chart_account.role: p.credit
                for p in Posting.objects.filter(journal__why="adjustment").select_related("chart_account")
            }
        assert (lines["receivable"], lines["customer_credit"]) == (more - 20, Decimal("20.00"))
    assert broken(live) == []


def test_who_proposes_does_not_approve(live: World) -> None:
    with scope(live.oak.utility.id):
        mine = propose_adjustment(
            live.oak.supervisor,
            account_id=live.oak.account().id,
            kind="debit",
            amount=Decimal("5.00"),
            revenue_code="OTHER",
            reason="Other",
            text="x",
            on=DAY,
        )
        with pytest.raises(NotAllowed, match="may not approve it too"):
            approve_adjustment(live.oak.supervisor, adjustment_id=mine, on=DAY)
        with pytest.raises(NotAllowed, match="does not have the right"):
            approve_adjustment(live.oak.clerk, adjustment_id=mine, on=DAY)
        set_policy(live.oak.admin, code="office.single_operator", value="yes", starts=DAY)
        approve_adjustment(live.oak.supervisor, adjustment_id=mine, on=DAY)
    assert broken(live) == []


def test_a_reversal_needs_two_people_too_and_puts_everything_back(live: World) -> None:
    with scope(live.oak.utility.id):
        before = owed(live)
        first = propose(live, "credit", "7.50")
        approve_adjustment(live.oak.supervisor, adjustment_id=first, on=DAY)
        back = propose_reversal(live.oak.clerk, adjustment_id=first, text="Given to the wrong house", on=DAY)
        with pytest.raises(Conflict, match="proposed before"):
            propose_reversal(live.oak.clerk, adjustment_id=first, text="again", on=DAY)
        approve_adjustment(live.oak.supervisor, adjustment_id=back, on=DAY)
        assert owed(live) == before
        with transaction.atomic():
            assert Adjustment.objects.get(id=first).state == "reversed"
            assert Journal.objects.filter(why="adjustment reversed").count() == 1
        with pytest.raises(Conflict, match="is reversed"):
            propose_reversal(live.oak.clerk, adjustment_id=first, text="again", on=DAY)
    assert broken(live) == []


def test_a_reversed_debit_leaves_what_was_paid_on_it_as_credit(live: World) -> None:
    from collections_app.operations import Tendered, ToAccount, post_payment

    with scope(live.oak.utility.id):
        before = owed(live)
        first = propose(live, "debit", "12.00")
        approve_adjustment(live.oak.supervisor, adjustment_id=first, on=DAY)
        paid = [Tendered("check", before + 12)], [ToAccount(live.oak.account().id, before + 12)]
        post_payment(live.oak.clerk, tenders=paid[0], accounts=paid[1], on=DAY, source="by mail")
        back = propose_reversal(live.oak.clerk, adjustment_id=first, text="Not broken", on=DAY)
        approve_adjustment(live.oak.supervisor, adjustment_id=back, on=DAY)
        assert owed(live) == -12
    assert broken(live) == []


def test_a_credit_for_a_charge_stays_within_it(live: World) -> None:
    with scope(live.oak.utility.id):
        with transaction.atomic():
            item = OpenItem.objects.filter(account=live.oak.account(), open__gt=0).latest("id")
        with pytest.raises(Refused, match="is more than the"):
            propose(live, "credit", str(item.open + 1), charge_id=item.charge_id)
        two = [propose(live, "credit", str(item.open), charge_id=item.charge_id) for _ in range(2)]
        approve_adjustment(live.oak.supervisor, adjustment_id=two[0], on=DAY)
        with transaction.atomic():
            assert OpenItem.objects.get(id=item.id).open == 0
        with pytest.raises(Conflict, match=r"Only 0.00 is open"):
            approve_adjustment(live.oak.supervisor, adjustment_id=two[1], on=DAY)


def test_what_was_decided_is_decided(live: World) -> None:
    with scope(live.oak.utility.id):
        refused, withdrawn = propose(live, "debit", "5.00"), propose(live, "debit", "6.00")
        refuse_adjustment(live.oak.supervisor, adjustment_id=refused, why="No ground")
        withdraw_adjustment(live.oak.clerk, adjustment_id=withdrawn)
        for one in (refused, withdrawn):
            with pytest.raises(Conflict, match="was decided by"):
                approve_adjustment(live.oak.supervisor, adjustment_id=one, on=DAY)
        with transaction.atomic():
            assert not Journal.objects.filter(why="adjustment").exists()


def test_reasons_are_those_of_the_utility_on_the_day(live: World) -> None:
    with scope(live.oak.utility.id):
        set_policy(live.oak.admin, code="ledger.adjustment_reasons", value="Leak; Flood", starts=DAY)
        propose(live, "credit", "1.00", reason="Flood")
        with pytest.raises(Refused, match="no reason of Sep 20, 2026"):
            propose(live, "credit", "1.00", reason="Courtesy")
