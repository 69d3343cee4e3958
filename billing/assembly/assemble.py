"""Facts in, bill out.  Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from billing.assembly.facts import AccountFacts, ServiceFacts, Terms
from billing.assembly.measuring import Unbillable, measured, numbers_of, of_one_kind
from billing.assembly.periods import days_to_bill, is_due
from billing.assembly.results import (
    BillLine,
    Excepted,
    Held,
    Prepared,
    ServicePeriod,
    UsedReading,
    Worked,
)
from core.money import ZERO
from core.periods import Period
from rates.engine import Rating, RatingError, RatingFacts, ServiceUse, Tariff, rate, rate_parts

Tables = tuple[Tariff, ...]
"""The versions of a service's rate table that price the period, in the order of their days."""

Parts = tuple[tuple[Period, Tariff], ...]
"""The same with these days."""


def assemble(
    terms: Terms, facts: AccountFacts, tariffs: Mapping[str, Tariff], released: frozenset[str] = frozenset()
) -> Prepared | Held | Excepted:
    """The bill of one account, from nothing but what is given.

    ``tariffs`` are parsed rate tables by content hash.  ``released`` names hold reasons that a person
    has looked at and let through.
    """
    if facts.no_bill:
        return Excepted("no_bill", "The account is flagged no-bill.")
    due = [s for s in facts.services if _to_bill(s, terms)]
    if not due:
        return Excepted("nothing_due", "No service of the account is due in this period.")
    try:
        prepared = _bill(terms, facts, due, tariffs)
    except Unbillable as stop:
        return Held(stop.reason, stop.detail)
    reason, detail = _second_look(terms, facts, prepared)
    if reason and reason not in released:
        return Held(reason, detail, prepared)
    return prepared


def _to_bill(service: ServiceFacts, terms: Terms) -> bool:
    return is_due(terms, service.starts, service.ends, service.billed_to, service.billed_in)


def _second_look(terms: Terms, facts: AccountFacts, prepared: Prepared) -> tuple[str, str]:
    days = (prepared.ends - prepared.starts).days
    if facts.on_hold:
        return "on_hold", "The account is on hold. Take the hold off, or release this bill."
    if days > terms.max_days:
        return (
            "long_period",
            f"The period has {days} days, more than the {terms.max_days} allowed. Check its dates.",
        )
    if prepared.total > terms.hold_over:
        return (
            "over_amount",
            f"The bill of {prepared.total} is over {terms.hold_over}. Check it, then release it.",
        )
    return "", ""


def _bill(
    terms: Terms, facts: AccountFacts, due: list[ServiceFacts], tariffs: Mapping[str, Tariff]
) -> Prepared:
    lines: list[BillLine] = []
    periods: list[ServicePeriod] = []
    readings: list[UsedReading] = []
    warnings: list[str] = []
    charges: dict[str, Decimal] = {}
    uses: dict[str, ServiceUse] = {}
    worked: list[Worked] = []
    for service, tables in _in_order(due, tariffs):
        used, use = measured(service)
        first, end = days_to_bill(
            terms, service.starts, service.ends, service.billed_to, service.registers, service.billed_in
        )
        period = Period(first, _end(first, end))
        parts = _parted(service, tables, period)
        known = _known(facts, service, period, use, charges, uses)
        rating = _rated(service, parts, known)
        worked.append(Worked(service.service_id, parts, known, rating))
        for name, amount in rating.others(service.service_type).items():
            charges[name] = charges[name] + amount if name in charges else amount
        if use is not None:
            uses[service.service_type] = of_one_kind(uses.get(service.service_type), use)
            if use.use == 0:
                warnings.append(f"zero_use:{service.service_type}")
        if service.billed_to is None:
            warnings.append(f"first_bill:{service.service_type}")
        readings += used
        periods.append(ServicePeriod(service.service_id, first, end, service.billed_to))
        lines += _lines(service, rating)
    months = {service.service_id: service.billed_in for service in due}
    return Prepared(
        # A table of several months does not make the bill one of several months.
        starts=min(max(p.starts, terms.starts) if months[p.service_id] else p.starts for p in periods),
        ends=max(p.ends for p in periods),
        lines=tuple(lines),
        periods=tuple(periods),
        readings=tuple(readings),
        warnings=tuple(warnings),
        total=sum((line.amount for line in lines), ZERO),
        worked=tuple(worked),
    )


def _lines(service: ServiceFacts, rating: Rating) -> Iterator[BillLine]:
    for c in rating.charges:
        unit = c.unit or ""
        yield BillLine(
            service.service_id, c.component, c.text, c.revenue_code, c.quantity, unit, c.amount, c.steps
        )


def _in_order(due: list[ServiceFacts], tariffs: Mapping[str, Tariff]) -> list[tuple[ServiceFacts, Tables]]:
    """Services with their tables, each after those its tables look at."""
    waiting = [(service, _tables(service, tariffs)) for service in due]
    present = {service.service_type for service in due}
    ordered: list[tuple[ServiceFacts, Tables]] = []
    done: set[str] = set()
    while waiting:
        ready = [(s, ts) for s, ts in waiting if (_needs(ts) & present) <= done | {s.service_type}]
        if not ready:
            codes = ", ".join(s.rate_code for s, _ in waiting)
            raise Unbillable(
                "rates_in_a_circle", f"The rates {codes} each wait for the other. Correct one of them."
            )
        ordered += ready
        done |= {s.service_type for s, _ in ready}
        waiting = [pair for pair in waiting if pair not in ready]
    return ordered


def _needs(tables: Tables) -> frozenset[str]:
    return tables[0].needs if len(tables) == 1 else frozenset().union(*(t.needs for t in tables))


def _tables(service: ServiceFacts, tariffs: Mapping[str, Tariff]) -> Tables:
    found: list[Tariff] = []
    for n, digest in enumerate(service.tariff_hashes):
        tariff = tariffs.get(digest)
        if tariff is None:
            since = (
                f"for the days from {service.parts[n].since:%b %-d, %Y}"
                if service.parts
                else "for this period"
            )
            raise Unbillable(
                "no_rate", f"Rate {service.rate_code} has no active version {since}. Activate one."
            )
        found.append(tariff)
    return tuple(found)


def _end(first: date, end: date) -> date:
    if end <= first:
        raise Unbillable("no_days", "The period to bill has no days. Check the dates of the readings.")
    return end


def _known(
    facts: AccountFacts,
    service: ServiceFacts,
    period: Period,
    use: ServiceUse | None,
    charges: Mapping[str, Decimal],
    uses: Mapping[str, ServiceUse],
) -> RatingFacts:
    """The facts as the engine takes them."""
    words = {k: v for k, v in service.attributes.items() if isinstance(v, str)}
    counts = {k: Decimal(str(v)) for k, v in service.attributes.items() if not isinstance(v, str)}
    return RatingFacts(
        period=period,
        days=period.days,
        use=use.use if use else None,
        unit=use.unit if use else None,
        attributes={
            "class": facts.category,
            "location": "inside" if facts.inside else "outside",
            "meter_size": service.meter_size,
            "bank_draft": "yes" if facts.bank_draft else "no",
            **words,
        },
        numbers={"units": service.units, **numbers_of(service), **counts},
        exempt_tax_codes=frozenset(facts.exempt_tax_codes),
        others=charges,
        other_use=uses,
        past={name: tuple(ServiceUse(u.use, u.unit) for u in past) for name, past in service.past.items()},
        charged=service.charged,
    )


def _rated(service: ServiceFacts, parts: Parts, known: RatingFacts) -> Rating:
    try:
        return rate(parts[0][1], known) if len(parts) == 1 else rate_parts(parts, known)
    except RatingError as problem:
        raise Unbillable("rating", f"Rate {service.rate_code}: {problem}") from problem


def _parted(service: ServiceFacts, tables: Tables, period: Period) -> Parts:
    """The days of the period that each version prices."""
    if len(tables) == 1:
        return ((period, tables[0]),)
    begins = [period.start, *(part.since for part in service.parts[1:])]
    ends = [*begins[1:], period.end]
    return tuple((Period(a, b), t) for a, b, t in zip(begins, ends, tables, strict=True))
