"""Rating: a table and the facts in, charges with their arithmetic out."""

from collections.abc import Sequence
from decimal import localcontext

from core.money import ZERO
from core.periods import Period
from rates.engine.components import Component
from rates.engine.desk import Desk
from rates.engine.divided import rate_divided
from rates.engine.dividing import BY_DAYS, divided, tiles
from rates.engine.facts import RatingFacts
from rates.engine.results import RatedCharge, Rating
from rates.engine.rounding import WORKING, settle
from rates.engine.tariff import Tariff
from rates.engine.working import Rounded, opened, rounding_of, worked_out

ENGINE_VERSION = "1"
"""Kept with each bill.  It changes only when a bill made again could come out different."""


def rate(tariff: Tariff, facts: RatingFacts) -> Rating:
    """The charges of one service for one period, by one version of its table.

    Each charge is rounded once, half-up, to cents.  Where a table rounds the total only, the charges are cut
    from the running total, so that they still add up to the rounded whole, each within a cent.  A table
    dated by days is worked for each part of the period between its seasons, months and dated values.
    Raises ``RatingError`` when a fact is missing or fits no row.
    """
    if tariff.dated_by == BY_DAYS:
        parts = divided(((facts.period, tariff),))
        if len(parts) > 1:
            return rate_divided(parts, facts)
    with localcontext(WORKING):
        return _undivided(tariff, facts)


def rate_parts(parts: Sequence[tuple[Period, Tariff]], facts: RatingFacts) -> Rating:
    """The charges of one service for one period in which several versions of its table are in force.

    ``parts`` are the versions with their days, in order, as ``pricing_of`` gives them; together they must be
    the period of the facts, and the last one must be dated by days (else ``ValueError``: one version prices
    the whole).  One part is the same as ``rate``.
    """
    if not tiles(parts, facts.period):
        raise ValueError(f"The parts do not make up the period from {facts.period.start}.")
    last = parts[-1][1]
    if len(parts) == 1:
        return rate(last, facts)
    if last.dated_by != BY_DAYS:
        raise ValueError(f"“{last.name}” is not dated by days: one version prices the whole period.")
    return rate_divided(divided(parts), facts)


def _undivided(tariff: Tariff, facts: RatingFacts) -> Rating:
    desk = opened(tariff, facts)
    round_next = rounding_of(tariff)
    charges: list[RatedCharge] = []
    worked = {}
    for component in tariff.components:
        charge = _charge(component, desk, round_next)
        head = component.head
        exact, amount = (ZERO, ZERO) if charge is None else (charge.exact, charge.amount)
        billed = exact if tariff.rounds_total_only else amount
        desk.exact[head.id], desk.billed[head.id] = exact, billed
        worked[head.id] = (exact, billed)
        if charge is not None and (amount or head.show_zero):
            charges.append(charge)
    return Rating(tuple(charges), {n: settle(v) for n, v in desk.figures.items()}, worked, desk.series)


def _charge(component: Component, desk: Desk, round_next: Rounded) -> RatedCharge | None:
    head = component.head
    done = worked_out(component, desk)
    if done is not None and head.stop is not None:
        done = head.stop.cut(done, desk)
    if done is None:
        return None
    exact = settle(done.exact)
    return RatedCharge(
        head.id,
        head.text,
        head.revenue_code,
        head.kind,
        None if done.quantity is None else settle(done.quantity),
        done.unit,
        done.price,
        round_next(exact),
        exact,
        done.steps,
        component.tax_code,
        head.taxable,
    )
