"""Which figures the entries of a table ask for; nothing may rest on itself, or on a use that has no unit."""

from typing import Any

from tests.oracle.exact import BadTable, is_number
from tests.oracle.shapes import BY_USE, VALUES


def check_rests(table: dict[str, Any]) -> None:
    """Nothing, or ``BadTable``."""
    if table.get("unit") is None:
        no_use(table)
    elif "billed_in" in table:
        raise BadTable("billed_in: the table is not a flat one.")
    names = [row["name"] for row in (*table.get("look_back", ()), *table.get("derive", ()))]
    if len(set(names)) != len(names) or {"use", "days", "month", "season"} & set(names):
        raise BadTable("derive: a name is taken.")
    circles(table)


def no_use(table: dict[str, Any]) -> None:
    """A table without a unit asks for no use."""
    if any(entry.get("what", "use") == "use" for entry in table.get("look_back", ())):
        raise BadTable("look_back: use has no unit here.")
    if any(c["kind"] in BY_USE and "quantity" not in c for c in table["components"]):
        raise BadTable("components: use has no unit here.")
    named = figures([table.get("derive"), table.get("look_back"), table["components"]])
    if any(name == "use" or name.endswith(".use") for name in named):
        raise BadTable("The table asks for a use, which has no unit here.")


def circles(table: dict[str, Any]) -> None:
    """Nothing rests on itself: no derived quantity, and not the billed use."""
    asked: set[str] = set()
    for row in table.get("look_back", ()):
        asked |= figures(row.get("otherwise"))
        if row["name"] in asked:
            raise BadTable(f"look_back: {row['name']} is asked for above.")
    for row in table.get("derive", ()):
        if row["name"] in asked:
            raise BadTable(f"derive: {row['name']} is asked for above.")
        asked |= figures(row)
    rests = {row["name"]: figures(row.get("otherwise")) for row in table.get("look_back", ())}
    for row in table.get("derive", ()):
        rests[row["name"]] = rests.get(row["name"], set()) | figures(row)
        if row["name"] in figures(row):
            raise BadTable(f"derive: {row['name']} rests on itself.")
    reached, waiting = set(), list(figures(table.get("use")))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += rests.get(name, ())
    if "use" in reached:
        raise BadTable("use: it rests on itself.")


def figures(written: Any) -> set[str]:
    """The figures that values and conditions anywhere in this ask for."""
    if isinstance(written, str):
        return set() if is_number(written) else {written}
    if isinstance(written, list):
        return {name for inner in written for name in figures(inner)}
    if not isinstance(written, dict):
        return set()
    found = {name for name, asked in (written.get("when") or {}).items() if isinstance(asked, dict)}
    if "op" in written or "rows" in written or "dated" in written:
        values = [written.get(e) for e in ("of", "at_least", "at_most", "otherwise", "dated")]
        by = written.get("by")
        depth = len(by) if isinstance(by, list) else 1
        rows = [written["rows"]] if "rows" in written else []
        for _ in range(depth):
            rows = [inner for row in rows for inner in row.values()]
        return found | figures(values) | figures(rows)
    return found | {name for entry in VALUES if entry in written for name in figures(written[entry])}
