"""One charge at its desk, and the rounding of the charges in their order."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.money import round_cents
from rates.engine.components import Component
from rates.engine.components.charge import Worked
from rates.engine.desk import Desk
from rates.engine.facts import RatingFacts
from rates.engine.tariff import Tariff

Rounded = Callable[[Decimal], Decimal]

_FINE = Decimal("1e-20")
"""A sum of settled charges is taken to so many places: thirds that make half a cent make it."""


def opened(tariff: Tariff, facts: RatingFacts, day: date | None = None) -> Desk:
    """A desk with the derived quantities worked, for the last day of a part if one is given."""
    desk = Desk(tariff, facts, day)
    for derived in tariff.derive:
        desk.current = derived.name
        if derived.when.holds(desk):
            desk.figures[derived.name] = derived.value.of(desk)
    return desk


def worked_out(component: Component, desk: Desk) -> Worked | None:
    """The charge before any limit of its own, not rounded; ``None`` if it does not apply."""
    head = component.head
    desk.current = head.id
    if head.when.conditions and not head.when.holds(desk):
        return None
    done = component.work(desk)
    for then in head.after:
        done = then(done, desk)
    return done


def rounding_of(tariff: Tariff) -> Rounded:
    """How the next charge is rounded: by itself, or cut from the running total."""
    return _running_total() if tariff.rounds_total_only else round_cents


def _running_total() -> Rounded:
    reached = Decimal(0)

    def next_part(exact: Decimal) -> Decimal:
        nonlocal reached
        before, reached = reached, reached + exact
        return _cents(reached) - _cents(before)

    return next_part


def _cents(reached: Decimal) -> Decimal:
    return round_cents(reached.quantize(_FINE, ROUND_HALF_UP))
