"""Exact arithmetic and the few places where it is rounded.

Everything is worked with 60 significant digits.  A division that does not end (a cubic foot is
1728/231 gallons) is cut there, far below any cent; before a quantity or an amount is rounded it is
first settled to 30 places, so that a true half stays a half: the parts of a charge are fractions with
small denominators, and such a fraction can be equal to a half-way point or clearly away from it, but not
within 10**-30 of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

from rates.engine.reader import Reader

WORKING = Context(prec=60, rounding=ROUND_HALF_EVEN)
_FINEST = Decimal("1e-30")
_LONG = -30
_SHORT = 31
"""A number written out in so few signs, a point among them, has no more than 30 places.  Looking at its
digits one by one takes many times longer, and a run settles some hundred thousand of them."""


def settle(value: Decimal) -> Decimal:
    """The value to at most 30 decimal places; shorter values are returned unchanged."""
    written = str(value)
    if len(written) <= _SHORT and "E" not in written:
        return value
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < _LONG:
        return value.quantize(_FINEST, rounding=ROUND_HALF_UP)
    return value


def _nothing(value: Decimal, step: Decimal) -> Decimal:
    return value


def _to_step(mode: str) -> Callable[[Decimal, Decimal], Decimal]:
    def rounded(value: Decimal, step: Decimal) -> Decimal:
        return (settle(value) / step).to_integral_value(rounding=mode) * step

    return rounded


_MODES: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "exact": _nothing,
    "up": _to_step(ROUND_CEILING),
    "nearest": _to_step(ROUND_HALF_UP),
    "down": _to_step(ROUND_FLOOR),
}


@dataclass(frozen=True, slots=True)
class Rounding:
    """Rounding of a quantity to whole steps: exact, up ("or part thereof"), nearest or down."""

    mode: str = "exact"
    step: Decimal = Decimal(1)

    def apply(self, value: Decimal) -> Decimal:
        """The quantity in whole steps; nearest takes a half away from zero."""
        return _MODES[self.mode](value, self.step)


EXACT = Rounding()


def parse_rounding(reader: Reader) -> Rounding:
    """``{"mode": "up", "step": "1000"}``; the step is in the unit of the quantity, default 1."""
    reader.only("mode", "step")
    mode = reader.choice("mode", tuple(_MODES))
    step = reader.at("step").number() if reader.has("step") else Decimal(1)
    if step <= 0:
        raise reader.at("step").fail("A step must be more than zero.", "Write for example 1 or 0.1.")
    return Rounding(mode, step)
