"""Tiers of a file as blocks of a table."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from rates.owrs.choices import Choice, NotAChoice, as_lookup, joined
from rates.owrs.formulas import plain

_NUMBER = re.compile(r"^-?(\d+(\.\d*)?|\.\d+)$")
_PERCENT = re.compile(r"^(\d+(?:\.\d*)?)\s*%$")


class NotTiers(ValueError):
    """Starts and prices that do not make blocks; it says why."""


def blocks_of(starts: Choice, prices: Choice, named: Callable[[str], Any], budget: Any) -> tuple[Any, bool]:
    """The blocks (a choice of them, if so), and whether a start is a part of a budget.

    A tier that starts at 16 follows one that ends at 15, as the format's own reader counts whole units.
    Starts that are part of a budget are cut to whole units.  Raises ``NotTiers``.
    """
    by_budget = any(not _NUMBER.match(s) for listed in starts.things() for s in _texts(listed))

    def made(first: Any, second: Any) -> Any:
        return _blocks(_texts(first), _texts(second), named, budget)

    try:
        return as_lookup(joined(starts, prices, made)), by_budget
    except NotAChoice as wrong:
        raise NotTiers(str(wrong)) from wrong


def _texts(listed: Any) -> list[str]:
    found = [listed] if isinstance(listed, str) else listed
    if not isinstance(found, Sequence) or not all(isinstance(t, str) for t in found):
        raise NotTiers("tiers that are not a list of numbers")
    return [t.strip() for t in found]


def _blocks(starts: list[str], prices: list[str], named: Callable[[str], Any], budget: Any) -> list[Any]:
    if len(starts) != len(prices):
        raise NotTiers(f"{len(starts)} starts of tiers and {len(prices)} prices")
    if not all(_NUMBER.match(p) for p in prices):
        raise NotTiers("a tier whose price is not a number")
    if not _NUMBER.match(starts[0]) or Decimal(starts[0]) > 1:
        raise NotTiers(f"a first tier that starts at {starts[0]}")
    known = [Decimal(s) for s in starts if _NUMBER.match(s)]
    if any(later <= earlier for earlier, later in pairwise(known)):
        raise NotTiers(f"tiers that do not rise: {', '.join(starts)}")
    limits = [_limit(s, named, budget) for s in starts[1:]]
    if any(isinstance(x, str) and Decimal(x) <= 0 for x in limits):
        raise NotTiers(f"a first tier without any use: {', '.join(starts[:2])}")
    found = [{"up_to": limit, "price": price} for limit, price in zip(limits, prices, strict=False)]
    return [*found, {"price": prices[-1]}]


def _limit(start: str, named: Callable[[str], Any], budget: Any) -> Any:
    """The end of the tier below one that starts there."""
    if _NUMBER.match(start):
        number = Decimal(start)
        if number == number.to_integral_value():
            return plain(number.to_integral_value() - 1)
        finest = Decimal(1).scaleb(int(number.as_tuple().exponent))
        # 8.01 follows 8.00; 12.5 is a limit itself.
        below = number - finest
        return plain(below.to_integral_value() if below == below.to_integral_value() else number)
    percent = _PERCENT.match(start)
    if percent:
        if budget is None:
            raise NotTiers(f"a tier that starts at {start}, of a budget that is not given")
        share: Any = {"op": "quotient", "of": [{"op": "product", "of": [budget, percent[1]]}, "100"]}
    else:
        share = {"op": "sum", "of": [named(start)]}
    return {**share, "rounding": {"mode": "down"}}
