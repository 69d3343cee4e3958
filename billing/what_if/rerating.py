"""A posted bill under other rate tables.  Pure.

A bill is a function of its facts and of its tables (``billing.assembly``).  Here the facts stay and some
tables are replaced: only services that one of the new tables prices, and those that rest on them, are
worked out again; the others keep what they were billed.

Many bills of a town are alike in everything that prices them (same dates, size, use and carts), so the
result is kept by that likeness: a bill that is priced like one before is not worked out twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from billing.assembly import AccountFacts, Held, Prepared, Terms, assemble
from core.money import ZERO
from core.quantities import UNITS, as_decimal, convert
from rates.engine import Tariff

# Places in the kept form of a service's facts (``billing.assembly.facts``).
_ID, _TYPE, _CODE, _HASH, _REGISTERS, _MORE = 0, 1, 2, 3, 11, 12
_SERVICES, _CATEGORY = 8, 2
_LIKENESSES = 30_000  # some 30 MB
_DEMAND = frozenset({"KW", "KVA"})


class KeptBill(NamedTuple):
    """A posted bill as it is kept: the JSON forms of its facts and lines, and what it came to."""

    bill_id: int
    charges: Decimal
    facts: list[Any]
    lines: list[Any]


class Replacing(Protocol):
    """What says which tables price instead of those that did."""

    @property
    def codes(self) -> frozenset[str]:
        """The rate codes that are asked about."""
        ...

    def service(self, kept: list[Any], terms: Terms) -> list[Any] | None:
        """The kept facts of a service with the new tables in place; ``None`` when nothing is replaced."""
        ...


@dataclass(frozen=True, slots=True)
class Instead:
    """Which table prices instead of which, by content hash.

    ``by_code``: every version of a rate code is replaced by one table.  ``by_version``: a version of a code
    by another, as when all prices rise by a per cent.
    """

    by_code: Mapping[str, str] = field(default_factory=dict)
    by_version: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def codes(self) -> frozenset[str]:
        """The rate codes that are asked about."""
        return frozenset(self.by_code) | {code for code, _ in self.by_version}

    def service(self, kept: list[Any], terms: Terms) -> list[Any] | None:
        """The facts of a service with the new table in place."""
        code = kept[_CODE]
        more = kept[_MORE] if len(kept) > _MORE else {}
        whole = self.by_code.get(code)
        if whole is not None:
            return with_tables(kept, [("", whole)])
        new = self.by_version.get((code, kept[_HASH]))
        if new is None:
            return None
        parts = [(since, self.by_version.get((code, old), old)) for since, old in more.get("parts", ())]
        return with_tables(kept, parts or [("", new)])


def with_tables(kept: list[Any], parts: Sequence[tuple[str, str]]) -> list[Any]:
    """The kept facts of a service priced by these tables: (first day, content hash), in their order."""
    more = dict(kept[_MORE]) if len(kept) > _MORE else {}
    more.pop("parts", None)
    if len(parts) > 1:
        more["parts"] = [[since, digest] for since, digest in parts]
    return [*kept[:_HASH], parts[-1][1], *kept[_HASH + 1 : _MORE], *([more] if more else [])]


class Changed(NamedTuple):
    """What a service was billed and what it would be."""

    service_type: str
    old: Decimal
    new: Decimal


class Outcome(NamedTuple):
    """A bill under the new tables.

    ``new`` is ``None`` when it cannot be priced; ``reason`` and ``detail`` say why.  ``touched`` is off for
    a bill that none of the new tables concerns.  ``services`` are those of the bill, worked out again or not.
    ``use`` is that of the first service priced anew, in the unit of its table.
    """

    bill_id: int
    old: Decimal
    new: Decimal | None
    category: str
    rate_code: str
    use: Decimal | None
    unit: str
    services: tuple[Changed, ...]
    touched: bool
    reason: str = ""
    detail: str = ""


class _Worked(NamedTuple):
    """What is the same for all bills that are alike: new amounts by place of the service, or why none."""

    amounts: Mapping[int, Decimal]
    use: Decimal | None
    unit: str
    reason: str = ""
    detail: str = ""


class Rerater:
    """Works out posted bills under other tables; keep one for many bills of the same question."""

    def __init__(self, instead: Replacing, tariffs: Mapping[str, Tariff]) -> None:
        self._instead, self._tariffs = instead, tariffs
        self._codes = instead.codes
        self._affected: dict[tuple[tuple[str, str], ...], tuple[tuple[int, ...], tuple[int, ...]]] = {}
        self._alike: dict[Any, _Worked] = {}

    def replaced(self, bill: KeptBill, terms: Terms) -> dict[int, list[Any]]:
        """By its place, each service of the bill that a new table prices, with that table in its facts."""
        return {
            n: new
            for n, service in enumerate(bill.facts[_SERVICES])
            if service[_CODE] in self._codes and (new := self._instead.service(service, terms)) is not None
        }

    def rerated(self, bill: KeptBill, terms: Terms, replaced: Mapping[int, list[Any]]) -> Outcome:
        """The bill with these services replaced; ``terms`` are those of the run that made it."""
        services, category = bill.facts[_SERVICES], bill.facts[_CATEGORY]
        before = _billed(services, bill.lines)
        if not replaced:
            same = tuple(Changed(s[_TYPE], b, b) for s, b in zip(services, before, strict=True) if b)
            code = services[0][_CODE] if services else ""
            return Outcome(bill.bill_id, bill.charges, bill.charges, category, code, None, "", same, False)
        first = services[min(replaced)][_CODE]
        under = [replaced.get(n, s) for n, s in enumerate(services)]
        found = self._worked(bill.facts, under, sorted(replaced), terms)
        if found.reason:
            return Outcome(
                bill.bill_id, bill.charges, None, category, first, found.use, found.unit,
                (), True, found.reason, found.detail,
            )  # fmt: skip
        changed = tuple(
            Changed(s[_TYPE], was, found.amounts.get(n, was))
            for n, (s, was) in enumerate(zip(services, before, strict=True))
            if was or n in found.amounts
        )
        more = sum((amount - before[n] for n, amount in found.amounts.items()), ZERO)
        return Outcome(
            bill.bill_id, bill.charges, bill.charges + more, category, first, found.use, found.unit,
            changed, True,
        )  # fmt: skip

    def _worked(self, facts: list[Any], under: list[Any], replaced: Sequence[int], terms: Terms) -> _Worked:
        affected, wanted = self._which(under, replaced)
        account = repr((facts[_CATEGORY:_SERVICES], facts[_SERVICES + 1 :]))
        alike = (terms, account, affected, tuple(_likeness(under[n]) for n in wanted))
        found = self._alike.get(alike)
        if found is None:
            if len(self._alike) >= _LIKENESSES:
                self._alike.clear()
            found = self._alike[alike] = self._assembled(facts, under, affected, wanted, terms)
        return found

    def _which(
        self, under: Sequence[list[Any]], replaced: Sequence[int]
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Places of the services that may come out otherwise, and of those needed to work them out."""
        key = (*((s[_TYPE], s[_HASH]) for s in under), ("", ",".join(map(str, replaced))))
        known = self._affected.get(key)
        if known is None:
            needs = [_needs(s, self._tariffs) for s in under]
            affected = _spread(set(replaced), lambda n, found: needs[n] & {under[m][_TYPE] for m in found},
                               len(under))  # fmt: skip
            wanted = _spread(
                set(affected),
                lambda n, found: {under[n][_TYPE]} & frozenset().union(*(needs[m] for m in found)),
                len(under),
            )
            known = self._affected[key] = (tuple(sorted(affected)), tuple(sorted(wanted)))
        return known

    def _assembled(
        self,
        facts: list[Any],
        under: Sequence[list[Any]],
        affected: Sequence[int],
        wanted: Sequence[int],
        terms: Terms,
    ) -> _Worked:
        part = [*facts[:_SERVICES], [under[n] for n in wanted], *facts[_SERVICES + 1 :]]
        made = assemble(terms, AccountFacts.from_json(part), self._tariffs)
        prepared = made.prepared if isinstance(made, Held) else made
        if not isinstance(prepared, Prepared):
            reason, detail = (made.reason, made.detail) if not isinstance(made, Prepared) else ("", "")
            return _Worked({}, None, "", reason, detail)
        sums: dict[int, Decimal] = dict.fromkeys((under[n][_ID] for n in affected), ZERO)
        for line in prepared.lines:
            if line.service_id in sums:
                sums[line.service_id] += line.amount
        use, unit = self._use(prepared, under, affected)
        return _Worked({n: sums[under[n][_ID]] for n in affected}, use, unit)

    def _use(
        self, prepared: Prepared, under: Sequence[list[Any]], affected: Sequence[int]
    ) -> tuple[Decimal | None, str]:
        """The use of the first affected service that has one: its own meter's, or that it is measured by."""
        for n in affected:
            tariff = self._tariffs.get(under[n][_HASH])
            source = tariff.use.source if tariff is not None else None
            kinds = {under[n][_ID]} if source is None else {s[_ID] for s in under if s[_TYPE] == source}
            used = [(r.use, r.unit) for r in prepared.readings if r.service_id in kinds]
            used = [(use, unit) for use, unit in used if unit not in _DEMAND]
            if used:
                return _together(used, tariff.unit if tariff is not None else None)
        return None, ""


def _billed(services: Sequence[list[Any]], lines: Sequence[list[Any]]) -> list[Decimal]:
    """What each service was billed, in the order of the services."""
    sums: dict[int, Decimal] = {s[_ID]: ZERO for s in services}
    for line in lines:
        sums[line[0]] = sums.get(line[0], ZERO) + Decimal(line[6])
    return [sums[s[_ID]] for s in services]


def _needs(service: list[Any], tariffs: Mapping[str, Tariff]) -> frozenset[str]:
    """The kinds of service that a service's tables look at."""
    more = service[_MORE] if len(service) > _MORE else {}
    hashes = [service[_HASH], *(digest for _, digest in more.get("parts", ()))]
    return frozenset().union(*(tariffs[h].needs for h in hashes if h in tariffs))


def _spread(found: set[int], reaches: Any, size: int) -> set[int]:
    """The places found, and all that are reached from them, again and again."""
    grown = True
    while grown:
        more = {n for n in range(size) if n not in found and reaches(n, found)}
        grown = bool(more)
        found |= more
    return found


def _likeness(service: list[Any]) -> tuple[Any, ...]:
    """All that prices a service, without its ids and without what its dials happen to show."""
    return (
        repr(service[_TYPE:_REGISTERS]),
        tuple(_measured(r) for r in service[_REGISTERS]),
        repr(service[_MORE:]),
    )


def _measured(register: list[Any]) -> tuple[Any, ...]:
    """What a register measured: the advance of its dial where that is all that counts, else all it shows."""
    _, unit, digits, multiplier, backwards, _, since, first, taken, until, last, _, rolled, *more = register
    gone = Decimal(last) - Decimal(first)
    plain = gone >= 0 and taken and unit not in _DEMAND
    shown = gone if plain else (first, last, digits, rolled, bool(taken))
    return (unit, multiplier, backwards, since, until, shown, *more)


def _together(used: Sequence[tuple[Decimal, str]], unit: str | None) -> tuple[Decimal, str]:
    """The sum, in the unit of the table where that measures the same thing; else in the first one's."""
    target = used[0][1]
    if unit in UNITS and UNITS[unit].kind == UNITS[target].kind:
        target = str(unit)
    fitting = [(use, u) for use, u in used if UNITS[u].kind == UNITS[target].kind]
    added = (use if u == target else as_decimal(convert(use, u, target), 6) for use, u in fitting)
    return sum(added, Decimal(0)), target
