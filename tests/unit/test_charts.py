"""Charts: scale, marks and what a reader of the screen is told."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from core.ui.charts import Month, Palette, Point, figure, line_chart, round_top, sparkline, use_chart
from core.ui.colours import channels, contrast, readable

YEAR = tuple(
    Month(label, Decimal(use), current=i == 12, estimated=i == 3, before=Decimal(7) if i == 12 else None)
    for i, (label, use) in enumerate(
        zip("NDJFMAMJJASON", (5, 4, 4, 4, 4, 5, 6, 8, 9, 8, 6, 5, 10), strict=True)
    )
)


def chart(months: tuple[Month, ...] = YEAR) -> str:
    return use_chart(months, title="Water use", unit="thousand gallons", size=(200, 100))


def path(svg: str, name: str) -> str:
    found = re.search(rf'<path class="{name}"[^>]* d="([^"]*)"', svg)
    assert found is not None, f"no path {name}"
    return found[1]


def test_each_series_is_one_path_with_a_bar_for_each_of_its_months() -> None:
    svg = chart()
    assert path(svg, "chart-bar").count("z") == 11
    assert path(svg, "chart-current").count("z") == 1
    assert path(svg, "chart-estimate").count("z") == 1
    assert path(svg, "chart-before").count("M") == 1
    assert svg.count("<path") == 5  # with the grid


def test_a_bar_of_half_the_top_is_half_as_high() -> None:
    svg = chart((Month("J", Decimal(5)), Month("F", Decimal(10), current=True)))
    half = re.match(r"M\S+ (\S+)V(\S+?)h", path(svg, "chart-bar"))
    full = re.match(r"M\S+ (\S+)V(\S+?)h", path(svg, "chart-current"))
    assert half is not None
    assert full is not None
    assert float(half[1]) - float(half[2]) == pytest.approx((float(full[1]) - float(full[2])) / 2, abs=0.02)


def test_an_estimate_is_hollow_and_dashed() -> None:
    assert re.search(r'class="chart-estimate" fill="#ffffff"[^>]*stroke-dasharray', chart())


def test_the_description_names_every_month_and_its_marks() -> None:
    described = ElementTree.fromstring(chart()).findtext("{http://www.w3.org/2000/svg}desc") or ""
    assert described.startswith("thousand gallons: N 5; D 4;")
    assert "F 4 (estimated)" in described
    assert described.endswith("N 10 (this period, a year before 7)")


def test_a_month_without_a_bill_has_no_bar_and_says_so() -> None:
    svg = chart((Month("J", None), Month("F", Decimal(3), current=True)))
    assert "J no bill" in svg
    assert 'class="chart-bar"' not in svg


def test_labels_are_text_and_escaped() -> None:
    svg = chart((Month("<J>", Decimal(1)),))
    assert "&lt;J&gt;</text>" in svg
    ElementTree.fromstring(svg)


def test_colours_are_attributes_so_that_paper_shows_them() -> None:
    svg = use_chart(YEAR, title="t", unit="u", palette=Palette(current="#123456"))
    assert 'class="chart-current" fill="#123456"' in svg
    assert "style=" not in svg


@pytest.mark.parametrize(
    ("greatest", "top"),
    [("0", "1"), ("9.3", "10"), ("10", "10"), ("10.1", "20"), ("0.031", "0.04"), ("4200", "5000")],
)
def test_the_scale_ends_at_a_round_figure(greatest: str, top: str) -> None:
    assert round_top(Decimal(greatest)) == Decimal(top)


@pytest.mark.parametrize(
    ("value", "shown"), [("4800", "4,800"), ("4.80", "4.8"), ("0", "0"), ("1E+3", "1,000")]
)
def test_figures_have_as_many_places_as_they_need(value: str, shown: str) -> None:
    assert figure(Decimal(value)) == shown


def test_a_line_has_a_path_an_area_and_a_dot() -> None:
    svg = line_chart([Point("Jan", Decimal(1)), Point("Feb", Decimal(3))], title="Balance", unit="dollars")
    assert path(svg, "chart-line").startswith("M")
    assert path(svg, "chart-area").endswith("z")
    assert path(svg, "chart-dot")


@pytest.mark.parametrize("values", [(), (5,), (5, 5, 5), (3, -2, 8)])
def test_a_sparkline_can_be_drawn_of_any_values(values: tuple[int, ...]) -> None:
    ElementTree.fromstring(sparkline([Decimal(v) for v in values], title="Use"))


@pytest.mark.parametrize("colour", ["#ffe100", "#1f5673", "#ffffff", "#8fd3c8"])
def test_a_utilitys_colour_is_darkened_until_text_in_it_can_be_read(colour: str) -> None:
    assert contrast(readable(colour), "#ffffff") >= 4.5


def test_a_dark_colour_stays_and_a_wrong_one_is_refused() -> None:
    assert readable("#1f5673") == "#1f5673"
    with pytest.raises(ValueError, match="#1f5673"):
        channels("teal")


def test_the_figure_of_a_bar_stands_clear_of_last_years_line() -> None:
    def height_of(before: Decimal | None) -> float:
        svg = chart((*YEAR[:-1], Month("N", Decimal(8), current=True, before=before)))
        found = re.search(r'y="([\d.]+)"[^>]*>8</text>', svg)
        assert found is not None
        return float(found[1])

    assert height_of(Decimal("8.5")) < height_of(None)
    assert height_of(Decimal(2)) == height_of(None)


def test_dollars_stand_over_a_bar_without_their_cents() -> None:
    bars = (Month("Oct 1", Decimal("97682.01")), Month("Nov 1", Decimal("91240.30"), current=True))
    assert ">91,240</text>" in use_chart(bars, title="Billed by run", unit="dollars", size=(200, 100))
