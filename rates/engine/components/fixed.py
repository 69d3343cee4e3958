"""A fixed charge: an amount, chosen by attribute or date if the table says so, times a count."""

from dataclasses import dataclass

from rates.engine.components.charge import DAYS_KEYS, ComponentKind, Head, Worked, words_of
from rates.engine.desk import Desk
from rates.engine.lookups import Value, optional_value, parse_value
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.wording import money, price, shown


@dataclass(frozen=True, slots=True)
class Fixed:
    head: Head
    amount: Value
    times: Value | None
    unit: str | None
    tax_code: None = None

    def work(self, desk: Desk) -> Worked:
        amount = self.amount.of(desk)
        if self.times is None:
            step = Step(f"{self.head.text} = {money(amount)}", None, None, None, amount)
            return Worked(amount, None, None, None, (step,))
        count = self.times.of(desk)
        product = count * amount
        words = f"{shown(count)} {self.unit or ''}".rstrip()
        step = Step(f"{words} × {price(amount)} = {money(product)}", count, self.unit, amount, product)
        return Worked(product, count, self.unit, amount, (step,))


def _parse(reader: Reader, head: Head) -> Fixed:
    reader.only(*DAYS_KEYS, "amount", "times", "unit")
    times = optional_value(reader, "times")
    unit = words_of(times) if times is not None else None
    if reader.has("unit"):
        unit = reader.at("unit").words()
    return Fixed(head, parse_value(reader.at("amount")), times, unit)


FIXED = ComponentKind("fixed", 1, _parse, shows_zero=True, by_days=True)
