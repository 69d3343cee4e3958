from datetime import date, datetime
from decimal import Decimal

import pytest

from interchange.layouts import DoesNotFit, Field
from interchange.layouts.outcome import Unreadable, Value

CENTS = Field("amount", "implied-cents", pad="0", justify="right", signed=True)
DAY = Field("day", "date", formats=("%m/%d/%Y", "%m%d%y"))
WORD = Field("word", length=8)
NUMBER = Field("number", "decimal", length=9)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (WORD, "  00123 ", "00123"),
        (WORD, '="00123"', "00123"),
        (NUMBER, "227.6", Decimal("227.6")),
        (NUMBER, ".5", Decimal("0.5")),
        (NUMBER, "", None),
        (CENTS, "0001250", Decimal("12.50")),
        (CENTS, "-001250", Decimal("-12.50")),
        (DAY, "11/22/2026", date(2026, 11, 22)),
        (DAY, "112226", date(2026, 11, 22)),
        (Field("unit", "choice", choices={"CUBIC_FEET": "CF"}), "cubic feet", "CF"),
        (
            Field("at", "datetime", formats=("%Y-%m-%d %H:%M",)),
            "2024-08-01 00:59",
            datetime(2024, 8, 1, 0, 59),
        ),
    ],
)
def test_a_cell_is_read_as_its_field_declares(field: Field, text: str, value: Value) -> None:
    assert field.read(text) == value


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (WORD, "123456789", "too_long"),
        (WORD, "a\0b", "control_character"),
        (NUMBER, "1,250", "not_a_number"),
        (NUMBER, "1e3", "not_a_number"),
        (NUMBER, "NaN", "not_a_number"),
        (NUMBER, "-5", "negative"),
        (NUMBER, "1234567890", "too_long"),
        (NUMBER, "٣", "not_a_number"),
        (Field("count", "int"), "9" * 5000, "too_long"),
        (CENTS, "12.50", "not_cents"),
        (DAY, "1122026", "not_a_date"),
        (DAY, "02/30/2026", "not_a_date"),
        (Field("name", never_empty=True), "  ", "empty"),
        (Field("kind", constant="094"), "080", "other_constant"),
    ],
)
def test_a_bad_cell_names_what_is_wrong_and_what_to_do(field: Field, text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        field.read(text)
    assert caught.value.code == code
    assert caught.value.remedy.endswith(".")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (WORD, "123456789"),
        (WORD, " ends with a blank "),
        (WORD, '="1"'),
        (WORD, Decimal("1.00")),
        (NUMBER, Decimal("-1")),
        (NUMBER, Decimal("NaN")),
        (CENTS, Decimal("0.005")),
        (DAY, date(1926, 11, 22).replace(year=26)),
        (Field("day", "date", formats=("%m%d%y",)), date(1926, 11, 22)),
        (Field("at", "datetime", formats=("%Y-%m-%d %H:%M",)), datetime(2026, 11, 22, 1, 2, 3)),
        (Field("unit", "choice", choices={"GAL": "GAL"}), "CF"),
        (Field("name", never_empty=True), None),
        (Field("kind", constant="094"), "080"),
    ],
)
def test_a_value_that_would_come_back_changed_is_not_written(field: Field, value: Value) -> None:
    with pytest.raises(DoesNotFit) as caught:
        field.write(value)
    assert caught.value.field == field.name
    assert caught.value.value == value or value != value


def test_an_account_whose_zeros_would_be_taken_for_padding_does_not_fit() -> None:
    account = Field("account", pad="0", justify="right")
    assert account.write_padded("12345", 10) == "0000012345"
    with pytest.raises(DoesNotFit):
        account.write_padded("0012345", 10)


def test_a_moment_is_written_in_the_first_form_that_says_all_of_it() -> None:
    field = Field("at", "datetime", formats=("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"))
    assert field.write(datetime(2026, 11, 22, 6, 30)) == "2026-11-22 06:30"
    assert field.write(datetime(2026, 11, 22, 6, 30, 5)) == "2026-11-22 06:30:05"
    assert field.write(date(2026, 11, 22)) == "2026-11-22"


def test_a_date_without_format_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="names no format"):
        Field("day", "date")
