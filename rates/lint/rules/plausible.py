"""Prices that are a thousand times too high or too low for the unit, and bills that leap.

7.05 per thousand gallons, entered as 7.05 per gallon, has made bills of a thousand times what was owed.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from core.quantities import UNITS
from rates.engine import RatingError, TariffError, parse_tariff, rate
from rates.engine.wording import price as price_words
from rates.engine.wording import shown
from rates.lint.findings import Finding
from rates.lint.rules.rule import Rule
from rates.lint.scenarios import facts_of, facts_with, scenarios
from rates.lint.sheet import Node, Sheet, leaves, number

_LEAP = Decimal(100)
_LOOK_LEAP = Decimal(3)
_LARGE = Decimal(100)


class Usual(NamedTuple):
    """Dollars for one base unit: below ``least`` and above ``most`` odd, above ``never`` wrong."""

    unit: str
    least: Decimal
    most: Decimal
    never: Decimal
    month: Decimal
    """A month's use of a household in the base unit."""


_USUAL = {
    "volume": Usual("GAL", Decimal("0.00002"), Decimal("0.1"), Decimal(1), Decimal(5000)),
    "energy": Usual("KWH", Decimal("0.001"), Decimal(2), Decimal(10), Decimal(800)),
    "heat": Usual("THERM", Decimal("0.01"), Decimal(10), Decimal(50), Decimal(60)),
}


def _check(sheet: Sheet) -> Iterator[Finding]:
    scale = _scale(sheet)
    if scale is not None:
        usual, factor = scale
        for component in sheet.components():
            if component.content["kind"] in _PRICED and "quantity" not in component.content:
                yield from _odd(sheet, component, usual, factor)
    yield from _leaps(sheet)


_PRICED = ("per_unit", "rider", "blocks", "minimum")


def _scale(sheet: Sheet) -> tuple[Usual, Decimal] | None:
    """What is usual for the unit of the table, and how many base units it is."""
    code, factor = sheet.tariff.unit, Decimal(1)
    for own in sheet.content.get("units", ()):
        equals = number(own["equals"])
        if own["code"] == code and code not in UNITS and equals:
            code, factor = own["of"], equals
    if code not in UNITS or UNITS[code].kind not in _USUAL:
        return None
    exact = UNITS[code].factor
    usual = _USUAL[UNITS[code].kind]
    return usual, factor * Decimal(exact.numerator) / Decimal(exact.denominator)


def _odd(sheet: Sheet, component: Node, usual: Usual, factor: Decimal) -> Iterator[Finding]:
    """The first price of the charge that is out of scale; the others are as a rule so too."""
    per = number(component.content.get("per", "1")) or Decimal(1)
    is_rider = component.content["kind"] == "rider"
    for place, found in _prices(component):
        each = abs(found) / per / factor
        if not found or usual.least <= each <= usual.most or (is_rider and each < usual.least):
            continue
        high, large = each > usual.most, per >= _LARGE and factor >= _LARGE
        one = f"{price_words(each.normalize())} a {_SINGULAR[usual.unit]}"
        words = f"{price_words(found)} per {shown(per)} {sheet.tariff.unit_label} is {one}"
        yield Finding(
            "stop" if each > usual.never or (not high and large) else "look",
            place,
            f"{one if per * factor == 1 else words}: far {'more' if high else 'less'} than is usual.",
            _remedy(per, high=high),
            RULE.name,
        )
        return


_SINGULAR = {"GAL": "gallon", "KWH": "kWh", "THERM": "therm"}


def _remedy(per: Decimal, *, high: bool) -> str:
    if high and per == 1:
        return 'Say how many units the price is for: “per”: "1000". Or correct the unit of the table.'
    if not high and per > 1:
        return "Check “per” and the unit of the table: both may be thousands."
    return "Check the price, “per” and the unit of the table."


def _prices(component: Node) -> Iterator[tuple[str, Decimal]]:
    content = component.content
    if "price" in content:
        for place, leaf in leaves(content["price"], f"{component.place}.price"):
            if (found := number(leaf)) is not None:
                yield place, found
    for place, blocks in leaves(content.get("blocks", []), f"{component.place}.blocks"):
        for i, block in enumerate(blocks):
            for inner, leaf in leaves(block["price"], f"{place}[{i}].price"):
                if (found := number(leaf)) is not None:
                    yield inner, found


def _leaps(sheet: Sheet) -> Iterator[Finding]:
    """A month's bill far from what the version before would charge."""
    scale = _scale(sheet)
    if sheet.context.before is None or scale is None:
        return
    old, new = _month(sheet, sheet.context.before, scale[0]), _month(sheet, sheet.content, scale[0])
    if old is None or new is None or old <= 0 or new <= 0:
        return
    leap = max(new / old, old / new)
    if leap >= _LOOK_LEAP:
        yield Finding(
            "stop" if leap >= _LEAP else "look",
            "",
            f"A bill for {shown(scale[0].month)} {UNITS[scale[0].unit].label} goes "
            f"from {old:,.2f} to {new:,.2f}.",
            "Check the prices, “per” and the unit of the table.",
            RULE.name,
        )


def _month(sheet: Sheet, content: Mapping[str, Any], usual: Usual) -> Decimal | None:
    try:
        tariff = parse_tariff(content)
        known = Sheet(content, tariff, sheet.context)
        facts = facts_with(facts_of(known, scenarios(sheet)[0]), usual.month, usual.unit)
        return rate(tariff, facts).total
    except (TariffError, RatingError):
        return None  # the two cannot be compared


RULE = Rule("plausible", "Prices out of scale for their unit, and bills that leap.", _check)
