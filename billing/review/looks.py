"""One bill against the past of its account: why a person should look before it is posted.  Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from billing.assembly import (
    AccountFacts,
    Excepted,
    Held,
    Prepared,
    RegisterFacts,
    ServiceFacts,
    Terms,
    UsedReading,
)
from billing.review.past import Past, PastUse, RegisterWas
from core.money import ZERO

Result = Prepared | Held | Excepted

# So many bills make an average worth holding a bill against.
ENOUGH_BILLS = 3
# So many bills with use, and none without, make a meter that "always used".
ALWAYS = 6
# What is only worth a look: use a day against its own average, and a bill against the last one.
HIGH, LOW = Decimal(2), Decimal("0.4")
CHANGED, CHANGED_LEAST = Decimal("0.5"), Decimal(20)
# Reasons under which a good bill stays out: all of it is at risk, not only its difference from the usual.
STAYS_OUT = frozenset({"on_hold", "by_hand"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Policies of the second look.

    ``over_times`` × the own average and ``over_least`` dollars above it hold a bill; ``use_times`` × the
    own average use a day; a period under ``min_days``, unless it is a service's first or last.
    """

    over_times: int
    over_least: Decimal
    use_times: int
    min_days: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason to hold the bill, and what to do."""

    reason: str
    detail: str


def look_again(
    limits: Limits,
    terms: Terms,
    facts: AccountFacts,
    result: Result,
    past: Past,
    released: frozenset[str] = frozenset(),
) -> Result:
    """The result of assembly, held when its past speaks against it, with warnings of what is worth a look.

    ``released`` names reasons that a person let through.
    """
    if isinstance(result, Excepted):
        return result
    bill = result if isinstance(result, Prepared) else result.prepared
    if bill is None:
        return result
    more = tuple(_warnings(terms, facts, bill, past))
    marked = replace(bill, warnings=(*bill.warnings, *more)) if more else bill
    if isinstance(result, Held):
        return replace(result, prepared=marked)
    found = next((f for f in findings(limits, terms, facts, bill, past) if f.reason not in released), None)
    return Held(found.reason, found.detail, marked) if found else marked


def findings(
    limits: Limits, terms: Terms, facts: AccountFacts, bill: Prepared, past: Past
) -> Iterator[Finding]:
    """Everything that speaks against the bill, the surest mistake first."""
    services = {s.service_id: s for s in facts.services}
    for service_id in sorted({r.service_id for r in bill.readings}):
        service, was = services[service_id], past.registers.get(service_id, {})
        used = [r for r in bill.readings if r.service_id == service_id]
        yield from _registers(service, was)
        yield from _dates(limits, terms, service, bill, used)
        known = past.uses.get((service_id, used[0].unit))
        if known is not None:
            yield from _use(limits, service, used, known)
    yield from _amount(limits, bill, past)


def _registers(service: ServiceFacts, known: Mapping[int, RegisterWas]) -> Iterator[Finding]:
    for r in service.registers:
        before = known.get(r.register_id)
        if before is None:
            continue
        for word, old, new in (
            ("multiplier", _plain(before.multiplier), _plain(r.multiplier)),
            ("unit", before.unit, r.unit),
            ("number of dials", str(before.digits), str(r.digits)),
            ("number of dead zeros", str(before.dead_zeros), str(r.dead_zeros)),
        ):
            if old != new:
                yield Finding(
                    "register_changed",
                    f"The {word} of the {service.service_type} meter was {old} on the last bill and is {new}"
                    " now. Correct the register, or release the bill when the change is right.",
                )
    for one, other in _together(service):
        both = {one.register_id, other.register_id}
        # Registers of one meter count together from its first bill on; one that comes to a meter which was
        # billed without it does not.
        compound = one.part_of != 0 and one.part_of == other.part_of and not both & known.keys()
        if not compound and not both <= known.keys():
            yield Finding(
                "meter_twice",
                f"Two registers of the {service.service_type} service run over the same days and were never"
                " billed together before. Take the wrong one out, or release the bill when both count.",
            )
            return


def _together(service: ServiceFacts) -> Iterator[tuple[RegisterFacts, RegisterFacts]]:
    """Pairs of registers that are added up and whose readings overlap in days.

    At a change of meter they only touch.  A demand is not added to the use that it is read beside.
    """
    read = [r for r in service.registers if r.to_id and r.is_use]
    for n, one in enumerate(read):
        for other in read[n + 1 :]:
            if one.from_on < other.to_on and other.from_on < one.to_on:
                yield one, other


def _dates(
    limits: Limits, terms: Terms, service: ServiceFacts, bill: Prepared, used: Sequence[UsedReading]
) -> Iterator[Finding]:
    newest = max(r.on for r in used)
    if newest <= terms.starts and service.ends is None:
        yield Finding(
            "old_reading",
            f"The newest {service.service_type} reading is of {newest:%b %-d, %Y}, before the run's period"
            " begins. Enter this period's reading, then prepare again.",
        )
    period = next(p for p in bill.periods if p.service_id == service.service_id)
    days = (period.ends - period.starts).days
    if days < limits.min_days and service.billed_to is not None and service.ends is None:
        yield Finding(
            "short_period",
            f"The {service.service_type} period has {days} days, fewer than the {limits.min_days} allowed."
            " Check the date of its reading.",
        )


def _use(
    limits: Limits, service: ServiceFacts, used: Sequence[UsedReading], known: PastUse
) -> Iterator[Finding]:
    use, days = use_and_days(used)
    # use / days > times × known.use / known.days, without dividing
    if known.bills >= ENOUGH_BILLS and 0 < limits.use_times * known.use * days < use * known.days:
        yield Finding(
            "high_use",
            f"The {service.service_type} use of {_plain(use)} {used[0].unit} in {days} days is"
            f" {_times(use * known.days, known.use * days)} times the service's own average."
            " Read the meter again, or look for a leak.",
        )
    if use == 0 and known.bills >= ALWAYS and not known.unused:
        yield Finding(
            "zero_use",
            f"The {service.service_type} meter shows no use for the first time in {known.bills} bills."
            " Look whether it stands still or the house is empty.",
        )


def _amount(limits: Limits, bill: Prepared, past: Past) -> Iterator[Finding]:
    if past.usual is None or past.bills < ENOUGH_BILLS:
        return
    if bill.total > limits.over_times * past.usual and bill.total - past.usual >= limits.over_least:
        times = f"{_times(bill.total, past.usual)} times " if past.usual > 0 else "far above "
        yield Finding(
            "over_average",
            f"The bill of {bill.total} is {times}the account's own average of {past.usual}."
            " Check its readings and rates, then release it.",
        )


def _warnings(terms: Terms, facts: AccountFacts, bill: Prepared, past: Past) -> Iterator[str]:
    """Codes of what is only worth a look, as ``high:water``; what assembly says already is left to it."""
    types = {s.service_id: s.service_type for s in facts.services}
    ends = {s.service_id: s.ends for s in facts.services}
    for service_id in sorted({r.service_id for r in bill.readings}):
        used = [r for r in bill.readings if r.service_id == service_id]
        use, days = use_and_days(used)
        known = past.uses.get((service_id, used[0].unit))
        if ends[service_id] is None and max(r.on for r in used) < half_way(terms):
            yield f"old_reading:{types[service_id]}"
        if any(r.source == "E" for r in used):
            yield f"estimated:{types[service_id]}"
        if use > 0 and known is not None and known.days and known.use > 0:
            if use * known.days > HIGH * known.use * days:
                yield f"high:{types[service_id]}"
            elif use * known.days < LOW * known.use * days:
                yield f"low:{types[service_id]}"
    if any(ends[p.service_id] is not None for p in bill.periods):
        yield "last_bill"
    if past.last is not None:
        change = abs(bill.total - past.last)
        if change >= CHANGED_LEAST and change > CHANGED * abs(past.last):
            yield "large_change"


def half_way(terms: Terms) -> date:
    """The middle of the run's period: a newest reading before it is an old one."""
    return terms.starts + (terms.ends - terms.starts) / 2


def unbilled_use(facts: AccountFacts) -> bool:
    """Whether a meter of an account that gets no bill went on."""
    return any(r.to_id and r.is_use and r.gone().use > 0 for s in facts.services for r in s.registers)


def at_risk(result: Result, past: Past) -> Decimal:
    """Dollars wrong or unbilled if this bill is wrong: what it differs from the usual, or all of it."""
    if isinstance(result, Excepted):
        return ZERO
    bill = result if isinstance(result, Prepared) else result.prepared
    if bill is None:
        return max(past.usual or ZERO, ZERO)
    if past.usual is None or (isinstance(result, Held) and result.reason in STAYS_OUT):
        return abs(bill.total)
    return abs(bill.total - past.usual)


def use_and_days(used: Sequence[UsedReading]) -> tuple[Decimal, int]:
    """Use in the first register's unit (others of another unit are left out) and the registers' days."""
    same = [r for r in used if r.unit == used[0].unit]
    return sum((r.use for r in same), Decimal(0)), sum(r.days for r in same)


def _times(part: Decimal, whole: Decimal) -> str:
    return f"{part / whole:.1f}"


def _plain(figure: Decimal) -> str:
    return format(figure.normalize() + 0, "f")
