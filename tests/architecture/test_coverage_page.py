"""The page that says which row is proved by which test is made from the marks, and the marks are honest."""

from pathlib import Path

from scripts.coverage_page import GROUPS, PAGE, Marked, faults, marked_tests, page, requirements


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(marked_tests(), requirements())


def test_marks_stand_on_end_to_end_tests_and_name_known_rows() -> None:
    assert faults(marked_tests(), requirements()) == []


def test_every_row_has_a_group_and_a_line_of_text() -> None:
    rows = requirements()
    assert len(rows) > 140
    assert {row[:3] for row in rows} == set(GROUPS)
    assert all(text and len(text) <= 110 for text in rows.values())


def test_a_mark_of_the_module_counts_for_each_of_its_tests(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "journeys"
    folder.mkdir(parents=True)
    module, test = 'pytestmark = [pytest.mark.req("BIL-01")]', '@pytest.mark.req("BIL-05")'
    (folder / "test_month.py").write_text(f"{module}\n{test}\ndef test_a(): ...\ndef test_b(): ...\n")
    assert [test.rows for test in marked_tests(tmp_path / "tests")] == [("BIL-01", "BIL-05"), ("BIL-01",)]


def test_dishonest_marks_are_told() -> None:
    known = {"A-1": "", "A-2": "", "A-3": "", "A-4": ""}
    unit = Marked("tests/unit/test_x.py", 1, "test_x", ("A-1",))
    greedy = Marked("tests/journeys/test_y.py", 1, "test_y", ("A-1", "A-2", "A-3", "A-4"))
    unknown = Marked("tests/journeys/test_z.py", 1, "test_z", ("B-9",))
    assert [len(faults([test], known)) for test in (unit, greedy, unknown)] == [1, 1, 1]
