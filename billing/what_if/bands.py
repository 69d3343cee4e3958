"""Bands of use and bars of change, chosen so that few of them tell the most.  Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from billing.what_if.sums import Sum

_NICE = tuple(Decimal(n) for n in ("1", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10"))
_SHARES = (10, 30, 50, 70, 90, 97)
"""Per cents of the bills at which a band of use should end."""
_WIDTHS = tuple(
    Decimal(w) for w in ("0.25", "0.5", "1", "2", "5", "10", "25", "50", "100", "250", "500", "1000", "2500")
)
_BARS = 8
"""Bars on each side of nothing, the last of them open."""
_SHOWN = 90
"""Per cents of the bills that change which the bars before the open ones should hold."""


@dataclass(frozen=True, slots=True)
class Band:
    """Bills with a use from ``low`` up to, not including, ``high`` (``None``: no end)."""

    unit: str
    low: Decimal
    high: Decimal | None
    sum: Sum


@dataclass(frozen=True, slots=True)
class Bar:
    """Bills that change by ``low`` or more and less than ``high`` dollars (``None``: open on that side)."""

    low: Decimal | None
    high: Decimal | None
    bills: int

    @property
    def lower(self) -> bool:
        """Whether these pay less."""
        return self.high is not None and self.high <= 0


def use_bands(uses: Mapping[str, Sum]) -> list[Band]:
    """Bands of each unit, bills without use first; from sums by “unit step”."""
    by_unit: dict[str, dict[Decimal, Sum]] = {}
    for key, one in uses.items():
        unit, _, step = key.rpartition(" ")
        by_unit.setdefault(unit, {})[Decimal(step)] = one
    return [band for unit, steps in sorted(by_unit.items()) for band in _bands(unit, steps)]


def _bands(unit: str, steps: Mapping[Decimal, Sum]) -> list[Band]:
    used = sorted(step for step in steps if step > 0)
    ends = _ends(used, [steps[step].bills for step in used])
    none = [step for step in steps if step <= 0]
    found = [Band(unit, Decimal(0), Decimal(0), _joined(steps, none))] if none else []
    lows = [Decimal(0), *ends]
    for low, high in zip(lows, [*ends, None], strict=True):
        inside = [step for step in used if step >= low and (high is None or step < high)]
        if inside:
            found.append(Band(unit, low, high, _joined(steps, inside)))
    return found


def _ends(steps: Sequence[Decimal], counts: Sequence[int]) -> list[Decimal]:
    """Round ends near the chosen shares of the bills, ascending, each once."""
    ends: list[Decimal] = []
    whole, reached, wanted = sum(counts), 0, list(_SHARES)
    for step, n in zip(steps, counts, strict=True):
        reached += n
        while wanted and reached * 100 >= wanted[0] * whole:
            wanted.pop(0)
            end = _nice(step)
            if (not ends or end > ends[-1]) and end <= steps[-1]:
                ends.append(end)
    return ends


def _nice(step: Decimal) -> Decimal:
    """The least round number above the step."""
    power = Decimal(1).scaleb(step.adjusted())
    return next((n * power for n in _NICE if n * power > step), 10 * power)


def _joined(steps: Mapping[Decimal, Sum], places: Sequence[Decimal]) -> Sum:
    found = Sum()
    for place in places:
        found.join(steps[place])
    return found


def change_bars(changes: Mapping[str, int]) -> list[Bar]:
    """Bars of equal width from the greatest fall to the greatest rise; the outermost are open."""
    if not changes:
        return []
    steps = sorted((Decimal(step), n) for step, n in changes.items())
    width = _width(steps)
    reach = width * (_BARS - 1)
    places: dict[int, int] = {}
    for low, n in steps:
        below = int((low / width).to_integral_value(rounding=ROUND_FLOOR))
        place = -_BARS if low < -reach else min(below, _BARS - 1)
        places[place] = places.get(place, 0) + n
    first, last = min(places), max(places)
    return [
        Bar(
            None if place == -_BARS else place * width,
            None if place == _BARS - 1 else (place + 1) * width,
            places.get(place, 0),
        )
        for place in range(first, last + 1)
    ]


def _width(steps: Sequence[tuple[Decimal, int]]) -> Decimal:
    """The least width at which the open bars hold few."""
    whole = sum(n for _, n in steps)
    for width in _WIDTHS:
        reach = width * (_BARS - 1)
        if sum(n for low, n in steps if -reach <= low < reach) * 100 >= _SHOWN * whole:
            return width
    return _WIDTHS[-1]
