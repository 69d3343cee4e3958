"""From the unit that a meter counts to the unit that a table prices.

Known units are converted exactly (``core.quantities``).  A table may declare its own unit (``1 UNIT equals
750 GAL``) or its own convention for known ones (``1 CCF equals 748 GAL``, ``1 CCF equals 1.085 THERM``).
A convention replaces the exact factor only between the two systems it links: units that differ from
the declared ones by a power of ten follow it (CF to KGAL), while CF to CCF stays a matter of two zeros.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.quantities import UNITS
from rates.engine.desk import Desk
from rates.engine.lookups import Value, parse_value
from rates.engine.reader import Reader


@dataclass(frozen=True, slots=True)
class OwnUnit:
    """One ``code`` equals so many ``of``; a new unit, or a convention when ``code`` is a known one."""

    code: str
    label: str
    equals: Value
    of: str


@dataclass(frozen=True, slots=True)
class Plan:
    """amount x top / bottom, times or divided by the declared factor."""

    top: Decimal
    bottom: Decimal
    factor: Value | None = None
    divides: bool = False

    def apply(self, amount: Decimal, desk: Desk) -> Decimal:
        """The amount in the other unit; one division, last, so that what ends is exact."""
        top, bottom = amount * self.top, self.bottom
        if self.factor is not None:
            factor = self.factor.of(desk)
            if factor <= 0:
                raise desk.fail(f"A conversion factor is {factor}.", "Enter a factor above zero.")
            top, bottom = (top, bottom * factor) if self.divides else (top * factor, bottom)
        return top / bottom if bottom != 1 else top


def find_plan(own: tuple[OwnUnit, ...], source: str, target: str) -> Plan | None:
    """How to come from one unit to the other, or ``None`` when they do not measure the same thing."""
    if source == target:
        return Plan(Decimal(1), Decimal(1))
    for unit in own:
        convention = unit.code in UNITS
        first, second = _leg(source, unit.code, convention), _leg(unit.of, target, convention)
        if first is not None and second is not None:
            return _plan(first * second, unit.equals, divides=False)
        first, second = _leg(source, unit.of, convention), _leg(unit.code, target, convention)
        if first is not None and second is not None:
            return _plan(first * second, unit.equals, divides=True)
    exact = _leg(source, target, tens_only=False)
    return None if exact is None else _plan(exact, None, divides=False)


def _plan(ratio: Fraction, factor: Value | None, *, divides: bool) -> Plan:
    return Plan(Decimal(ratio.numerator), Decimal(ratio.denominator), factor, divides)


def _leg(source: str, target: str, tens_only: bool) -> Fraction | None:
    if source == target:
        return Fraction(1)
    a, b = UNITS.get(source), UNITS.get(target)
    if a is None or b is None or a.kind != b.kind:
        return None
    ratio = a.factor / b.factor
    return ratio if not tens_only or _is_power_of_ten(ratio) else None


def _is_power_of_ten(ratio: Fraction) -> bool:
    larger = max(ratio.numerator, ratio.denominator)
    return (
        min(ratio.numerator, ratio.denominator) == 1
        and set(str(larger)[1:]) <= {"0"}
        and str(larger)[0] == "1"
    )


def parse_units(reader: Reader) -> tuple[OwnUnit, ...]:
    """``[{"code": "UNIT", "label": "units of 750 gallons", "equals": "750", "of": "GAL"}]``."""
    found: list[OwnUnit] = []
    for piece in reader.items():
        piece.only("code", "label", "equals", "of")
        code, of = piece.at("code").words(), piece.at("of")
        if of.words() not in UNITS:
            raise of.fail(f"{of.content!r} is not a known unit.", f"Use one of {', '.join(UNITS)}.")
        label = piece.at("label").words() if piece.has("label") or code not in UNITS else UNITS[code].label
        found.append(OwnUnit(code, label, parse_value(piece.at("equals")), of.words()))
    return tuple(found)
