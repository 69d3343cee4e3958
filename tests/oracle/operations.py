"""The operations of derived quantities, one by one."""

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.oracle.exact import NoPrice, number, rounded

if TYPE_CHECKING:
    from tests.oracle.desk import Desk

ZERO, ONE = Fraction(0), Fraction(1)


def operate(written: dict[str, Any], desk: "Desk") -> list[Fraction]:
    """The result, each number of it first raised, then lowered to its bounds, then rounded."""
    numbers = [found for value in written["of"] for found in desk.all(value)]
    if not numbers:
        raise NoPrice(f"Nothing to take the {written['op']} of.")
    if written["op"] in RANKED:
        result = RANKED[written["op"]](sorted(numbers), int(number(written.get("count", 1))))
    elif written["op"] in ("each", "round"):
        result = numbers
    else:
        result = [SINGLE[written["op"]](numbers)]
    if "at_least" in written:
        bound = desk.one(written["at_least"])
        result = [max(found, bound) for found in result]
    if "at_most" in written:
        bound = desk.one(written["at_most"])
        result = [min(found, bound) for found in result]
    return [rounded(found, written.get("rounding")) for found in result]


def product(numbers: list[Fraction]) -> Fraction:
    """All multiplied."""
    result = ONE
    for found in numbers:
        result *= found
    return result


def quotient(numbers: list[Fraction]) -> Fraction:
    """The first divided by each of the others."""
    result = numbers[0]
    for found in numbers[1:]:
        if found == 0:
            raise NoPrice("Divided by zero.")
        result /= found
    return result


SINGLE: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "sum": lambda numbers: sum(numbers, ZERO),
    "difference": lambda numbers: numbers[0] - sum(numbers[1:], ZERO),
    "product": product,
    "quotient": quotient,
    "least": min,
    "greatest": max,
    "average": lambda numbers: sum(numbers, ZERO) / len(numbers),
}
RANKED: dict[str, Callable[[list[Fraction], int], list[Fraction]]] = {
    "lowest": lambda ranked, count: ranked[:count],
    "highest": lambda ranked, count: ranked[max(0, len(ranked) - count) :],
    "drop_lowest": lambda ranked, count: ranked[count:],
    "drop_highest": lambda ranked, count: ranked[: max(0, len(ranked) - count)],
}
