"""A minimum bill: what the listed charges lack to reach an amount."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from rates.engine.components.basis import BASIS_KEYS, Basis, parse_basis
from rates.engine.components.charge import DAYS_KEYS, Component, ComponentKind, Head, Worked
from rates.engine.desk import Desk
from rates.engine.inclusive import NetOfTax
from rates.engine.lookups import Value, optional_value, parse_value
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.wording import money


@dataclass(frozen=True, slots=True)
class Bound:
    """An amount that listed charges are held against, as billed: their sum comes to exactly the amount."""

    head: Head
    basis: Basis
    amount: Value
    times: Value | None
    net: NetOfTax | None
    tax_code: None = None

    def compared(self, desk: Desk, said: str) -> tuple[Decimal, Decimal, tuple[Step, ...]]:
        """The amount for this period, the charges, and what is said of the days."""
        amount, charged = self.amount.of(desk), self.basis.of(desk)
        if self.times is not None:
            amount *= self.times.of(desk)
        share = desk.share if self.head.prorated else None
        if share is not None:
            amount = share.of(amount)
        if self.net is not None:
            amount = self.net.of(amount)
        return amount, charged, () if share is None else (share.note(said),)


class MinimumBill(Bound):
    """Never below zero."""

    def work(self, desk: Desk) -> Worked:
        amount, charged, notes = self.compared(desk, "Minimum bill")
        lacking = max(Decimal(0), amount - charged)
        text = f"Minimum bill {money(amount)}, charged {money(charged)}: {money(lacking)} more"
        return Worked(lacking, None, None, None, (*notes, Step(text, None, None, None, lacking)))


def bound_of(made: Callable[..., Component]) -> Callable[[Reader, Head], Component]:
    """How a bound of that class is read."""

    def parse(reader: Reader, head: Head) -> Component:
        reader.only(*DAYS_KEYS, *BASIS_KEYS, "amount", "times")
        return made(
            head,
            parse_basis(reader, "billed"),
            parse_value(reader.at("amount")),
            optional_value(reader, "times"),
            reader.book.net_of_tax if head.taxable else None,
        )

    return parse


MINIMUM_BILL = ComponentKind(
    "minimum_bill",
    1,
    bound_of(MinimumBill),
    shows_zero=False,
    by_days=True,
    itself=True,
    with_prices=False,
)
