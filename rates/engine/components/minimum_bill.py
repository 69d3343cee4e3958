"""A minimum bill: what the listed charges lack to reach an amount."""

from dataclasses import dataclass
from decimal import Decimal

from rates.engine.components.basis import BASIS_KEYS, Basis, parse_basis
from rates.engine.components.charge import DAYS_KEYS, ComponentKind, Head, Worked
from rates.engine.desk import Desk
from rates.engine.inclusive import NetOfTax
from rates.engine.lookups import Value, optional_value, parse_value
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.wording import money


@dataclass(frozen=True, slots=True)
class MinimumBill:
    """Rests on the charges as billed, so that the sum is exactly the minimum."""

    head: Head
    basis: Basis
    amount: Value
    times: Value | None
    net: NetOfTax | None
    tax_code: None = None

    def work(self, desk: Desk) -> Worked:
        amount, charged = self.amount.of(desk), self.basis.of(desk)
        if self.times is not None:
            amount *= self.times.of(desk)
        share = desk.share if self.head.prorated else None
        if share is not None:
            amount = share.of(amount)
        if self.net is not None:
            amount = self.net.of(amount)
        lacking = max(Decimal(0), amount - charged)
        text = f"Minimum bill {money(amount)}, charged {money(charged)}: {money(lacking)} more"
        notes = () if share is None else (share.note("Minimum bill"),)
        return Worked(lacking, None, None, None, (*notes, Step(text, None, None, None, lacking)))


def _parse(reader: Reader, head: Head) -> MinimumBill:
    reader.only(*DAYS_KEYS, *BASIS_KEYS, "amount", "times")
    return MinimumBill(
        head,
        parse_basis(reader, "billed"),
        parse_value(reader.at("amount")),
        optional_value(reader, "times"),
        reader.book.net_of_tax if head.taxable else None,
    )


MINIMUM_BILL = ComponentKind(
    "minimum_bill", 1, _parse, shows_zero=False, by_days=True, itself=True, with_prices=False
)
