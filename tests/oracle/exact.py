"""Numbers as the tables write them, and the few places where a fraction is rounded."""

import re
from fractions import Fraction
from typing import Any

WRITTEN = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")
SETTLED = Fraction(1, 10**30)
FINE = Fraction(1, 10**20)
CENT = Fraction(1, 100)


class NoPrice(Exception):
    """The facts do not suffice, or fit no row: there is no bill."""


class BadTable(Exception):
    """The table is not one of this language."""


def is_number(value: Any) -> bool:
    """Whether this is a number as a table writes it: in quotes, or a bare whole number."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, str) and bool(WRITTEN.fullmatch(value)))


def number(value: Any) -> Fraction:
    """The number, exactly."""
    return Fraction(value)


def half_away(value: Fraction, step: Fraction) -> Fraction:
    """To the nearest multiple of the step, a half away from zero."""
    counted = abs(value) / step
    whole = int(counted + Fraction(1, 2))
    return (whole if value >= 0 else -whole) * step


def settle(value: Fraction) -> Fraction:
    """To 30 places, so that a half remains a half."""
    return half_away(value, SETTLED)


def cents(value: Fraction) -> Fraction:
    """To whole cents, half away from zero, after settling."""
    return half_away(settle(value), CENT)


def sum_in_cents(value: Fraction) -> Fraction:
    """A sum of settled charges in whole cents, taken to 20 places first."""
    return cents(half_away(value, FINE))


def rounded(value: Fraction, rule: dict[str, Any] | None) -> Fraction:
    """By a rule of the table: up, nearest or down to a multiple of its step, or exact."""
    if rule is None or rule["mode"] == "exact":
        return value
    step = number(rule.get("step", "1"))
    settled = settle(value)
    if rule["mode"] == "nearest":
        return half_away(settled, step)
    counted = settled / step
    floor = counted.numerator // counted.denominator
    if rule["mode"] == "up" and floor != counted:
        floor += 1
    return floor * step
