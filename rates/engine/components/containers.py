"""Containers, taps or dwellings: the first at one price, each additional one at another."""

from dataclasses import dataclass
from decimal import Decimal

from rates.engine.components.charge import DAYS_KEYS, ComponentKind, Head, Quantity, Worked, parse_quantity
from rates.engine.desk import Desk
from rates.engine.lookups import Value, parse_value
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.wording import money, price, shown

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Containers:
    """``first`` is the price of each of the first ``first_count`` containers."""

    head: Head
    quantity: Quantity
    first: Value
    additional: Value
    first_count: Decimal
    tax_code: None = None

    def work(self, desk: Desk) -> Worked:
        count = self.quantity.of(desk)
        if count < 0:
            raise desk.fail(f"{shown(count)} containers cannot be billed.", "Enter zero or more.")
        label = self.quantity.label(desk)
        few = min(count, self.first_count)
        steps = [_step(few, label, self.first.of(desk))]
        if count > few:
            steps.append(_step(count - few, f"additional {label}", self.additional.of(desk)))
        one_price = steps[0].price if len(steps) == 1 else None
        return Worked(sum((s.amount for s in steps), _ZERO), count, label, one_price, tuple(steps))


def _step(count: Decimal, label: str, at: Decimal) -> Step:
    amount = count * at
    return Step(f"{shown(count)} {label} × {price(at)} = {money(amount)}", count, label, at, amount)


def _parse(reader: Reader, head: Head) -> Containers:
    reader.only(*DAYS_KEYS, "quantity", "unit", "first", "additional", "first_count")
    reader.at("quantity")
    count = reader.at("first_count").number() if reader.has("first_count") else Decimal(1)
    if count <= 0:
        raise reader.at("first_count").fail("A count must be more than zero.", "Write for example 2.")
    return Containers(
        head,
        parse_quantity(reader),
        parse_value(reader.at("first")),
        parse_value(reader.at("additional")),
        count,
    )


CONTAINERS = ComponentKind("containers", 1, _parse, shows_zero=True, by_days=True)
