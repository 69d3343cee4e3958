"""What is done to the fields as a whole: a charge added, removed, moved, made another kind, rows begun."""

import re
from collections.abc import Mapping
from typing import Any

from rates.sheet.choices import DATED, OTHER
from rates.sheet.flat import is_place
from rates.sheet.kinds import HEAD, OWN
from rates.sheet.pieces import is_empty, listed, mapping_of, text_of
from rates.sheet.table import CHARGES

STANDARD: Mapping[str, tuple[str, ...]] = {
    "meter_size": ("5/8", "3/4", "1", "1 1/2", "2"),
    "location": ("inside", "outside"),
}
"""What is usual, where a town has nothing of its own yet."""

_FIRST_TEXT: Mapping[str, str] = {
    "fixed": "Service charge", "per_unit": "Use", "rider": "Rider", "blocks": "Use",
    "minimum": "Minimum charge", "minimum_bill": "Minimum bill", "maximum_bill": "Maximum bill",
    "containers": "Containers", "bands": "Charge by size", "percent": "Surcharge", "tax": "Sales tax",
    "round_up": "Round-up",
}  # fmt: skip
_ONE_PRICE = ("amount", "price", "percent", "first")
_AFTER_ALL = ("percent", "tax", "minimum_bill", "maximum_bill", "round_up")


class Moved:
    """The fields after a move, and the field to go on in."""

    def __init__(self, fields: dict[str, Any], focus: str = "") -> None:
        self.fields, self.focus = fields, focus


def moved(fields: dict[str, Any], act: str, words: Mapping[str, list[str]]) -> Moved:
    """The fields after ``act``: a verb and what it is done to, with a space between.

    ``words`` are the known values of attributes, for rows that are begun.  An act that is not known, or
    names nothing that is there, leaves the fields as they are.
    """
    verb, _, what = act.partition(" ")
    known = {**{k: list(v) for k, v in STANDARD.items()}, **words, "season": _seasons(fields)}
    charges = listed(fields.get(CHARGES))
    if verb == "add" and what in OWN:
        return _added(fields, what)
    if verb in ("up", "down", "drop", "kind", "copy") and is_place(what) and int(what) < len(charges):
        return _charge_moved(fields, verb, int(what))
    if verb == "how":
        return _by(fields, what, known)
    if verb == "winter":
        return _winter(fields)
    if verb in ("when", "json"):
        return _more_said(fields, verb, what)
    if verb in ("more", "less"):
        return _more(fields, what) if verb == "more" else _less(fields, what)
    return Moved(fields)


def _seasons(fields: Mapping[str, Any]) -> list[str]:
    return [name for s in listed(fields.get("seasons")) if (name := text_of(mapping_of(s).get("name")))]


def _taken(charges: list[Any]) -> set[str]:
    return {text_of(mapping_of(charge).get("id")) for charge in charges}


def free_id(wanted: str, taken: set[str]) -> str:
    """A name for a new charge that no other has; it stays when its words change."""
    name = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_") or "charge"
    name = name if name[0].isalpha() else f"c_{name}"
    return next(n for i in range(1, 1000) if (n := name if i == 1 else f"{name}_{i}") not in taken | {"all"})


def _added(fields: dict[str, Any], kind: str) -> Moved:
    charges = list(listed(fields.get(CHARGES)))
    codes = [c for charge in charges if (c := text_of(mapping_of(charge).get("revenue_code")))]
    text = _FIRST_TEXT[kind]
    made: dict[str, Any] = {"id": free_id(text, _taken(charges)), "kind": kind, "text": text}
    if codes and kind != "tax":
        made["revenue_code"] = codes[-1]
    made |= _begun(kind, [text_of(mapping_of(c).get("id")) for c in charges])
    place = len(charges)
    if kind not in _AFTER_ALL:  # what rests on others stands after them
        while place and text_of(mapping_of(charges[place - 1]).get("kind")) in _AFTER_ALL:
            place -= 1
    charges.insert(place, made)
    return Moved({**fields, CHARGES: charges}, f"{CHARGES}.{place}.text")


def _begun(kind: str, before: list[str]) -> dict[str, Any]:
    """The first fields of a new charge."""
    one = {"how": "", "one": ""}
    if kind in ("blocks", "minimum"):
        begun: dict[str, Any] = {"blocks": {"how": "", "one": [{}, {}]}, "per": "1000"}
        return {**begun, "amount": one, "includes": one} if kind == "minimum" else begun
    if kind == "bands":
        return {"bands": {"how": "", "one": [{}, {}]}}
    if kind == "containers":
        return {"quantity": {"how": "", "one": "carts"}, "unit": "carts"}
    if kind in ("percent", "minimum_bill", "maximum_bill") and before:
        return {"of": [name for name in before if name]}
    return {"of": ["all"], "step": {"how": "", "one": "1"}} if kind == "round_up" else {}


def _charge_moved(fields: dict[str, Any], verb: str, n: int) -> Moved:
    charges = list(listed(fields.get(CHARGES)))
    if verb == "drop":
        del charges[n]
        left = max(0, min(n, len(charges) - 1))
        return Moved({**fields, CHARGES: charges}, f"{CHARGES}.{left}.text" if charges else "add-charge")
    if verb == "copy":
        text = text_of(mapping_of(charges[n]).get("text"))
        copied = {**mapping_of(charges[n]), "id": free_id(text, _taken(charges)), "text": f"{text} (copy)"}
        charges.insert(n + 1, copied)
        return Moved({**fields, CHARGES: charges}, f"{CHARGES}.{n + 1}.text")
    if verb == "kind":
        charges[n] = _as_kind(dict(mapping_of(charges[n])))
        return Moved({**fields, CHARGES: charges}, f"{CHARGES}.{n}.kind")
    to = n - 1 if verb == "up" else n + 1
    if 0 <= to < len(charges):
        charges[n], charges[to] = charges[to], charges[n]
        n = to
    return Moved({**fields, CHARGES: charges}, f"{CHARGES}.{n}.text")


def _as_kind(charge: dict[str, Any]) -> dict[str, Any]:
    """The charge as another kind: what both kinds have is kept, and its one price."""
    kind = text_of(charge.get("kind"))
    own = OWN.get(kind, {})
    kept = {name: inner for name, inner in charge.items() if name in HEAD or name in own or name == "extra"}
    price = next((charge[n] for n in _ONE_PRICE if n in charge and not is_empty(charge[n])), None)
    wanted = next((n for n in _ONE_PRICE if n in own), "")
    if wanted and wanted not in kept and price is not None:
        kept[wanted] = price
    begun = _begun(kind, [])
    return {**begun, **kept} if not set(begun) & set(kept) else {**kept, **_missing(begun, kept)}


def _missing(begun: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: inner for name, inner in begun.items() if name not in kept}


def inside(fields: Any, path: str) -> Any:
    """The fields at a path; ``None`` where there are none."""
    place = fields
    for part in path.split(".") if path else ():
        if isinstance(place, list):
            place = place[int(part)] if is_place(part) and int(part) < len(place) else None
        else:
            place = mapping_of(place).get(part)
    return place


def with_inside(fields: Any, path: str, new: Any) -> Any:
    """The same fields with others at a path; places on the way that are missing are made."""
    first, _, rest = path.partition(".")
    if not first:
        return new
    if isinstance(fields, list) or (fields is None and is_place(first)):
        rows = list(fields or [])
        at = min(int(first), len(rows)) if is_place(first) else len(rows)
        inner = with_inside(rows[at] if at < len(rows) else None, rest, new)
        rows[at : at + 1] = [inner]
        return rows
    group = dict(mapping_of(fields))
    group[first] = with_inside(group.get(first), rest, new)
    return group


def _by(fields: dict[str, Any], path: str, known: Mapping[str, list[str]]) -> Moved:
    """A value made to depend on what its ``how`` now says; figures that were there stay."""
    given = mapping_of(inside(fields, path))
    if not re.fullmatch(r"[a-z0-9_.]+", path):
        return Moved(fields)
    how = text_of(given.get("how"))
    name = "_".join(text_of(given.get("name")).lower().split())
    if how == OTHER and re.fullmatch(r"[a-z][a-z0-9_]*", name):
        how = name
    leaves = _leaves(given)
    first = leaves[0][1] if leaves else ""
    limits = path.endswith(("blocks", "bands"))
    if not how or how == OTHER:
        begun: dict[str, Any] = {"how": how, "one": first or ([{}, {}] if limits else "")}
        return Moved(with_inside(fields, path, begun), f"{path}.{'name' if how == OTHER else 'how'}")
    by = how.split("+")
    keys = _keys(by, leaves, known)
    if len(by) == 2 and not limits:
        made = _grid(how, by, keys, leaves, known)
    else:
        made = {"how": how, "rows": [{"keys": k, "one": _figure(k, leaves, first)} for k in keys]}
    return Moved(with_inside(fields, path, made), f"{path}.rows.0.{_first(made, keys[0][0])}")


def _first(made: Mapping[str, Any], key: str) -> str:
    """Where the work goes on: at the first figure, or at what it is for, where that is not known."""
    if not key:
        return "keys.0"
    first = made["rows"][0]
    if "cells" in first:
        return "cells.0"
    return "one.0.up_to" if isinstance(first["one"], list) else "one"


def _leaves(given: Mapping[str, Any]) -> list[tuple[list[str], Any]]:
    """What is there already: for which keys, and the figure."""
    if not is_empty(given.get("one")):
        return [([], given["one"])]
    cols = [text_of(c) for c in listed(given.get("cols"))]
    found: list[tuple[list[str], Any]] = []
    for row in map(mapping_of, listed(given.get("rows"))):
        keys = [text_of(k) for k in listed(row.get("keys"))]
        if "cells" in row:
            cells = zip(cols, listed(row["cells"]), strict=False)
            found += [([*keys[:1], col], cell) for col, cell in cells if not is_empty(cell)]
        elif not is_empty(row.get("one")):
            found.append((keys, row["one"]))
    return found


def _keys(
    by: list[str], leaves: list[tuple[list[str], Any]], known: Mapping[str, list[str]]
) -> list[list[str]]:
    if by == [DATED]:
        return [[""]]
    had = [keys for keys, _ in leaves if len(keys) == len(by)]
    values = [known.get(name) or [""] for name in by]
    if len(by) == 1:
        same = [k for k in had if k[0] in values[0]]
        return had if same and len(same) == len(had) else [[v] for v in values[0]]
    return [[a, b] for a in values[0] for b in values[1]]


def _figure(keys: list[str], leaves: list[tuple[list[str], Any]], first: Any) -> Any:
    """The figure that stood for these keys, or for one of them, else the first one."""
    for had, figure in leaves:
        if had == keys or (had and set(had) <= set(keys)):
            return figure
    return first


def _grid(
    how: str, by: list[str], keys: list[list[str]], leaves: list[tuple[list[str], Any]],
    known: Mapping[str, list[str]],
) -> dict[str, Any]:  # fmt: skip
    cols = list(dict.fromkeys(k[1] for k in keys)) or [""]
    rows = list(dict.fromkeys(k[0] for k in keys)) or [""]
    first = leaves[0][1] if leaves and not isinstance(leaves[0][1], list) else ""
    cells = {row: [_figure([row, col], leaves, first) for col in cols] for row in rows}
    return {"how": how, "cols": cols, "rows": [{"keys": [row], "cells": cells[row]} for row in rows]}


def _more(fields: dict[str, Any], path: str) -> Moved:
    """Another row at the end of a list; a group of blocks begins with the limits of the one before."""
    if not re.fullmatch(r"[a-z0-9_.]+", path):
        return Moved(fields)
    rows = list(listed(inside(fields, path)))
    last = mapping_of(rows[-1]) if rows else {}
    new: dict[str, Any] = {}
    if isinstance(last.get("one"), list):
        limits = [{"up_to": text_of(mapping_of(r).get("up_to"))} for r in last["one"]]
        new = {"keys": ["" for _ in listed(last.get("keys"))], "one": limits}
    rows.append(new)
    first = {"rows": ".keys.0", "when": ".name"}.get(path.rpartition(".")[2], "")
    return Moved(with_inside(fields, path, rows), f"{path}.{len(rows) - 1}{first}")


def _less(fields: dict[str, Any], path: str) -> Moved:
    """Without the row at that path."""
    before, _, last = path.rpartition(".")
    rows = listed(inside(fields, before))
    if not is_place(last) or int(last) >= len(rows) or not re.fullmatch(r"[a-z0-9_.]+", path):
        return Moved(fields)
    kept = [row for n, row in enumerate(rows) if n != int(last)]
    return Moved(with_inside(fields, before, kept), before)


def _more_said(fields: dict[str, Any], verb: str, what: str) -> Moved:
    """Another condition of a charge, or what no field says."""
    place, _, name = what.partition(" ")
    if not is_place(place) or int(place) >= len(listed(fields.get(CHARGES))):
        return Moved(fields)
    path = f"{CHARGES}.{place}"
    if verb == "json":
        return Moved(with_inside(fields, f"{path}.extra", "{}"), f"{path}.extra")
    lines = [*listed(inside(fields, f"{path}.when")), {"name": name if name.isidentifier() else ""}]
    at = f"{path}.when.{len(lines) - 1}"
    ticked = name in ("season", "month")
    return Moved(
        with_inside(fields, f"{path}.when", lines),
        f"{at}.ticked.0" if ticked else f"{at}.{'words' if name else 'name'}",
    )


def _winter(fields: dict[str, Any]) -> Moved:
    """Sewer by the water meter, at most the winter average: the usual three entries, begun."""
    past = [*listed(fields.get("look_back"))]
    name = free_id("winter_water", {text_of(mapping_of(one).get("name")) for one in past})
    past.append({"name": name, "of": "water", "months": ["12", "1", "2"], "from": "04-01", "at_least": "1"})
    worked = [*listed(fields.get("derive"))]
    average = free_id("winter_average", {text_of(mapping_of(one).get("name")) for one in worked})
    worked.append({"name": average, "value": {"op": "average", "of": name}})
    use = {**mapping_of(fields.get("use")), "from": "water", "cap": {"how": "", "one": average}}
    made = {**fields, "look_back": past, "derive": worked, "use": use}
    return Moved(made, f"look_back.{len(past) - 1}.name")
