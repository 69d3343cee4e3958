"""A rate table with all its prices changed by a per cent.  Pure.

What is a price: amounts, prices per unit, of blocks, of bands and of containers, minimums, minimum and
maximum bills, riders.  Per cents, taxes, limits and quantities stay as they are, and so does what rests on
charges: it follows by itself.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_PRICES = {
    "fixed": ("amount",),
    "per_unit": ("price",),
    "rider": ("price",),
    "minimum": ("amount",),
    "minimum_bill": ("amount",),
    "maximum_bill": ("amount",),
    "containers": ("first", "additional"),
}
_LISTS = {"blocks": ("blocks", "price"), "minimum": ("blocks", "price"), "bands": ("bands", "amount")}
_HUNDRED = Decimal(100)
_CENTS = 2


def scaled(content: Mapping[str, Any], percent: Decimal) -> dict[str, Any]:
    """The table with prices ``percent`` higher (below zero: lower); the content given is left as it is.

    Each price keeps its decimal places, at least two, rounded half-up: 7.05 and 4 per cent give 7.33.  A
    price that is worked out is multiplied and not rounded.
    """
    factor = (_HUNDRED + percent) / _HUNDRED

    def price(value: Any) -> Any:
        return _through(value, lambda leaf: _leaf(leaf, factor))

    return {**content, "components": [_component(c, price) for c in content["components"]]}


def _component(component: Mapping[str, Any], price: Callable[[Any], Any]) -> dict[str, Any]:
    kind = component["kind"]
    found = dict(component)
    for key in _PRICES.get(kind, ()):
        found[key] = price(component[key])
    if kind in _LISTS:
        key, inner = _LISTS[kind]

        def rows(listed: Any) -> Any:
            return [{**row, inner: price(row[inner])} for row in listed]

        found[key] = _through(component[key], rows)
    return found


def _through(value: Any, leaf: Callable[[Any], Any]) -> Any:
    """The value with each leaf of its choices by attribute or date replaced."""
    if isinstance(value, Mapping) and "by" in value:
        deep = 1 if isinstance(value["by"], str) else len(value["by"])
        found = {**value, "rows": _rows(value["rows"], deep, leaf)}
        if "otherwise" in value:
            found["otherwise"] = _through(value["otherwise"], leaf)
        return found
    if isinstance(value, Mapping) and "dated" in value:
        return {"dated": [{**row, "value": _through(row["value"], leaf)} for row in value["dated"]]}
    return leaf(value)


def _rows(rows: Mapping[str, Any], deep: int, leaf: Callable[[Any], Any]) -> dict[str, Any]:
    if deep > 1:
        return {key: _rows(row, deep - 1, leaf) for key, row in rows.items()}
    return {key: _through(row, leaf) for key, row in rows.items()}


def _leaf(value: Any, factor: Decimal) -> Any:
    number = _number(value)
    if number is None:
        return {"op": "product", "of": [value, format(factor.normalize(), "f")]}
    exponent = number.as_tuple().exponent
    places = max(_CENTS, -exponent if isinstance(exponent, int) else _CENTS)
    return format((number * factor).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), "f")


def _number(value: Any) -> Decimal | None:
    """The number that is written there; ``None`` for a name or an operation."""
    if isinstance(value, Mapping) or str(value)[:1].isalpha():
        return None
    return Decimal(str(value))
