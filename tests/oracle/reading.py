"""Whether a table is one of this language; an entry that is not known would be a charge silently left out."""

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.exact import BadTable, is_number, number
from tests.oracle.operations import RANKED, SINGLE
from tests.oracle.resting import check_rests
from tests.oracle.shapes import COMMON, ENTRIES, KINDS, NEEDED
from tests.oracle.units import check_units

NAME = re.compile(r"[a-z][a-z0-9_]*")
FIGURE = re.compile(r"[a-z][a-z0-9_]*(\.use)?")
LISTED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")


def check(table: Any) -> None:
    """Nothing, or ``BadTable`` with the place."""
    _entries(table, "table", ENTRIES, ("name", "service_type", "components"))
    _name(table["service_type"], "service_type")
    for entry, rule in ENTRIES.items():
        if entry in table and rule in CHECKS:
            CHECKS[rule](table[entry], entry)
    if table.get("splittable") and {"below", "above"} & set(table.get("proration", {})):
        raise BadTable("proration: a splittable table has no bounds.")
    check_units(table)
    seen: list[str] = []
    for index, charge in enumerate(_list(table["components"], "components")):
        _charge(charge, f"components[{index}]", seen, table)
        seen.append(charge["id"])
    check_rests(table)


def _charge(charge: Any, place: str, above: list[str], table: dict[str, Any]) -> None:
    if not isinstance(charge, dict) or not _among(charge.get("kind"), KINDS):
        raise BadTable(f"{place}: there is no such kind of charge.")
    shape = {**COMMON, **KINDS[charge["kind"]]}
    _entries(charge, place, shape, (*NEEDED["every"], *NEEDED[charge["kind"]]))
    if charge["id"] in above or charge["id"] == "all":
        raise BadTable(f"{place}.id: {charge['id']} is there already.")
    if charge.get("version", 1) != 1:
        raise BadTable(f"{place}.version: there is only version 1.")
    for entry, rule in shape.items():
        if entry in charge:
            CHECKS[rule](charge[entry], f"{place}.{entry}")
    for listed in charge.get("of", ()):
        if "." not in listed and listed != "all" and listed not in above:
            raise BadTable(f"{place}.of: {listed} is not above.")
    if charge.get("prorated") and "proration" not in table:
        raise BadTable(f"{place}.prorated: the table has no proration.")
    if charge["kind"] == "tax" and "of" not in charge:
        rows = table["components"][: len(above)]
        if not any(row.get("taxable") for row in rows):
            raise BadTable(f"{place}: nothing above is taxable.")


def _entries(found: Any, place: str, known: Any, needed: tuple[str, ...]) -> None:
    if not isinstance(found, dict):
        raise BadTable(f"{place}: entries are needed.")
    for entry in found:
        if entry not in known:
            raise BadTable(f"{place}.{entry} is not known.")
    for entry in needed:
        if entry not in found:
            raise BadTable(f"{place}.{entry} is missing.")


def _among(found: Any, known: Iterable[str]) -> bool:
    return isinstance(found, str) and found in known


def _list(found: Any, place: str) -> list[Any]:
    if not isinstance(found, list) or not found:
        raise BadTable(f"{place}: a list with something in it is needed.")
    return found


def _name(found: Any, place: str) -> None:
    if not isinstance(found, str) or not NAME.fullmatch(found):
        raise BadTable(f"{place}: a name in lower case is needed.")


def _number(found: Any, place: str) -> None:
    if not is_number(found):
        raise BadTable(f"{place}: a number in quotes is needed.")


def _positive(found: Any, place: str) -> None:
    _number(found, place)
    if number(found) <= 0:
        raise BadTable(f"{place}: a number above zero is needed.")


def _count(found: Any, place: str) -> None:
    _number(found, place)
    if number(found) < 1 or number(found).denominator != 1:
        raise BadTable(f"{place}: a whole number is needed.")


def _text(found: Any, place: str) -> None:
    if not isinstance(found, str) or not found:
        raise BadTable(f"{place}: words are needed.")


def _words(found: Any, place: str) -> None:
    if not isinstance(found, str):
        raise BadTable(f"{place}: words are needed.")


def _truth(found: Any, place: str) -> None:
    if not isinstance(found, bool):
        raise BadTable(f"{place}: true or false is needed.")


def _value(found: Any, place: str) -> None:
    if isinstance(found, dict) and "op" in found:
        _operation(found, place)
    elif isinstance(found, dict):
        _choice(found, place, _value)
    elif not is_number(found) and not (isinstance(found, str) and FIGURE.fullmatch(found)):
        raise BadTable(f"{place}: a number, figure, choice or operation is needed.")


def _operation(found: dict[str, Any], place: str) -> None:
    _entries(found, place, ("op", "of", "count", "at_least", "at_most", "rounding"), ("op", "of"))
    if not _among(found["op"], (*SINGLE, *RANKED, "each", "round")):
        raise BadTable(f"{place}.op is not known.")
    if (found["op"] in RANKED) != ("count" in found):
        raise BadTable(f"{place}.count is missing, or of no use.")
    for index, inner in enumerate(_list(found["of"], f"{place}.of")):
        _value(inner, f"{place}.of[{index}]")
    for entry, rule in (
        ("count", _count),
        ("at_least", _value),
        ("at_most", _value),
        ("rounding", _rounding),
    ):
        if entry in found:
            rule(found[entry], f"{place}.{entry}")


def _choice(found: dict[str, Any], place: str, inner: Any) -> None:
    if "dated" in found:
        _entries(found, place, ("dated",), ())
        begun = ""
        for index, row in enumerate(_list(found["dated"], f"{place}.dated")):
            here = f"{place}.dated[{index}]"
            _entries(row, here, ("from", "value"), ("from", "value"))
            try:
                date.fromisoformat(row["from"])
            except (TypeError, ValueError) as wrong:
                raise BadTable(f"{here}.from: a day is needed.") from wrong
            if row["from"] <= begun:
                raise BadTable(f"{here}.from is not after the one above.")
            begun = row["from"]
            inner(row["value"], f"{here}.value")
        return
    _entries(found, place, ("by", "rows", "otherwise"), ("by", "rows"))
    by = found["by"] if isinstance(found["by"], list) else [found["by"]]
    for name in _list(by, f"{place}.by"):
        _name(name, f"{place}.by")
    _rows(found["rows"], f"{place}.rows", len(by), inner)
    if "otherwise" in found:
        inner(found["otherwise"], f"{place}.otherwise")


def _rows(rows: Any, place: str, depth: int, inner: Any) -> None:
    if not isinstance(rows, dict) or not rows:
        raise BadTable(f"{place}: rows are needed.")
    for key, row in rows.items():
        if depth > 1:
            _rows(row, f"{place}.{key}", depth - 1, inner)
        else:
            inner(row, f"{place}.{key}")


def _cap(found: Any, place: str) -> None:
    if isinstance(found, dict) and "op" not in found:
        _choice(found, place, _cap)
    elif found is not None:
        _value(found, place)


def _rounding(found: Any, place: str) -> None:
    _entries(found, place, ("mode", "step"), ("mode",))
    if not _among(found["mode"], ("exact", "up", "nearest", "down")):
        raise BadTable(f"{place}.mode is not known.")
    if "step" in found:
        _positive(found["step"], f"{place}.step")


def _when(found: Any, place: str) -> None:
    if not isinstance(found, dict) or not found:
        raise BadTable(f"{place}: a condition is needed.")
    for name, asked in found.items():
        here = f"{place}.{name}"
        if not (NAME if isinstance(asked, list) else FIGURE).fullmatch(name):
            raise BadTable(f"{here} is not a name.")
        if isinstance(asked, list):
            for one in _list(asked, here):
                if one is not None and (
                    isinstance(one, bool) or not isinstance(one, (str, int)) or one == ""
                ):
                    raise BadTable(f"{here}: text or null is needed.")
        else:
            _entries(asked, here, ("at_least", "below"), ())
            for bound in asked.values():
                _number(bound, here)


def _limited(entry: str) -> Any:
    """The check of a list of blocks or bands, or of a choice among them."""

    def checked(found: Any, place: str) -> None:
        if isinstance(found, dict):
            _choice(found, place, checked)
            return
        rows = _list(found, place)
        reached = Fraction(0)
        for index, row in enumerate(rows):
            here = f"{place}[{index}]"
            _entries(row, here, ("up_to", entry), (entry,))
            _value(row[entry], f"{here}.{entry}")
            limit = row.get("up_to")
            if limit is None:
                if index + 1 < len(rows):
                    raise BadTable(f"{here}: only the last has no limit.")
                continue
            _value(limit, f"{here}.up_to")
            if is_number(limit):
                if number(limit) <= reached:
                    raise BadTable(f"{here}.up_to does not rise.")
                reached = number(limit)

    return checked


def _use(found: Any, place: str) -> None:
    _entries(found, place, ("from", "factor", "less", "at_least", "cap", "rounding"), ())
    for entry in ("factor", "less", "at_least"):
        if entry in found:
            _value(found[entry], f"{place}.{entry}")
    if "from" in found:
        _name(found["from"], f"{place}.from")
    if "cap" in found:
        _cap(found["cap"], f"{place}.cap")
    if "rounding" in found:
        _rounding(found["rounding"], f"{place}.rounding")


def _day_of_year(found: Any, place: str) -> None:
    try:
        date.fromisoformat(f"2024-{found}")
    except (TypeError, ValueError) as wrong:
        raise BadTable(f"{place}: a day of the year is needed.") from wrong


def _billed_in(found: Any, place: str) -> None:
    for month in _list(found, place):
        _month(month, place)
    if len(set(found)) != len(found):
        raise BadTable(f"{place}: a month is listed twice.")


def _month(found: Any, place: str) -> None:
    if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= 12:
        raise BadTable(f"{place}: {found} is no month.")


def _months(found: Any, place: str) -> None:
    for month in _list(found, place):
        _month(month, place)
    after = [(month - found[0]) % 12 for month in found]
    if after != sorted(set(after)):
        raise BadTable(f"{place}: the months are not in their order through the year.")


def _seasons(found: Any, place: str) -> None:
    before = None
    for index, row in enumerate(_list(found, place)):
        here = f"{place}[{index}]"
        _entries(row, here, ("name", "from"), ("name", "from"))
        _text(row["name"], f"{here}.name")
        _day_of_year(row["from"], f"{here}.from")
        if before is not None and row["from"] <= before:
            raise BadTable(f"{here}.from is not after the one above.")
        before = row["from"]


def _derive(found: Any, place: str) -> None:
    for index, row in enumerate(_list(found, place)):
        here = f"{place}[{index}]"
        _entries(row, here, ("name", "when", "value"), ("name", "value"))
        _name(row["name"], f"{here}.name")
        _value(row["value"], f"{here}.value")
        if "when" in row:
            _when(row["when"], f"{here}.when")


def _proration(found: Any, place: str) -> None:
    _entries(found, place, ("full", "below", "above"), ("full",))
    for entry in found:
        _positive(found[entry], f"{place}.{entry}")
    if "below" in found and "above" in found and number(found["below"]) > number(found["above"]):
        raise BadTable(f"{place}: below is above the other.")


def _look_back(found: Any, place: str) -> None:
    known = ("name", "of", "months", "from", "last", "at_least", "otherwise", "what")
    names: list[str] = []
    for index, row in enumerate(_list(found, place)):
        here = f"{place}[{index}]"
        _entries(row, here, known, ("name",))
        _name(row["name"], f"{here}.name")
        if row["name"] in names:
            raise BadTable(f"{here}.name is taken.")
        names.append(row["name"])
        if "months" in row:
            _months(row["months"], f"{here}.months")
        if "from" in row:
            _day_of_year(row["from"], f"{here}.from")
        if ("last" in row) == ("months" in row) or ("months" in row) != ("from" in row):
            raise BadTable(f"{here}: months with from, or last.")
        for entry, rule in (
            ("at_least", _count),
            ("last", _count),
            ("otherwise", _value),
            ("of", _name),
            ("what", _what),
        ):
            if entry in row:
                rule(row[entry], f"{here}.{entry}")


def _own_units(found: Any, place: str) -> None:
    for index, row in enumerate(_list(found, place)):
        here = f"{place}[{index}]"
        _entries(row, here, ("code", "label", "equals", "of"), ("code", "equals", "of"))
        _value(row["equals"], f"{here}.equals")


def _listed(found: Any, place: str) -> None:
    for one in _list(found, place):
        if not isinstance(one, str) or not LISTED.fullmatch(one):
            raise BadTable(f"{place}: the id of a charge is needed.")
    if len(set(found)) != len(found):
        raise BadTable(f"{place}: a charge is listed twice.")
    for one in found:
        service, _, charge = one.rpartition(".")
        if charge != "all":
            continue
        if not service and any("." not in other and other != one for other in found):
            raise BadTable(f"{place}: {one} and a charge of it together.")


def _one_of(*words: str) -> Any:
    def checked(found: Any, place: str) -> None:
        if not _among(found, words):
            raise BadTable(f"{place} is not known.")

    return checked


_what = _one_of("use", "demand", "days")

CHECKS: dict[str, Any] = {
    "anything": lambda found, place: None,
    "name": _name,
    "text": _text,
    "words": _words,
    "truth": _truth,
    "number": _number,
    "positive": _positive,
    "count": _count,
    "value": _value,
    "when": _when,
    "rounding": _rounding,
    "listed": _listed,
    "blocks": _limited("price"),
    "bands": _limited("amount"),
    "basis": _one_of("exact", "billed"),
    "missing": _one_of("refuse", "nothing"),
    "beyond": _one_of("rest", "all"),
    "dated_by": _one_of("end", "start", "days"),
    "currency": _one_of("charge", "total"),
    "use": _use,
    "units": _own_units,
    "seasons": _seasons,
    "derive": _derive,
    "proration": _proration,
    "billed_in": _billed_in,
    "look_back": _look_back,
}
