from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interchange.layouts import DoesNotFit, Field, Tagged, Value, gather, write_rejects

INVOICES = Tagged(
    "Invoices",
    "Invoices",
    "Invoice",
    (
        Field("account", required=True, never_empty=True, aliases=("Account_ID70",)),
        Field("total", "decimal", required=True, aliases=("TOTALCHARGES_ID31", "TotalCharges_ID31")),
        Field("name", aliases=("NameMailing_ID79",)),
    ),
)
GOOD = "<Invoice><Account_ID70>7</Account_ID70><TotalCharges_ID31>12.5</TotalCharges_ID31></Invoice>"


def test_records_are_found_at_any_depth_and_under_either_spelling() -> None:
    shouted = GOOD.replace("TotalCharges", "TOTALCHARGES")
    text = f"<Invoices><Batch>\n{GOOD}\n{shouted}</Batch></Invoices>"
    outcome = gather(INVOICES.read(text.encode()))
    assert outcome.faults == ()
    assert [row.values["total"] for row in outcome.rows] == [Decimal("12.5"), Decimal("12.5")]
    assert [row.line_number for row in outcome.rows] == [2, 3]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (f"<Invoices>{GOOD}<Invoice><Acc", "broken_xml"),
        (f"<Payments>{GOOD}</Payments>", "other_root"),
        ('<!DOCTYPE Invoices [<!ENTITY a "b">]><Invoices>&a;</Invoices>', "document_type"),
        ('<!DOCTYPE Invoices SYSTEM "http://localhost:9/x.dtd"><Invoices/>', "document_type"),
    ],
)
def test_a_document_that_cannot_be_trusted_may_not_be_applied(text: str, code: str) -> None:
    outcome = gather(INVOICES.read(text.encode()))
    assert not outcome.may_apply
    assert outcome.faults[-1].code == code


@pytest.mark.parametrize(
    ("record", "code", "column"),
    [
        (GOOD.replace("12.5", "lots"), "not_a_number", "TotalCharges_ID31"),
        ("<Invoice><Account_ID70>7</Account_ID70></Invoice>", "missing_element", "TOTALCHARGES_ID31"),
        (GOOD.replace(">7<", "><"), "empty", "Account_ID70"),
        (GOOD.replace("</Invoice>", "<Account_ID70>8</Account_ID70></Invoice>"), "doubled", "Account_ID70"),
    ],
)
def test_a_bad_record_is_left_out_with_its_place(record: str, code: str, column: str) -> None:
    outcome = gather(INVOICES.read(f"<Invoices>\n{GOOD}\n{record}\n</Invoices>".encode()))
    (fault,) = outcome.faults
    assert (fault.line_number, fault.level, fault.code, fault.column) == (3, "row", code, column)
    assert len(outcome.rows) == 1


def test_an_unknown_element_is_one_warning_however_often_it_comes() -> None:
    record = GOOD.replace("</Invoice>", "<Colour>red</Colour></Invoice>")
    outcome = gather(INVOICES.read(f"<Invoices>{record}{record}</Invoices>".encode()))
    assert [fault.code for fault in outcome.faults] == ["unknown_column"]
    assert len(outcome.rows) == 2


def test_rejected_records_go_back_as_a_document_that_can_be_read() -> None:
    content = f"<Invoices>{GOOD.replace('12.5', 'lots')}</Invoices>".encode()
    fault = gather(INVOICES.read(content)).faults[0]
    back = write_rejects(INVOICES.form_of(content), [(fault.raw, str(fault))])
    assert "“lots” is not a number" in back.decode()
    assert gather(INVOICES.read(back.replace(b">lots<", b">3<"))).rows[0].values["total"] == 3


def test_a_carriage_return_would_come_back_as_another_character_and_is_not_written() -> None:
    with pytest.raises(DoesNotFit):
        INVOICES.write([{"account": "1", "total": Decimal(1), "name": "a\rb"}])


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffd")), min_size=1
    )
)
def test_what_is_written_is_read_back_equal(names: list[str]) -> None:
    rows: list[dict[str, Value]] = [
        {"account": "1", "total": Decimal("1.50"), "name": name.strip()} for name in names
    ]
    rows = [row for row in rows if not str(row["name"]).startswith('="')]
    outcome = gather(INVOICES.read(INVOICES.write(rows)))
    assert [row.values for row in outcome.rows] == rows
