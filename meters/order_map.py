"""Where work orders wait, as SVG: on the ground where it is known, else along their routes.  Pure.

Every dot is a link with its words; the same orders stand in a table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians

WIDTH = 760.0
_EDGE, _RADIUS, _LINE = 26.0, 7.0, 46.0
_LABELLED = 40
"""With more dots than that their numbers would cover each other."""


@dataclass(frozen=True, slots=True)
class Dot:
    """An order: ``label`` its number, ``words`` what a reader hears, ``late`` past its day.

    ``latitude`` and ``longitude`` in degrees, both or neither; ``route`` and ``place`` otherwise.
    """

    label: str
    words: str
    url: str
    late: bool
    route: str
    place: int
    latitude: float | None = None
    longitude: float | None = None

    @property
    def is_placed(self) -> bool:
        """Whether it is known where it is on the ground."""
        return self.latitude is not None and self.longitude is not None


def ground_map(dots: Sequence[Dot]) -> str:
    """The dots that have coordinates, north up; empty when none has."""
    placed = [(d, d.latitude or 0.0, d.longitude or 0.0) for d in dots if d.is_placed]
    if not placed:
        return ""
    north, south = max(y for _, y, _ in placed), min(y for _, y, _ in placed)
    east, west = max(x for _, _, x in placed), min(x for _, _, x in placed)
    # A degree of longitude is shorter than one of latitude, the more so the further north.
    shrink = cos(radians((north + south) / 2))
    across, up = max((east - west) * shrink, 1e-4), max(north - south, 1e-4)
    inner = WIDTH - 2 * _EDGE
    scale = min(inner / across, 380.0 / up)
    height = up * scale + 2 * _EDGE
    left = _EDGE + (inner - across * scale) / 2
    drawn = [
        _dot(d, left + (x - west) * shrink * scale, _EDGE + (north - y) * scale, len(placed) <= _LABELLED)
        for d, y, x in placed
    ]
    return _drawing(drawn, height, f"{len(placed)} work orders on the ground, north up")


def route_map(dots: Sequence[Dot]) -> str:
    """The dots without coordinates, a line for each route, in walking order; empty when there are none."""
    waiting = sorted((d for d in dots if not d.is_placed), key=lambda d: (d.route, d.place, d.label))
    if not waiting:
        return ""
    routes = sorted({d.route for d in waiting})
    first = max(70.0, max(len(r) for r in routes) * 7.0 + 20)
    drawn = []
    for row, route in enumerate(routes):
        y = _LINE * row + _LINE * 0.6
        here = [d for d in waiting if d.route == route]
        step = (WIDTH - first - _EDGE) / max(1, len(here) - 1)
        drawn.append(
            f'<text class="chart-text map-route" x="4" y="{y + 4:.1f}" font-size="12">{escape(route)}</text>'
            f'<path class="chart-grid" fill="none" stroke="#dfe4e8" stroke-width="2"'
            f' d="M{first:.1f} {y:.1f}H{WIDTH - _EDGE:.1f}"/>'
        )
        drawn += [_dot(d, first + step * n, y, len(here) <= 20) for n, d in enumerate(here)]
    return _drawing(drawn, _LINE * len(routes) + 8, f"{len(waiting)} work orders along their routes")


def _dot(dot: Dot, x: float, y: float, labelled: bool) -> str:
    kind = "map-late" if dot.late else "map-due"
    colour = "#b42318" if dot.late else "#1f5673"
    label = (
        f'<text class="chart-text" x="{x:.1f}" y="{y + 19:.1f}" text-anchor="middle" font-size="10">'
        f"{escape(dot.label)}</text>"
        if labelled
        else ""
    )
    # Late ones are squares as well as red: nobody has to tell colours apart.
    shape = (
        f'<rect class="{kind}" x="{x - 6:.1f}" y="{y - 6:.1f}" width="12" height="12" fill="{colour}"/>'
        if dot.late
        else f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS}" fill="{colour}"/>'
    )
    return (
        f'<a class="map-dot" href="{escape(dot.url)}" aria-label="{escape(dot.words)}">'
        f"<title>{escape(dot.words)}</title>{shape}{label}</a>"
    )


def _drawing(drawn: Sequence[str], height: float, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart order-map" role="group"'
        f' aria-label="{escape(title)}" viewBox="0 0 {WIDTH:g} {height:.0f}">{"".join(drawn)}</svg>'
    )
