"""Account numbers: assigned by the utility's pattern, or typed."""

from datetime import date

import pytest
from django.db import transaction

from core import policies
from core.errors import Conflict, Refused
from core.tenancy import scope
from customers.models import Account
from customers.numbering import check_digit
from customers.operations import open_account
from tests.conftest import World

DAY = date(2026, 9, 15)


def opened(live: World, number: str = "") -> str:
    first = live.oak.account()
    account = open_account(
        live.oak.clerk,
        customer_id=first.customer_id,
        location_id=first.location_id,
        starts=DAY,
        number=number,
    )
    with transaction.atomic():
        return str(Account.objects.get(id=account).number)


@pytest.mark.req("CUS-06")
def test_numbers_are_assigned_one_after_the_other_by_the_pattern(live: World) -> None:
    with scope(live.oak.utility.id):
        policies.set_policy(live.oak.admin, code="customers.number_pattern", value="20-####", starts=DAY)
        assert [opened(live), opened(live)] == ["20-0001", "20-0002"]


@pytest.mark.req("CUS-06")
def test_a_check_digit_is_added_when_the_policy_says_so(live: World) -> None:
    with scope(live.oak.utility.id):
        policies.set_policy(live.oak.admin, code="customers.number_pattern", value="7992739871#", starts=DAY)
        policies.set_policy(live.oak.admin, code="customers.number_check_digit", value="yes", starts=DAY)
        assert opened(live)[:-1] == "79927398711"
    assert check_digit("7992739871") == "3"  # the example of ISO/IEC 7812-1


@pytest.mark.req("CUS-06")
def test_a_number_may_be_typed_but_not_twice(live: World) -> None:
    with scope(live.oak.utility.id):
        assert opened(live, "A-77") == "A-77"
        with pytest.raises(Conflict, match="A-77 is taken"):
            opened(live, "A-77")


def test_a_pattern_that_has_run_out_says_so(live: World) -> None:
    with scope(live.oak.utility.id):
        policies.set_policy(live.oak.admin, code="customers.number_pattern", value="9", starts=DAY)
        with pytest.raises(Refused, match="no room for 1"):
            opened(live)
