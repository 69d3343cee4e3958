"""What holds for every table: two hundred examples here, many more in the trials."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.periods import Period
from tests.unit.rate_engine_tables import JUNE, component, rated, table
from tests.unit.rates import what_holds
from tests.unit.rates.made_tables import charges, daily_uses, divisions, independent, splittable_tables

uses = st.decimals("0", "500", places=3)
examples = settings(max_examples=200, deadline=None)


@examples
@given(splittable_tables(), divisions(), daily_uses)
def test_a_splittable_table_bills_two_parts_as_the_whole(
    content: dict[str, Any], parts: list[Period], daily: Decimal
) -> None:
    what_holds.split_bills_are_the_whole_bill(content, parts, daily)


@examples
@given(charges(least=True), divisions(most=4), daily_uses, st.sampled_from(["charge", "total"]))
def test_dividing_where_nothing_changes_changes_nothing(
    components: list[dict[str, Any]], parts: list[Period], daily: Decimal, rounding: str
) -> None:
    content = table(*components, currency_rounding=rounding)
    what_holds.parts_make_the_whole(content, parts, daily)


@examples
@given(independent("a"), independent("a"), independent("b"), divisions(), daily_uses)
def test_two_versions_count_by_their_days(
    one: dict[str, Any], other: dict[str, Any], new: dict[str, Any], parts: list[Period], daily: Decimal
) -> None:
    what_holds.two_versions_are_weighed_by_their_days(table(one), table(other, new), parts, daily)


@examples
@given(charges(least=True), st.lists(uses, min_size=2, max_size=4))
def test_more_use_never_costs_less(components: list[dict[str, Any]], amounts: list[Decimal]) -> None:
    what_holds.more_use_costs_no_less(table(*components), JUNE, amounts)


@examples
@given(charges(), st.randoms(use_true_random=False), divisions(), daily_uses)
def test_the_order_of_charges_that_do_not_rest_on_each_other_changes_nothing(
    components: list[dict[str, Any]], random: Any, parts: list[Period], daily: Decimal
) -> None:
    order = list(range(len(components)))
    random.shuffle(order)
    what_holds.order_changes_nothing(table(*components), order, parts, daily)


def test_a_charge_may_declare_that_it_falls_with_use() -> None:
    credit = component("rider", "credit", price="-1", falls_with_use=True)
    content = table(component("fixed", amount="9"), credit)
    assert rated(content, "2").total > rated(content, "3").total
