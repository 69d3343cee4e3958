"""How the billed use came about, in sentences that a customer can follow.

The same figures that ``UseRule.work`` gives, one sentence for each thing that changes them.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, localcontext

from core.quantities import UNITS
from rates.engine.desk import Desk
from rates.engine.facts import RatingFacts
from rates.engine.lookups import Chosen, Figure, Value
from rates.engine.operations import Operation
from rates.engine.rounding import EXACT, WORKING, settle
from rates.engine.tariff import Tariff
from rates.engine.wording import shown

_OPERATIONS = {
    "average": "the average of",
    "least": "the least of",
    "greatest": "the greatest of",
    "sum": "the sum of",
    "product": "the product of",
    "difference": "the difference of",
    "quotient": "the quotient of",
    "lowest": "the lowest{count} of",
    "highest": "the highest{count} of",
    "drop_lowest": "all but the lowest{count} of",
    "drop_highest": "all but the highest{count} of",
    "each": "",
    "round": "",
}
_ROUNDED = {"up": "rounded up", "nearest": "rounded to the nearest", "down": "rounded down"}


def use_told(tariff: Tariff, facts: RatingFacts, day: date | None = None) -> tuple[str, ...]:
    """The sentences: of each derived quantity, and of the billed use where it is not what was metered.

    ``day`` is the last day of the part of a divided period.  Raises ``RatingError`` as ``rate`` does.
    """
    with localcontext(WORKING):
        desk = Desk(tariff, facts, day)
        derived = tuple(_derived(tariff, desk))
        return (*derived, *(_told(tariff, desk) if tariff.unit is not None else ()))


def _derived(tariff: Tariff, desk: Desk) -> Iterator[str]:
    for derived in tariff.derive:
        desk.current = derived.name
        if derived.when.holds(desk):
            desk.figures[derived.name] = derived.value.of(desk)
            name = _name(derived.name)
            yield f"{name[0].upper()}{name[1:]}: {value_told(derived.value, desk)}."


def value_told(value: Value, desk: Desk) -> str:
    """What a value of a table is made from: ``the average of winter water (6, 8, 7), which is 7``."""
    words = _words(value, desk)
    if isinstance(_chosen(value, desk), Operation):
        return f"{words}, which is {_figure(value.of(desk))}"
    return words


def _told(tariff: Tariff, desk: Desk) -> Iterator[str]:
    rule = tariff.use
    known = desk.facts.other_use.get(rule.source) if rule.source else None
    before, unit = (known.use, known.unit) if known else (desk.facts.use, desk.facts.unit)
    if before is None or unit is None:
        return
    use = rule.other(desk, rule.source) if rule.source else rule.converted(desk, before, unit, "this service")

    def much(figure: Decimal) -> str:
        return f"{_figure(figure)} {tariff.unit_label}"

    if not _same_digits(before, use):
        yield f"{_figure(before)} {UNITS[unit].label if unit in UNITS else unit} are {much(use)}."
    if rule.factor is not None:
        times = rule.factor.of(desk)
        yield f"{_figure(use)} × {_figure(times)} = {much(use * times)}."
        use *= times
    if rule.less is not None:
        left = max(Decimal(0), use - rule.less.of(desk))
        yield f"{_figure(use)} less {value_told(rule.less, desk)}: {much(left)}."
        use = left
    if rule.at_least is not None:
        floor = rule.at_least.of(desk)
        yield _bounded(
            f"At least {value_told(rule.at_least, desk)}", use, max(use, floor), "not less", tariff.unit_label
        )
        use = max(use, floor)
    cap = rule.cap.find(desk) if rule.cap is not None else None
    if cap is not None:
        most = cap.of(desk)
        yield _bounded(f"At most {value_told(cap, desk)}", use, min(use, most), "not more", tariff.unit_label)
        use = min(use, most)
    if rule.rounding != EXACT:
        rounded = rule.rounding.apply(use)
        if rounded != use:
            step = "" if rule.rounding.step == 1 else f" {_figure(rule.rounding.step)}"
            yield f"{much(use)}, {_ROUNDED[rule.rounding.mode]}{step}: {much(rounded)}."


def _bounded(bound: str, use: Decimal, found: Decimal, stays: str, label: str) -> str:
    """``At most …: 7 thousand gallons are billed instead of 12``, or that the use is not more."""
    said = f"{_figure(found)} {label}"
    if found == use:
        return f"{bound}; {_figure(use)} is {stays}, so {said} are billed."
    return f"{bound}: {said} are billed instead of {_figure(use)}."


def _same_digits(one: Decimal, other: Decimal) -> bool:
    """Whether they differ by a power of ten at most, as gallons and thousand gallons do."""
    return settle(one).normalize().as_tuple().digits == settle(other).normalize().as_tuple().digits


def _words(value: Value, desk: Desk) -> str:
    value = _chosen(value, desk)
    if isinstance(value, Figure):
        return f"{_name(value.name)} ({_listed(desk.several(value.name))})"
    if isinstance(value, Operation):
        words = _OPERATIONS[value.named.name].format(count=f" {value.count}" if value.count > 1 else "")
        return f"{words} {' and '.join(_words(o, desk) for o in value.operands)}".strip()
    return _figure(value.of(desk))


def _name(name: str) -> str:
    return name.replace("_", " ").replace(".use", " use").replace("kw", "kW")


def _chosen(value: Value, desk: Desk) -> Value:
    while isinstance(value, Chosen):
        value = value.lookup.find(desk)
    return value


def _listed(numbers: Sequence[Decimal]) -> str:
    return ", ".join(_figure(n) for n in numbers)


def _figure(number: Decimal) -> str:
    return shown(settle(number), most=3)
