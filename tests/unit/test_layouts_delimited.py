from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interchange.layouts import Delimited, DoesNotFit, Fault, Field, Outcome, gather, write_rejects

PEOPLE = Delimited(
    "People",
    (
        Field("account", length=10, required=True, never_empty=True, aliases=("Account_ID", "Acct")),
        Field("name", length=80, required=True, aliases=("Name",)),
        Field("owed", "decimal", aliases=("Owed",), signed=True),
        Field("since", "date", formats=("%Y-%m-%d",), aliases=("Since",)),
    ),
)


def read(text: str | bytes) -> Outcome:
    return gather(PEOPLE.read(text if isinstance(text, bytes) else text.encode()))


def only(outcome: Outcome, level: str = "row") -> Fault:
    (fault,) = [fault for fault in outcome.faults if fault.level == level]
    return fault


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_the_delimiter_is_found_and_columns_go_by_any_name_in_any_order(delimiter: str, quote: str) -> None:
    lines = [("name", "ACCT", "owed"), ("Ada Ruiz", "0042", "12.5")]
    text = "\r\n".join(delimiter.join(f"{quote}{cell}{quote}" for cell in line) for line in lines)
    outcome = read(text)
    assert outcome.faults == ()
    assert outcome.rows[0].values == {
        "account": "0042",
        "name": "Ada Ruiz",
        "owed": Decimal("12.5"),
        "since": None,
    }


def test_quoted_separators_quotes_and_line_breaks_belong_to_the_value() -> None:
    outcome = read('Account_ID,Name\n1,"Ruiz, ""Ada""\nBox 7"\n2,5/8" pipe\n')
    assert [row.values["name"] for row in outcome.rows] == ['Ruiz, "Ada"\nBox 7', '5/8" pipe']
    assert [row.line_number for row in outcome.rows] == [2, 4]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("\ufeffAccount_ID,Name\n1,Zoë\n".encode(), "Zoë"),
        ("Account_ID\tName\r\n1\tZoë\r\n".encode("utf-16"), "Zoë"),
        (b"Account_ID,Name\r1,Zoe\r", "Zoe"),
    ],
)
def test_marks_of_encoding_and_all_line_ends_are_understood(content: bytes, name: str) -> None:
    outcome = read(content)
    assert outcome.faults == ()
    assert outcome.rows[0].values["name"] == name


def test_western_letters_are_read_with_a_warning_on_their_line() -> None:
    outcome = read("Account_ID,Name\n1,Ann\n2,Zoë\n".encode("cp1252"))
    assert outcome.rows[1].values["name"] == "Zoë"
    assert (only(outcome, "warning").line_number, only(outcome, "warning").code) == (3, "encoding")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"PK\x03\x04rest of a workbook", "not_text"),
        (b"a,b\n1,2\n", "no_header"),
        (b"Account_ID,Owed\n1,2\n", "missing_column"),
        (b"Account_ID,Name,Acct\n1,Ann,2\n", "doubled_column"),
        (b"Account_ID,Name\n1,Ann\n2", "cut_off"),
        (b'Account_ID,Name\n1,Ann\n2,"Be', "cut_off"),
    ],
)
def test_a_file_that_cannot_be_trusted_may_not_be_applied(content: bytes, code: str) -> None:
    outcome = read(content)
    assert not outcome.may_apply
    assert only(outcome, "file").code == code
    assert len(only(outcome, "file").remedy) > 10


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("2", "too_few_columns", ""),
        ("2,Ann,3,4,5", "too_many_columns", ""),
        ("2,Ann,twelve,", "not_a_number", "Owed"),
        (",Ann,3,", "empty", "Account_ID"),
        ("2,A\0n,3,", "control_character", ""),
        ("12345678901,Ann,,", "too_long", "Account_ID"),
        ('2,"An"n,3,', "quotation", ""),
        ('2,"Ann,3,', "quotation", ""),
        ("2," + "n" * 70_000 + ",,", "line_too_long", ""),
    ],
)
def test_a_bad_row_is_left_out_and_the_rows_round_it_are_read(line: str, code: str, column: str) -> None:
    outcome = read(f"Account_ID,Name,Owed,Since\n1,Ann,1,\n{line}\n3,Cy,3,\n")
    assert [row.values["account"] for row in outcome.rows] == ["1", "3"]
    fault = only(outcome)
    assert (fault.line_number, fault.code, fault.column) == (3, code, column)
    assert outcome.may_apply


def test_blank_and_merely_separating_lines_are_passed_over() -> None:
    outcome = read("\nAccount_ID,Name\n1,Ann\n\n,\n2,Bo,\n \n\n")
    assert [row.values["account"] for row in outcome.rows] == ["1", "2"]
    assert outcome.faults == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Account_ID,Name\n", "no_rows"),
        ("Account_ID,Name,Colour\n1,Ann,red\n", "unknown_column"),
        ("Account_ID,Name\n1,Ann\nAccount_ID,Name\n2,Bo\n", "header_again"),
        ("Account_ID,Name\n1,=HYPERLINK(0)\n", "formula"),
    ],
)
def test_what_is_odd_but_harmless_is_a_warning(text: str, code: str) -> None:
    outcome = read(text)
    assert only(outcome, "warning").code == code
    assert outcome.may_apply


def test_a_negative_number_is_no_formula() -> None:
    assert read("Account_ID,Name,Owed\n1,Ann,-5\n").faults == ()


def test_rejected_rows_go_back_in_their_own_layout_with_the_reason_and_can_be_sent_again() -> None:
    text = "Acct;Name;Owed\r\n1;Ann;1\r\n0002;Bo;two\r\n3;Cy\r\n"
    rejected = [(fault.raw, f"{fault.problem} {fault.remedy}") for fault in read(text).faults]
    back = write_rejects(PEOPLE.form_of(text.encode()), rejected).decode("utf-8-sig").split("\r\n")
    assert back[0] == "Acct;Name;Owed;Reject_Reason"
    assert back[1].startswith("0002;Bo;two;“two” is not a number.")
    assert back[2].startswith("3;Cy;;The line has 2 columns") or back[2].startswith('3;Cy;;"The line has 2')
    mended = "\r\n".join(back).replace(";two;", ";2;")
    assert [row.values["account"] for row in read(mended).rows] == ["0002", "3"]


def test_rejects_of_rejects_carry_only_the_newest_reason() -> None:
    text = "Acct,Name,Owed,Reject_Reason\n1,Ann,one,old reason\n"
    back = write_rejects(PEOPLE.form_of(text.encode()), [(read(text).faults[0].raw, "new reason")])
    assert back.decode("utf-8-sig") == "Acct,Name,Owed,Reject_Reason\n1,Ann,one,new reason\n"


def test_a_row_with_too_many_cells_is_still_refused_when_sent_again() -> None:
    text = "Acct,Name\n1,Ruiz, Ada\n"
    back = write_rejects(PEOPLE.form_of(text.encode()), [(read(text).faults[0].raw, "why")])
    assert only(read(back)).code == "too_many_columns"


def test_a_file_without_names_goes_by_position() -> None:
    layout = Delimited("Balances", PEOPLE.fields, named=False)
    outcome = gather(layout.read(b"7|Ann|1.5|2026-11-22\n8|Bo||\n"))
    assert [row.values["account"] for row in outcome.rows] == ["7", "8"]
    assert outcome.rows[0].values["since"] == date(2026, 11, 22)


def test_one_name_cannot_belong_to_two_fields() -> None:
    with pytest.raises(ValueError, match="names both"):
        Delimited("Twice", (Field("a", aliases=("Read Unit",)), Field("b", aliases=("read_unit",))))


@pytest.mark.parametrize(
    "row", [{}, {"account": "1", "colour": "red"}, {"account": "1", "name": "\n" * 120 + "x"}]
)
def test_a_row_that_cannot_be_read_back_is_not_written(row: dict[str, str]) -> None:
    with pytest.raises(DoesNotFit):
        PEOPLE.write([row])


accounts = st.text("0123456789AB-", min_size=1, max_size=10)
names = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn"), exclude_characters="\ufffd") | st.just("\n"),
    max_size=60,
)
amounts = st.decimals(-(10**9), 10**9, places=4)


@given(
    st.lists(
        st.tuples(accounts, names, st.none() | amounts, st.none() | st.dates(date(1970, 1, 1))), min_size=1
    ),
    st.sampled_from([",", "\t", ";", "|"]),
)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_back_equal(
    rows: list[tuple[str, str, Decimal | None, date | None]], delimiter: str
) -> None:
    fields = ("account", "name", "owed", "since")
    meant = [dict(zip(fields, (row[0], row[1].strip(), *row[2:]), strict=True)) for row in rows]
    meant = [row for row in meant if not str(row["name"]).startswith('="')]
    outcome = gather(PEOPLE.read(PEOPLE.write(meant, delimiter=delimiter)))
    assert [row.values for row in outcome.rows] == meant
    assert outcome.may_apply


@given(st.binary(max_size=400) | st.text('Account_ID,Name\n"\t;|x', max_size=200).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_no_file_whatever_makes_reading_fail(content: bytes) -> None:
    for start in (b"", b"Account_ID,Name\n"):
        outcome = gather(PEOPLE.read(start + content))
        assert outcome.rows or outcome.faults or not (start + content).strip()
