"""A value that may depend on something: one for all, or rows by meter size, class, season, or date.

Its fields: ``how`` names what it depends on (nothing, ``meter_size``, ``meter_size+season``, ``dated``),
``one`` is the value for all, ``rows`` have ``keys`` and a value; a price by two things is a grid with
``cols`` and ``cells``.  ``otherwise`` is the row for the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rates.sheet.order import in_order
from rates.sheet.pieces import NOTHING, Number, Piece, Written, is_empty, listed, mapping_of, said, text_of

DATED = "dated"
OTHER = "?"
"""By an attribute that is typed."""

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")


@dataclass(frozen=True, slots=True)
class Limits:
    """Rows of a limit and a price; the last row has none.  A row without a text is left out."""

    key: str

    def read(self, value: Any) -> Any:
        if not isinstance(value, list) or not value:
            return None
        rows = []
        for row in value:
            if not isinstance(row, Mapping) or not {self.key} <= set(row) <= {"up_to", self.key}:
                return None
            if not all(isinstance(inner, str) and inner for inner in row.values()):
                return None
            rows.append(dict(row))
        return rows

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        to.places[place] = path
        number = Number()
        made: list[dict[str, Any]] = []
        for n, typed in enumerate(listed(fields)):
            row = mapping_of(typed)
            if is_empty(row):
                continue
            here, at = f"{place}[{len(made)}]", f"{path}.{n}"
            to.places[here] = f"{at}.up_to"
            limit = number.write(row.get("up_to"), to, f"{here}.up_to", f"{at}.up_to")
            price = number.write(row.get(self.key), to, f"{here}.{self.key}", f"{at}.{self.key}")
            if price is NOTHING:
                to.wrong(f"{at}.{self.key}", f"Type the {self.key} of this line, or clear its limit.")
                price = ""
            made.append({self.key: price} if limit is NOTHING else {"up_to": limit, self.key: price})
        return made if made else NOTHING


@dataclass(frozen=True, slots=True)
class Choice:
    """One value for all, or by attribute or date; ``leaf`` is what the value is.

    ``blank`` lets a row be empty: it then holds no value (a cap that does not apply).
    """

    leaf: Piece
    blank: bool = False

    def read(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            one = said(self.leaf, value)
            return None if one is None else {"how": "", "one": one}
        if set(value) == {DATED} and isinstance(value[DATED], list):
            return self._read_dated(value[DATED])
        if not {"by", "rows"} <= set(value) <= {"by", "rows", "otherwise"}:
            return None
        by = value["by"] if isinstance(value["by"], list) else [value["by"]]
        if not all(isinstance(name, str) and _NAME.match(name) for name in by):
            return None
        if not isinstance(value["rows"], Mapping) or not 1 <= len(by) <= 2:
            return None
        otherwise = said(self.leaf, value["otherwise"]) if "otherwise" in value else ""
        rows = self._read_rows(value["rows"], len(by))
        if rows is None or otherwise is None:
            return None
        found = {"how": "+".join(by), **rows}
        return {**found, "otherwise": otherwise} if otherwise else found

    def _read_dated(self, rows: list[Any]) -> Any:
        found = []
        for row in rows:
            if (
                not isinstance(row, Mapping)
                or set(row) != {"from", "value"}
                or not isinstance(row["from"], str)
            ):
                return None
            one = said(self.leaf, row["value"])
            if one is None:
                return None
            found.append({"keys": [row["from"]], "one": one})
        return {"how": DATED, "rows": found} if found else None

    def _read_rows(self, rows: Mapping[str, Any], depth: int) -> dict[str, Any] | None:
        if depth == 2:
            if not all(isinstance(inner, Mapping) and inner for inner in rows.values()):
                return None
            if isinstance(self.leaf, Number):
                return self._read_grid(rows)
        found = []
        for key in in_order(rows):
            inner = rows[key]
            pairs = [(k, inner[k]) for k in in_order(inner)] if depth == 2 else [("", inner)]
            for second, value in pairs:
                one = "" if value is None and self.blank else said(self.leaf, value)
                if one is None:
                    return None
                found.append({"keys": [key, second] if depth == 2 else [key], "one": one})
        return {"rows": found} if found else None

    def _read_grid(self, rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
        cols = in_order(dict.fromkeys(second for inner in rows.values() for second in inner))
        found = []
        for key in in_order(rows):
            inner = rows[key]
            cells = [said(self.leaf, inner[c]) if c in inner else "" for c in cols]
            if any(cell is None for cell in cells):
                return None
            found.append({"keys": [key], "cells": cells})
        return {"cols": cols, "rows": found}

    def write(self, fields: Any, to: Written, place: str, path: str) -> Any:
        given = mapping_of(fields)
        to.places[place] = f"{path}.one"
        how = text_of(given.get("how"))
        if how == OTHER:
            how = "_".join(text_of(given.get("name")).lower().split())
            if not _NAME.match(how):
                to.wrong(f"{path}.name", "Type what it depends on, such as zone.")
                return NOTHING
        if not how:
            return self.leaf.write(given.get("one"), to, place, f"{path}.one")
        rows = [(n, mapping_of(row)) for n, row in enumerate(listed(given.get("rows")))]
        to.places[place] = f"{path}.rows.0.keys.0"
        if how == DATED:
            return self._write_dated(rows, to, f"{place}.{DATED}", path)
        return self._write_by(how.split("+"), given, rows, to, place, path)

    def _write_dated(self, rows: list[tuple[int, Any]], to: Written, place: str, path: str) -> Any:
        made: list[Any] = []
        for n, row in rows:
            if is_empty(row):
                continue
            at, here = f"{path}.rows.{n}", f"{place}[{len(made)}]"
            to.places[here] = to.places[f"{here}.from"] = f"{at}.keys.0"
            start = text_of((listed(row.get("keys")) or [""])[0])
            if not _DAY.match(start):
                to.wrong(f"{at}.keys.0", "Choose the day from which this holds.")
            value = self._leaf(row, to, f"{here}.value", at, start)
            made.append({"from": start, "value": value})
        return {DATED: made} if made else NOTHING

    def _write_by(
        self, by: list[str], given: Any, rows: list[tuple[int, Any]], to: Written, place: str, path: str
    ) -> Any:
        made: dict[str, Any] = {}
        grid = len(by) == 2 and isinstance(self.leaf, Number)
        cols = [text_of(c) for c in listed(given.get("cols"))] if grid else []
        for n, row in rows:
            if is_empty(row):
                continue
            at = f"{path}.rows.{n}"
            if grid:
                self._write_cells(row, cols, made, to, f"{place}.rows", at)
            else:
                self._write_row(row, len(by), made, to, f"{place}.rows", at)
        to.places[f"{place}.rows"] = f"{path}.rows.0.keys.0"
        otherwise = self.leaf.write(given.get("otherwise"), to, f"{place}.otherwise", f"{path}.otherwise")
        if not made and otherwise is NOTHING:
            return NOTHING
        found = {"by": by[0] if len(by) == 1 else by, "rows": made}
        return found if otherwise is NOTHING else {**found, "otherwise": otherwise}

    def _write_row(
        self, row: Any, depth: int, made: dict[str, Any], to: Written, place: str, at: str
    ) -> None:
        keys = [text_of(k) for k in listed(row.get("keys"))][:depth]
        keys += [""] * (depth - len(keys))
        for k, key in enumerate(keys):
            if not key:
                to.wrong(f"{at}.keys.{k}", "Say for which this is.")
        holder = made.setdefault(keys[0], {}) if depth == 2 else made
        here = place + "".join(f"[{key}]" for key in keys)
        if keys[-1] in holder:
            to.wrong(f"{at}.keys.{depth - 1}", f"“{keys[-1]}” is listed twice. Remove one of them.")
        to.places[here] = f"{at}.keys.0"
        holder[keys[-1]] = self._leaf(row, to, here, at, keys[-1])

    def _leaf(self, row: Any, to: Written, here: str, at: str, key: str) -> Any:
        value = self.leaf.write(row.get("one"), to, here, f"{at}.one")
        if value is NOTHING and self.blank:
            return None
        if value is NOTHING:
            first = ".0.up_to" if isinstance(self.leaf, Limits) else ""
            to.wrong(f"{at}.one{first}", f"Type the figure for {key or 'this line'}, or clear the line.")
            return ""
        return value

    def _write_cells(
        self, row: Any, cols: list[str], made: dict[str, Any], to: Written, place: str, at: str
    ) -> None:
        key = text_of((listed(row.get("keys")) or [""])[0])
        if not key:
            to.wrong(f"{at}.keys.0", "Say for which this line is.")
        if key in made:
            to.wrong(f"{at}.keys.0", f"“{key}” is listed twice. Remove one of them.")
        to.places[f"{place}[{key}]"] = f"{at}.keys.0"
        inner: dict[str, Any] = {}
        for c, cell in enumerate(listed(row.get("cells"))):
            col = cols[c] if c < len(cols) else ""
            value = self.leaf.write(cell, to, f"{place}[{key}][{col}]", f"{at}.cells.{c}")
            if value is NOTHING:
                continue
            if not col:
                to.wrong(f"{at}.cells.{c}", "Give this column its heading.")
            inner[col] = value
        if not inner:
            to.wrong(f"{at}.cells.0", f"Type a figure for {key or 'this line'}, or clear the line.")
        made[key] = inner
