"""A maximum bill: what the listed charges exceed an amount by is taken off again."""

from decimal import Decimal

from rates.engine.components.charge import ComponentKind, Worked
from rates.engine.components.minimum_bill import Bound, bound_of
from rates.engine.desk import Desk
from rates.engine.results import Step
from rates.engine.wording import money


class MaximumBill(Bound):
    """Never above zero."""

    def work(self, desk: Desk) -> Worked:
        amount, charged, notes = self.compared(desk, "Maximum bill")
        beyond = min(Decimal(0), amount - charged)
        text = f"Maximum bill {money(amount)}, charged {money(charged)}: {money(-beyond)} less"
        return Worked(beyond, None, None, None, (*notes, Step(text, None, None, None, beyond)))


MAXIMUM_BILL = ComponentKind(
    "maximum_bill",
    1,
    bound_of(MaximumBill),
    shows_zero=False,
    by_days=True,
    itself=True,
    with_prices=False,
)
