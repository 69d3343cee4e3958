"""Numbers in the words of a bill."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_LEAST = {"KGAL": 3}
"""Thousand gallons are shown to the gallon; other quantities as they are."""


# A run says the same prices and small quantities over and over; equal numbers read the same, however many
# zeros they were kept with.
@lru_cache(maxsize=16_384)
def shown(value: Decimal, least: int = 0, most: int = 6) -> str:
    """``1,234.5``: thousands marked, at least and at most so many decimals, half-up."""
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if places > most:
        value = value.quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP)
        places = most
    if not value:
        value = abs(value)
    text = f"{value:,f}"
    if places > least:
        text = text.rstrip("0").rstrip(".") if least == 0 else _cut(text, least)
    elif places < least:
        text = f"{value:,.{least}f}"
    return text


def _cut(text: str, least: int) -> str:
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(least, '0')}"


def price(value: Decimal) -> str:
    """A price with two to eight decimals."""
    return shown(value, 2, 8)


def money(value: Decimal) -> str:
    """An unrounded amount with two to six decimals."""
    return shown(value, 2, 6)


def quantity(value: Decimal, unit: str | None, label: str) -> str:
    """A quantity with its unit in words."""
    return f"{shown(value, _LEAST.get(unit or '', 0))} {label}" if label else shown(value)
