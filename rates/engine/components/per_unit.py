"""A price per unit of use or of another quantity; a rider is the same and vanishes at zero."""

from dataclasses import dataclass
from decimal import Decimal

from rates.engine.components.charge import (
    DAYS_KEYS,
    QUANTITY_KEYS,
    ComponentKind,
    Head,
    Quantity,
    Worked,
    parse_per,
    parse_quantity,
)
from rates.engine.desk import Desk
from rates.engine.lookups import Value, parse_value
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.wording import money, price, quantity, shown

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class PerUnit:
    head: Head
    quantity: Quantity
    price: Value
    per: Decimal
    tax_code: None = None

    def work(self, desk: Desk) -> Worked:
        units = self.quantity.of(desk)
        step = priced(units, self.price.of(desk), self.per, self.quantity, desk)
        return Worked(step.amount, units, step.unit, step.price, (step,))


def priced(units: Decimal, at: Decimal, per: Decimal, what: Quantity, desk: Desk) -> Step:
    """One line "units × price per n = amount"; a price of zero reads as included."""
    code = what.code(desk)
    words = quantity(units, code, what.label(desk))
    if not at:
        return Step(f"{words} included", units, code, at, at * units)
    if per == _ONE:
        amount = units * at
        return Step(f"{words} × {price(at)} = {money(amount)}", units, code, at, amount)
    amount = units * at / per
    return Step(f"{words} × {price(at)} per {shown(per)} = {money(amount)}", units, code, at, amount)


def _parse(reader: Reader, head: Head) -> PerUnit:
    reader.only(*DAYS_KEYS, *QUANTITY_KEYS, "price", "per")
    return PerUnit(head, parse_quantity(reader), parse_value(reader.at("price")), parse_per(reader))


PER_UNIT = ComponentKind("per_unit", 1, _parse, shows_zero=True)
RIDER = ComponentKind("rider", 1, _parse, shows_zero=False)
