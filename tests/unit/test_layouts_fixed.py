from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interchange.layouts import DoesNotFit, Field, Fixed, RecordType, Span, filler, gather, write_rejects

# The 80-character payment file of formats seen in the field: a detail and a trailer.
DETAIL = RecordType(
    "detail",
    "CD",
    (
        Span(1, 2, Field("type", constant="CD")),
        Span(3, 5, Field("batch", "int", pad="0", justify="right")),
        Span(6, 9, Field("item", "int", pad="0", justify="right")),
        filler(10, 13, "0001"),
        Span(14, 18, Field("code")),
        Span(19, 24, Field("paid_on", "date", formats=("%m%d%y",))),
        filler(25, 31, "0000000"),
        Span(32, 41, Field("account", pad="0", justify="right", never_empty=True)),
        filler(42, 42),
        Span(43, 51, Field("amount", "implied-cents", pad="0", justify="right")),
        filler(52, 75),
        Span(76, 80, Field("source")),
    ),
)
TRAILER = RecordType(
    "trailer",
    "CT",
    (
        Span(1, 2, Field("type", constant="CT")),
        Span(3, 7, Field("count", "int", pad="0", justify="right")),
        filler(8, 36),
        Span(37, 45, Field("total", "implied-cents", pad="0", justify="right")),
        filler(46, 80),
    ),
)
PAYMENTS = Fixed("Payment file", 80, (DETAIL, TRAILER), newline="\n")
LINE = "CD00100010001EBPCC11222600000000000012345 000012550                        EBPCC"


def test_a_line_is_read_by_its_places() -> None:
    (row,) = gather(PAYMENTS.read(LINE.encode() + b"\n")).rows
    assert row.record == "detail"
    assert (row.values["account"], row.values["amount"]) == ("12345", Decimal("125.50"))
    assert (row.values["item"], str(row.values["paid_on"])) == (1, "2026-11-22")


def test_the_record_type_follows_the_longest_prefix() -> None:
    places = (Span(1, 2, Field("kind")), Span(3, 4, Field("rest")))
    layout = Fixed("Mixed", 4, (RecordType("any", "", places), RecordType("six", "6", places)))
    outcome = gather(layout.read(b"6abc\n7abc\n"))
    assert [row.record for row in outcome.rows] == ["six", "any"]


def test_lines_without_ends_are_taken_apart_by_width() -> None:
    assert len(gather(PAYMENTS.read((LINE * 3).encode())).rows) == 3


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("XX" + LINE[2:], "unknown_record", ""),
        (LINE[:-1], "line_too_short", ""),
        (LINE + "7", "line_too_long", ""),
        (LINE[:42] + "0000125.5" + LINE[51:], "not_cents", "amount (43-51)"),
        (LINE[:18] + "223026" + LINE[24:], "not_a_date", "paid_on (19-24)"),
        (LINE[:31] + " " * 10 + LINE[41:], "empty", "account (32-41)"),
    ],
)
def test_a_bad_line_is_left_out_with_its_place(line: str, code: str, column: str) -> None:
    outcome = gather(PAYMENTS.read(f"{LINE}\r\n{line}\r\n{LINE}\r\n".encode()))
    (fault,) = outcome.faults
    assert (fault.line_number, fault.level, fault.code, fault.column) == (2, "row", code, column)
    assert len(outcome.rows) == 2


def test_a_file_that_stops_within_a_line_may_not_be_applied() -> None:
    outcome = gather(PAYMENTS.read(f"{LINE}\n{LINE[:46]}".encode()))
    assert not outcome.may_apply
    assert outcome.faults[0].code == "cut_off"


def test_trimmed_lines_are_filled_only_where_blanks_can_have_stood() -> None:
    layout = Fixed("Trimmed", 80, (DETAIL, TRAILER), trimmed=True)
    outcome = gather(
        layout.read(f"{LINE.replace('EBPCC', '     ').rstrip()}\n{LINE[:46]}\n{LINE}\n".encode())
    )
    assert [row.line_number for row in outcome.rows] == [1, 3]
    assert outcome.faults[0].code == "line_too_short"


@pytest.mark.parametrize("places", [((1, 2), (4, 5)), ((1, 3), (3, 5)), ((1, 2), (3, 4))])
def test_places_must_be_contiguous_and_fill_the_width(places: tuple[tuple[int, int], ...]) -> None:
    spans = tuple(Span(first, last, Field(f"f{first}")) for first, last in places)
    with pytest.raises(ValueError, match="gap|before it ends|ends at"):
        Fixed("Broken", 5, (RecordType("line", "", spans),))


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": Decimal("10000000.00")},
        {"account": "007"},
        {"code": "ABCDEF"},
        {"code": "Zoë"},
        {"amount": Decimal("-1.00")},
    ],
)
def test_a_value_that_does_not_fit_its_places_is_not_written(wrong: dict[str, object]) -> None:
    with pytest.raises(DoesNotFit) as caught:
        PAYMENTS.write([("detail", {"account": "12345", **wrong})])  # type: ignore[dict-item]  # wrong on purpose
    assert caught.value.field == next(iter(wrong))


def test_rejected_lines_go_back_as_they_were() -> None:
    form = PAYMENTS.form_of(f"{LINE}\r\n".encode())
    assert write_rejects(form, [(LINE, "unknown account")]) == f"{LINE}\r\n".encode()


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "batch": st.integers(0, 999),
                "item": st.none() | st.integers(0, 9999),
                "code": st.text("ABCDE", max_size=5),
                "account": st.from_regex(r"[1-9][0-9]{0,9}", fullmatch=True),
                "amount": st.integers(0, 999_999_999).map(lambda cents: Decimal(cents).scaleb(-2)),
            }
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_is_read_back_equal(rows: list[dict[str, str | int | Decimal | None]]) -> None:
    written = PAYMENTS.write([("detail", row) for row in rows])
    assert {len(line) for line in written.decode().splitlines()} == {80}
    outcome = gather(PAYMENTS.read(written))
    assert [{name: row.values[name] for name in rows[0]} for row in outcome.rows] == rows
