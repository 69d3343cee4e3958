"""A rate table read from JSON into frozen values."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.quantities import UNITS
from rates.engine.billed_in import parse_billed_in
from rates.engine.components import COMPONENT_KINDS, Component
from rates.engine.components.charge import parse_head
from rates.engine.conditions import Always, parse_when
from rates.engine.conversion import OwnUnit, parse_units
from rates.engine.inclusive import parse_inclusive
from rates.engine.lookback import LookBack, parse_look_back
from rates.engine.lookups import Value, parse_value
from rates.engine.proration import Proration, parse_proration
from rates.engine.reader import RESERVED, Book, Reader
from rates.engine.seasons import Seasons, parse_seasons
from rates.engine.use import UseRule, label_of, parse_use

_KINDS = {(k.kind, k.version): k for k in COMPONENT_KINDS}
_KEYS = (
    "name",
    "service_type",
    "unit",
    "units",
    "use",
    "seasons",
    "dated_by",
    "currency_rounding",
    "proration",
    "look_back",
    "prices_include_tax",
    "derive",
    "components",
    "splittable",
    "billed_in",
    "source",
    "effective",
    "note",
)


@dataclass(frozen=True, slots=True)
class Derived:
    """A quantity worked out before the charges; when its condition fails it is not known."""

    name: str
    when: Always
    value: Value


@dataclass(frozen=True, slots=True)
class Tariff:
    """A rate table, ready to rate with; made by ``parse_tariff`` only.

    ``needs`` names the services that must be rated (or read) before this one.  ``attributes`` and
    ``numbers`` are what the table may ask of a service, for a screen that collects them.  ``look_backs`` are
    the series of past periods that whoever rates must supply, ``stopping`` the components of which it must
    know what was charged so far.  ``asked`` are all figures and attributes by name, also those that the
    engine fills itself.  ``changes`` are the days on which a dated value begins.  ``billed_in`` are the
    months in which the service is billed, none: with every bill.
    """

    name: str
    service_type: str
    unit: str | None
    unit_label: str
    rounds_total_only: bool
    dated_by: str
    seasons: Seasons
    use: UseRule
    derive: tuple[Derived, ...]
    components: tuple[Component, ...]
    needs: frozenset[str]
    attributes: frozenset[str]
    numbers: frozenset[str]
    proration: Proration | None
    look_backs: tuple[LookBack, ...]
    looks: Mapping[str, LookBack]
    splittable: bool
    asked: frozenset[str]
    changes: tuple[date, ...]
    billed_in: tuple[int, ...] = ()

    def reads(self, name: str) -> bool:
        """Whether the price may depend on that figure or attribute: ``days``, ``season``, ``meter_size`` …"""
        return name in self.asked

    @property
    def stopping(self) -> frozenset[str]:
        """The ids of the components that stop at a limit."""
        return frozenset(c.head.id for c in self.components if c.head.stop is not None)

    @property
    def revenue_codes(self) -> frozenset[str]:
        """The revenue codes of all components."""
        return frozenset(c.head.revenue_code for c in self.components)

    @property
    def tax_codes(self) -> frozenset[str]:
        """The tax codes of all taxes."""
        return frozenset(c.tax_code for c in self.components if c.tax_code is not None)


def content_hash(content: Mapping[str, Any]) -> str:
    """The sha256, in hex, of the table in canonical JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def parse_tariff(content: Mapping[str, Any]) -> Tariff:
    """The rate table of that JSON content.

    Raises ``TariffError`` with the place of the first thing wrong.  ``schema.json`` beside this module
    describes the content; this function is the judge.
    """
    book = Book()
    reader = Reader(content, "", book)
    reader.only(*_KEYS)
    service_type = reader.at("service_type").name()
    own = parse_units(reader.at("units")) if reader.has("units") else ()
    unit = _unit(reader, own)
    seasons = parse_seasons(reader.at("seasons")) if reader.has("seasons") else Seasons()
    proration = parse_proration(reader.at("proration")) if reader.has("proration") else None
    book.prorates = proration is not None
    if reader.has("prices_include_tax"):
        book.net_of_tax = parse_inclusive(reader.at("prices_include_tax"))
    looks = (
        parse_look_back(reader.at("look_back"), service_type, unit is not None)
        if reader.has("look_back")
        else ()
    )
    derive = tuple(_derived(d) for d in reader.at("derive").items()) if reader.has("derive") else ()
    use = _use(reader, unit, own)
    components = tuple(_component(c) for c in reader.at("components").items())
    _check_names(reader, service_type, unit)
    asked = {n for n in book.names if "." not in n} - set(RESERVED) - book.derived - book.look_backs
    return Tariff(
        reader.at("name").words(),
        service_type,
        unit,
        label_of(unit, own),
        reader.choice("currency_rounding", ("charge", "total"), otherwise="charge") == "total",
        reader.choice("dated_by", ("end", "start", "days"), otherwise="end"),
        seasons,
        use,
        derive,
        components,
        frozenset(book.services),
        frozenset(book.attributes - {"month"} - ({"season"} if seasons else set())),
        frozenset(asked),
        proration,
        looks,
        {look.name: look for look in looks},
        _splittable(reader, proration),
        frozenset(book.attributes | set(book.names)),
        tuple(sorted(book.days)),
        parse_billed_in(reader.at("billed_in"), unit is not None) if reader.has("billed_in") else (),
    )


def _splittable(reader: Reader, proration: Proration | None) -> bool:
    promised = reader.flag("splittable", otherwise=False)
    if promised and proration is not None and (proration.below, proration.above) != (None, None):
        raise reader.at("splittable").fail(
            "A table whose proration has bounds prices two parts otherwise than the whole.",
            "Leave out “below” and “above”, or “splittable”.",
        )
    return promised


def _unit(reader: Reader, own: tuple[OwnUnit, ...]) -> str | None:
    if not reader.has("unit") or reader.at("unit").content is None:
        return None
    piece = reader.at("unit")
    found = piece.words()
    if found not in UNITS and found not in {u.code for u in own}:
        raise piece.fail(
            f"“{found}” is not a known unit.", f"Use one of {', '.join(UNITS)}, or declare it in “units”."
        )
    return found


def _use(reader: Reader, unit: str | None, own: tuple[OwnUnit, ...]) -> UseRule:
    before = len(reader.book.mentions)
    found = parse_use(reader.at("use") if reader.has("use") else None, unit, own)
    circle = set(reader.book.mentions[before:]) & {"use", *reader.book.derived_from_use}
    if circle:
        raise reader.at("use").fail(
            f"The billed use rests on {', '.join(sorted(circle))}, which rests on the billed use.",
            "Take a number of the service, or another service's use.",
        )
    return found


def _derived(reader: Reader) -> Derived:
    reader.only("name", "when", "value")
    name = reader.at("name").name()
    if not reader.book.is_free(name):
        raise reader.at("name").fail(f"“{name}” is taken.", "Choose another name.")
    if name in reader.book.names:
        raise reader.at("name").fail(f"“{name}” is used above.", "Derive it before it is used.")
    before = len(reader.book.mentions)
    when = parse_when(reader.at("when")) if reader.has("when") else Always()
    value = parse_value(reader.at("value"))
    mentioned = reader.book.mentions[before:]
    if name in mentioned:
        raise reader.at("value").fail(f"“{name}” cannot rest on itself.", "Choose another name.")
    reader.book.rests_on(name, mentioned)
    reader.book.derived.add(name)
    return Derived(name, when, value)


def _component(reader: Reader) -> Component:
    kind = reader.choice("kind", tuple(dict.fromkeys(k.kind for k in COMPONENT_KINDS)))
    version = reader.at("version").content if reader.has("version") else 1
    found = _KINDS.get((kind, version)) if isinstance(version, int) else None
    if found is None:
        known = ", ".join(str(v) for k, v in _KINDS if k == kind)
        raise reader.at("version").fail(f"“{kind}” has no version {version}.", f"Known: {known}.")
    head = parse_head(reader, found)
    component = found.parse(reader, head)
    reader.book.charges[head.id] = head.taxable
    return component


def _check_names(reader: Reader, service_type: str, unit: str | None) -> None:
    book = reader.book
    if unit is None and ("use" in book.names or any("." in n for n in book.names)):
        place = book.names.get("use") or next(n for n in book.names if "." in n)
        raise Reader(None, place, book).fail(
            "It prices use, but the table has no unit.", "Add “unit”, as KGAL."
        )
    if service_type in book.services:
        raise reader.fail(f"It rests on {service_type}, its own service.", "Name the charge without the dot.")
