"""Random meters of a service: one, one after another, two at once; dials that pass their last number."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from tests.oracle.metering import Register


def make_registers(rng: Random, unit: str, units: tuple[str, ...], start: date, end: date) -> list[Register]:
    """The registers that counted a service's use; together they cover the period."""
    found = []
    for since, until in _spans(rng, start, end):
        found.append(_register(rng, unit if rng.random() < 0.7 else rng.choice(units), since, until))
    if rng.random() < 0.15:
        found.append(_register(rng, unit, start, end))
    return found


def _spans(rng: Random, start: date, end: date) -> Iterator[tuple[date, date]]:
    days = (end - start).days
    if days < 2 or rng.random() < 0.4:
        yield start, end
        return
    changed = start + timedelta(days=rng.randint(1, days - 1))
    yield start, changed
    yield changed, end


def _register(rng: Random, unit: str, since: date, until: date) -> Register:
    digits = rng.randint(4, 7)
    limit = 10**digits
    earlier = rng.choice((0, limit - 1, rng.randrange(limit)))
    turned = rng.choice((0, 1, rng.randint(0, 40), rng.randint(0, limit // 4)))
    rolled_over = earlier + turned >= limit
    return Register(
        unit,
        digits,
        rng.choice((Fraction(1), Fraction(1), Fraction(10), Fraction(1, 10), Fraction(80))),
        rng.choice((0, 0, 0, 1, 2)),
        Fraction(earlier),
        Fraction((earlier + turned) % limit),
        rolled_over,
        since,
        until,
    )
