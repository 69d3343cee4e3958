"""Facts in, bill out.  Pure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from billing.assembly.facts import AccountFacts, ServiceFacts, Terms
from billing.assembly.results import BillLine, Excepted, Held, Prepared, ServicePeriod, UsedReading
from core.money import ZERO
from core.periods import Period
from core.quantities import UNITS, as_decimal, convert
from meters.usage import advance
from rates.engine import Rating, RatingError, RatingFacts, ServiceUse, Tariff, rate


class _Stop(Exception):
    """One service cannot be billed; becomes the bill's hold."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


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
    except _Stop as stop:
        return Held(stop.reason, stop.detail)
    reason, detail = _second_look(terms, facts, prepared)
    if reason and reason not in released:
        return Held(reason, detail, prepared)
    return prepared


def _to_bill(service: ServiceFacts, terms: Terms) -> bool:
    began = service.billed_to or service.starts
    return began < terms.ends and (service.ends is None or began < service.ends)


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
    for service, tariff in _in_order(due, tariffs):
        used, use = _measured(service)
        period = _period(service, terms, used)
        rating = _rated(facts, service, tariff, period, use, charges, uses)
        for name, amount in rating.others(service.service_type).items():
            charges[name] = charges[name] + amount if name in charges else amount
        if use is not None:
            uses[service.service_type] = _together(uses.get(service.service_type), use)
            if use.use == 0:
                warnings.append(f"zero_use:{service.service_type}")
        if service.billed_to is None:
            warnings.append(f"first_bill:{service.service_type}")
        readings += used
        periods.append(ServicePeriod(service.service_id, period.start, _end(period), service.billed_to))
        lines += [
            BillLine(
                service.service_id,
                c.component,
                c.text,
                c.revenue_code,
                c.quantity,
                c.unit or "",
                c.amount,
                c.steps,
            )
            for c in rating.charges
        ]
    return Prepared(
        starts=min(p.starts for p in periods),
        ends=max(p.ends for p in periods),
        lines=tuple(lines),
        periods=tuple(periods),
        readings=tuple(readings),
        warnings=tuple(warnings),
        total=sum((line.amount for line in lines), ZERO),
    )


def _in_order(due: list[ServiceFacts], tariffs: Mapping[str, Tariff]) -> list[tuple[ServiceFacts, Tariff]]:
    """Services with their tariffs, each after those its tariff looks at."""
    waiting: list[tuple[ServiceFacts, Tariff]] = []
    for service in due:
        tariff = tariffs.get(service.tariff_hash)
        if tariff is None:
            raise _Stop(
                "no_rate", f"Rate {service.rate_code} has no active version for this period. Activate one."
            )
        waiting.append((service, tariff))
    present = {service.service_type for service in due}
    ordered: list[tuple[ServiceFacts, Tariff]] = []
    done: set[str] = set()
    while waiting:
        ready = [(s, t) for s, t in waiting if (t.needs & present) <= done | {s.service_type}]
        if not ready:
            codes = ", ".join(s.rate_code for s, _ in waiting)
            raise _Stop(
                "rates_in_a_circle", f"The rates {codes} each wait for the other. Correct one of them."
            )
        ordered += ready
        done |= {s.service_type for s, _ in ready}
        waiting = [pair for pair in waiting if pair not in ready]
    return ordered


def _measured(service: ServiceFacts) -> tuple[list[UsedReading], ServiceUse | None]:
    """The registers' advances, and their sum in the first register's unit."""
    if not service.metered:
        return [], None
    if not service.registers:
        raise _Stop(
            "no_meter", f"The {service.service_type} service has no meter. Install one, or make it flat."
        )
    used = []
    for r in service.registers:
        if not r.to_id:
            raise _Stop(
                "missing_reading",
                f"There is no reading of the {service.service_type} meter after {r.from_on:%b %-d, %Y}."
                " Enter one, or an estimate.",
            )
        gone = advance(r.dial, r.from_dial, r.to_dial, rolled_over=r.rolled_over)
        if gone.kind == "backwards" and not r.may_run_backwards:
            raise _Stop(
                "backwards",
                f"The {service.service_type} meter went from {r.from_dial} back to {r.to_dial}."
                " Read it again.",
            )
        days = (r.to_on - r.from_on).days
        used.append(
            UsedReading(
                service.service_id,
                r.register_id,
                r.from_id,
                r.to_id,
                gone.use,
                r.unit,
                r.to_on,
                days,
                r.source,
            )
        )
    unit = used[0].unit
    total = sum(
        (u.use if u.unit == unit else as_decimal(convert(u.use, u.unit, unit)) for u in used), Decimal(0)
    )
    return used, ServiceUse(total, unit)


def _together(before: ServiceUse | None, use: ServiceUse) -> ServiceUse:
    """The use of all services of one kind, for a rate that looks at it."""
    if before is None or UNITS[use.unit].kind != UNITS[before.unit].kind:
        return use
    more = use.use if use.unit == before.unit else as_decimal(convert(use.use, use.unit, before.unit))
    return ServiceUse(before.use + more, before.unit)


def _period(service: ServiceFacts, terms: Terms, used: list[UsedReading]) -> Period:
    began = service.billed_to or service.starts
    if used:
        first = min(r.from_on for r in service.registers)
        return Period(service.billed_to or first, max(u.on for u in used))
    ends = terms.ends if service.ends is None else min(terms.ends, service.ends)
    return Period(max(began, terms.starts) if service.billed_to is None else began, ends)


def _end(period: Period) -> date:
    if period.end is None or period.end <= period.start:
        raise _Stop("no_days", "The period to bill has no days. Check the dates of the readings.")
    return period.end


def _rated(
    facts: AccountFacts,
    service: ServiceFacts,
    tariff: Tariff,
    period: Period,
    use: ServiceUse | None,
    charges: Mapping[str, Decimal],
    uses: Mapping[str, ServiceUse],
) -> Rating:
    words = {k: v for k, v in service.attributes.items() if isinstance(v, str)}
    counts = {k: Decimal(str(v)) for k, v in service.attributes.items() if not isinstance(v, str)}
    end = _end(period)
    try:
        return rate(
            tariff,
            RatingFacts(
                period=period,
                days=(end - period.start).days,
                use=use.use if use else None,
                unit=use.unit if use else None,
                attributes={
                    "class": facts.category,
                    "location": "inside" if facts.inside else "outside",
                    "meter_size": service.meter_size,
                    **words,
                },
                numbers={"units": service.units, **counts},
                exempt_tax_codes=frozenset(facts.exempt_tax_codes),
                others=charges,
                other_use=uses,
            ),
        )
    except RatingError as problem:
        raise _Stop("rating", f"Rate {service.rate_code}: {problem}") from problem
