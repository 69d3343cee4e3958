"""The arithmetic of a divided period in words."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from core.periods import Period
from rates.engine.components.charge import Worked
from rates.engine.components.percent import percent_step
from rates.engine.results import Step
from rates.engine.rounding import settle
from rates.engine.wording import money, shown

_NOTHING = Decimal(0)
_DAY = timedelta(days=1)


class Told(NamedTuple):
    """A charge as one part works it, for the whole period."""

    period: Period
    days: Decimal
    done: Worked


def told(parts: Sequence[Told], exact: Decimal, days: Decimal, *, everywhere: bool) -> Worked:
    """The charge over the parts to which it applies; ``everywhere`` when these are all parts.

    When all parts work it in the same way their steps stand once, not divided.
    """
    groups = _alike(parts)
    first = parts[-1].done
    if everywhere and len(groups) == 1:
        return first._replace(exact=exact)
    if everywhere and (one_line := _one_per_cent(groups, exact, days)):
        return first._replace(exact=exact, steps=(one_line,))
    steps: list[Step] = []
    told_before = _NOTHING
    for place, group in enumerate(groups):
        # The last line takes what the divisions of the others left over, so that the lines add up.
        amount = group.done.exact * group.days / days
        amount = exact - told_before if place == len(groups) - 1 else amount
        told_before += amount
        steps.append(_line(group, amount, days))
        steps += _under(group.done.steps)
    same = {(t.done.quantity, t.done.unit) for t in parts}
    price = first.price if len({t.done.price for t in parts}) == 1 else None
    quantity, unit = (first.quantity, first.unit) if len(same) == 1 else (None, None)
    return Worked(exact, quantity, unit, price, tuple(steps))


def _under(steps: Sequence[Step]) -> list[Step]:
    """How a part came to its amount; nothing where that is only its name and the amount over again."""
    if len(steps) == 1 and steps[0].quantity is None:
        return []
    return [s._replace(amount=_NOTHING, under=True) for s in steps]


def _alike(parts: Sequence[Told]) -> list[Told]:
    """Neighbours that work the charge in the same way, together."""
    found: list[Told] = []
    for part in parts:
        before = found[-1] if found else None
        if before and before.period.end == part.period.start and before.done == part.done:
            days = Period(before.period.start, part.period.end)
            found[-1] = Told(days, before.days + part.days, part.done)
        else:
            found.append(part)
    return found


def _one_per_cent(groups: Sequence[Told], exact: Decimal, days: Decimal) -> Step | None:
    """The same per cent in all parts is that per cent of the whole charges; told in one line."""
    steps = [(g.days, g.done.steps[0], g.done.gross_up) for g in groups]
    _, first, gross_up = steps[0]
    alike = all(step.price == first.price and gross == gross_up for _, step, gross in steps)
    if gross_up is None or first.price is None or not alike:
        return None
    ground = sum((n * (step.quantity or _NOTHING) for n, step, _ in steps), _NOTHING) / days
    return percent_step(first.price, settle(ground), exact, gross_up=gross_up)


def _line(group: Told, amount: Decimal, days: Decimal) -> Step:
    """``Jun 1 – Jun 18, 18 of 30 days: 27.50 × 18 ÷ 30 = 16.50``."""
    start, end = group.period.start, group.period.start + timedelta(days=int(group.days)) - _DAY
    when = f"{start:%b %-d}" if start == end else f"{start:%b %-d} – {end:%b %-d}"
    some, whole = shown(group.days), shown(days)
    text = f"{when}, {some} of {whole} days: {money(group.done.exact)} × {some} ÷ {whole} = {money(amount)}"
    return Step(text, None, None, None, amount)
