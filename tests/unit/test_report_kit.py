import csv
import io
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pypdfium2
import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from core.money import show_amount, total
from reports.kit import Cells, Column, Recap, Report, Sheet
from reports.lines import NotSorted, lines
from reports.parameters import Parameter, Parameters, ParametersUnusable, Problem, parse_parameters
from reports.renderers import csv as csv_form
from reports.renderers import pdf, screen, xlsx

TODAY = date(2026, 11, 22)
ROWS: tuple[Cells, ...] = (
    ("North", "00042", "=cmd()", date(2026, 11, 1), Decimal("1234.50"), Decimal("3.125"), 2),
    ("North", "00043", "Zoë & Søn <b>", None, Decimal("-20.25"), Decimal("0"), 1),
    ("South", "00044", "-dash", date(2026, 10, 31), Decimal("0.75"), None, 7),
)


def report(rows: Iterable[Cells] = ROWS, **changes: object) -> Report:
    made = Report(
        code="sample",
        title="Sample of charges",
        group="Receivables",
        permission="reports.sample",
        columns=(
            Column("area", "Area"),
            Column("account", "Account"),
            Column("name", "Name", width=30),
            Column("on", "Billed on", "date"),
            Column("amount", "Amount", "amount", total=True, may_credit=True),
            Column("use", "Use, kgal", "quantity", total=True),
            Column("bills", "Bills", "count", total=True),
        ),
        rows=lambda parameters: rows,
        subtotals=("area",),
        notes=("Credits are below zero.",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # any field of the report


def sheet(rows: Iterable[Cells] = ROWS, **changes: object) -> Sheet:
    parameters = Parameters({"as_of": TODAY}, (("As of", "Nov 22, 2026"),))
    return Sheet(
        report(rows, **changes),
        "Town of Bourbon",
        parameters,
        datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
        "Ann",
    )


def pages_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [document[i].get_textpage().get_text_bounded() for i in range(len(document))]


def page_html(made: Sheet, query: dict[str, str] | None = None) -> str:
    return render_to_string(screen.TEMPLATE, screen.context(made, query or {}, today=TODAY))


def said_by(html: str) -> str:
    table = html[html.index("<tbody") : html.index("</table>")]
    return " ".join(re.sub(r"<[^>]*>", " ", table).split())


def test_subtotals_and_the_total_are_the_sums_of_their_rows() -> None:
    summed = [
        (line.kind, line.label, line.rows, line.cells[4:]) for line in lines(sheet()) if line.kind != "row"
    ]
    assert summed == [
        ("subtotal", "Total North", 2, (Decimal("1214.25"), Decimal("3.125"), 3)),
        ("subtotal", "Total South", 1, (Decimal("0.75"), 0, 7)),
        ("total", "Total", 3, (Decimal("1215.00"), Decimal("3.125"), 10)),
    ]


def test_inner_groups_are_totalled_before_the_outer_ones_that_end_with_them() -> None:
    rows = [("A", "x", 1), ("A", "y", 2), ("B", "y", 4)]
    columns = (Column("a", "A"), Column("b", "B"), Column("n", "N", "count", total=True))
    made = sheet(rows, columns=columns, subtotals=("a", "b"))
    summed = [(line.level, line.cells[2]) for line in lines(made) if line.kind == "subtotal"]
    assert summed == [(1, 1), (1, 2), (0, 3), (1, 4), (0, 4)]


UNITS = (
    Column("area", "Area", heading=True),
    Column("use", "Use", "quantity", total=True, within="unit"),
    Column("unit", "Unit"),
)


def test_quantities_of_two_units_make_no_sum() -> None:
    rows = [
        ("A", Decimal(1), "CCF"),
        ("A", Decimal(2), "CCF"),
        ("B", Decimal(3), "CCF"),
        ("B", Decimal(4), "GAL"),
    ]
    made = sheet(rows, columns=UNITS)
    assert [line.cells[1] for line in lines(made) if line.kind in ("subtotal", "total")] == [3, None, None]


def test_a_sum_of_no_quantity_at_all_is_blank_and_no_zero() -> None:
    made = sheet([("A", None, "")], columns=UNITS)
    assert [line.cells[1] for line in lines(made) if line.kind == "total"] == [None]


def test_totals_are_told_once_more_by_other_columns() -> None:
    made = sheet(recaps=(Recap("By account", ("account",)),))
    told = [(line.kind, line.label or line.cells[1]) for line in lines(made)][-4:]
    assert told == [
        ("recap_title", "By account"),
        ("recap", "00042"),
        ("recap", "00043"),
        ("recap", "00044"),
    ]
    assert "By account" in "".join(pages_of(pdf.render(made)))
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.render(made)))
    assert book.get_sheet_by_name("Totals").to_python()[2][:2] == ["00042", 1234.5]


def test_a_heading_stands_above_its_group_and_keeps_its_column_in_files() -> None:
    rows = [("North", Decimal(1), "CCF"), ("South", Decimal(2), "CCF")]
    made = sheet(rows, columns=UNITS)
    assert [line.label for line in lines(made) if line.kind == "heading"] == ["North", "South"]
    assert page_html(made).count('data-line="heading"') == 2
    assert b"Area,Use,Unit" in b"".join(csv_form.render(made, mark=False))


def test_each_group_can_have_a_page_of_its_own() -> None:
    rows = [("North", Decimal(1), "CCF"), ("South", Decimal(2), "CCF")]
    assert len(pages_of(pdf.render(sheet(rows, columns=UNITS)))) == 1
    assert len(pages_of(pdf.render(sheet(rows, columns=UNITS, page_each=True)))) == 2


def test_a_group_is_drawn_below_its_subtotal() -> None:
    made = sheet(picture=lambda rows: f"<svg><title>{len(rows)} rows</title></svg>")
    kinds = [line.kind for line in lines(made)]
    assert kinds == ["row", "row", "subtotal", "picture", "row", "subtotal", "picture", "total"]
    assert "<title>2 rows</title>" in page_html(made)


def test_a_group_without_a_drawing_has_no_empty_line() -> None:
    made = sheet(picture=lambda rows: "" if len(rows) == 1 else "<svg></svg>")
    assert [line.kind for line in lines(made)].count("picture") == 1


def test_a_cell_leads_to_its_page_on_the_screen_and_not_in_files() -> None:
    columns = (
        Column("account", "Account", leads=lambda row: f"/accounts/{row[0]}/" if row[1] else ""),
        Column("use", "Use", "quantity", total=True),
    )
    made = sheet([("7 & 8", Decimal(1)), ("9", None)], columns=columns, subtotals=())
    assert '<a href="/accounts/7 &amp; 8/">7 &amp; 8</a>' in page_html(made)
    assert "/accounts/9/" not in page_html(made)
    assert b"/accounts/" not in b"".join(csv_form.render(made))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("7.1"), "7.10"),
        (Decimal(12), "12.00"),
        (Decimal("0.03215"), "0.03215"),
        ("by date", "by date"),
    ],
)
def test_a_price_has_two_places_at_least_and_loses_none(value: Decimal | str, shown: str) -> None:
    assert Column("price", "Price", "price").text_of(value) == shown


def test_rows_that_come_back_to_a_totalled_group_are_refused() -> None:
    with pytest.raises(NotSorted):
        list(lines(sheet([ROWS[0], ROWS[2], ROWS[1]])))


def test_the_csv_holds_the_rows_as_another_program_reads_them() -> None:
    text = b"".join(csv_form.render(sheet())).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head == ["Area", "Account", "Name", "Billed on", "Amount", "Use, kgal", "Bills"]
    assert rows == [
        ["North", "00042", "'=cmd()", "2026-11-01", "1234.50", "3.125", "2"],
        ["North", "00043", "Zoë & Søn <b>", "", "-20.25", "0", "1"],
        ["South", "00044", "'-dash", "2026-10-31", "0.75", "", "7"],
    ]


def test_the_workbook_holds_numbers_days_and_texts_and_its_sums() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.render(sheet())))
    rows = book.get_sheet_by_name("Report").to_python()
    assert rows[1] == ["North", "00042", "=cmd()", date(2026, 11, 1), 1234.5, 3.125, 2]
    assert rows[2][4] == -20.25
    assert [row[0] for row in rows[3:4] + rows[5:]] == ["Total North", "Total South", "Total"]
    assert [row[4] for row in rows[3:4] + rows[5:]] == [1214.25, 0.75, 1215]
    about = book.get_sheet_by_name("About").to_python()
    assert ["As of", "Nov 22, 2026"] in about
    assert ["Printed", "Nov 22, 2026, 2:05 pm UTC"] in about


def test_every_sheet_of_paper_says_whose_what_when_and_which_of_how_many() -> None:
    rows = [("North", f"{n:05d}", "Customer", TODAY, Decimal(n), None, 1) for n in range(120)]
    pages = pages_of(pdf.render(sheet(rows)))
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        for said in ("Town of Bourbon", "Sample of charges", "As of Nov 22, 2026", "Billed on"):
            assert said in text
        assert "Printed Nov 22, 2026, 2:05 pm UTC by Ann" in text
        assert f"Page {number} of {len(pages)}" in text
    assert "7,140.00" in pages[-1]
    assert "Total North · 120 rows" in pages[-1]


def test_the_same_sheet_is_the_same_paper_byte_for_byte() -> None:
    assert pdf.render(sheet()) == pdf.render(sheet())


def test_a_report_too_long_to_read_on_paper_points_to_the_other_forms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "MOST_LINES", 3)
    with pytest.raises(pdf.TooLongForPaper, match="XLSX or CSV"):
        pdf.render(sheet())


def test_an_empty_report_says_so_on_paper_and_on_the_screen() -> None:
    assert "Nothing to list." in pages_of(pdf.render(sheet([])))[0]
    assert "Nothing to list" in page_html(sheet([]))


def test_text_of_customers_is_never_markup() -> None:
    assert "Zoë &amp; Søn &lt;b&gt;" in page_html(sheet())
    assert "Zoë & Søn <b>" in pages_of(pdf.render(sheet()))[0]


def figures_of(rows: list[Cells]) -> list[Decimal]:
    return [amount for row in rows if isinstance(amount := row[4], Decimal)]


@given(st.lists(st.decimals(-(10**7), 10**7, places=2), min_size=1, max_size=6))
@settings(max_examples=12, deadline=None)
def test_all_four_forms_show_the_same_figures(amounts: list[Decimal]) -> None:
    rows: list[Cells] = [("North", str(n), "Ann", TODAY, a, None, 1) for n, a in enumerate(amounts)]
    made = sheet(rows)
    shown = [show_amount(a) for a in [*amounts, total(amounts), total(amounts)]]
    written = list(csv.DictReader(io.StringIO(b"".join(csv_form.render(made, mark=False)).decode())))
    assert [Decimal(row["Amount"]) for row in written] == amounts
    cells = (
        CalamineWorkbook.from_filelike(io.BytesIO(xlsx.render(made))).get_sheet_by_name("Report").to_python()
    )
    assert [f"{row[4]:.2f}" for row in cells[1:]] == [
        f"{a:.2f}" for a in [*amounts, sum(amounts), sum(amounts)]
    ]
    amount = r"-?[\d,]+\.\d\d(?: CR)?"
    assert re.findall(amount, " ".join(pages_of(pdf.render(made)))) == shown
    assert re.findall(amount, said_by(page_html(made))) == shown


def test_the_screen_shows_a_page_of_lines_and_always_the_total() -> None:
    rows = [("North", f"{n:05d}", "Customer", TODAY, Decimal(1), None, 1) for n in range(450)]
    text = page_html(sheet(rows), {"page": "2", "as_of": "2026-11-22"})
    assert text.count('<tr data-line="row">') == screen.LINES_A_PAGE
    assert "Page 2 of 3" in text
    assert "450.00" in said_by(text)
    assert "?as_of=2026-11-22&amp;page=3" in text
    assert "?as_of=2026-11-22&amp;form=pdf" in text
    assert "Page 3 of 3" in page_html(sheet(rows), {"page": "99"})


ASKED = (
    Parameter("as_of", "As of", "date", default=lambda today: today),
    Parameter("run", "Run", "whole", required=True),
    Parameter("route", "Route", "choice", choices=(("12", "Route 12"), ("13", "Route 13"))),
)


def test_parameters_come_from_the_address_and_from_their_defaults() -> None:
    answers = parse_parameters(ASKED, {"run": "7", "route": "13", "page": "2"}, today=TODAY)
    assert (answers.day("as_of"), answers.whole("run"), answers.text("route")) == (TODAY, 7, "13")
    assert answers.shown == (("As of", "Nov 22, 2026"), ("Run", "7"), ("Route", "Route 13"))


def test_every_wrong_parameter_is_told_at_once_with_place_and_remedy() -> None:
    with pytest.raises(ParametersUnusable) as caught:
        parse_parameters(ASKED, {"as_of": "11/22/26", "route": "99", "rout": "12"}, today=TODAY)
    assert [(problem.name, problem.remedy) for problem in caught.value.problems] == [
        ("rout", "It asks for as_of, route, run."),
        ("as_of", "Write it like 2026-11-22."),
        ("run", "Fill it in."),
        ("route", "Choose one of: 12, 13."),
    ]


def test_the_page_of_an_unusable_report_keeps_what_was_typed_and_says_what_to_do() -> None:
    made = sheet(parameters=ASKED)
    typed = {"run": "seven", "as_of": "11/22/26"}
    with pytest.raises(ParametersUnusable) as caught:
        made.report.answers(typed, today=TODAY)
    context = screen.context_of_problems(made, typed, caught.value.problems, today=TODAY)
    text = render_to_string(screen.TEMPLATE, context)
    assert 'value="seven"' in text
    assert text.count("“11/22/26” is not a day. Write it like 2026-11-22.") == 2
    assert "<tbody" not in text


def test_months_and_amounts_are_read_as_they_are_typed() -> None:
    asked = (Parameter("month", "Month", "month"), Parameter("over", "Over", "amount"))
    answers = parse_parameters(asked, {"month": "2026-12", "over": "1,234.5"}, today=TODAY)
    assert (answers.day("month"), answers.month_end("month")) == (date(2026, 12, 1), date(2027, 1, 1))
    assert answers.amount("over") == Decimal("1234.50")
    assert answers.shown == (("Month", "Dec 2026"), ("Over", "1,234.50"))
    with pytest.raises(ParametersUnusable, match="Write it like 2026-11"):
        parse_parameters(asked, {"month": "13/2026"}, today=TODAY)


def test_one_of_several_questions_must_be_answered() -> None:
    made = report(parameters=(Parameter("a", "Account"), Parameter("r", "Route")), one_of=("a", "r"))
    assert made.answers({"r": "12"}, today=TODAY).text("r") == "12"
    with pytest.raises(ParametersUnusable, match="Give account or route"):
        made.answers({}, today=TODAY)


def test_a_report_checks_its_answers_against_each_other() -> None:
    asked = (Parameter("since", "From", "date"), Parameter("through", "Through", "date"))

    def check(answers: Parameters) -> Iterable[Problem]:
        if answers.day("through") < answers.day("since"):
            yield Problem("through", "Through", "It is before the first day.", "Choose a later day.")

    made = report(parameters=asked, check=check)
    assert made.answers({"since": "2026-11-01", "through": "2026-11-02"}, today=TODAY).day("since") < TODAY
    with pytest.raises(ParametersUnusable, match="Through: It is before the first day. Choose a later day."):
        made.answers({"since": "2026-11-03", "through": "2026-11-02"}, today=TODAY)


def test_a_report_cannot_be_declared_with_a_column_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="no columns of it"):
        report(subtotals=("zone",))
    with pytest.raises(ValueError, match="cannot be added up"):
        Column("name", "Name", total=True)
