"""Prices that contain their tax: the charge without it, which a tax of the table adds again."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from rates.engine.desk import Desk
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.wording import money, shown

if TYPE_CHECKING:
    from rates.engine.components.charge import Worked

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class NetOfTax:
    """So many per cent are contained in the price."""

    percent: Decimal

    def of(self, amount: Decimal) -> Decimal:
        """The amount without the tax; divided last."""
        return amount * _HUNDRED / (_HUNDRED + self.percent)

    @property
    def words(self) -> str:
        return f"× 100 ÷ {shown(_HUNDRED + self.percent)}"

    def __call__(self, done: "Worked", desk: Desk) -> "Worked":
        exact = self.of(done.exact)
        text = f"Tax of {shown(self.percent)} % within: {self.words} = {money(exact)}"
        step = Step(text, None, None, None, exact - done.exact)
        return done._replace(exact=exact, steps=(*done.steps, step))


def parse_inclusive(reader: Reader) -> NetOfTax:
    """``"10"``: the per cent of tax in the prices."""
    found = reader.number()
    if found <= 0:
        raise reader.fail(
            "The tax within must be more than zero.", "Remove the entry, or write for example 10."
        )
    return NetOfTax(found)
