"""One account priced by the engine and by the oracle, and whatever differs between the two."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from core.periods import Period
from rates.engine import (
    Rating,
    RatingError,
    RatingFacts,
    ServiceUse,
    Tariff,
    TariffError,
    parse_tariff,
    pricing_of,
    rate,
    rate_parts,
)
from tests.oracle.account import Account, Metered
from tests.oracle.bill import Bill
from tests.oracle.exact import BadTable, NoPrice
from tests.oracle.making.cases import Case
from tests.oracle.making.tables import Made
from tests.oracle.pricing import price_versions
from tests.oracle.reading import check

SAME = Fraction(1, 10**20)
MONEY = 10**24  # dollars; the sum of a bill has as many digits as a decimal has unless told otherwise
WIDE = Context(prec=80)


class Town:
    """The tables of a town, read once by both; ``unlike`` says which of them are not taken by both."""

    def __init__(self, services: list[Made]) -> None:
        self.unlike: list[str] = []
        self.tariffs = {id(made): [self._read(table) for _, table in made.versions] for made in services}

    def _read(self, table: dict[str, Any]) -> Tariff | None:
        ours, theirs = refused_by_oracle(table), None
        tariff = None
        try:
            tariff = parse_tariff(table)
        except TariffError as error:
            theirs = str(error)
        if ours is not None or theirs is not None:
            self.unlike.append(f"reading: oracle {ours or 'takes it'}, engine {theirs or 'takes it'}")
        return tariff


def refused_by_oracle(table: Any) -> str | None:
    """Why the oracle does not take a table, or nothing."""
    try:
        check(table)
    except BadTable as error:
        return str(error)
    return None


def differences(case: Case, town: Town) -> tuple[list[str], list[tuple[Made, Bill | None]]]:
    """What differs, service by service, and the oracle's bills (none where there is no price)."""
    found: list[str] = []
    bills: list[tuple[Made, Bill | None]] = []
    ours: dict[str, Fraction] = {}
    theirs: dict[str, Decimal] = {}
    for made, account in case.services:
        service = str(made.table["service_type"])
        bill = by_oracle(made, replace(account, others={**account.others, **ours}))
        rating = by_engine(made, town, facts_of(account, theirs))
        found += [f"{case.name} {service}: {text}" for text in unlike(bill, rating, service)]
        bills.append((made, bill if isinstance(bill, Bill) else None))
        if isinstance(bill, Bill) and isinstance(rating, Rating):
            ours |= bill.others
            theirs |= rating.others(service)
    return found, bills


def by_oracle(made: Made, account: Account) -> Bill | str:
    """The oracle's bill, or why there is none."""
    try:
        return price_versions(made.versions, account)
    except NoPrice as error:
        return str(error)


def by_engine(made: Made, town: Town, facts: RatingFacts) -> Rating | str:
    """The engine's rating, or why there is none."""
    tariffs = town.tariffs[id(made)]
    begins = [day for day, _ in made.versions]
    ends: list[date | None] = [*begins[1:], None]
    versions = [
        (Period(start, end), tariff)
        for start, end, tariff in zip(begins, ends, tariffs, strict=True)
        if tariff is not None and start != end
    ]
    try:
        parts = pricing_of(versions, facts.period)
        return rate(parts[0][1], facts) if len(parts) == 1 else rate_parts(parts, facts)
    except RatingError as error:
        return str(error)


def facts_of(account: Account, others: Mapping[str, Decimal]) -> RatingFacts:
    """The same account in the engine's words."""
    return RatingFacts(
        period=Period(account.start, account.end),
        days=account.days,
        use=None if account.use is None else decimal(account.use),
        unit=account.unit,
        attributes=account.attributes,
        numbers={name: decimal(found) for name, found in account.numbers.items()},
        exempt_tax_codes=account.exempt,
        others={**{name: decimal(found) for name, found in account.others.items()}, **others},
        other_use={name: service_use(found) for name, found in account.other_use.items()},
        series={name: tuple(map(decimal, found)) for name, found in account.series.items()},
        charged={name: decimal(found) for name, found in account.charged.items()},
        past={name: tuple(map(service_use, found)) for name, found in account.past.items()},
    )


def decimal(found: Fraction) -> Decimal:
    """A fraction that ends, as a decimal."""
    return WIDE.divide(Decimal(found.numerator), Decimal(found.denominator))


def service_use(found: Metered) -> ServiceUse:
    """A use in the engine's words."""
    return ServiceUse(decimal(found.use), found.unit)


def unlike(bill: Bill | str, rating: Rating | str, service: str) -> list[str]:
    """Charges, order, amounts, exact values and figures that are not the same."""
    if isinstance(bill, str) or isinstance(rating, str):
        if isinstance(bill, str) and isinstance(rating, str):
            return []
        return [f"oracle {bill if isinstance(bill, str) else 'a bill'}; engine {said(rating)}"]
    ours, theirs = [line.component for line in bill.lines], [c.component for c in rating.charges]
    if ours != theirs:
        return [f"oracle charges {ours}, engine {theirs}"]
    found = []
    for line, charge in zip(bill.lines, rating.charges, strict=True):
        if Fraction(charge.amount) != line.amount or not near(charge.exact, line.exact):
            ours_is, theirs_is = show(line.amount, line.exact), f"{charge.amount} ({charge.exact})"
            found.append(f"{line.component}: oracle {ours_is}, engine {theirs_is}")
    for charge in rating.charges:
        if not near(sum_of(step.amount for step in charge.steps), Fraction(charge.exact)):
            found.append(f"{charge.component}: its lines of arithmetic do not add up to {charge.exact}")
    found += [f"figure {name}: {text}" for name, text in figures_unlike(bill, rating)]
    found += [f"for others, {name}: {text}" for name, text in others_unlike(bill, rating.others(service))]
    if Fraction(rating.total) != bill.total and abs(bill.total) < MONEY:
        found.append(f"total: oracle {float(bill.total)}, engine {rating.total}")
    return found


def figures_unlike(bill: Bill, rating: Rating) -> list[tuple[str, str]]:
    """Derived quantities, and the use if it was asked for, that differ or are missing."""
    names = bill.figures.keys() | rating.figures.keys()
    return _unlike(names, bill.figures, rating.figures)


def others_unlike(bill: Bill, given: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    """What later services would rest on."""
    return _unlike(bill.others.keys() | given.keys(), bill.others, given)


def _unlike(names: Any, ours: Mapping[str, Fraction], theirs: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    found = []
    for name in sorted(names):
        if name not in ours or name not in theirs:
            found.append((name, "only the engine has it" if name in theirs else "only the oracle has it"))
        elif not near(theirs[name], ours[name]):
            found.append((name, f"oracle {float(ours[name])}, engine {theirs[name]}"))
    return found


def sum_of(amounts: Iterable[Decimal]) -> Decimal:
    """Added up without losing a place."""
    total = Decimal(0)
    for amount in amounts:
        total = WIDE.add(total, amount)
    return total


def near(theirs: Decimal, ours: Fraction) -> bool:
    """Equal to twenty places."""
    return abs(Fraction(theirs) - ours) < SAME


def show(amount: Fraction, exact: Fraction) -> str:
    """An amount with what it was before it was rounded."""
    return f"{float(amount):.2f} ({float(exact)})"


def said(rating: Rating | str) -> str:
    """Why there is no rating, or that there is one."""
    return rating if isinstance(rating, str) else f"{rating.total} in {len(rating.charges)} charges"
