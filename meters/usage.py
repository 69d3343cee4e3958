"""How far a register advanced between two readings.  Pure.

Use = (later − earlier, modulo the dial limit) × the step, never below zero unless the register may
run backwards.  A later reading that is lower is a rollover only when the advance past the limit is
plausible; otherwise it went backwards, and somebody must look.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.quantities import UNITS

DEMAND = frozenset({"demand", "apparent"})
"""Kinds of units that are not used up in days: the highest power drawn, whatever the length of the period."""

BESIDE = DEMAND | {"reactive"}
"""Kinds of units that are read beside the use and never added to it."""

REGISTERS = {
    "": "",
    "L": "low side",
    "H": "high side",
    "E": "energy",
    "D": "demand",
    "P": "on peak",
    "O": "off peak",
}
"""What the registers of a meter are for, by their codes; a meter may have others."""


def register_words(code: str) -> str:
    """What a register is for, in words; nothing for the only one."""
    return REGISTERS.get(code, f"register {code}")


def is_demand(unit: str) -> bool:
    """Whether a register of that unit shows the highest power drawn since it was set back."""
    return unit in UNITS and UNITS[unit].kind in DEMAND


def is_use(unit: str) -> bool:
    """Whether what a register of that unit counts is the use of its service."""
    return unit not in UNITS or UNITS[unit].kind not in BESIDE


@dataclass(frozen=True, slots=True)
class Dial:
    """A register's dial: ``digits`` that turn, what one of them counts, and whether it may run back.

    ``dead_zeros`` are painted behind the digits that turn and never change.  They are not read, so one
    step of what is read stands for ten, a hundred … of what the register counts.
    """

    digits: int
    multiplier: Decimal = Decimal(1)
    may_run_backwards: bool = False
    dead_zeros: int = 0

    @property
    def limit(self) -> Decimal:
        """The first value the dial cannot show."""
        return Decimal(10) ** self.digits

    @property
    def step(self) -> Decimal:
        """What one step of the dial counts, in the register's unit: the dead zeros and the multiplier."""
        return Decimal(10) ** self.dead_zeros * self.multiplier


@dataclass(frozen=True, slots=True)
class Advance:
    """``use`` in the register's unit, and how it came about."""

    use: Decimal
    kind: Literal["forward", "rollover", "backwards"]


def advance(dial: Dial, earlier: Decimal, later: Decimal, *, rolled_over: bool | None = None) -> Advance:
    """How far the dial went from ``earlier`` to ``later``, both read without the dead zeros.

    ``rolled_over`` is what was decided when the reading was taken in; ``None`` decides now: passing
    the limit by less than a quarter of the dial is a rollover.  For ``backwards`` the use is below
    zero and must not be billed unless the register may run that way.
    """
    if later >= earlier:
        return Advance((later - earlier) * dial.step, "forward")
    if dial.may_run_backwards:
        return Advance((later - earlier) * dial.step, "backwards")
    wrapped = dial.limit + later - earlier
    if rolled_over or (rolled_over is None and wrapped < dial.limit / 4):
        return Advance(wrapped * dial.step, "rollover")
    return Advance((later - earlier) * dial.step, "backwards")


def counted(
    unit: str, dial: Dial, earlier: Decimal, later: Decimal, *, rolled_over: bool | None = None
) -> Advance:
    """What a register of that unit counted between two readings.

    A demand is set back at each reading: it counts what it shows, whatever it showed before.  Everything
    else is the ``advance``.
    """
    if is_demand(unit):
        return Advance(later * dial.step, "forward")
    return advance(dial, earlier, later, rolled_over=rolled_over)
