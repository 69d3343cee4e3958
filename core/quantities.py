"""Quantities with units, converted exactly.  Pure.

Factors are fractions: a US gallon is 231 cubic inches and a cubic foot 1,728 (NIST Handbook 44,
appendix C), so a cubic foot is 1728/231 gallons; a litre is exactly 1/3.785411784 gallon.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


class UnitMismatch(ValueError):
    """Two units that do not measure the same thing, such as gallons and kilowatt-hours."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its code, the kind of thing it measures and how many base units it is."""

    code: str
    kind: str
    factor: Fraction
    label: str


_CUBIC_FOOT = Fraction(1728, 231)
_LITRE = Fraction(1_000_000_000, 3_785_411_784)

_UNITS = (
    Unit("GAL", "volume", Fraction(1), "gallons"),
    Unit("KGAL", "volume", Fraction(1000), "thousand gallons"),
    Unit("IGAL", "volume", _LITRE * Fraction(454609, 100000), "imperial gallons"),
    Unit("CF", "volume", _CUBIC_FOOT, "cubic feet"),
    Unit("CCF", "volume", _CUBIC_FOOT * 100, "hundred cubic feet"),
    Unit("L", "volume", _LITRE, "litres"),
    Unit("M3", "volume", _LITRE * 1000, "cubic metres"),
    Unit("AF", "volume", _CUBIC_FOOT * 43560, "acre-feet"),
    Unit("KWH", "energy", Fraction(1), "kWh"),
    Unit("MWH", "energy", Fraction(1000), "MWh"),
    Unit("KW", "demand", Fraction(1), "kW"),
    Unit("KVA", "apparent", Fraction(1), "kVA"),
    Unit("KVARH", "reactive", Fraction(1), "kvarh"),
    Unit("THERM", "heat", Fraction(1), "therms"),
    Unit("DTH", "heat", Fraction(10), "dekatherms"),
    Unit("EACH", "count", Fraction(1), "each"),
    Unit("SF", "area", Fraction(1), "square feet"),
    Unit("ACRE", "area", Fraction(43560), "acres"),
)

UNITS: dict[str, Unit] = {u.code: u for u in _UNITS}


def unit(code: str) -> Unit:
    """The unit of that code; raises ``ValueError`` naming the known codes."""
    try:
        return UNITS[code]
    except KeyError:
        raise ValueError(f"Unknown unit “{code}”. Known: {', '.join(UNITS)}.") from None


def convert(amount: Decimal, source: str, target: str) -> Fraction:
    """The amount in the target unit, exact; round only where a rule says so.

    Raises ``UnitMismatch`` when the units measure different things.
    """
    a, b = unit(source), unit(target)
    if a.kind != b.kind:
        raise UnitMismatch(f"{a.label} measure {a.kind} and cannot become {b.label} ({b.kind}).")
    return Fraction(amount) * a.factor / b.factor


def as_decimal(value: Fraction, places: int = 12) -> Decimal:
    """The fraction as a decimal, half-up to at most ``places`` places, without trailing zeros.

    Exact whenever the fraction is a terminating decimal of no more places.
    """
    scaled = value * 10**places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    if 2 * rest >= scaled.denominator:
        whole += 1
    result = Decimal(whole if value >= 0 else -whole).scaleb(-places).normalize()
    return result if result.as_tuple().exponent <= 0 else result.quantize(Decimal(1))  # type: ignore[operator]  # finite: exponent is an int
