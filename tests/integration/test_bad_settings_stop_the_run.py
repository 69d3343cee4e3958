"""What is not set or does not fit is refused at its place, and nothing is half done."""

from datetime import date

import pytest
from django.db import transaction

from billing import runs
from billing.models import Cycle, Run
from config.town.found import tariff
from core import policies
from core.errors import Conflict, NotAllowed, PolicyUnset, Refused
from core.tenancy import scope
from rates.operations import activate_version, create_table, draft_version
from tests.conftest import World
from tests.world.tables import table_hash

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def _open(live: World) -> int:
    with transaction.atomic():
        cycle = Cycle.objects.get()
    return runs.open_run(live.oak.billing, cycle_id=cycle.id, starts=SEPTEMBER, ends=OCTOBER, bill_on=OCTOBER)


def test_a_run_refuses_a_threshold_that_was_never_set(live: World) -> None:
    with scope(live.oak.utility.id):
        policies.set_policy(live.oak.admin, code="billing.hold_over", value=None, starts=SEPTEMBER)
        run_id = _open(live)
        before = table_hash()
        with pytest.raises(PolicyUnset, match=r"“Hold bills over” is not set.*Policies › Billing"):
            runs.prepare_run(live.oak.billing, run_id=run_id)
    assert table_hash() == before


def test_the_days_until_due_must_be_set_before_a_run_is_opened(live: World) -> None:
    with scope(live.oak.utility.id):
        policies.set_policy(live.oak.admin, code="billing.due_days", value=None, starts=SEPTEMBER)
        before = table_hash()
        with pytest.raises(PolicyUnset, match="“Days until due” is not set"):
            _open(live)
    assert table_hash() == before


@pytest.mark.req("BIL-01")
def test_a_second_run_over_the_same_days_is_refused(live: World) -> None:
    with scope(live.oak.utility.id):
        _open(live)
        before = table_hash()
        with pytest.raises(Conflict, match="covers 2026-09-01 to 2026-10-01 already"):
            _open(live)
    assert table_hash() == before


def test_a_rate_table_with_a_gap_in_its_days_is_not_activated(live: World) -> None:
    content = tariff("bossier-trash")
    with scope(live.oak.utility.id):
        table = create_table(live.oak.admin, code="CART", name="Carts", service_type="refuse")
        first = draft_version(
            live.oak.admin, table_id=table, content=content, starts=date(2025, 1, 1), ends=date(2025, 7, 1)
        )
        activate_version(live.oak.supervisor, version_id=first)
        late = draft_version(live.oak.admin, table_id=table, content=content, starts=date(2025, 9, 1))
        before = table_hash()
        with pytest.raises(
            Refused, match=r"no rate from Jul 1, 2025 to Aug 31, 2025.*start where the other ends"
        ):
            activate_version(live.oak.supervisor, version_id=late)
    assert table_hash() == before


def test_a_rate_table_with_a_gap_in_its_blocks_names_the_block(live: World) -> None:
    content = tariff("wheeling-water")
    content["components"][0]["blocks"][0]["up_to"] = "600000"
    with scope(live.oak.utility.id):
        table = create_table(live.oak.admin, code="WAT2", name="Water", service_type="water")
        before = table_hash()
        with pytest.raises(Refused, match=r"components\[0\]\.blocks\[1\]") as refused:
            draft_version(live.oak.admin, table_id=table, content=content, starts=SEPTEMBER)
    assert refused.value.remedy
    assert table_hash() == before


@pytest.mark.req("SYS-02")
def test_who_prepares_a_rate_does_not_activate_it(live: World) -> None:
    with scope(live.oak.utility.id):
        table = create_table(live.oak.admin, code="CART", name="Carts", service_type="refuse")
        draft = draft_version(
            live.oak.admin, table_id=table, content=tariff("bossier-trash"), starts=date(2025, 1, 1)
        )
        with pytest.raises(NotAllowed, match="may not approve it too"):
            activate_version(live.oak.admin, version_id=draft)


def test_a_cycle_without_accounts_is_refused_since_nobody_would_be_billed(live: World) -> None:
    with scope(live.oak.utility.id):
        with transaction.atomic():
            empty = Cycle.objects.create(code="99", name="Empty")
        run_id = runs.open_run(
            live.oak.billing, cycle_id=empty.id, starts=SEPTEMBER, ends=OCTOBER, bill_on=OCTOBER
        )
        with pytest.raises(Refused, match="nobody would be billed"):
            runs.prepare_run(live.oak.billing, run_id=run_id)
        with transaction.atomic():
            assert Run.objects.get(id=run_id).state == "open"
