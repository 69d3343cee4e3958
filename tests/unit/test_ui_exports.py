"""Tables as files, read back with other programs."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import load_workbook

from core.ui.exports import csv_file, guard, xlsx_file

ROWS = [("=1+1", Decimal("-12.50"), date(2026, 11, 22)), ("O'Hara", Decimal("1204.66"), None)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_text_that_looks_like_a_formula_is_made_plain(text: str) -> None:
    assert guard(text) == "'" + text


def test_usual_text_is_left_alone() -> None:
    assert guard("10-04422 = main") == "10-04422 = main"


def test_a_csv_file_guards_text_and_keeps_negative_figures() -> None:
    file, count = csv_file(["Name", "Balance", "Due"], ROWS)
    rows = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))
    assert count == 2
    assert rows[1] == ["'=1+1", "-12.50", "2026-11-22"]
    assert rows[2] == ["O'Hara", "1204.66", ""]


def test_an_xlsx_file_has_figures_as_figures_and_formulas_as_text() -> None:
    file, count = xlsx_file(["Name", "Balance", "Due"], ROWS, frozenset({1}))
    rows = load_workbook(file).get_sheet_by_index(0).to_python()
    assert count == 2
    assert rows[1] == ["=1+1", -12.5, date(2026, 11, 22)]


def test_a_number_longer_than_a_spreadsheet_can_hold_is_written_as_text() -> None:
    file, _ = xlsx_file(["Number"], [(Decimal("12345678901234567.89"),)])
    assert load_workbook(file).get_sheet_by_index(0).to_python()[1] == ["12345678901234567.89"]
