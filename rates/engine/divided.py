"""A period in parts: each part prices the whole period, and counts by its days.

What follows from it: a charge is Σ days × exact ÷ all days, added before it is divided, and rounded once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import NamedTuple

from core.money import ZERO
from core.periods import Period
from rates.engine.components import Component
from rates.engine.components.charge import Worked
from rates.engine.desk import Desk
from rates.engine.facts import RatingFacts
from rates.engine.ordering import one_order
from rates.engine.part_steps import Told, told
from rates.engine.results import RatedCharge, Rating
from rates.engine.rounding import WORKING, settle
from rates.engine.tariff import Tariff
from rates.engine.working import Rounded, opened, rounding_of, worked_out

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """Some days of the period with the version that prices them, and its charges by id."""

    period: Period
    days: Decimal
    desk: Desk
    components: Mapping[str, Component]


class _Whole(NamedTuple):
    """A charge over all parts: what it comes to, and what it comes to in each of the parts."""

    done: Worked
    shares: tuple[Decimal, ...]


class _Entry(NamedTuple):
    """A charge as later ones find it; ``sum`` is what ``exact`` was before it was settled."""

    shares: tuple[Decimal, ...]
    sum: Decimal
    exact: Decimal
    billed: Decimal


@dataclass(slots=True)
class _Bill:
    """The bill while it is made: the parts, and the whole charges so far."""

    parts: Sequence[Part]
    days: Decimal
    total_only: bool
    round_next: Rounded
    exact: dict[str, Decimal]
    billed: dict[str, Decimal]


def rate_divided(pieces: Sequence[tuple[Period, Tariff]], facts: RatingFacts) -> Rating:
    """The charges of a period in the parts given, which are together the period of the facts."""
    with localcontext(WORKING):
        parts = [_part(period, tariff, facts) for period, tariff in pieces]
        last = pieces[-1][1]
        days = sum((p.days for p in parts), _NOTHING)
        bill = _Bill(parts, days, last.rounds_total_only, rounding_of(last), {}, {})
        charges = [_charge(name, bill) for name in one_order([tuple(p.components) for p in parts])]
        desk = parts[-1].desk
        return Rating(
            tuple(c for c in charges if c is not None),
            {n: settle(v) for n, v in desk.figures.items()},
            {n: (exact, bill.billed[n]) for n, exact in bill.exact.items()},
            desk.series,
        )


def _part(period: Period, tariff: Tariff, facts: RatingFacts) -> Part:
    days = period.days
    last = period.start.fromordinal(period.start.toordinal() + days - 1)
    named = {c.head.id: c for c in tariff.components}
    return Part(period, Decimal(days), opened(tariff, facts, last), named)


def _charge(name: str, bill: _Bill) -> RatedCharge | None:
    """The whole charge, entered at every desk; ``None`` when it is not on the bill."""
    last = next(p for p in reversed(bill.parts) if name in p.components)
    head = last.components[name].head
    found = _once(name, last, bill) if head.once else _over_parts(name, bill)
    done = None if found is None else _stopped(found.done, last, name)
    if found is None or done is None:
        _enter(name, bill, _Entry((_NOTHING,) * len(bill.parts), _NOTHING, ZERO, ZERO))
        return None
    exact = settle(done.exact)
    amount = bill.round_next(exact)
    shares = found.shares
    if done is not found.done:  # cut by its limit: so is every part of it
        before = found.done.exact
        shares = tuple(s * done.exact / before if before else _NOTHING for s in shares)
    _enter(name, bill, _Entry(shares, done.exact, exact, exact if bill.total_only else amount))
    if not amount and not head.show_zero:
        return None
    return RatedCharge(
        head.id,
        head.text,
        head.revenue_code,
        head.kind,
        None if done.quantity is None else settle(done.quantity),
        done.unit,
        done.price,
        amount,
        exact,
        done.steps,
        last.components[name].tax_code,
        head.taxable,
    )


def _over_parts(name: str, bill: _Bill) -> _Whole | None:
    """Each part works the whole period; its charge counts by its days."""
    shares: list[Decimal] = []
    applied: list[Told] = []
    for part in bill.parts:
        component = part.components.get(name)
        done = None if component is None else worked_out(component, part.desk)
        shares.append(_NOTHING if done is None else done.exact)
        if done is not None:
            applied.append(Told(part.period, part.days, done))
    if not applied:
        return None
    weighed = sum((p.days * s for p, s in zip(bill.parts, shares, strict=True)), _NOTHING)
    everywhere = len(applied) == len(bill.parts)
    return _Whole(told(applied, weighed / bill.days, bill.days, everywhere=everywhere), tuple(shares))


def _once(name: str, last: Part, bill: _Bill) -> _Whole | None:
    """A charge that rests on the whole charges: worked by the last part that has it."""
    done = worked_out(last.components[name], last.desk.of_whole(bill.exact, bill.billed))
    return None if done is None else _Whole(done, (done.exact,) * len(bill.parts))


def _stopped(done: Worked, last: Part, name: str) -> Worked | None:
    stop = last.components[name].head.stop
    if stop is None:
        return done
    last.desk.current = name
    return stop.cut(done, last.desk)


def _enter(name: str, bill: _Bill, entry: _Entry) -> None:
    """What later charges rest on: in each part its own exact charge, and its part of the charge as billed.

    The part is of the sum before it is settled, as the shares are: a true half must remain one.
    """
    bill.exact[name], bill.billed[name] = entry.exact, entry.billed
    for part, share in zip(bill.parts, entry.shares, strict=True):
        part.desk.exact[name] = share
        if bill.total_only:
            part.desk.billed[name] = share
        else:
            part.desk.billed[name] = share * entry.billed / entry.sum if entry.sum else _NOTHING
