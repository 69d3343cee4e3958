"""What holds for every table and every use."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.money import round_cents, total
from rates.engine import Rating, rate
from rates.engine.tariff import parse_tariff
from tests.unit.rate_engine_tables import component, facts, rated, table

prices = st.decimals("0", "99", places=4)
uses = st.decimals("0", "5000", places=3)
units = st.sampled_from(["KGAL", "GAL", "CF", "CCF", "M3"])


@st.composite
def block_lists(draw: st.DrawFn, rising: bool = False) -> list[dict[str, str]]:
    limits = sorted(draw(st.sets(st.integers(1, 3000), min_size=1, max_size=5)))
    found = [draw(prices) for _ in range(len(limits) + 1)]
    if rising:
        found.sort()
    blocks = [{"up_to": str(u), "price": str(p)} for u, p in zip(limits, found, strict=False)]
    return [*blocks, {"price": str(found[-1])}]


def _blocks(blocks: list[dict[str, str]], identity: str = "usage") -> dict[str, Any]:
    return component("blocks", identity, blocks=blocks)


@given(block_lists(rising=True), uses, uses, units)
def test_more_use_never_costs_less(
    blocks: list[dict[str, str]], one: Decimal, other: Decimal, unit: str
) -> None:
    less, more = sorted((one, other))
    content = table(_blocks(blocks))
    assert rated(content, str(less), unit=unit).total <= rated(content, str(more), unit=unit).total


@given(block_lists(rising=True), uses, uses)
def test_in_rising_blocks_a_unit_more_costs_at_least_as_much_as_the_one_before(
    blocks: list[dict[str, str]], start: Decimal, step: Decimal
) -> None:
    content = table(_blocks(blocks))
    first, second, third = (rated(content, str(start + n * step)).charges[0].exact for n in range(3))
    assert third - second >= second - first


@given(block_lists(), uses, units)
def test_the_steps_sum_to_the_charge_and_the_quantities_to_the_use(
    blocks: list[dict[str, str]], use: Decimal, unit: str
) -> None:
    rating = rated(table(_blocks(blocks)), str(use), unit=unit)
    charge = rating.charges[0]
    tiny = Decimal("1e-20")
    assert abs(sum(s.amount for s in charge.steps) - charge.exact) < tiny
    assert abs(sum(s.quantity or 0 for s in charge.steps) - rating.figures["use"]) < tiny


@given(block_lists(), uses)
def test_blocks_agree_with_pricing_each_thousandth_on_its_own(
    blocks: list[dict[str, str]], use: Decimal
) -> None:
    """Another way to the same sum: the price of the last block, corrected at each limit passed."""
    found = Decimal(blocks[-1]["price"]) * use
    for here, above in zip(blocks, blocks[1:], strict=False):
        limit = min(Decimal(here["up_to"]), use)
        found += limit * (Decimal(here["price"]) - Decimal(above["price"]))
    assert rated(table(_blocks(blocks)), str(use)).charges[0].amount == round_cents(found)


def _by_name(rating: Rating) -> dict[str, tuple[Decimal, Decimal]]:
    return {c.component: (c.exact, c.amount) for c in rating.charges}


@given(st.permutations(range(4)), block_lists(), uses)
def test_the_order_of_independent_charges_changes_nothing(
    order: list[int], blocks: list[dict[str, str]], use: Decimal
) -> None:
    parts = [
        _blocks(blocks),
        component("fixed", "service", amount="19.505"),
        component("rider", "rider", price="-0.0097", show_zero=True),
        component("containers", "carts", quantity="carts", first="16", additional="4"),
    ]
    tariffs = [parse_tariff(table(*p)) for p in (parts, [parts[i] for i in order])]
    one, other = (rate(t, facts(str(use), numbers={"carts": "2"})) for t in tariffs)
    assert _by_name(one) == _by_name(other)


@given(st.lists(st.decimals("-50", "500", places=5), min_size=1, max_size=8), st.booleans())
def test_the_total_is_the_sum_of_the_charges(values: list[Decimal], total_only: bool) -> None:
    parts = [component("fixed", f"c{i}", amount=f"{v:f}") for i, v in enumerate(values)]
    rating = rated(table(*parts, currency_rounding="total" if total_only else "charge"))
    assert rating.total == total(c.amount for c in rating.charges)
    if total_only:
        assert rating.total == round_cents(sum(values, Decimal(0)))
    assert all(abs(c.amount - c.exact) <= Decimal("0.01") for c in rating.charges)


@given(block_lists(), uses, st.integers(1, 12))
def test_units_with_equal_shares_pay_what_each_would_pay_alone(
    blocks: list[dict[str, str]], share: Decimal, count: int
) -> None:
    alone = rated(table(_blocks(blocks)), str(share)).charges[0].exact
    scaled = table(component("blocks", blocks=blocks, limits_times="units"))
    together = rated(scaled, str(share * count), numbers={"units": str(count)})
    assert together.charges[0].exact == alone * count
