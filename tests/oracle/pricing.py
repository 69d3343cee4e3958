"""Prices one service for one period, undivided or in parts."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.account import Account
from tests.oracle.bill import Bill, Line, Part, Worked
from tests.oracle.days import ONE, stretches
from tests.oracle.desk import Desk
from tests.oracle.exact import NoPrice, cents, settle, sum_in_cents
from tests.oracle.kinds import Charge, Work, exact_of
from tests.oracle.order import merged_order

ZERO = Fraction(0)
VANISHES = ("rider", "percent", "tax", "minimum_bill", "maximum_bill", "round_up")


def price(table: dict[str, Any], account: Account) -> Bill:
    """The bill of one table."""
    if table.get("dated_by", "end") == "days":
        return price_parts([(account.start, account.end, table)], account)
    day = account.start if table.get("dated_by") == "start" else account.last
    return Till([Part(account.start, account.end, Desk(table, account, day))], account).bill()


def price_versions(versions: Sequence[tuple[date, dict[str, Any]]], account: Account) -> Bill:
    """The bill of a table with several versions, each in force from its day; the last day's says how."""

    def in_force(day: date) -> dict[str, Any]:
        begun = [table for begins, table in versions if begins <= day]
        if not begun:
            raise NoPrice(f"No version is in force on {day}.")
        return begun[-1]

    last = in_force(account.last)
    if last.get("dated_by", "end") != "days":
        return price(in_force(account.start) if last.get("dated_by") == "start" else last, account)
    in_force(account.start)
    inside = [begins for begins, _ in versions if account.start < begins < account.end]
    edges = [account.start, *inside, account.end]
    tiles = [(start, end, in_force(start)) for start, end in zip(edges, edges[1:], strict=False)]
    return price_parts(tiles, account)


def price_parts(versions: Sequence[tuple[date, date, dict[str, Any]]], account: Account) -> Bill:
    """The bill of a period in which the table changes; the versions tile the period."""
    parts = []
    for start, end, table in versions:
        for begins, ends in stretches(table, start, end):
            parts.append(Part(begins, ends, Desk(table, account, ends - ONE)))
    return Till(parts, account).bill()


class Till:
    """Works the charges one after another, each from those that are already there."""

    def __init__(self, parts: list[Part], account: Account) -> None:
        self.parts, self.account = parts, account
        self.days = sum(part.days for part in parts)
        self.total_only = parts[-1].desk.table.get("currency_rounding") == "total"
        self.worked: dict[str, Worked] = {}
        self.running = ZERO

    def bill(self) -> Bill:
        """The lines in order, those that vanish left out."""
        for part in self.parts:
            part.desk.derive()
        for component in merged_order([[str(c["id"]) for c in part.charges] for part in self.parts]):
            self._work(component)
        lines = tuple(
            Line(component, str(w.charge["kind"]), w.amount, w.exact)
            for component, w in self.worked.items()
            if w.applies and not vanishes(w)
        )
        tables = tuple(part.desk.table for part in self.parts)
        events = frozenset(event for worked in self.worked.values() for event in happened(worked))
        return Bill(lines, self.parts[-1].desk.figures(), self._others(), tables, events)

    def _work(self, component: str) -> None:
        """One charge in all parts, put together, stopped, rounded once."""
        index, charge = next(
            (i, c)
            for i, part in reversed(list(enumerate(self.parts)))
            if (c := part.find(component)) is not None
        )
        worked = self.worked[component] = Worked(charge, [])
        if charge["kind"] == "round_up":
            self._once(worked, index)
        else:
            self._in_parts(worked)
        left = self._stopped(worked, index)
        worked.exact, worked.cut = settle(left), left != worked.merged
        before = sum_in_cents(self.running)
        self.running += worked.exact
        worked.amount = sum_in_cents(self.running) - before if self.total_only else cents(worked.exact)
        worked.billed = worked.exact if self.total_only else worked.amount

    def _once(self, worked: Worked, index: int) -> None:
        """A bill rounded up: on the whole charges, by the last part that has it."""
        part = self.parts[index]
        worked.applies = part.desk.holds(worked.charge.get("when"))
        if worked.applies:
            worked.merged = exact_of(worked.charge, Work(part.desk, Listed(self, index, whole=True)))
        worked.parts = [worked.merged] * len(self.parts)

    def _in_parts(self, worked: Worked) -> None:
        for index, part in enumerate(self.parts):
            mine = part.find(str(worked.charge["id"]))
            if mine is None or not part.desk.holds(mine.get("when")):
                worked.parts.append(ZERO)
                continue
            worked.applies = True
            worked.parts.append(exact_of(mine, Work(part.desk, Listed(self, index))))
        shares = [part.days * exact for part, exact in zip(self.parts, worked.parts, strict=True)]
        worked.merged = worked.parts[0] if len(self.parts) == 1 else sum(shares, ZERO) / self.days

    def _stopped(self, worked: Worked, index: int) -> Fraction:
        """What is left to the amount at which the charge stops."""
        if "stops_at" not in worked.charge or not worked.applies:
            return worked.merged
        charged = self.account.charged.get(str(worked.charge["id"]), ZERO)
        left = self.parts[index].desk.one(worked.charge["stops_at"]) - charged
        worked.used_up = left <= 0
        return max(ZERO, min(worked.merged, left))

    def _others(self) -> dict[str, Fraction]:
        service = self.parts[-1].desk.table["service_type"]
        found = {f"{service}.{component}": w.exact for component, w in self.worked.items()}
        found |= {f"{service}.{component}.billed": w.billed for component, w in self.worked.items()}
        found[f"{service}.all"] = sum((w.exact for w in self.worked.values()), ZERO)
        found[f"{service}.all.billed"] = sum((w.billed for w in self.worked.values()), ZERO)
        return found


class Listed:
    """What the charges listed by another come to, in one part or as a whole."""

    def __init__(self, till: Till, index: int, *, whole: bool = False) -> None:
        self.till, self.index, self.whole = till, index, whole

    def basis(self, charge: Charge) -> Fraction:
        """The sum of the listed charges."""
        total = ZERO
        for name in self._ids(charge):
            if "." in name:
                total += self._other(name, charge)
            elif self.whole:
                total += self.till.worked[name].whole(charge["basis"])
            else:
                total += self.till.worked[name].in_part(self.index, charge["basis"])
        return total

    def _ids(self, charge: Charge) -> list[str]:
        part = self.till.parts[self.index]
        above = part.above(str(charge["id"]))
        if "of" not in charge:
            return [c for c in above if (part.find(c) or {}).get("taxable")]
        return [c for name in charge["of"] for c in (above if name == "all" else [name])]

    def _other(self, name: str, charge: Charge) -> Fraction:
        key = name if charge["basis"] == "exact" else f"{name}.billed"
        others = self.till.account.others
        if key in others:
            return others[key]
        if charge.get("if_missing") == "nothing":
            return ZERO
        raise NoPrice(f"{name} is not on the bill.")


def happened(worked: Worked) -> Iterator[str]:
    """What a test of the oracle wants to have seen."""
    if not worked.applies:
        yield "held back"
    elif vanishes(worked):
        yield "vanished"
    if worked.used_up:
        yield "used up"
    elif worked.cut:
        yield "stopped"
    if (worked.exact * 1000 % 10) == 5:
        yield "half a cent"
    if worked.amount < 0:
        yield "a credit"


def vanishes(worked: Worked) -> bool:
    """Whether a charge of 0.00 is left out."""
    if worked.used_up:
        return True
    shown = worked.charge.get("show_zero", worked.charge["kind"] not in VANISHES)
    return worked.amount == 0 and not shown
