"""The same as in `test_what_always_holds`, over many more tables; run by `make trials`."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tests.unit.rate_engine_tables import JUNE, table
from tests.unit.rates import what_holds
from tests.unit.rates.made_tables import charges, daily_uses, divisions, independent, splittable_tables
from tests.unit.rates.test_what_always_holds import uses

pytestmark = pytest.mark.trials
EXAMPLES = 5_000

CHECKS: dict[str, tuple[Callable[..., None], tuple[st.SearchStrategy[Any], ...]]] = {
    "split bills": (
        what_holds.split_bills_are_the_whole_bill,
        (splittable_tables(), divisions(), daily_uses),
    ),
    "parts": (
        what_holds.parts_make_the_whole,
        (charges(least=True).map(lambda c: table(*c)), divisions(5), daily_uses),
    ),
    "versions": (
        what_holds.two_versions_are_weighed_by_their_days,
        (independent("a").map(table), independent("a").map(table), divisions(), daily_uses),
    ),
    "more use": (
        what_holds.more_use_costs_no_less,
        (charges(least=True).map(lambda c: table(*c)), st.just(JUNE), st.lists(uses, min_size=2, max_size=5)),
    ),
}


@pytest.mark.parametrize("named_seed", [20260701, 20260702])
@pytest.mark.parametrize("name", CHECKS)
def test_it_holds_for_many_tables(
    name: str, named_seed: int, record_property: Callable[[str, object], None]
) -> None:
    check, drawn = CHECKS[name]
    held = 0

    @seed(named_seed)
    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    @given(st.tuples(*drawn))
    def holds(example: tuple[Any, ...]) -> None:
        nonlocal held
        check(*example)
        held += 1

    holds()
    record_property("examples", held)
    assert held >= EXAMPLES
