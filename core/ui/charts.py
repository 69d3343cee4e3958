"""Charts as SVG: the same drawing on a page of the site and on paper.  Pure.

Each series is one path.  Colours are attributes, because a document's style sheet does not reach into a
drawing on paper; the classes (``chart-bar`` …) let a screen's style sheet override them, for instance in
the dark.  Lengths are points on paper and pixels on a screen.  Values may be in any one unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from math import floor, log10


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as ``#rrggbb``."""

    bar: str = "#a9c3d3"
    current: str = "#1f5673"
    text: str = "#4a5560"
    grid: str = "#dfe4e8"
    before: str = "#c2570c"


@dataclass(frozen=True, slots=True)
class Month:
    """Use of one billing period; ``value`` of ``None`` is a month without a bill, not a month without use."""

    label: str
    value: Decimal | None
    current: bool = False
    estimated: bool = False
    before: Decimal | None = None  # the same month a year earlier, drawn as a line across the bar


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a line; the label stands on the axis, and may be empty."""

    label: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class _Plot:
    """The area inside the axes, and the scale from zero to ``top``."""

    left: float
    right: float
    upper: float
    lower: float
    top: Decimal

    def y(self, value: Decimal) -> float:
        return self.lower - float(max(value, Decimal(0)) / self.top) * (self.lower - self.upper)


def use_chart(
    months: Sequence[Month],
    *,
    title: str,
    unit: str,
    size: tuple[float, float] = (205.0, 112.0),
    palette: Palette | None = None,
    font_size: float = 6.5,
) -> str:
    """Bars of use by month: this period dark, an estimate hollow, last year's as a line across the bar.

    Dollars stand over the bar without their cents.
    Negative use (a register that may run backwards) stands as zero with its figure in the description.
    """
    colours = palette or Palette()
    shown = [v for m in months for v in (m.value, m.before) if v is not None]
    plot = _plot(size, shown, font_size, room_below=font_size * 1.7)
    step = (plot.right - plot.left) / max(1, len(months))
    drawing = [_grid(plot, colours, font_size)]
    drawing += _bars(months, plot, step, colours)
    drawing += [
        _text(
            plot.left + (i + 0.5) * step,
            plot.lower + font_size * 1.45,
            m.label,
            colours,
            font_size,
            m.current,
        )
        for i, m in enumerate(months)
    ]
    drawing += [
        _text(
            plot.left + (i + 0.5) * step,
            _over(plot, m.value, m.before, font_size),
            f"{m.value:,.0f}" if unit == "dollars" else figure(m.value),
            colours,
            font_size,
            bold=True,
        )
        for i, m in enumerate(months)
        if m.current and m.value is not None
    ]
    told = "; ".join(_told(m) for m in months)
    return _drawing(drawing, size, title, f"{unit}: {told}")


def _over(plot: _Plot, value: Decimal, before: Decimal | None, font_size: float) -> float:
    """Where a bar's figure stands: above the bar, and above last year's line where the two would meet."""
    top = plot.y(value) - 3
    line = plot.y(before) if before is not None else None
    return line - 3 if line is not None and top - font_size - 1 < line < top + 3 else top


def line_chart(
    points: Sequence[Point],
    *,
    title: str,
    unit: str,
    size: tuple[float, float] = (360.0, 140.0),
    palette: Palette | None = None,
    font_size: float = 9.0,
    area: bool = True,
    marked: int = -1,
) -> str:
    """A line over equal steps, with the ground under it tinted when ``area``; scale from zero.

    The point ``marked`` (the last one by default) has a dot.
    """
    colours = palette or Palette()
    plot = _plot(size, [p.value for p in points], font_size, room_below=font_size * 1.7)
    places = _places([p.value for p in points], plot)
    drawing = [_grid(plot, colours, font_size)]
    if area and len(places) > 1:
        ground = f"M{places[0][0]:.2f} {plot.lower:.2f}{_through(places)}V{plot.lower:.2f}z"
        drawing.append(_path("chart-area", ground, fill=colours.bar, extra=' fill-opacity="0.35"'))
    if places:
        line = "M" + _through(places)[1:]
        drawing.append(_path("chart-line", line, stroke=colours.current, width=1.6))
        drawing.append(_dots("chart-dot", [places[marked]], colours.current, 2.4))
    last = len(points) - 1
    drawing += [
        _text(
            x,
            plot.lower + font_size * 1.45,
            p.label,
            colours,
            font_size,
            anchor="end" if n == last and n else "middle",
        )
        for n, ((x, _), p) in enumerate(zip(places, points, strict=True))
        if p.label
    ]
    told = "; ".join(f"{p.label} {figure(p.value)}".strip() for p in points)
    return _drawing(drawing, size, title, f"{unit}: {told}")


def pair_chart(
    labels: Sequence[str],
    before: Sequence[Decimal | None],
    after: Sequence[Decimal | None],
    *,
    title: str,
    unit: str,
    names: tuple[str, str],
    size: tuple[float, float] = (360.0, 160.0),
    palette: Palette | None = None,
    font_size: float = 9.0,
) -> str:
    """Two lines over the same steps, ``before`` broken and ``after`` full, named in a line above them.

    A value of ``None`` leaves a gap.  Scale from zero.
    """
    colours = palette or Palette()
    shown = [v for v in (*before, *after) if v is not None]
    axes = _plot(size, shown, font_size, room_below=font_size * 1.7)
    plot = _Plot(axes.left, axes.right, font_size * 3.2, axes.lower, axes.top)
    step = (plot.right - plot.left) / max(1, len(labels) - 1)
    drawing = [_grid(plot, colours, font_size)]
    for name, values, colour, extra in (
        ("chart-before", before, colours.before, ' stroke-dasharray="4 2.4"'),
        ("chart-line", after, colours.current, ""),
    ):
        line, pen = "", "M"
        for n, value in enumerate(values):
            line += "" if value is None else f"{pen}{plot.left + n * step:.2f} {plot.y(value):.2f}"
            pen = "M" if value is None else "L"
        drawing.append(_path(name, line, stroke=colour, width=1.6, extra=extra))
    last = len(labels) - 1
    for n, label in enumerate(labels):
        if label:
            side = "end" if n == last and n else "middle"
            x, y = plot.left + n * step, plot.lower + font_size * 1.45
            drawing.append(_text(x, y, label, colours, font_size, anchor=side))
    drawing += _key(plot, names, colours, font_size)
    told = "; ".join(
        f"{label or n} {'none' if a is None else figure(a)} and {'none' if b is None else figure(b)}"
        for n, (label, a, b) in enumerate(zip(labels, before, after, strict=True))
    )
    return _drawing(drawing, size, title, f"{unit}, {names[0]} and {names[1]}: {told}")


def _key(plot: _Plot, names: tuple[str, str], colours: Palette, font_size: float) -> list[str]:
    """What each of two lines is, above the plot."""
    y, half = font_size * 1.2, (plot.right - plot.left) / 2
    found = []
    for n, (name, kind, colour, extra) in enumerate(
        (
            (names[0], "chart-before", colours.before, ' stroke-dasharray="4 2.4"'),
            (names[1], "chart-line", colours.current, ""),
        )
    ):
        x = plot.left + n * half
        found.append(_path(kind, f"M{x:.2f} {y - 3:.2f}h16", stroke=colour, width=1.6, extra=extra))
        found.append(_text(x + 20, y, name, colours, font_size, anchor="start"))
    return found


def sparkline(
    values: Sequence[Decimal],
    *,
    title: str,
    size: tuple[float, float] = (72.0, 18.0),
    palette: Palette | None = None,
) -> str:
    """A line the size of a word, last value dotted; scale from the least to the greatest value."""
    colours = palette or Palette()
    low = min(values, default=Decimal(0))
    lifted = [v - low for v in values]
    plot = _Plot(2.5, size[0] - 2.5, 2.5, size[1] - 2.5, max(lifted, default=Decimal(0)) or Decimal(1))
    places = _places(lifted, plot)
    drawing = []
    if places:
        drawing.append(_path("chart-line", "M" + _through(places)[1:], stroke=colours.current, width=1.3))
        drawing.append(_dots("chart-dot", places[-1:], colours.current, 1.9))
    return _drawing(drawing, size, title, ", ".join(figure(v) for v in values))


def figure(value: Decimal) -> str:
    """``4,800`` or ``4.8``: as many places as the value has, thousands parted."""
    plain = value.normalize()
    return f"{plain:,.0f}" if plain == plain.to_integral_value() else f"{plain:,f}"


def round_top(greatest: Decimal) -> Decimal:
    """The least of 1, 2, 2.5, 4, 5, 6, 8 or 10 times a power of ten that is not under the greatest value."""
    if greatest <= 0:
        return Decimal(1)
    power = Decimal(10) ** floor(log10(greatest))
    steps = ("1", "2", "2.5", "4", "5", "6", "8", "10")
    return next(Decimal(s) * power for s in steps if Decimal(s) * power >= greatest)


def _plot(size: tuple[float, float], shown: Sequence[Decimal], font_size: float, room_below: float) -> _Plot:
    top = round_top(max(shown, default=Decimal(0)))
    widest = max(len(figure(top)), len(figure(top / 2)))
    return _Plot(widest * font_size * 0.6 + 4, size[0] - 2, font_size * 1.6, size[1] - room_below, top)


def _bars(months: Sequence[Month], plot: _Plot, step: float, colours: Palette) -> list[str]:
    width = step * 0.66
    paths: dict[str, list[str]] = {
        "bar": [],
        "current": [],
        "estimate": [],
        "estimate-current": [],
        "before": [],
    }
    for i, month in enumerate(months):
        x = plot.left + i * step + (step - width) / 2
        if month.value is not None and month.value > 0:
            kind = "estimate" if month.estimated else ""
            named = "-".join(filter(None, (kind, "current" if month.current else ""))) or "bar"
            paths[named].append(_bar(x, plot.y(month.value), width, plot.lower, hollow=month.estimated))
        if month.before is not None:
            paths["before"].append(
                f"M{x - step * 0.1:.2f} {plot.y(month.before):.2f}h{width + step * 0.2:.2f}"
            )
    drawn = {name: "".join(bars) for name, bars in paths.items() if bars}
    hollow = {"estimate": colours.bar, "estimate-current": colours.current}
    found = []
    for name, d in drawn.items():
        if name in hollow:
            dashes = ' stroke-dasharray="2 1.2"'
            found.append(
                _path(f"chart-{name}", d, stroke=hollow[name], width=0.9, fill="#ffffff", extra=dashes)
            )
        elif name == "before":
            found.append(_path("chart-before", d, stroke=colours.before, width=1.1))
        else:
            found.append(
                _path(f"chart-{name}", d, fill=colours.current if name == "current" else colours.bar)
            )
    return found


def _bar(x: float, y: float, width: float, foot: float, *, hollow: bool) -> str:
    inset = 0.45 if hollow else 0.0  # half the outline, so a hollow bar is as wide as a full one
    x, y, width = x + inset, y + inset, width - 2 * inset
    return f"M{x:.2f} {foot:.2f}V{min(y, foot):.2f}h{width:.2f}V{foot:.2f}z"


def _grid(plot: _Plot, colours: Palette, font_size: float) -> str:
    marks = (Decimal(0), plot.top / 2, plot.top)
    lines = "".join(f"M{plot.left:.2f} {plot.y(m):.2f}H{plot.right:.2f}" for m in marks)
    labels = "".join(
        _text(plot.left - 3, plot.y(m) + font_size * 0.35, figure(m), colours, font_size, anchor="end")
        for m in marks
    )
    return _path("chart-grid", lines, stroke=colours.grid, width=0.6) + labels


def _places(values: Sequence[Decimal], plot: _Plot) -> list[tuple[float, float]]:
    step = (plot.right - plot.left) / max(1, len(values) - 1)
    return [(plot.left + i * step, plot.y(v)) for i, v in enumerate(values)]


def _through(places: Sequence[tuple[float, float]]) -> str:
    return "".join(f"L{x:.2f} {y:.2f}" for x, y in places)


def _dots(name: str, places: Sequence[tuple[float, float]], colour: str, radius: float) -> str:
    half = f"a{radius} {radius} 0 1 0"
    arcs = "".join(
        f"M{x - radius:.2f} {y:.2f}{half} {2 * radius} 0{half} {-2 * radius} 0z" for x, y in places
    )
    return _path(name, arcs, fill=colour)


def _path(
    name: str, d: str, *, fill: str = "none", stroke: str = "none", width: float = 0.0, extra: str = ""
) -> str:
    line = f' stroke="{stroke}" stroke-width="{width}"' if stroke != "none" else ""
    return f'<path class="{name}" fill="{fill}"{line}{extra} d="{d}"/>'


def _text(
    x: float,
    y: float,
    text: str,
    colours: Palette,
    font_size: float,
    bold: bool = False,
    anchor: str = "middle",
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text class="chart-text" x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" fill="{colours.text}" '
        f'font-family="Inter, DejaVu Sans, sans-serif" font-size="{font_size}"{weight}>{escape(text)}</text>'
    )


def _told(month: Month) -> str:
    value = "no bill" if month.value is None else figure(month.value)
    marks = [
        "this period" if month.current else "",
        "estimated" if month.estimated else "",
        f"a year before {figure(month.before)}" if month.before is not None else "",
    ]
    told = ", ".join(filter(None, marks))
    return f"{month.label} {value}" + (f" ({told})" if told else "")


def _drawing(parts: Sequence[str], size: tuple[float, float], title: str, description: str) -> str:
    width, height = size
    named = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="chart" width="{width:g}" '
        f'height="{height:g}" viewBox="0 0 {width:g} {height:g}">{named}{"".join(parts)}</svg>'
    )
