"""Reading sheets: a route on letter paper, in walking order, with room to write."""

from collections.abc import Sequence
from datetime import date

from django.utils.safestring import mark_safe

from core.barcodes import BarcodeRefused, code128_svg
from core.ui import paper
from core.ui.words import day_text
from meters.judging import plain
from meters.rounds import RoundLine

_MODULE, _HEIGHT = 0.62, 16.0


def print_sheets(utility: str, route: str, on: date, lines: Sequence[RoundLine]) -> bytes:
    """The sheets as PDF; the same lines give the same bytes.

    What is expected is a range of the dial, so that a reader sees at the meter that a figure is wrong.
    """
    html = paper.fill(
        "reading-sheet.html",
        utility=utility,
        route=route,
        day=day_text(on),
        lines=[_row(line) for line in lines],
        count=len(lines),
        read=sum(line.now is not None for line in lines),
    )
    return paper.render(html, (paper.stylesheet("reading-sheet.css"),))


def _row(line: RoundLine) -> dict[str, object]:
    low, high = line.expected or (None, None)
    return {
        "place": line.sequence,
        "address": line.address,
        "where": line.place_text,
        "meter": line.meter,
        "register": line.register.code,
        "serial": line.serial,
        "unit": line.register.unit,
        "last": plain(line.last.dial) if line.last else "",
        "last_on": day_text(line.last.on) if line.last else "not read yet",
        "expected": f"{plain(low)} – {plain(high)}" if low is not None and high is not None else "",
        "boxes": range(line.register.dial.digits),
        "zeros": "0" * line.register.dial.dead_zeros,
        "read": plain(line.now.dial) if line.now else "",
        "bars": _bars(line.meter),
    }


def _bars(number: str) -> str:
    """The bar code of a meter's number; none when the symbology has not its characters."""
    try:
        svg = code128_svg(number, module=_MODULE, height=_HEIGHT)
    except BarcodeRefused:
        return ""
    return mark_safe(svg)  # noqa: S308 - drawn by core.barcodes, its label escaped there
