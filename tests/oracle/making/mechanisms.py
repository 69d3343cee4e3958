"""Which mechanisms of the rate language a priced bill went through."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.oracle.account import Account
from tests.oracle.bill import Bill
from tests.oracle.shapes import ENTRIES, KINDS

FREE = ("name", "service_type", "source", "effective", "note", "components", "splittable")
MOVES = ("held back", "vanished", "used up", "stopped", "half a cent", "a credit")
PERIODS = ("leap day", "turn of the year", "one day", "several parts", "several versions")
USES = ("use 0", "use very large", "use negative", "use in another unit", "use not known")
CHOICES = (
    *(
        "dated",
        "dated in a row",
        "otherwise",
        "by season",
        "by month",
        "by attribute",
        "by several attributes",
    ),
    *("when a list", "when null", "when bounds", "when season", "when month"),
)
OPERATIONS = (
    *("sum", "difference", "product", "quotient", "least", "greatest", "average", "round", "each"),
    *("lowest", "highest", "drop_lowest", "drop_highest"),
)
RESTS = ("all", "own charges", "another service", "all of another service", "nothing if missing")


def every() -> set[str]:
    """All that a generator must come to."""
    found = {entry for entry in ENTRIES if entry not in FREE}
    for kind, entries in KINDS.items():
        found |= {kind, *(f"{kind}.{entry}" for entry in entries if entry != "unit")}
        found |= {f"{kind}.{entry}" for entry in ("taxable", "when", "show_zero", "stops_at")}
    found |= {*MOVES, *PERIODS, *USES, *CHOICES, *OPERATIONS, *RESTS, "exempt"}
    found |= {f"use.{entry}" for entry in ("from", "factor", "less", "at_least", "cap", "rounding")}
    found |= {f"dated_by {how}" for how in ("end", "start", "days")}
    found |= {f"rounding {mode}" for mode in ("up", "down", "nearest", "exact")}
    found |= {f"proration.{entry}" for entry in ("full", "below", "above")}
    found |= {f"look_back.{e}" for e in ("of", "months", "last", "at_least", "otherwise", "what")}
    found |= {"look_back of use", "look_back of demand", "look_back of days"}
    return found | {"operation at_least", "operation at_most", "operation rounding"}


def seen(bill: Bill, account: Account) -> set[str]:
    """What one bill went through."""
    found = set(bill.events) | set(_period(bill, account)) | set(_use(bill, account))
    on_bill = {line.component for line in bill.lines}
    for table in bill.tables:
        found |= {entry for entry in table if entry not in FREE}
        found.add(f"dated_by {table.get('dated_by', 'end')}")
        for holder in ("use", "proration"):
            found |= {f"{holder}.{entry}" for entry in table.get(holder, ())}
        found |= {f"look_back.{entry}" for row in table.get("look_back", ()) for entry in row}
        found |= {f"look_back of {row.get('what', 'use')}" for row in table.get("look_back", ())}
        found |= set(_values([table.get(e) for e in ("use", "derive", "look_back")]))
        for charge in table["components"]:
            if charge["id"] in on_bill:
                found |= {charge["kind"], *(f"{charge['kind']}.{entry}" for entry in charge)}
                found |= set(_values(charge)) | set(_rests(charge))
                if charge.get("tax_code") in account.exempt:
                    found.add("exempt")
    if account.exempt:
        found.add("exempt")
    return found


def _period(bill: Bill, account: Account) -> Iterator[str]:
    if len(bill.tables) > 1:
        yield "several parts"
    if len({id(table) for table in bill.tables}) > 1:
        yield "several versions"
    if (account.end - account.start).days == 1:
        yield "one day"
    if account.start.year != account.last.year:
        yield "turn of the year"
    leaps = [date(year, 2, 29) for year in (2024, 2028)]
    if any(account.start <= day < account.end for day in leaps):
        yield "leap day"


def _use(bill: Bill, account: Account) -> Iterator[str]:
    if account.use is None:
        yield "use not known"
    elif account.use == 0:
        yield "use 0"
    elif account.use < 0:
        yield "use negative"
    elif account.use >= 10**9:
        yield "use very large"
    if account.unit is not None and bill.tables[-1].get("unit") not in (None, account.unit):
        yield "use in another unit"


def _rests(charge: dict[str, Any]) -> Iterator[str]:
    for name in charge.get("of", ()):
        if name == "all":
            yield "all"
        elif "." not in name:
            yield "own charges"
        else:
            yield "all of another service" if name.endswith(".all") else "another service"
            if charge.get("if_missing") == "nothing":
                yield "nothing if missing"


def _values(written: Any) -> Iterator[str]:
    if isinstance(written, list):
        for inner in written:
            yield from _values(inner)
    if not isinstance(written, dict):
        return
    yield from _choice(written)
    if "op" in written:
        yield written["op"]
        for entry in ("at_least", "at_most", "rounding"):
            if entry in written:
                yield f"operation {entry}"
    if "mode" in written:
        yield f"rounding {written['mode']}"
    for name, asked in (written.get("when") or {}).items():
        yield "when a list" if isinstance(asked, list) else "when bounds"
        if name in ("season", "month"):
            yield f"when {name}"
        if isinstance(asked, list) and None in asked:
            yield "when null"
    for inner in written.values():
        yield from _values(inner)


def _choice(written: dict[str, Any]) -> Iterator[str]:
    if "dated" in written:
        yield "dated"
    if "rows" in written:
        names = written["by"] if isinstance(written["by"], list) else [written["by"]]
        for name in names:
            yield f"by {name}" if name in ("season", "month") else "by attribute"
        if len(names) > 1:
            yield "by several attributes"
        if any(isinstance(row, dict) and "dated" in row for row in written["rows"].values()):
            yield "dated in a row"
        if "otherwise" in written:
            yield "otherwise"
