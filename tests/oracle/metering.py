"""What a service's meters measured in a period, also when one took another's place."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.oracle.account import Metered
from tests.oracle.exact import NoPrice
from tests.oracle.units import convert

TEN = Fraction(10)


@dataclass(frozen=True)
class Register:
    """One register between two readings of its dial.

    ``dead_zeros`` are painted behind the ``digits`` that turn; ``rolled_over``: it passed its last number.
    """

    unit: str
    digits: int
    multiplier: Fraction
    dead_zeros: int
    earlier: Fraction
    later: Fraction
    rolled_over: bool
    since: date
    until: date

    @property
    def use(self) -> Fraction:
        """What went through it, in its unit."""
        turned = self.later - self.earlier
        if self.rolled_over:
            turned += TEN**self.digits
        if turned < 0:
            raise NoPrice("The meter went backwards.")
        return turned * TEN**self.dead_zeros * self.multiplier


def together(registers: list[Register]) -> Metered:
    """The use of all of them, in the unit of the first."""
    unit = registers[0].unit
    total = Fraction(0)
    for register in registers:
        total += convert(register.use, register.unit, unit, [], Fraction)
    return Metered(total, unit)
