"""The use that is billed: converted, and for sewer taken from the water meter.

In this order: conversion to the unit of the table, times ``factor``, minus ``less`` (never below zero), at
least ``at_least``, at most ``cap``, then ``rounding``.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from core.quantities import UNITS
from rates.engine.conversion import OwnUnit, Plan, find_plan
from rates.engine.desk import Desk
from rates.engine.lookups import Lookup, Value, optional_value, parse_lookup, parse_value
from rates.engine.reader import Reader
from rates.engine.rounding import EXACT, Rounding, parse_rounding

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class UseRule:
    """How the billed use follows from what was metered; ``source`` of ``None`` is the own meter."""

    unit: str | None
    own_units: tuple[OwnUnit, ...] = ()
    source: str | None = None
    factor: Value | None = None
    less: Value | None = None
    at_least: Value | None = None
    cap: Lookup[Value | None] | None = None
    rounding: Rounding = EXACT
    _plans: dict[str, Plan | None] = field(default_factory=dict, compare=False, repr=False)

    def work(self, desk: Desk) -> Decimal:
        """The billed use in the unit of the table."""
        before, desk.current = desk.current, "use"
        if self.source is not None:
            use = self.other(desk, self.source)
        else:
            use = self.converted(desk, desk.facts.use, desk.facts.unit, "this service")
        if self.factor is not None:
            use *= self.factor.of(desk)
        if self.less is not None:
            use = max(_NOTHING, use - self.less.of(desk))
        if self.at_least is not None:
            use = max(use, self.at_least.of(desk))
        if self.cap is not None:
            cap = self.cap.find(desk)
            use = use if cap is None else min(use, cap.of(desk))
        desk.current = before
        return self.rounding.apply(use)

    def other(self, desk: Desk, service_type: str) -> Decimal:
        """The metered use of another service, in the unit of this table."""
        found = desk.facts.other_use.get(service_type)
        if found is None:
            raise desk.fail(
                f"The account has no {service_type} use in this period.",
                f"Read the {service_type} meter, or give the account a flat rate.",
            )
        return self.converted(desk, found.use, found.unit, service_type)

    def converted(self, desk: Desk, use: Decimal | None, unit: str | None, whose: str) -> Decimal:
        """A use in the unit of the table; one that is not known or fits no unit is an error."""
        if use is None or unit is None or not use.is_finite():
            raise desk.fail(f"The use of {whose} is not known.", "Enter or estimate the reading.")
        if unit == self.unit or self.unit is None:
            return use
        if unit not in self._plans:
            self._plans[unit] = find_plan(self.own_units, unit, self.unit)
        plan = self._plans[unit]
        if plan is None:
            raise desk.fail(
                f"{unit} cannot be converted to {self.unit}, the unit of the rate table.",
                "Correct the unit of the meter or declare the conversion in the table.",
            )
        return plan.apply(use, desk)


def parse_use(reader: Reader | None, unit: str | None, own: tuple[OwnUnit, ...]) -> UseRule:
    """The ``use`` entry of a table; without one the own metered use is billed as converted."""
    if reader is None:
        return UseRule(unit, own)
    reader.only("from", "factor", "less", "at_least", "cap", "rounding")
    source = reader.at("from").name() if reader.has("from") else None
    if source is not None:
        reader.book.services.add(source)
    return UseRule(
        unit,
        own,
        source,
        optional_value(reader, "factor"),
        optional_value(reader, "less"),
        optional_value(reader, "at_least"),
        parse_lookup(reader.at("cap"), _maybe) if reader.has("cap") else None,
        parse_rounding(reader.at("rounding")) if reader.has("rounding") else EXACT,
    )


def _maybe(reader: Reader) -> Value | None:
    return None if reader.content is None else parse_value(reader)


def label_of(unit: str | None, own: tuple[OwnUnit, ...]) -> str:
    """The words for a unit on a bill."""
    for declared in own:
        if declared.code == unit:
            return declared.label
    return UNITS[unit].label if unit in UNITS else ""
