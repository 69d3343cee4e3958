"""What a service's price rests on besides its own readings: past periods, bounds of the use, exemptions.

Made from how the service was rated, in words that a customer can follow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from billing.assembly import ServiceFacts
from billing.assembly.results import Worked
from core.periods import Period
from core.quantities import UNITS
from meters.models import ServiceType
from rates.engine import LookBack, Rating, RatingFacts, Tariff, rate, rate_parts
from rates.engine.use_told import use_told

_NONE = "No such period is known"


class PeriodBefore(NamedTuple):
    """An earlier period: its last day, and what it measured."""

    on: date
    use: Decimal
    unit: str


class PastShown(NamedTuple):
    """The past periods under one name of the table; ``instead`` says what is taken when there are too few."""

    name: str
    periods: tuple[PeriodBefore, ...]
    instead: str


class Exempted(NamedTuple):
    """A tax that is not charged: its words, its code, and what it would have been, in dollars."""

    text: str
    code: str
    amount: Decimal

    @property
    def said(self) -> str:
        """The amount in words of a bill."""
        return f"{self.amount:,.2f}"

    @property
    def why(self) -> str:
        """The reason, for whoever reads the bill."""
        return f"not charged, because the account is exempt from this tax ({self.code})"


def past_shown(service: ServiceFacts, worked: Worked) -> tuple[PastShown, ...]:
    """The past periods that its tables looked at, by their names in the table."""
    looks = {look.name: look for _, tariff in worked.tables for look in tariff.look_backs}
    units = {look.name: tariff.unit_label for _, tariff in worked.tables for look in tariff.look_backs}
    return tuple(
        PastShown(
            _words(name),
            tuple(PeriodBefore(u.on, u.use, _unit(u.unit)) for u in service.past.get(name, ())),
            _instead(look, service, worked.rating, units[name]),
        )
        for name, look in looks.items()
    )


def _instead(look: LookBack, service: ServiceFacts, rating: Rating, unit: str) -> str:
    known = len(service.past.get(look.name, ()))
    taken = rating.series.get(look.name)
    if known >= look.at_least or not taken:
        return "" if known else f"{_NONE}."
    few = _NONE if not known else f"Only {known} of the {look.at_least} periods needed are known"
    label = {"demand": "", "days": " days"}.get(look.what, f" {unit}")
    return f"{few}, so {_plain(taken[0])}{label} is taken."


def how_the_use_came_about(worked: Worked) -> tuple[str, ...]:
    """Sentences from the metered to the billed use, each once; several versions may say it differently."""
    found: dict[str, None] = {}
    divided = len(worked.tables) > 1
    for days, tariff in worked.tables:
        last = days.end - timedelta(days=1) if divided and days.end is not None else None
        for said in use_told(tariff, worked.facts, last):
            found.setdefault(said)
    return tuple(found)


def exempted(worked: Worked) -> tuple[Exempted, ...]:
    """The taxes of its tables that the account does not pay, and what they would have been."""
    codes = worked.facts.exempt_tax_codes & {c for _, tariff in worked.tables for c in tariff.tax_codes}
    if not codes:
        return ()
    taxed = _rated(worked.tables, replace(worked.facts, exempt_tax_codes=frozenset()))
    return tuple(Exempted(c.text, c.tax_code, c.amount) for c in taxed.charges if c.tax_code in codes)


def sentences(service: ServiceFacts, worked: Worked) -> Iterator[str]:
    """The same for the printed bill: past periods with the use they lead to, and taxes not charged."""
    name = str(ServiceType(service.service_type).label)
    if any(tariff.look_backs for _, tariff in worked.tables):
        for past in past_shown(service, worked):
            said = "; ".join(f"until {_day(p.on)} {_plain(p.use)} {p.unit}" for p in past.periods)
            all_said = ". ".join(part for part in (said, past.instead) if part)
            yield f"{name}, {past.name[0].lower()}{past.name[1:]}: {all_said}"
        for said in how_the_use_came_about(worked):
            yield f"{name}: {said[0].lower()}{said[1:]}"
    for one in exempted(worked):
        yield f"{name}, {one.text.lower()} of {one.said}: {one.why}"


def _rated(tables: Sequence[tuple[Period, Tariff]], facts: RatingFacts) -> Rating:
    return rate(tables[0][1], facts) if len(tables) == 1 else rate_parts(tables, facts)


def _words(name: str) -> str:
    words = name.replace("_", " ").replace("kw", "kW")
    return f"{words[0].upper()}{words[1:]}"


def _unit(code: str) -> str:
    return UNITS[code].label if code in UNITS else code


def _day(on: date) -> str:
    return f"{on:%b} {on.day}, {on.year}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():,f}"
