"""What must hold for every rate table, as plain checks; tests and long trials draw examples for them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.money import CENT
from core.periods import Period
from rates.engine import RatingFacts, parse_tariff, rate, rate_parts
from tests.unit.rates.made_tables import whole

GIVEN: dict[str, Any] = {"numbers": {"carts": Decimal(3), "area": Decimal(12)}}


def facts(period: Period, use: Decimal) -> RatingFacts:
    return RatingFacts(period, period.days, use, "KGAL", **GIVEN)


def split_bills_are_the_whole_bill(content: dict[str, Any], parts: Sequence[Period], daily: Decimal) -> None:
    """Two bills for two parts of a period are the one bill, within a cent for each charge."""
    tariff = parse_tariff(content)
    assert tariff.splittable
    one = rate(tariff, facts(whole(parts), daily * whole(parts).days))
    bills = [rate(tariff, facts(p, daily * p.days)) for p in parts]
    for component in one.worked:
        together = sum(_amount(bill, component) for bill in bills)
        assert abs(together - _amount(one, component)) <= CENT


def _amount(rating: Any, component: str) -> Decimal:
    return sum((c.amount for c in rating.charges if c.component == component), Decimal(0))


def parts_make_the_whole(content: dict[str, Any], parts: Sequence[Period], daily: Decimal) -> None:
    """Dividing one bill where nothing changes changes nothing, not even what is before rounding."""
    tariff = parse_tariff({**content, "dated_by": "days"})
    given = facts(whole(parts), daily * whole(parts).days)
    one, divided = rate(tariff, given), rate_parts([(p, tariff) for p in parts], given)
    assert [(c.component, c.amount) for c in divided.charges] == [
        (c.component, c.amount) for c in one.charges
    ]
    for name, (exact, billed) in one.worked.items():
        assert abs(divided.worked[name][0] - exact) < Decimal("1e-25")
        assert divided.worked[name][1] == billed


def two_versions_are_weighed_by_their_days(
    one: dict[str, Any], other: dict[str, Any], parts: Sequence[Period], daily: Decimal
) -> None:
    """A charge in two versions lies between the two, at the place of its days."""
    period = whole(parts)
    given = facts(period, daily * period.days)
    tariffs = [parse_tariff({**t, "dated_by": "days"}) for t in (one, other)]
    found = rate_parts([(p, t) for p, t in zip(parts, tariffs, strict=True)], given)
    alone = [rate(t, given) for t in tariffs]
    for name in set(alone[0].worked) | set(alone[1].worked):
        exacts = [a.worked[name][0] if name in a.worked else Decimal(0) for a in alone]
        expected = sum((p.days * e for p, e in zip(parts, exacts, strict=True)), Decimal(0)) / period.days
        assert abs(found.worked[name][0] - expected) < Decimal("1e-20")


def more_use_costs_no_less(content: dict[str, Any], period: Period, uses: Sequence[Decimal]) -> None:
    """Unless a charge says that it falls with use."""
    tariff = parse_tariff(content)
    assert not any(c.head.falls_with_use for c in tariff.components)
    totals = [rate(tariff, facts(period, use)).total for use in sorted(uses)]
    assert totals == sorted(totals)


def order_changes_nothing(
    content: dict[str, Any], order: Sequence[int], parts: Sequence[Period], daily: Decimal
) -> None:
    """Charges in another order that keeps each behind those it rests on."""
    components = content["components"]
    other = {**content, "components": in_order([components[i] for i in order])}
    given = facts(whole(parts), daily * whole(parts).days)
    ratings = []
    for one in (content, other):
        tariff = parse_tariff({**one, "dated_by": "days"})
        ratings.append(rate_parts([(p, tariff) for p in parts], given))
    first, second = ({c.component: (c.amount, c.exact) for c in r.charges} for r in ratings)
    assert first == second
    assert ratings[0].worked == ratings[1].worked


def in_order(components: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """As given, but each behind those that it lists."""
    found: list[dict[str, Any]] = []
    waiting = list(components)
    while waiting:
        placed = {c["id"] for c in found}
        ready = next(c for c in waiting if placed >= set(c.get("of", ())))
        waiting.remove(ready)
        found.append(ready)
    return found
