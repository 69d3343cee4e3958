"""A minimum that includes some use; beyond it the rest, or from a threshold the whole, in blocks."""

from dataclasses import dataclass
from decimal import Decimal

from rates.engine.components.blocks import BLOCK_KEYS, BlockTable, parse_table
from rates.engine.components.charge import (
    DAYS_KEYS,
    QUANTITY_KEYS,
    ComponentKind,
    Head,
    Quantity,
    Worked,
    parse_quantity,
)
from rates.engine.desk import Desk
from rates.engine.lookups import Value, optional_value, parse_value
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.rounding import settle
from rates.engine.wording import money, quantity

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Minimum:
    """``beyond`` is ``rest`` (minimum plus the use above it) or ``all`` (the whole use instead of it)."""

    head: Head
    quantity: Quantity
    amount: Value
    includes: Value
    times: Value | None
    beyond: str
    table: BlockTable
    tax_code: None = None

    def work(self, desk: Desk) -> Worked:
        units, amount, included = self.quantity.of(desk), self.amount.of(desk), self.includes.of(desk)
        if self.times is not None:
            count = self.times.of(desk)
            amount, included = amount * count, included * count
        included = max(_ZERO, included)
        share = desk.share if self.head.prorated else None
        if share is not None:
            amount, included = share.of(amount), share.of(included)
        code = self.quantity.code(desk)
        words = quantity(included, code, self.quantity.label(desk))
        first = Step(f"Minimum, includes {words} = {money(amount)}", None, None, None, amount)
        if settle(units) <= settle(included):
            steps: tuple[Step, ...] = (first,)
        elif self.beyond == "all":
            steps = self.table.steps(_ZERO, units, self.quantity, desk, share)
        else:
            steps = (first, *self.table.steps(included, units, self.quantity, desk, share))
        if share is not None:
            steps = (share.note("Minimum and limits"), *steps)
        return Worked(sum((s.amount for s in steps), _ZERO), units, code, None, steps)


def _parse(reader: Reader, head: Head) -> Minimum:
    reader.only(*DAYS_KEYS, *QUANTITY_KEYS, *BLOCK_KEYS, "amount", "includes", "times", "beyond")
    return Minimum(
        head,
        parse_quantity(reader),
        parse_value(reader.at("amount")),
        parse_value(reader.at("includes")),
        optional_value(reader, "times"),
        reader.choice("beyond", ("rest", "all"), otherwise="rest"),
        parse_table(reader),
    )


MINIMUM = ComponentKind("minimum", 1, _parse, shows_zero=True, by_days=True, itself=True)
