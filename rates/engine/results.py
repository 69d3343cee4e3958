"""What rating gives back: charges in cents, their unrounded parts, and the figures behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from core.money import total
from rates.engine.rounding import WORKING


class Step(NamedTuple):
    """One line of arithmetic that a customer can follow; ``amount`` is not rounded.

    The amounts of a charge's steps add up to its exact amount.  A step ``under`` another shows how that
    one came about, in a part of a divided period; its own ``amount`` is 0, and its words say what it is.
    """

    text: str
    quantity: Decimal | None
    unit: str | None
    price: Decimal | None
    amount: Decimal
    under: bool = False


class RatedCharge(NamedTuple):
    """A charge as it goes on the bill.

    ``amount`` is in whole cents, ``exact`` before rounding.  ``unit`` is the unit code when the
    quantity is the use, otherwise the words of the table (``carts``).  ``price`` is ``None`` when there
    is more than one.  ``tax_code`` is set on taxes only.
    """

    component: str
    text: str
    revenue_code: str
    kind: str
    quantity: Decimal | None
    unit: str | None
    price: Decimal | None
    amount: Decimal
    exact: Decimal
    steps: tuple[Step, ...]
    tax_code: str | None
    taxable: bool


@dataclass(frozen=True, slots=True)
class Rating:
    """The charges that are shown, in the order of the table, and the figures they rest on.

    ``figures`` holds ``use`` (as billed, in the unit of the table) and every derived quantity.
    ``worked`` holds (exact, billed) of *every* component, also of those not shown or not in season.
    ``series`` holds the numbers of each look-back that a charge asked for, in the unit of the table.
    """

    charges: tuple[RatedCharge, ...]
    figures: Mapping[str, Decimal]
    worked: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    series: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """The sum of the rounded charges."""
        return total(c.amount for c in self.charges)

    def others(self, service_type: str) -> dict[str, Decimal]:
        """The entries for ``RatingFacts.others`` of services rated after this one."""
        found: dict[str, Decimal] = {}
        exact_sum = billed_sum = Decimal(0)
        for component, (exact, billed) in self.worked.items():
            found[f"{service_type}.{component}"] = exact
            found[f"{service_type}.{component}.billed"] = billed
            exact_sum = WORKING.add(exact_sum, exact)
            billed_sum = WORKING.add(billed_sum, billed)
        found[f"{service_type}.all"] = exact_sum
        found[f"{service_type}.all.billed"] = billed_sum
        return found
