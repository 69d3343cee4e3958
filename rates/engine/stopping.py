"""Charges that stop by themselves when so much has been charged."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from rates.engine.desk import Desk
from rates.engine.lookups import Value
from rates.engine.results import Step
from rates.engine.wording import money

if TYPE_CHECKING:
    from rates.engine.components.charge import Worked

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Stop:
    """The dollars at which the charge being worked stops."""

    limit: Value

    def cut(self, done: "Worked", desk: Desk) -> "Worked | None":
        """The charge as far as the limit allows; ``None`` when the limit was reached before."""
        limit = self.limit.of(desk)
        before = desk.facts.charged.get(desk.current, _NOTHING)
        left = limit - before
        if left <= 0:
            return None
        exact = max(_NOTHING, min(done.exact, left))
        if exact == done.exact:
            return done
        text = f"Stops at {money(limit)}, {money(before)} charged before: {money(exact)} left"
        step = Step(text, None, None, None, exact - done.exact)
        return done._replace(exact=exact, steps=(*done.steps, step))
