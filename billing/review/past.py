"""What is known of an account's earlier bills, in short.  Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PastUse:
    """A service's use over its account's last bills, at most twelve, in one unit.

    ``last`` and ``year`` are (use, days) of the last bill and of the one a year ago; days count each
    register's own.
    """

    bills: int
    unused: int
    use: Decimal
    days: int
    last: tuple[Decimal, int] | None
    year: tuple[Decimal, int] | None


@dataclass(frozen=True, slots=True)
class RegisterWas:
    """A register as the last bill saw it."""

    unit: str
    digits: int
    multiplier: Decimal
    dead_zeros: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """An account's live bills before the one at hand: at most twelve, in dollars.

    ``registers`` are those of the last bill, by service and register; ``uses`` is by service and unit.
    """

    bills: int = 0
    usual: Decimal | None = None
    last: Decimal | None = None
    year: Decimal | None = None
    registers: Mapping[int, Mapping[int, RegisterWas]] = field(default_factory=dict)
    uses: Mapping[tuple[int, str], PastUse] = field(default_factory=dict)


NO_PAST = Past()
