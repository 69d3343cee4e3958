"""Rating: a table and the facts in, charges with their arithmetic out."""

from collections.abc import Callable
from decimal import Decimal, localcontext

from core.money import ZERO, round_cents
from rates.engine.components import Component
from rates.engine.desk import Desk
from rates.engine.facts import RatingFacts
from rates.engine.results import RatedCharge, Rating
from rates.engine.rounding import WORKING, settle
from rates.engine.tariff import Tariff

ENGINE_VERSION = "1"
"""Kept with each bill.  It changes only when a bill made again could come out different."""


def rate(tariff: Tariff, facts: RatingFacts) -> Rating:
    """The charges of one service for one period.

    Each charge is rounded once, half-up, to cents.  Where a table rounds the total only, the charges are cut
    from the running total, so that they still add up to the rounded whole, each within a cent.
    Raises ``RatingError`` when a fact is missing or fits no row.
    """
    with localcontext(WORKING):
        desk = Desk(tariff, facts)
        for derived in tariff.derive:
            desk.current = derived.name
            if derived.when.holds(desk):
                desk.figures[derived.name] = derived.value.of(desk)
        round_next = _running_total() if tariff.rounds_total_only else round_cents
        charges: list[RatedCharge] = []
        worked: dict[str, tuple[Decimal, Decimal]] = {}
        for component in tariff.components:
            charge = _charge(component, desk, round_next)
            head = component.head
            exact, amount = (ZERO, ZERO) if charge is None else (charge.exact, charge.amount)
            billed = exact if tariff.rounds_total_only else amount
            desk.exact[head.id], desk.billed[head.id] = exact, billed
            worked[head.id] = (exact, billed)
            if charge is not None and (amount or head.show_zero):
                charges.append(charge)
        return Rating(tuple(charges), {n: settle(v) for n, v in desk.figures.items()}, worked)


def _charge(component: Component, desk: Desk, round_next: Callable[[Decimal], Decimal]) -> RatedCharge | None:
    head = component.head
    desk.current = head.id
    if head.when.conditions and not head.when.holds(desk):
        return None
    done = component.work(desk)
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


def _running_total() -> Callable[[Decimal], Decimal]:
    reached = Decimal(0)

    def next_part(exact: Decimal) -> Decimal:
        nonlocal reached
        before, reached = reached, reached + exact
        return round_cents(reached) - round_cents(before)

    return next_part
