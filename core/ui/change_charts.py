"""Charts of a change: bars of how many gain and lose, and pairs of bars before and after.  Pure.

Drawn like those of ``core.ui.charts``; the classes let a screen's style sheet choose the colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.ui.charts import (
    Palette,
    _bar,
    _drawing,
    _grid,
    _path,
    _Plot,
    _plot,
    _text,
    figure,
)

Side = Literal["down", "same", "up"]
Size = tuple[float, float]
"""Width and height of a drawing."""


@dataclass(frozen=True, slots=True)
class ChangeBar:
    """So many, on the side of those who pay less, the same or more; ``said`` is the label in full."""

    label: str
    count: int
    side: Side
    said: str


@dataclass(frozen=True, slots=True)
class Pair:
    """What something was and would be, in one unit."""

    label: str
    old: Decimal
    new: Decimal


def change_chart(
    bars: Sequence[ChangeBar],
    *,
    title: str,
    noun: str,
    size: Size = (560.0, 190.0),
    palette: Palette | None = None,
    font_size: float = 9.0,
) -> str:
    """Bars side by side, each with its count over it; the colour says who pays less and who more."""
    colours = palette or Palette()
    plot = _plot(size, [Decimal(bar.count) for bar in bars], font_size, room_below=font_size * 1.9)
    step = (plot.right - plot.left) / max(1, len(bars))
    drawing = [_grid(plot, colours, font_size)]
    fills = {"down": colours.current, "same": colours.bar, "up": colours.before}
    for side, fill in fills.items():
        drawn = "".join(
            _column(plot, plot.left + (i + 0.12) * step, step * 0.76, Decimal(bar.count))
            for i, bar in enumerate(bars)
            if bar.side == side and bar.count
        )
        if drawn:
            drawing.append(_path(f"chart-{side}", drawn, fill=fill))
    for i, bar in enumerate(bars):
        middle = plot.left + (i + 0.5) * step
        drawing.append(_text(middle, plot.lower + font_size * 1.5, bar.label, colours, font_size))
        if bar.count:
            over = plot.y(Decimal(bar.count)) - 3
            drawing.append(_text(middle, over, f"{bar.count:,}", colours, font_size, bold=True))
    told = "; ".join(f"{bar.said}: {bar.count:,}" for bar in bars)
    return _drawing(drawing, size, title, f"{noun}: {told}")


def pair_bars(
    pairs: Sequence[Pair],
    *,
    title: str,
    unit: str,
    size: Size = (420.0, 170.0),
    palette: Palette | None = None,
    font_size: float = 9.0,
) -> str:
    """Two bars for each label: light what was, dark what would be."""
    colours = palette or Palette()
    shown = [value for pair in pairs for value in (pair.old, pair.new)]
    plot = _plot(size, shown, font_size, room_below=font_size * 1.9)
    step = (plot.right - plot.left) / max(1, len(pairs))
    drawing = [_grid(plot, colours, font_size)]
    width = min(step * 0.34, 34.0)
    for name, fill, shift in (("bar", colours.bar, -width), ("current", colours.current, 0.0)):
        drawn = "".join(
            _column(plot, plot.left + (i + 0.5) * step + shift, width, pair.old if shift else pair.new)
            for i, pair in enumerate(pairs)
        )
        drawing.append(_path(f"chart-{name}", drawn, fill=fill))
    drawing += [
        _text(plot.left + (i + 0.5) * step, plot.lower + font_size * 1.5, pair.label, colours, font_size)
        for i, pair in enumerate(pairs)
    ]
    told = "; ".join(f"{p.label} {figure(p.old)}, then {figure(p.new)}" for p in pairs)
    return _drawing(drawing, size, title, f"{unit}: {told}")


def _column(plot: _Plot, x: float, width: float, value: Decimal) -> str:
    return _bar(x, plot.y(value), width, plot.lower, hollow=False) if value > 0 else ""
