"""Who enters does not approve, unless the town has one clerk and says so."""

from dataclasses import replace
from datetime import date

import pytest

from core.actors import Actor
from core.duties import require_other
from core.errors import NotAllowed
from core.models import AuditEntry
from core.operations import operation
from core.policies import set_policy
from tests.conftest import World

ON = date(2026, 9, 1)


@operation("test.approve", permission="payments.void")
def approve(by: Actor, *, maker: str) -> bool:
    return require_other(by, maker, ON, "this receipt")


@pytest.mark.req("SYS-02")
def test_the_maker_may_not_approve_and_somebody_else_may(world: World) -> None:
    boss, second = world.oak.supervisor, world.oak.admin
    with pytest.raises(NotAllowed, match="made this receipt and may not approve it too"):
        approve(boss, maker=boss.ref)
    assert approve(second, maker=boss.ref) is False


@pytest.mark.req("SYS-02")
def test_with_the_policy_on_the_maker_may_and_the_audit_says_so(world: World) -> None:
    boss = world.oak.supervisor
    set_policy(boss, code="office.single_operator", value="yes", starts=ON)
    assert approve(boss, maker=boss.ref) is True
    assert AuditEntry.objects.order_by("-number")[0].what["single_operator"] is True


def test_the_policy_counts_from_its_day_on_only(world: World) -> None:
    boss = world.oak.supervisor
    set_policy(boss, code="office.single_operator", value="yes", starts=date(2026, 9, 2))
    with pytest.raises(NotAllowed):
        approve(boss, maker=boss.ref)


def test_a_role_that_lacks_the_right_does_not_get_as_far(world: World) -> None:
    with pytest.raises(NotAllowed, match="does not have the right"):
        approve(replace(world.oak.clerk, permissions=frozenset()), maker="operator:0")
