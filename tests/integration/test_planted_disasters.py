"""What goes wrong in a billing office, planted as it really happens: nothing of it is posted.

The same run without a fault goes through to posting, by rows and by file, so each of these stops because of
its fault.  What is stopped at a desk before the run is in ``test_planted_disasters_at_the_door``.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from billing.checking import checks_of
from core.errors import Conflict, Refused
from core.operations import operation
from core.tenancy import scope
from meters.models import Reading, Register
from meters.operations import NewReading, record_batch
from rates.models import RateTable, RateVersion
from rates.operations import activate_version, draft_version
from tests.world.grown import STARTS, Grown

ACCOUNTS = 42
READ = 7  # the column of the read in the platform's file


def stopped(town: Grown, run_id: int, code: str, says: str) -> None:
    """The check trips, says where, and keeps the run from being posted."""
    check = town.check(run_id, code)
    assert check.state == "tripped", [(c.code, c.measured) for c in checks_of(town.run(run_id))]
    assert re.search(says, check.measured)
    assert check.do
    with pytest.raises(Conflict, match=re.escape(check.title)):
        town.post(run_id)
    assert town.bills(run_id) == 0


@operation("test.put_in_force", permission="rates.activate")
def put_in_force(by: Any, *, version_id: int) -> int:
    """As by a program without the lint."""
    version = RateVersion.objects.get(id=version_id)
    RateVersion.objects.filter(table=version.table_id, state="active").update(ends=version.starts)
    return RateVersion.objects.filter(id=version_id).update(state="active", activated_by=by.ref)


def new_rate(town: Grown, code: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """A version in force from the run's first day, past what keeps such a version out of force."""
    with town.at():
        table = RateTable.objects.get(code=code)
        content = RateVersion.objects.get(table=table, state="active").content
    with scope(town.utility.id):
        draft = draft_version(town.by("admin"), table_id=table.id, content=change(content), starts=STARTS)
        put_in_force(town.by("supervisor"), version_id=draft)


def times(factor: str) -> Callable[[Any], Any]:
    """Every price and amount of a table times so much."""

    def scaled(part: Any) -> Any:
        if isinstance(part, list):
            return [scaled(p) for p in part]
        if not isinstance(part, dict):
            return part
        priced = {
            k: str(Decimal(v) * Decimal(factor))
            for k, v in part.items()
            if k in ("price", "amount") and isinstance(v, str)
        }
        rows = (
            {"rows": {k: str(Decimal(v) * Decimal(factor)) for k, v in part["rows"].items()}}
            if "rows" in part
            else {}
        )
        return {k: scaled(v) for k, v in part.items()} | priced | rows

    return scaled


def dials(town: Grown, change: Callable[[Decimal, Decimal], Decimal]) -> list[str]:
    """The month's file with each read changed, given the dial before it and the read."""
    head, *lines = [line for line in town.file() if line]
    with town.at():
        before = dict(
            Reading.objects.filter(is_live=True, on=STARTS).values_list("register__meter__number", "dial")
        )
    changed = []
    for line in lines:
        cells = line.split(",")
        cells[READ] = str(change(before[cells[3]], Decimal(cells[READ])))
        changed.append(",".join(cells))
    return [head, *changed]


@operation("test.set_multiplier", permission="meters.edit")
def set_multiplier(by: Any, *, meter: str, multiplier: int) -> int:
    return Register.objects.filter(meter__number=meter).update(multiplier=multiplier)


def test_without_a_fault_the_run_goes_through_from_rows(grown: Grown) -> None:
    grown.read()
    assert grown.post(grown.prepare()) == ACCOUNTS


def test_without_a_fault_the_run_goes_through_from_a_file(grown: Grown) -> None:
    assert grown.receive(grown.file()).applied == ACCOUNTS
    assert grown.post(grown.prepare()) == ACCOUNTS


def test_a_rate_a_hundred_times_too_high_is_not_even_put_in_force(grown: Grown) -> None:
    with grown.at():
        held = RateVersion.objects.get(table__code="WATER", state="active")
    dear = {"table_id": held.table_id, "content": times("100")(held.content), "starts": STARTS}
    with scope(grown.utility.id):
        draft = draft_version(grown.by("admin"), **dear)
        with pytest.raises(Refused, match="A bill for 5,000 gallons goes from"):
            activate_version(grown.by("supervisor"), version_id=draft)


def test_a_rate_a_hundred_times_too_high(grown: Grown) -> None:
    grown.read()
    new_rate(grown, "WATER", times("100"))
    stopped(grown, grown.prepare(), "charges", r"water rate WATER, WATER: .*about (7\d|8\d|9\d|100) times")


def test_a_rate_a_hundred_times_too_low(grown: Grown) -> None:
    grown.read()
    new_rate(grown, "WATER", times("0.01"))
    stopped(grown, grown.prepare(), "charges", r"water rate WATER, WATER: .*about 1/1[0-3]\d of")


def test_a_tax_that_was_dropped(grown: Grown) -> None:
    grown.read()
    new_rate(
        grown, "WATER", lambda c: {**c, "components": [p for p in c["components"] if p["kind"] != "tax"]}
    )
    run = grown.prepare()
    stopped(grown, run, "tax", r"TAX on water: 0\.00 % .*before 6\.")
    stopped(grown, run, "vanished", r"water, TAX: on 42 bills before, on none now")


def test_a_tax_that_was_doubled(grown: Grown) -> None:
    def doubled(content: dict[str, Any]) -> dict[str, Any]:
        return {
            **content,
            "components": [p | {"percent": "12"} if p["kind"] == "tax" else p for p in content["components"]],
        }

    grown.read()
    new_rate(grown, "WATER", doubled)
    stopped(grown, grown.prepare(), "tax", r"TAX on water: 12\.\d\d % .*before 6\.")


def test_reads_with_the_decimal_point_one_place_off(grown: Grown) -> None:
    grown.receive(dials(grown, lambda before, read: before + (read - before) * 10))
    stopped(grown, grown.prepare(), "use", r"water, (all routes|route \d+): the typical meter used about \d+")


def test_reads_in_gallons_for_hundreds_of_cubic_feet(grown: Grown) -> None:
    grown.receive(dials(grown, lambda before, read: min(before + (read - before) * 748, Decimal(999_999))))
    stopped(grown, grown.prepare(), "use", r"the typical meter used about [4-9]\d\d times")


def test_the_dials_of_last_month_sent_again_with_this_month_s_date(grown: Grown) -> None:
    grown.receive(dials(grown, lambda before, read: before))
    stopped(grown, grown.prepare(), "unused", r"42 of 42 meters without use, 100\.0 %")


def test_readings_that_never_came(grown: Grown) -> None:
    stopped(grown, grown.prepare(), "missing", r"42 of 42 accounts without a reading")


def test_reads_of_another_route(grown: Grown) -> None:
    head, *lines = [line for line in grown.file() if line]
    reads = [line.split(",")[READ] for line in lines]
    shifted = [*reads[14:], *reads[:14]]
    swapped = []
    for line, read in zip(lines, shifted, strict=True):
        cells = line.split(",")
        swapped.append(",".join([*cells[:READ], read, *cells[READ + 1 :]]))
    found = grown.receive([head, *swapped])
    assert found.errors > ACCOUNTS // 4  # reads below the last one are left out at the door
    stopped(grown, grown.prepare(), "held", r"\d+ of 42 accounts held")


def test_a_cycle_that_got_a_route_of_another(grown: Grown) -> None:
    @operation("test.move_route", permission="billing.run.open")
    def move_route(by: Any) -> int:
        from billing.models import Cycle, CycleRoute

        one = Cycle.objects.get(code="01")
        return CycleRoute.objects.filter(route__code="004").update(cycle=one)

    grown.read()
    with scope(grown.utility.id):
        move_route(grown.by("supervisor"))
    stopped(grown, grown.prepare(), "count", r"56 accounts to bill, before 42")


def test_a_service_whose_rate_has_no_version_in_force(grown: Grown) -> None:
    @operation("test.empty_rate", permission="rates.edit")
    def empty_rate(by: Any) -> int:
        table = RateTable.objects.create(code="WATER-X", name="New", service_type="water")
        from customers.models import Service

        mine = Service.objects.filter(account__number="100003", service_type="water")
        return mine.update(rate=table)

    grown.read()
    with scope(grown.utility.id):
        empty_rate(grown.by("admin"))
    run = grown.prepare()
    (held,) = grown.staged(run, state="held")
    assert (held.account.number, held.reason) == ("100003", "no_rate")
    stopped(grown, run, "no_rate", r"1 accounts have a service without")


def test_a_period_of_sixty_one_days(grown: Grown) -> None:
    from datetime import date

    from billing import runs
    from billing.models import Cycle
    from config.town.simulate import read_month

    read_month(grown.utility, grown.plan, 4, [0])  # October's reads; September's never came
    with grown.at():
        cycle = Cycle.objects.get(code="01")
    november = date(2026, 11, 1)
    with scope(grown.utility.id):
        run = runs.open_run(
            grown.by("billing"), cycle_id=cycle.id, starts=STARTS, ends=november, bill_on=november
        )
    grown.prepare(run)
    assert {row.reason for row in grown.staged(run, state="held")} == {"long_period"}
    assert "61 days" in grown.staged(run, state="held")[0].detail
    stopped(grown, run, "held", r"42 of 42 accounts held, 100\.0 %")


def held_alone(town: Grown, number: str, reason: str, says: str) -> None:
    """Of a good run one bill is held, says why, and is not among those posted."""
    run = town.prepare()
    (held,) = town.staged(run, state="held")
    assert (held.account.number, held.reason) == (number, reason)
    assert re.search(says, held.detail)
    assert town.post(run) == ACCOUNTS - 1
    assert [row.account.number for row in town.staged(run, state="held")] == [number]


def test_one_bill_of_a_hundred_times_its_own_average(grown: Grown) -> None:
    lines = dials(grown, lambda before, read: read)
    cells = lines[4].split(",")
    cells[READ] = str(Decimal(cells[READ]) + 1500)
    grown.receive([*lines[:4], ",".join(cells), *lines[5:]])
    run = grown.prepare()
    (held,) = grown.staged(run, state="held")
    assert (held.account.number, held.reason) == (cells[0], "over_amount")
    stopped(grown, run, "largest", rf"account {cells[0]}: \d\d\.\d % of all, before \d\.\d %")


def test_one_bill_of_many_times_its_own_average_that_is_not_large(grown: Grown) -> None:
    lines = dials(grown, lambda before, read: read)
    cells = lines[4].split(",")
    cells[READ] = str(Decimal(cells[READ]) + 90)
    grown.receive([*lines[:4], ",".join(cells), *lines[5:]])
    held_alone(grown, cells[0], "high_use", r"times the service's own average. Read the meter again")


def test_a_multiplier_that_was_lost(grown: Grown) -> None:
    with scope(grown.utility.id):
        set_multiplier(grown.by("admin"), meter="M100005", multiplier=10)
    grown.read()
    held_alone(
        grown, "100005", "register_changed", r"multiplier of the water meter was 1 on the last bill and is 10"
    )


def test_a_meter_counted_twice(grown: Grown) -> None:
    @operation("test.second_register", permission="meters.edit")
    def second_register(by: Any) -> int:
        first = Register.objects.get(meter__number="M100006")
        second = Register.objects.create(meter=first.meter, code="H", unit=first.unit, dials=first.dials)
        last = Reading.objects.filter(register=first, is_live=True).order_by("-on")[1]
        now = Reading.objects.filter(register=first, is_live=True).order_by("-on")[0]
        rows = [NewReading(second.id, r.on, r.dial) for r in (last, now)]
        return record_batch(by, rows=rows, came_from="doubled")

    grown.read()
    with scope(grown.utility.id):
        second_register(grown.by("admin"))
    held_alone(grown, "100006", "meter_twice", r"Two registers of the water service run over the same days")
