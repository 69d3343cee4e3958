"""Identifiers in their rows: sealed, found, revealed, rotated."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.db import connection, transaction

from core import clock
from core.errors import NotAllowed, NotFound, Refused
from core.models import AuditEntry
from core.prove import Asked, all_invariants, prove
from core.secrets import SealBroken
from core.secrets.reveal import reveal
from core.secrets.rotation import _swap, left_under_older_keys, rotate_columns
from core.tenancy import scope
from customers.models import Customer
from customers.sealed import SSN
from tests.conftest import World

NUMBER = "078-05-1120"
PLAIN = "078051120"
NEWER = {"k2": "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI="}


def give_number(live: World, customer_id: int | None = None, number: str = NUMBER) -> Customer:
    with transaction.atomic():
        found = Customer.objects.order_by("id")
        customer = found.get(id=customer_id) if customer_id else found[0]
        SSN.put(customer, number)
        customer.save()
        return customer


@pytest.fixture
def oak(live: World, tmp_path: Path, settings: Any) -> Iterator[World]:
    """Oak's scope, over a vault of this test alone: rotation turns every file to its key."""
    if Path(site.VAULT_DIR).exists():
        shutil.copytree(site.VAULT_DIR, tmp_path / "vault")
    settings.VAULT_DIR = tmp_path / "vault"
    with scope(live.oak.utility.id):
        yield live


def y1(oak: World) -> tuple[tuple[Any, str], ...]:
    only = [i for i in all_invariants() if i.code == "Y1"]
    return prove(Asked(oak.oak.utility, clock.now()), only)[0].offences


@pytest.mark.req("SYS-06")
def test_the_database_never_sees_the_number_and_it_is_found_however_it_is_typed(world: World) -> None:
    customer = give_number(world)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c::text, encode(ssn, 'escape') FROM customers_customer c WHERE id = %s", [customer.id]
        )
        assert PLAIN not in "".join(cursor.fetchone())
        again = Customer.objects.get(id=customer.id)
        assert (SSN.take(again), again.ssn_last4) == (PLAIN, "1120")
        assert [c.id for c in SSN.matching("078 05 1120")] == [customer.id]
        assert not SSN.matching("078-05-1121").exists()


def test_another_utility_finds_nothing_by_the_same_number(oak: World) -> None:
    give_number(oak)
    with scope(oak.elm.utility.id), transaction.atomic():
        assert not SSN.matching(NUMBER).exists()


def test_a_number_copied_to_another_row_does_not_open_and_is_proved_wrong(oak: World) -> None:
    one = give_number(oak)
    with transaction.atomic():
        other = Customer.objects.exclude(id=one.id).order_by("id")[0]
        Customer.objects.filter(id=other.id).update(
            ssn=one.ssn, ssn_index=one.ssn_index, ssn_last4=one.ssn_last4
        )
        with pytest.raises(SealBroken):
            SSN.take(Customer.objects.get(id=other.id))
    assert [row_id for row_id, _ in y1(oak)] == [other.id]


def test_a_number_written_plain_is_proved_wrong(oak: World) -> None:
    customer = give_number(oak)
    assert y1(oak) == ()
    with transaction.atomic():
        Customer.objects.filter(id=customer.id).update(ssn=PLAIN.encode())
    assert "not a sealed value" in y1(oak)[0][1]


@pytest.mark.req("SYS-06")
def test_a_reveal_shows_the_number_and_the_audit_has_the_reason_but_not_the_number(oak: World) -> None:
    customer = give_number(oak)
    shown = reveal(oak.oak.admin, column=SSN.column, ref=customer.id, reason="sent to the agency")
    with transaction.atomic():
        entry = AuditEntry.objects.get(operation="core.secret.reveal")
    assert shown == PLAIN
    assert entry.what == {
        "column": "customers_customer.ssn",
        "ref": customer.id,
        "reason": "sent to the agency",
        "label": "Social security number",
    }
    assert entry.actor == oak.oak.admin.ref


@pytest.mark.req("SYS-06")
def test_no_reveal_without_the_right_a_reason_or_a_number(oak: World) -> None:
    customer = give_number(oak)
    asked: dict[str, Any] = {"column": SSN.column, "ref": customer.id, "reason": "sent to the agency"}
    with pytest.raises(NotAllowed):
        reveal(oak.oak.viewer, **asked)
    with pytest.raises(Refused, match="A reason is missing"):
        reveal(oak.oak.admin, **{**asked, "reason": "  "})
    with pytest.raises(NotFound):
        reveal(oak.oak.admin, **{**asked, "ref": customer.id + 1})
    with pytest.raises(NotFound):
        reveal(oak.oak.admin, **{**asked, "column": "core_operator.password"})


def test_a_reveal_never_rides_in_another_transaction(oak: World) -> None:
    customer = give_number(oak)
    with transaction.atomic(), pytest.raises(RuntimeError, match="outside of transactions"):
        reveal(oak.oak.admin, column=SSN.column, ref=customer.id, reason="sent to the agency")


def test_rotation_stopped_half_way_is_resumed_and_numbers_are_found_throughout(
    oak: World, settings: Any
) -> None:
    with transaction.atomic():
        ids = list(Customer.objects.order_by("id").values_list("id", flat=True)[:3])
    for place, customer_id in enumerate(ids):
        give_number(oak, customer_id, f"07805112{place}")
    settings.CURBSTOP_KEYS = {**site.CURBSTOP_KEYS, **NEWER}
    assert next(rotate_columns(oak.oak.system, batch=1)).resealed == 1
    with transaction.atomic():
        assert left_under_older_keys(SSN) == 2
        assert [SSN.matching(f"07805112{place}").get().id for place in range(3)] == ids
    call_command("rotate_keys", batch=2)
    settings.CURBSTOP_KEYS = NEWER
    with transaction.atomic():
        assert [SSN.take(SSN.matching(f"07805112{place}").get()) for place in range(3)] == [
            "078051120",
            "078051121",
            "078051122",
        ]


def test_rotation_leaves_a_number_that_was_changed_meanwhile(world: World) -> None:
    before = give_number(world)
    after = give_number(world, before.id, "219099999")
    with transaction.atomic():
        assert _swap(SSN, [(before.id, bytes(before.ssn or b""), b"resealed", b"index")]) == 0
        assert SSN.take(Customer.objects.get(id=after.id)) == "219099999"
