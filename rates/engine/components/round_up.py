"""Rounding up: what the listed charges lack to the next whole dollar, as a donation."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from rates.engine.components.basis import BASIS_KEYS, Basis, parse_basis
from rates.engine.components.charge import HEAD_KEYS, ComponentKind, Head, Worked
from rates.engine.desk import Desk
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.wording import money

_NOTHING = Decimal(0)
_FINE = Decimal("1e-20")
"""Unrounded charges are settled one by one; their sum may miss a whole dollar by less than this."""


@dataclass(frozen=True, slots=True)
class RoundUp:
    """Rests on the charges as billed unless the table says ``exact``."""

    head: Head
    basis: Basis
    step: Decimal
    tax_code: None = None

    def work(self, desk: Desk) -> Worked:
        charged = self.basis.of(desk)
        reached = (charged.quantize(_FINE) / self.step).to_integral_value(rounding=ROUND_CEILING) * self.step
        lacking = max(_NOTHING, reached - charged)
        text = f"From {money(charged)} up to {money(reached)}: {money(lacking)} more"
        return Worked(lacking, None, None, None, (Step(text, None, None, None, lacking),))


def _parse(reader: Reader, head: Head) -> RoundUp:
    reader.only(*HEAD_KEYS, *BASIS_KEYS, "step")
    step = reader.at("step").number() if reader.has("step") else Decimal(1)
    if step <= 0:
        raise reader.at("step").fail("A step must be more than zero.", "Write for example 1 or 0.05.")
    return RoundUp(head, parse_basis(reader, "billed"), step)


ROUND_UP = ComponentKind("round_up", 1, _parse, shows_zero=False, with_prices=False, once=True)
