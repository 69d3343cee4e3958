"""A file of reads on its way in: what is refused, what is held back, what is recorded."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from config.town.month import read_file, work_until_idle
from core.actors import Actor
from core.errors import Conflict, NotAllowed, Refused
from core.models import Job, StoredFile
from core.policies import set_policy
from core.tenancy import scope
from core.vault import fetch
from customers.models import Account
from interchange import pipeline
from interchange.faults import as_fault
from interchange.models import ImportFile, ImportRow
from interchange.queries import fault_kinds, missing_reads
from meters.models import Reading
from tests.conftest import World
from tests.world.tables import DOMAIN, table_hash
from tests.world.towns import FIRST, Town

TODAY = date(2026, 10, 2)
READ_ON = date(2026, 10, 1)


def the_file(town: Town) -> list[str]:
    """September's reads of the town, as lines; the first is the header, then 100001 and so on."""
    return read_file(town.plan, town.houses, FIRST, 1).decode().split("\r\n")


def content(lines: list[str]) -> bytes:
    return "\r\n".join(lines).encode()


def with_cell(line: str, place: int, value: str) -> str:
    cells = line.split(",")
    cells[place] = value
    return ",".join(cells)


ACCOUNT, LOCATION, METER, REGISTER, READ, UNIT, READ_AT = 0, 1, 3, 4, 7, 8, 10


@contextmanager
def at(town: Town) -> Iterator[None]:
    with scope(town.utility.id), transaction.atomic():
        yield


def receive(town: Town, lines: list[str], by: Actor | None = None, feed: str = "meter_reads") -> int:
    with scope(town.utility.id):
        return pipeline.receive_file(
            by or town.billing, feed=feed, name="reads.csv", content=content(lines), today=TODAY
        )


def shown(town: Town, import_id: int) -> ImportFile:
    with at(town):
        return ImportFile.objects.select_related("job").get(id=import_id)


def row_of(town: Town, import_id: int, line: int) -> ImportRow:
    with at(town):
        return ImportRow.objects.get(import_file=import_id, line=line)


def approve(town: Town, import_id: int, by: Actor | None = None, seen: str = "") -> int:
    seen = seen or shown(town, import_id).fingerprint
    with scope(town.utility.id):
        return pipeline.approve_import(by or town.supervisor, import_id=import_id, seen=seen, today=TODAY)


def only_fault(town: Town, lines: list[str], line: int) -> dict[str, Any]:
    """The one fault of a line, of a file of which everything else is sound."""
    import_id = receive(town, lines)
    row = row_of(town, import_id, line)
    assert shown(town, import_id).ready == 11
    (fault,) = row.faults
    return {"state": row.state, **fault}


@pytest.mark.req("BIL-01", "MTR-05")
def test_a_sound_file_is_scanned_approved_by_a_second_person_and_recorded(live: World) -> None:
    import_id = receive(live.oak, the_file(live.oak))
    before = shown(live.oak, import_id)
    assert (before.state, before.ready, before.errors) == ("scanned", 12, 0)
    approve(live.oak, import_id)
    work_until_idle()
    after = shown(live.oak, import_id)
    assert (after.state, after.applied) == ("applied", 12)
    with at(live.oak):
        readings = Reading.objects.filter(on=READ_ON, came_from=f"import:{import_id}")
        assert set(readings.values_list("source", flat=True)) == {"R"}
        assert readings.count() == 12
        assert missing_reads(import_id) == []


FILE_FAULTS: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "no column for the read": (
        lambda lines: [lines[0].replace(",Read,", ",Remark,"), *lines[1:]],
        "Line 1, column Read: The column Read is missing. Export again with a column named Read",
    ),
    "cut off in the last line": (
        lambda lines: [*lines[:-2], lines[-2][:20]],
        "Line 13: The file stops in the middle of this line, so later lines may be missing as well."
        " Have the whole file sent again",
    ),
    "nothing in it": (lambda lines: [""], "The file: The file is empty. Export it again."),
    "no row": (lambda lines: [lines[0], ""], "The file: There is no row in the file"),
    "of another utility": (
        lambda lines: [lines[0], *(with_cell(x, METER, f"X{n}") for n, x in enumerate(lines[1:-1])), ""],
        "that are not known here; the first is line 2, column Meter_ID:",
    ),
}


@pytest.mark.parametrize("case", FILE_FAULTS)
def test_a_file_that_cannot_be_used_is_refused_and_touches_nothing(world: World, case: str) -> None:
    spoil, told = FILE_FAULTS[case]
    before = table_hash(*DOMAIN, using="default")
    import_id = receive(world.oak, spoil(the_file(world.oak)))
    found = shown(world.oak, import_id)
    assert found.state == "refused"
    assert told in str(as_fault(found.faults[0]))
    with at(world.oak):
        assert not ImportRow.objects.filter(import_file=import_id).exists()
    assert table_hash(*DOMAIN, using="default") == before


ROW_FAULTS: dict[str, tuple[int, str, str, str, str]] = {
    # place, what stands there, code, column, a part of what is said
    "unknown meter": (METER, "M9", "unknown_meter", "Meter_ID", "No meter M9 is known."),
    "unknown account": (ACCOUNT, "999", "unknown_account", "Account_ID", "No account 999 is known."),
    "another location": (LOCATION, "L7", "elsewhere", "Location_ID", "is at location L100003, not at L7"),
    "another meter": (METER, "M100012", "not_installed", "Meter_ID", "it was at location L100012"),
    "a register that is not there": (REGISTER, "H", "wrong_register", "Register_Number", "the file names H"),
    "wrong unit": (
        UNIT,
        "GAL",
        "other_unit",
        "Read_Unit",
        "counts hundred cubic feet; the file says gallons",
    ),
    "too many digits": (READ, "1234567", "too_many_digits", "Read", "does not fit the 6 dials"),
    "backwards": (READ, "1", "backwards", "Read", "The read 1 is lower than"),
    "to come": (READ_AT, "2026-10-03", "future", "Current_Read_Date", "Oct 3, 2026, which is still to come"),
    "before the last": (READ_AT, "2026-08-20", "before_last", "Current_Read_Date", "Sep 1, 2026 since"),
    "no read": (READ, "", "no_read", "Read", "There is no read for meter M100003."),
}


@pytest.mark.parametrize("case", ROW_FAULTS)
def test_a_line_that_cannot_be_taken_says_where_why_and_what_to_do(world: World, case: str) -> None:
    place, value, code, column, told = ROW_FAULTS[case]
    lines = the_file(world.oak)
    lines[3] = with_cell(lines[3], place, value)
    lines = [line for n, line in enumerate(lines) if case != "another meter" or n != 12]
    before = table_hash(*DOMAIN, using="default")
    import_id = receive(world.oak, lines)
    row = row_of(world.oak, import_id, 4)
    fault = row.faults[0]
    assert (row.state, fault["code"], fault["column"], fault["level"]) == ("error", code, column, "row")
    assert told in fault["problem"]
    assert fault["remedy"].endswith(".")
    assert table_hash(*DOMAIN, using="default") == before


def test_a_line_that_stops_short_is_named_and_the_others_go_on(world: World) -> None:
    lines = the_file(world.oak)
    lines[5] = lines[5][:25]
    fault = only_fault(world.oak, lines, 6)
    assert (fault["state"], fault["code"]) == ("error", "too_few_columns")
    assert "The line has 4 columns; the first line names 11." in fault["problem"]


@pytest.mark.req("BIL-01")
def test_the_same_content_again_is_refused_and_changes_nothing_at_all(live: World) -> None:
    receive(live.oak, the_file(live.oak))
    before = table_hash()
    with pytest.raises(Conflict, match=r"import \d+ \(“reads.csv”\) of .*, 20\d\d at"):
        receive(live.oak, the_file(live.oak), by=live.oak.supervisor)
    assert table_hash() == before


def test_the_same_content_is_welcome_at_the_other_utility_and_after_cancelling(live: World) -> None:
    first = receive(live.oak, the_file(live.oak))
    assert receive(live.elm, the_file(live.oak)) != first
    with scope(live.oak.utility.id):
        pipeline.cancel_import(live.oak.billing, import_id=first)
    assert shown(live.oak, receive(live.oak, the_file(live.oak))).state == "scanned"


def test_a_file_is_not_approved_by_the_one_who_brought_it_in(world: World) -> None:
    import_id = receive(world.oak, the_file(world.oak), by=world.oak.supervisor)
    with pytest.raises(NotAllowed, match="may not approve it too"):
        approve(world.oak, import_id)
    with scope(world.oak.utility.id):
        set_policy(world.oak.admin, code="office.single_operator", value="yes", starts=FIRST)
    approve(world.oak, import_id)
    assert shown(world.oak, import_id).single_operator


def test_an_approval_counts_only_for_the_rows_that_were_seen(world: World) -> None:
    import_id = receive(world.oak, the_file(world.oak))
    with pytest.raises(Conflict, match="scanned again since you looked"):
        approve(world.oak, import_id, seen="0" * 64)
    assert shown(world.oak, import_id).state == "scanned"


def test_somebody_without_the_right_neither_receives_nor_approves(world: World) -> None:
    with pytest.raises(NotAllowed):
        receive(world.oak, the_file(world.oak), by=world.oak.clerk)
    import_id = receive(world.oak, the_file(world.oak))
    with pytest.raises(NotAllowed):
        approve(world.oak, import_id, by=world.oak.viewer)


def test_a_file_without_a_row_to_apply_is_not_approved(world: World) -> None:
    lines = the_file(world.oak)
    spoiled = [with_cell(line, UNIT, "GAL") for line in lines[1:-1]]
    import_id = receive(world.oak, [lines[0], *spoiled, ""])
    with pytest.raises(Refused, match="No row of this file can be applied"):
        approve(world.oak, import_id)


def test_rejected_lines_come_back_in_their_own_layout_and_are_taken_when_mended(live: World) -> None:
    lines = the_file(live.oak)
    right = lines[3]
    lines[3] = with_cell(right, METER, "M9")
    import_id = receive(live.oak, lines)
    approve(live.oak, import_id)
    work_until_idle()
    with at(live.oak):
        file = StoredFile.objects.get(purpose="import rejects")
        rejects = fetch(file.id).decode("utf-8-sig")
        (missing,) = missing_reads(import_id)
    assert file.name == "reads-rejects.csv"
    assert rejects.splitlines()[0] == f"{lines[0]},Reject_Reason"
    assert rejects.splitlines()[1].startswith(
        f'{lines[3]},"Meter_ID: No meter M9 is known. Correct the number'
    )
    assert (missing.meter, missing.why) == ("M100003", "Not taken: line 4")
    again = receive(live.oak, rejects.replace("M9", "M100003").splitlines() + [""])
    assert shown(live.oak, again).ready == 1


def test_a_read_that_is_there_already_is_left_out_and_another_value_is_an_error(live: World) -> None:
    lines = the_file(live.oak)
    approve(live.oak, receive(live.oak, lines))
    work_until_idle()
    higher = str(int(lines[3].split(",")[READ]) + 1)
    again = receive(live.oak, [*lines[:3], with_cell(lines[3], READ, higher), *lines[4:]])
    found = shown(live.oak, again)
    assert (found.ready, found.skipped, found.errors) == (0, 11, 1)
    assert row_of(live.oak, again, 4).faults[0]["code"] == "another_value"


def test_a_dial_that_passed_its_limit_is_recorded_as_rolled_over(live: World) -> None:
    lines = the_file(live.oak)
    with at(live.oak):
        last = Reading.objects.filter(register__meter__number="M100003", is_live=True).latest("on")
        register_id = last.register_id
        last.is_live = False
        last.save(update_fields=["is_live"])
        Reading.objects.create(register_id=register_id, on=last.on, dial=Decimal(999_990), replaces=last)
    lines[3] = with_cell(lines[3], READ, "7")
    import_id = receive(live.oak, lines)
    assert row_of(live.oak, import_id, 4).values["use"] == "17"
    approve(live.oak, import_id)
    work_until_idle()
    with at(live.oak):
        assert Reading.objects.get(register_id=register_id, on=READ_ON).rolled_over


def test_a_register_read_twice_with_different_figures_is_left_to_people(world: World) -> None:
    lines = the_file(world.oak)
    other = with_cell(lines[3], READ, str(int(lines[3].split(",")[READ]) + 1))
    import_id = receive(world.oak, [*lines[:-1], other, lines[4], ""])
    assert [row_of(world.oak, import_id, n).state for n in (4, 14, 15)] == ["error", "error", "skipped"]
    assert "read on line 14 too" in row_of(world.oak, import_id, 4).faults[0]["problem"]


def test_no_use_is_remarked_and_high_use_only_once_its_policy_is_set(world: World) -> None:
    lines = the_file(world.oak)
    with at(world.oak):
        last = Reading.objects.filter(register__meter__number="M100003", is_live=True).latest("on").dial
    zero = with_cell(lines[3], READ, str(int(last)))
    assert only_fault(world.oak, [*lines[:3], zero, *lines[4:]], 4)["code"] == "zero_use"
    high = [*lines[:3], with_cell(lines[3], READ, str(int(last) + 900)), *lines[4:]]
    unlooked = shown(world.oak, receive(world.oak, high))
    assert unlooked.warnings == 0
    assert unlooked.faults[0]["code"] == "policy_unset"
    with scope(world.oak.utility.id):
        set_policy(world.oak.admin, code="meters.high_use_times", value="10", starts=FIRST)
        pipeline.scan(world.oak.billing, import_id=unlooked.id, today=TODAY)
    assert row_of(world.oak, unlooked.id, 4).faults[0]["code"] == "high_use"


def test_an_account_that_has_ended_is_remarked_and_the_read_is_taken(world: World) -> None:
    with at(world.oak):
        Account.objects.filter(number="100003").update(ends=date(2026, 9, 10))
    fault = only_fault(world.oak, the_file(world.oak), 4)
    assert (fault["state"], fault["code"]) == ("warning", "inactive_account")


def test_a_reading_that_came_in_since_the_scan_keeps_its_row_out(live: World) -> None:
    import_id = receive(live.oak, the_file(live.oak))
    with at(live.oak):
        last = Reading.objects.filter(register__meter__number="M100003", is_live=True).latest("on")
        Reading.objects.create(register_id=last.register_id, on=date(2026, 9, 20), dial=last.dial + 1)
    approve(live.oak, import_id)
    work_until_idle()
    found = shown(live.oak, import_id)
    assert (found.state, found.applied, found.errors) == ("applied", 11, 1)
    assert row_of(live.oak, import_id, 4).faults[0]["code"] == "changed_since"
    with at(live.oak):
        assert b"100003" in fetch(StoredFile.objects.get(purpose="import rejects").id)


def test_a_long_file_is_scanned_by_a_job(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "SCAN_AT_ONCE", 5)
    import_id = receive(live.oak, the_file(live.oak))
    assert shown(live.oak, import_id).state == "received"
    work_until_idle()
    found = shown(live.oak, import_id)
    assert (found.state, found.ready) == ("scanned", 12)
    with at(live.oak):
        assert [job.state for job in Job.objects.filter(kind="interchange.scan")] == ["done"]


def test_a_sheet_of_a_hand_held_reader_is_taken_in_the_unit_of_the_register(world: World) -> None:
    reads = [line.split(",")[READ] for line in the_file(world.oak)[1:4]]
    sheet = ["account,meter,register,read,date,code"]
    sheet += [f"10000{n},M10000{n},,{read},10/01/2026,A" for n, read in enumerate(reads[:2], start=1)]
    sheet += [f"100003,M100003,,{reads[2]},10/01/2026,C", "100004,M100004,,,10/01/2026,S", ""]
    import_id = receive(world.oak, sheet, feed="handheld_reads")
    assert [row_of(world.oak, import_id, n).values["source"] for n in (2, 4)] == ["A", "C"]
    assert "skipped meter M100004" in row_of(world.oak, import_id, 5).faults[0]["problem"]
    with at(world.oak):
        assert [(k.code, k.count) for k in fault_kinds(import_id)] == [("no_read", 1)]
        assert missing_reads(import_id)[0].why == "Not taken: line 5"
