from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.quantities import UNITS
from interchange.layouts import DoesNotFit, Fault
from interchange.layouts.handheld_reads import HandheldRead, read_handheld_reads, write_handheld_reads
from interchange.layouts.meter_reads import (
    BILLING_READS,
    UNIT_NAMES,
    MeterRead,
    read_meter_reads,
    write_meter_reads,
)

BEACON = (
    "Account_ID,Location_ID,Service_Point_ID,Meter_ID,Register_Number,Endpoint_SN,"
    "Read_Method,Read,Read_Unit,Billing_Read,Read_Time"
)
LINE = "10-0042,LOC7,001,M123,,700123,Network,227.6,CCF,227,2026-11-02 00:59"


def read(text: str) -> list[MeterRead | Fault]:
    return list(read_meter_reads(text.encode()))


def fault_of(text: str) -> Fault:
    (fault,) = [item for item in read(text) if isinstance(item, Fault)]
    return fault


def test_a_read_of_the_billing_read_export_is_understood() -> None:
    assert read(f"{BEACON}\n{LINE}\n") == [
        MeterRead(
            account_number="10-0042",
            location_id="LOC7",
            service_point_id="001",
            meter_id="M123",
            register="",
            endpoint="700123",
            method="Network",
            read=Decimal("227.6"),
            unit="CCF",
            billing_read=Decimal(227),
            read_at=datetime(2026, 11, 2, 0, 59),
        )
    ]


def test_both_brands_names_give_the_same_reads_with_commas_or_tabs() -> None:
    aquacue = BEACON.replace(",Read,", ",Current_Read,").replace("Read_Unit", "Current_Read_Units")
    aquacue = aquacue.replace("Read_Time", "Current_Read_Date")
    meant = read(f"{BEACON}\n{LINE}\n")
    assert read(f"{aquacue}\n{LINE}\n") == meant
    assert read(f"{aquacue}\n{LINE}\n".replace(",", "\t")) == meant


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("GAL", "GAL"),
        ("Gallons", "GAL"),
        ("CUBIC_FEET", "CF"),
        ("CUBIC_METER", "M3"),
        ("LITER", "L"),
        ("AF", "AF"),
        ("CCF", "CCF"),
        ("IMP", "IGAL"),
    ],
)
def test_every_unit_of_the_platform_becomes_a_unit_we_can_convert(written: str, code: str) -> None:
    (item,) = read(f"{BEACON}\n{LINE.replace('CCF', written)}\n")
    assert isinstance(item, MeterRead)
    assert item.unit == code
    assert UNITS[code].kind == "volume"
    assert set(UNIT_NAMES.values()) <= UNITS.keys()


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-02 00:59", datetime(2026, 11, 2, 0, 59)),
        ("2026-11-02 00:59:30.000", datetime(2026, 11, 2, 0, 59, 30)),
        ("2026-11-02T00:59:30", datetime(2026, 11, 2, 0, 59, 30)),
        ("11/2/2026 12:59:30 AM", datetime(2026, 11, 2, 0, 59, 30)),
        ("11/02/2026", date(2026, 11, 2)),
        ("2026-11-02", date(2026, 11, 2)),
    ],
)
def test_the_read_time_comes_in_many_forms(written: str, moment: date) -> None:
    (item,) = read(f"{BEACON}\n{LINE.replace('2026-11-02 00:59', written)}\n")
    assert isinstance(item, MeterRead)
    assert item.read_at == moment
    assert type(item.read_at) is type(moment)


@pytest.mark.parametrize(("written", "register"), [("", ""), ("L", "L"), ("0", "L"), ("h", "H"), ("2", "H")])
def test_the_sides_of_a_compound_meter_are_low_and_high(written: str, register: str) -> None:
    (item,) = read(f"{BEACON}\n{LINE.replace('M123,,', f'M123,{written},')}\n")
    assert isinstance(item, MeterRead)
    assert item.register == register


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ("CCF", "OIL_BARREL", "unknown_choice", "Read_Unit"),
        ("CCF", "", "empty", "Read_Unit"),
        ("227.6", "", "no_read", "Read"),
        ("227.6", "-3", "negative", "Read"),
        ("227.6", "1234567890", "too_long", "Read"),
        ("M123", "", "empty", "Meter_ID"),
        ("10-0042,LOC7", ",", "no_key", "Account_ID"),
        ("2026-11-02 00:59", "", "empty", "Current_Read_Date"),
        ("2026-11-02 00:59", "22.11.2026", "not_a_date", "Read_Time"),
    ],
)
def test_a_read_that_cannot_be_used_names_its_place_and_the_remedy(
    old: str, new: str, code: str, column: str
) -> None:
    fault = fault_of(f"{BEACON}\n{LINE.replace(old, new)}\n")
    assert (fault.line_number, fault.level, fault.code, fault.column) == (2, "row", code, column)
    assert fault.raw == LINE.replace(old, new)
    assert fault.remedy


def test_an_unknown_method_is_told_and_the_read_still_counts() -> None:
    warning, item = read(f"{BEACON}\n{LINE.replace('Network', 'Drone')}\n")
    assert isinstance(warning, Fault)
    assert (warning.level, warning.code) == ("warning", "unknown_method")
    assert isinstance(item, MeterRead)


@pytest.mark.parametrize("column", ["Account_ID", "Meter_ID", "Read", "Read_Unit", "Read_Time"])
def test_a_file_without_a_needed_column_is_refused_as_a_whole(column: str) -> None:
    names = BEACON.split(",")
    gone = names.index(column)
    text = "\n".join(
        ",".join(c for i, c in enumerate(line.split(",")) if i != gone) for line in (BEACON, LINE)
    )
    fault = fault_of(text)
    assert (fault.level, fault.code, fault.line_number) == ("file", "missing_column", 1)
    assert column in fault.remedy


def test_a_site_that_names_its_read_time_otherwise_can_be_served() -> None:
    layout = BILLING_READS.corrected("read_at", aliases=("When",), formats=("%d.%m.%Y",))
    text = f"{BEACON.replace('Read_Time', 'When')}\n{LINE.replace('2026-11-02 00:59', '22.11.2026')}\n"
    (item,) = read_meter_reads(text.encode(), layout)
    assert isinstance(item, MeterRead)
    assert item.read_at == date(2026, 11, 22)


IDS = st.text("ABC0123456789-", min_size=1, max_size=20)
READS = st.builds(
    MeterRead,
    account_number=IDS,
    location_id=IDS | st.just(""),
    service_point_id=IDS | st.just(""),
    meter_id=IDS,
    register=st.sampled_from(["", "L", "H"]),
    endpoint=IDS | st.just(""),
    method=st.sampled_from(["", "AMR", "Fixed", "Manual", "Network", "n/a"]),
    read=st.decimals(0, 999999, places=3),
    unit=st.sampled_from(sorted(set(UNIT_NAMES.values()))),
    billing_read=st.none() | st.integers(0, 999_999_999).map(Decimal),
    read_at=st.datetimes(datetime(1980, 1, 1), datetime(2060, 1, 1))
    | st.dates(date(1980, 1, 1), date(2060, 1, 1)),
)


@given(
    st.lists(READS, min_size=1, max_size=5),
    st.sampled_from(["beacon", "aquacue"]),
    st.sampled_from([",", "\t"]),
)
@settings(deadline=None)
def test_a_written_file_of_either_brand_is_read_back_equal(
    reads: list[MeterRead], names: Literal["beacon", "aquacue"], delimiter: str
) -> None:
    written = write_meter_reads(reads, names=names, delimiter=delimiter)
    assert [item for item in read_meter_reads(written) if isinstance(item, MeterRead)] == reads


def test_an_identifier_longer_than_the_layout_allows_is_not_written() -> None:
    (item,) = read(f"{BEACON}\n{LINE}\n")
    assert isinstance(item, MeterRead)
    with pytest.raises(DoesNotFit, match="account_number"):
        write_meter_reads([replace(item, account_number="9" * 33)])


def test_hand_held_reads_are_read_and_written() -> None:
    lines = ["42;M1;;1250;11/22/2026;", "43;M2;;;11/22/2026;S", "44;M3;;;11/22/2026;A"]
    text = "\n".join(["Account;Meter;Register;Reading;Date;Code", *lines, ""])
    actual, skipped, fault = read_handheld_reads(text.encode())
    assert actual == HandheldRead("42", "M1", "", Decimal(1250), date(2026, 11, 22), "actual")
    assert skipped == HandheldRead("43", "M2", "", None, date(2026, 11, 22), "skip")
    assert isinstance(fault, Fault)
    assert fault.code == "no_read"
    reads = [item for item in (actual, skipped) if isinstance(item, HandheldRead)]
    assert list(read_handheld_reads(write_handheld_reads(reads))) == reads
