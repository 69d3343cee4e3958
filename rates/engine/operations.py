"""The named operations from which derived quantities are built.

Each takes the numbers of its operands, a series counting as all its numbers, and gives one number or a
series.  ``{"op": "average", "of": [{"op": "lowest", "of": ["winter_use"], "count": 3}]}``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import NamedTuple

from rates.engine.desk import Desk
from rates.engine.lookups import Figure, Value, optional_value, parse_value
from rates.engine.reader import Reader
from rates.engine.rounding import EXACT, Rounding, parse_rounding

Numbers = Sequence[Decimal]
Several = tuple[Decimal, ...]


class Named(NamedTuple):
    """An operation: its name, how it works on (numbers, count), and whether it uses ``count``."""

    name: str
    work: Callable[[Numbers, int], Several]
    counts: bool = False


OPERATIONS = (
    Named("sum", lambda n, _: (sum(n, Decimal(0)),)),
    Named("difference", lambda n, _: (n[0] - sum(n[1:], Decimal(0)),)),
    Named("product", lambda n, _: (prod(n, start=Decimal(1)),)),
    Named("quotient", lambda n, _: (n[0] / prod(n[1:], start=Decimal(1)),)),
    Named("least", lambda n, _: (min(n),)),
    Named("greatest", lambda n, _: (max(n),)),
    Named("average", lambda n, _: (sum(n, Decimal(0)) / len(n),)),
    Named("round", lambda n, _: tuple(n)),
    Named("each", lambda n, _: tuple(n)),
    Named("lowest", lambda n, k: tuple(sorted(n)[:k]), counts=True),
    Named("highest", lambda n, k: tuple(sorted(n)[-k:]), counts=True),
    Named("drop_lowest", lambda n, k: tuple(sorted(n)[k:]), counts=True),
    Named("drop_highest", lambda n, k: tuple(sorted(n)[: max(0, len(n) - k)]), counts=True),
)
_BY_NAME = {o.name: o for o in OPERATIONS}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation with its operands; bounds and rounding apply to each number of the result."""

    named: Named
    operands: tuple[Value, ...]
    count: int
    at_least: Value | None
    at_most: Value | None
    rounding: Rounding

    def several(self, desk: Desk) -> Several:
        """All numbers of the result."""
        numbers: list[Decimal] = []
        for operand in self.operands:
            numbers.extend(_numbers_of(operand, desk))
        if not numbers:
            raise desk.fail(f"“{self.named.name}” has no numbers to work on.", "Enter at least one.")
        try:
            found = self.named.work(numbers, self.count)
        except ArithmeticError:
            raise desk.fail(f"“{self.named.name}” divides by zero.", "Enter a number above zero.") from None
        if self.at_least is not None:
            floor = self.at_least.of(desk)
            found = tuple(max(n, floor) for n in found)
        if self.at_most is not None:
            ceiling = self.at_most.of(desk)
            found = tuple(min(n, ceiling) for n in found)
        return tuple(self.rounding.apply(n) for n in found)

    def of(self, desk: Desk) -> Decimal:
        """The result as one number; a series where one number is needed is an error."""
        found = self.several(desk)
        if len(found) != 1:
            raise desk.fail(
                f"“{self.named.name}” gives {len(found)} numbers where one is needed.",
                "Take their average, sum, least or greatest.",
            )
        return found[0]


def _numbers_of(operand: Value, desk: Desk) -> Several:
    if isinstance(operand, Operation):
        return operand.several(desk)
    if isinstance(operand, Figure):
        return desk.several(operand.name)
    return (operand.of(desk),)


def parse_operation(reader: Reader) -> Operation:
    """``op``, ``of``, and where wished ``count``, ``at_least``, ``at_most`` and ``rounding``."""
    reader.only("op", "of", "count", "at_least", "at_most", "rounding")
    named = _BY_NAME[reader.choice("op", tuple(_BY_NAME))]
    count = 0
    if named.counts:
        found = reader.at("count").number()
        if found < 1 or found != int(found):
            raise reader.at("count").fail("A count is a whole number from 1.", "Write for example 3.")
        count = int(found)
    elif reader.has("count"):
        raise reader.at("count").fail(f"“{named.name}” does not count.", "Remove “count”.")
    return Operation(
        named,
        tuple(parse_value(item) for item in reader.at("of").items()),
        count,
        optional_value(reader, "at_least"),
        optional_value(reader, "at_most"),
        parse_rounding(reader.at("rounding")) if reader.has("rounding") else EXACT,
    )
