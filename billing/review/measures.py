"""What is counted of a run while it is prepared, chunk by chunk: its checks are judged by the sum.  Pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from billing.assembly import AccountFacts, Excepted, Held, Prepared, ServiceFacts, Terms
from billing.assembly.periods import is_due, is_waiting
from billing.review.lists import lists_of
from billing.review.looks import STAYS_OUT, Result, use_and_days
from billing.review.past import Past
from core.money import ZERO

# Ratios are counted in steps of a third (ten to the power of an eighth), from 1/1000 to 1000 times.
_EDGES = tuple(Decimal(10) ** (Decimal(k) / 8) for k in range(-24, 25))
NONE_AT_ALL = -1


def step_of(now: Decimal, then: Decimal) -> int:
    """The step that ``now / then`` falls into, for positive ``then``; ``NONE_AT_ALL`` when now is zero."""
    return bisect_right(_EDGES, now / then) if now > 0 else NONE_AT_ALL


def ratio_of(step: int) -> Decimal:
    """The middle of a step."""
    return Decimal(0) if step == NONE_AT_ALL else Decimal(10) ** ((Decimal(step) - Decimal("24.5")) / 8)


def middle(counted: Counter[int]) -> Decimal:
    """The median of counted ratios, to a step; there must be one."""
    half, seen = sum(counted.values()) / Decimal(2), 0
    for step, n in sorted(counted.items()):
        seen += n
        if seen >= half:
            return ratio_of(step)
    raise ValueError("Nothing was counted.")


@dataclass(slots=True)
class Measures:
    """Counts of a run or a part of it.

    ``counts``: accounts, services and bills by what became of them, and days.  ``ratios``: how often each
    ratio of a bill or a use to an earlier one was seen, under ``what|route|service|last`` or ``…|year``.
    ``largest`` is the greatest bill in dollars, of account ``largest_of``.
    """

    counts: Counter[str] = field(default_factory=Counter)
    ratios: dict[str, Counter[int]] = field(default_factory=dict)
    largest: Decimal = ZERO
    largest_of: str = ""

    def add(self, terms: Terms, facts: AccountFacts, result: Result, past: Past, route: str) -> None:
        """Count one account."""
        state, due = state_of(result), services_due(terms, facts)
        self.counts["accounts"] += 1
        self.counts["services_waiting"] += len(services_waiting(terms, facts))
        self.counts[f"services_{state}"] += len(due) if not isinstance(result, Excepted) else 0
        if isinstance(result, Excepted):
            self.counts["services_excepted"] += len(due) if result.reason == "no_bill" else 0
            return
        self.counts["due"] += 1
        if isinstance(result, Held):
            self.counts[f"reason_{result.reason}"] += 1
            self.counts["held"] += result.reason not in STAYS_OUT
        bill = result if isinstance(result, Prepared) else result.prepared
        if bill is not None:
            self._bill(terms, facts, bill, past, route)

    def _bill(self, terms: Terms, facts: AccountFacts, bill: Prepared, past: Past, route: str) -> None:
        self.counts["made"] += 1
        if bill.total > self.largest:
            self.largest, self.largest_of = bill.total, facts.number
        for key, then in (("last", past.last), ("year", past.year)):
            if then is not None and then > 0 and bill.total >= 0:
                self._ratio(f"bill|||{key}", bill.total, then)
        services = {s.service_id: s for s in facts.services}
        periods = {p.service_id: p for p in bill.periods}
        self.counts["first"] += any(services[i].billed_to is None for i in periods)
        self.counts["last"] += any(services[i].ends is not None for i in periods)
        old = any(w.startswith("old_reading") for w in bill.warnings)
        for service_id in sorted({r.service_id for r in bill.readings}):
            service, used = services[service_id], [r for r in bill.readings if r.service_id == service_id]
            use, days = use_and_days(used)
            self.counts["metered"] += 1
            self.counts["unused"] += use == 0
            if service.ends is None and service.billed_to is not None:
                self.counts["periods"] += 1
                self.counts["days"] += (periods[service_id].ends - periods[service_id].starts).days
            known = past.uses.get((service_id, used[0].unit))
            for key, before in (("last", known and known.last), ("year", known and known.year)):
                if before and before[0] > 0 and before[1] and days and use >= 0:
                    for place in (route, ""):
                        name = f"use|{place}|{service.service_type}|{key}"
                        self._ratio(name, use * before[1], before[0] * days)
        self.counts["old"] += old

    def _ratio(self, name: str, now: Decimal, then: Decimal) -> None:
        self.ratios.setdefault(name, Counter())[step_of(now, then)] += 1

    def list(self, reasons: Iterable[str], warnings: Iterable[str]) -> None:
        """Count one account on the lists it belongs on."""
        self.counts.update(f"list_{code}" for code in lists_of(reasons, warnings))

    def take(self, other: "Measures") -> None:
        """Add another part's counts."""
        self.counts.update(other.counts)
        for name, counted in other.ratios.items():
            self.ratios.setdefault(name, Counter()).update(counted)
        if other.largest > self.largest:
            self.largest, self.largest_of = other.largest, other.largest_of

    def as_json(self) -> dict[str, Any]:
        """The form kept with a part's work and with the run."""
        return {
            "counts": dict(self.counts),
            "ratios": {name: {str(k): n for k, n in c.items()} for name, c in self.ratios.items()},
            "largest": [str(self.largest), self.largest_of],
        }

    @classmethod
    def from_json(cls, form: dict[str, Any]) -> "Measures":
        """The inverse of ``as_json``."""
        ratios = {name: Counter({int(k): n for k, n in c.items()}) for name, c in form["ratios"].items()}
        return cls(Counter(form["counts"]), ratios, Decimal(form["largest"][0]), form["largest"][1])


def state_of(result: Result) -> str:
    """The state of its prepared bill."""
    return {Prepared: "ready", Held: "held", Excepted: "excepted"}[type(result)]


def services_due(terms: Terms, facts: AccountFacts) -> list[ServiceFacts]:
    """The services that the run should bill: begun before its end, not billed to it or to their own."""
    return [s for s in facts.services if is_due(terms, s.starts, s.ends, s.billed_to, s.billed_in)]


def services_waiting(terms: Terms, facts: AccountFacts) -> list[ServiceFacts]:
    """Those that are billed in some months only, and not in this one."""
    return [s for s in facts.services if is_waiting(terms, s.starts, s.ends, s.billed_to, s.billed_in)]
