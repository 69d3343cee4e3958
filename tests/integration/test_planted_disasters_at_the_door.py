"""What goes wrong in a billing office and is stopped before a run is prepared: nothing of it is posted.

That the same steps go through without the fault is shown in ``test_planted_disasters``.
"""

from datetime import date
from typing import Any

import pytest

from billing import runs
from billing.models import Cycle
from core import policies
from core.errors import Conflict, PolicyUnset, Refused
from core.operations import operation
from core.tenancy import scope
from interchange.faults import as_fault
from interchange.models import ImportRow
from meters.models import Location, Route
from tests.integration.test_planted_disasters import dials, stopped
from tests.world.grown import ENDS, STARTS, Grown

READ_AT = 10  # the column of the date in the platform's file


def faults(town: Grown, import_id: int) -> set[str]:
    """The codes of what is wrong with the rows of an import."""
    with town.at():
        rows = ImportRow.objects.filter(import_file=import_id, state="error")
        return {as_fault(fault).code for row in rows for fault in row.faults}


def nothing_applied(town: Grown, lines: list[str], code: str) -> None:
    """Every row of the file is an error, so it cannot be approved, and no bill can be made."""
    found = town.receive(lines, approved=False)
    assert code in faults(town, found.id)
    with pytest.raises(Refused, match="No row of this file can be applied"):
        town.receive([*lines, "", ""])
    stopped(town, town.prepare(), "missing", "42 of 42 accounts without a reading")


def test_an_empty_file_of_reads(grown: Grown) -> None:
    found = grown.receive(grown.file()[:1], approved=False)
    assert found.state == "refused"
    stopped(grown, grown.prepare(), "missing", "42 of 42 accounts without a reading")


def test_a_file_in_which_every_read_is_zero(grown: Grown) -> None:
    found = grown.receive(dials(grown, lambda before, read: read * 0))
    assert faults(grown, found.id) == {"backwards"}
    assert found.errors > 20  # the others are taken for dials that passed zero
    stopped(grown, grown.prepare(), "missing", r"2\d of 42 accounts without a reading")


def test_a_file_with_the_dates_of_last_year(grown: Grown) -> None:
    lines = [line.replace("2026-10-01", "2025-10-01") for line in grown.file()]
    assert "2025-10-01" in lines[1]
    nothing_applied(grown, lines, "not_installed")


def test_a_file_with_every_dial_ten_times_too_high(grown: Grown) -> None:
    lines = dials(grown, lambda before, read: read * 10)
    found = grown.receive(lines)
    assert "too_many_digits" in faults(grown, found.id)
    run = grown.prepare()
    stopped(grown, run, "missing", r"\d+ of 42 accounts without a reading")


def test_a_cycle_billed_twice(grown: Grown) -> None:
    grown.read()
    grown.post(grown.prepare())
    with grown.at():
        cycle = Cycle.objects.get(code="01")
    for starts in (STARTS, date(2026, 9, 15)):
        with (
            scope(grown.utility.id),
            pytest.raises(Conflict, match="of cycle 01 covers 2026-09-01 to 2026-10-01"),
        ):
            runs.open_run(
                grown.by("billing"), cycle_id=cycle.id, starts=starts, ends=date(2026, 10, 15), bill_on=ENDS
            )


def test_a_cycle_prepared_again_for_the_next_days_with_the_same_reads(grown: Grown) -> None:
    grown.read()
    grown.post(grown.prepare())
    with grown.at():
        cycle = Cycle.objects.get(code="01")
    november = date(2026, 11, 1)
    with scope(grown.utility.id):
        run = runs.open_run(grown.by("billing"), cycle_id=cycle.id, starts=ENDS, ends=november, bill_on=ENDS)
    stopped(grown, grown.prepare(run), "missing", "42 of 42 accounts without a reading")


def test_an_account_on_a_route_of_no_cycle(grown: Grown) -> None:
    @operation("test.new_route", permission="meters.edit")
    def new_route(by: Any) -> int:
        route = Route.objects.create(code="900", name="New houses")
        return Location.objects.filter(code="L100010").update(route=route)

    grown.read()
    with scope(grown.utility.id):
        new_route(grown.by("admin"))
    run = grown.open()
    with pytest.raises(
        Refused, match=r"belong to no cycle: 100010\. No run would ever bill them.*Runs › Accounts"
    ):
        grown.prepare(run)
    assert grown.run(run).state == "open"


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("billing.hold_over", "Hold bills over"),
        ("billing.min_days", "Shortest billing period"),
        ("billing.hold_times", "Hold bills of so many times their own average"),
        ("billing.break_charges", "Charges a bill"),
        ("billing.break_tax", "Tax against its base"),
    ],
)
def test_a_threshold_that_was_never_set(grown: Grown, code: str, label: str) -> None:
    grown.read()
    run = grown.open()
    with scope(grown.utility.id):
        policies.set_policy(grown.by("admin"), code=code, value=None, starts=STARTS)
    with pytest.raises(PolicyUnset, match=f"“{label}” is not set"):
        grown.prepare(run)
    assert grown.bills(run) == 0
