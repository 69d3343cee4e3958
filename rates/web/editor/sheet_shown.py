"""The fields of a draft as the editor shows them: what each is called, what it holds, what is wrong in it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.quantities import UNITS
from rates.sheet.choices import DATED, OTHER
from rates.sheet.kinds import piece_of
from rates.sheet.moves import STANDARD, inside
from rates.sheet.pieces import EXTRA, Problem, is_empty, listed, mapping_of, text_of
from rates.sheet.table import CHARGES
from rates.web.reading import KINDS, plain_name, value_words

PREFIX = "s."
"""Before the name of every field of the table, so that none is taken for one of the page."""

_TOGETHER = (
    "meter_size", "class", "location", "season", "month", "meter_size+location", "meter_size+class",
    "meter_size+season", "class+location", "class+season",
)  # fmt: skip
_WORDS = {"location": "inside or outside limits", DATED: "date", "month": "calendar month"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def by_words(how: str) -> str:
    """What a figure depends on, in words: ``meter_size+season`` is “meter size and season”."""
    return " and ".join(_WORDS.get(name, plain_name(name)) for name in how.split("+"))


@dataclass(frozen=True, slots=True)
class Known:
    """What the town has that a table may name."""

    revenue_codes: tuple[str, ...] = ()
    attributes: Mapping[str, list[str]] = field(default_factory=dict)
    services: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One input: its name, what is typed in it, and what is wrong with that."""

    path: str
    value: str
    wrong: str = ""

    @property
    def name(self) -> str:
        """Its name in the form, and its id."""
        return PREFIX + self.path


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a choice: for which, and the figure, figures or limits."""

    path: str
    keys: tuple[Cell, ...]
    one: Cell | None = None
    cells: tuple[Cell, ...] = ()
    limits: "Limits | None" = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Rows of a limit and a price."""

    path: str
    rows: tuple[tuple[Cell, Cell, str], ...]
    """Limit, price, and how the line begins (“the first”, “over 3,000 to”)."""


@dataclass(frozen=True, slots=True)
class ChoiceShown:
    """A value that may depend on something."""

    path: str
    label: str
    how: Cell
    options: tuple[tuple[str, str], ...]
    key_labels: tuple[str, ...] = ()
    one: Cell | None = None
    limits: Limits | None = None
    name: Cell | None = None
    cols: tuple[Cell, ...] = ()
    rows: tuple[Row, ...] = ()
    otherwise: Cell | None = None
    dated: bool = False
    lists: tuple[str, ...] = ()

    @property
    def is_grid(self) -> bool:
        """A figure for each pair of two things."""
        return bool(self.cols)

    @property
    def grouped(self) -> bool:
        """Limits for each of several groups."""
        return any(row.limits for row in self.rows)


class SheetShown:
    """The fields with their problems, for the tags of the template."""

    def __init__(
        self, fields: Mapping[str, Any], known: Known, problems: Iterable[Problem] = (), focus: str = ""
    ) -> None:
        self.fields, self.known, self.focus = fields, known, PREFIX + focus if focus else ""
        self.wrong: dict[str, str] = {}
        for problem in problems:
            self.wrong.setdefault(problem.field, problem.text)

    def cell(self, path: str) -> Cell:
        """The input at that path."""
        return Cell(path, text_of(inside(self.fields, path)), self.wrong.get(path, ""))

    @property
    def unit(self) -> str:
        """The words for the unit that use is priced in."""
        code = text_of(self.fields.get("unit"))
        for own in map(mapping_of, listed(self.fields.get("units"))):
            if text_of(own.get("code")) == code and text_of(own.get("label")):
                return text_of(own["label"])
        return UNITS[code].label if code in UNITS else ""

    @property
    def seasons(self) -> list[str]:
        """The names of the seasons."""
        found = [text_of(mapping_of(s).get("name")) for s in listed(self.fields.get("seasons"))]
        return [name for name in found if name]

    def charges(self) -> list["ChargeShown"]:
        """The charges, numbered."""
        return [ChargeShown(self, n) for n, _ in enumerate(listed(self.fields.get(CHARGES)))]

    def choice(self, path: str, label: str, *, limits: str = "") -> ChoiceShown:
        """A value that may depend on something; ``limits`` names the price of its rows if it has limits."""
        given = mapping_of(inside(self.fields, path))
        how = text_of(given.get("how"))
        plain = ChoiceShown(path, label, self.cell(f"{path}.how"), self._options(how))
        if not how or how == OTHER:
            named = replace(plain, name=self.cell(f"{path}.name") if how else None)
            if limits:
                return replace(named, limits=self.limits(f"{path}.one", limits))
            return replace(named, one=self.cell(f"{path}.one"))
        by = how.split("+")
        grid = len(by) == 2 and not limits
        cols: tuple[Cell, ...] = ()
        if grid:
            count = filled(given.get("cols")) + 1
            cols = tuple(self.cell(f"{path}.cols.{c}") for c in range(count))
        return replace(
            plain,
            key_labels=tuple(by_words(n).capitalize() for n in by),
            dated=how == DATED,
            lists=tuple(f"known-{n}" for n in by),
            rows=self._rows(given, path, len(by), limits, grid),
            cols=cols,
            otherwise=None if how == DATED or limits else self.cell(f"{path}.otherwise"),
        )

    def _options(self, how: str) -> tuple[tuple[str, str], ...]:
        listed_hows = [h for h in _TOGETHER if "season" not in h.split("+") or self.seasons]
        if how and how not in (*listed_hows, DATED, OTHER):
            listed_hows.append(how)
        named = [(h, f"by {by_words(h)}") for h in (*listed_hows, DATED)]
        return ("", "the same for all"), *named, (OTHER, "by something else …")

    def _rows(
        self, given: Mapping[str, Any], path: str, depth: int, limits: str, grid: bool
    ) -> tuple[Row, ...]:
        count = len(listed(given.get("rows"))) if limits else filled(given.get("rows")) + 1
        width = filled(given.get("cols")) + 1
        made = []
        for n in range(count):
            at = f"{path}.rows.{n}"
            keys = tuple(self.cell(f"{at}.keys.{k}") for k in range(1 if grid else depth))
            if limits:
                made.append(Row(at, keys, limits=self.limits(f"{at}.one", limits)))
            elif grid:
                made.append(Row(at, keys, cells=tuple(self.cell(f"{at}.cells.{c}") for c in range(width))))
            else:
                made.append(Row(at, keys, one=self.cell(f"{at}.one")))
        return tuple(made)

    def limits(self, path: str, key: str) -> Limits:
        """Rows of limits, and an empty one at the end to type on in."""
        rows, before = [], ""
        typed = listed(inside(self.fields, path))
        count = filled(typed)
        if not count or text_of(mapping_of(typed[count - 1]).get("up_to")):
            count += 1
        for n in range(count):
            limit = self.cell(f"{path}.{n}.up_to")
            last = not limit.value and n >= count - 1
            begins = "the first" if limit.value or not last else "all"
            if before:
                begins = f"over {before} to" if limit.value else f"over {before}"
            rows.append((limit, self.cell(f"{path}.{n}.{key}"), begins))
            before = limit.value or before
        return Limits(path, tuple(rows))


class ChargeShown:
    """One charge: a clause of the ordinance."""

    def __init__(self, sheet: SheetShown, place: int) -> None:
        self.sheet, self.place, self.path = sheet, place, f"{CHARGES}.{place}"
        self.given = mapping_of(inside(sheet.fields, self.path))
        self.kind = text_of(self.given.get("kind"))

    @property
    def number(self) -> int:
        """The number of the clause."""
        return self.place + 1

    @property
    def number_text(self) -> str:
        """Its place as the moves name it."""
        return str(self.place)

    @property
    def is_share(self) -> bool:
        """A per cent of other charges."""
        return "percent" in self.entries

    @property
    def is_basis(self) -> bool:
        """It rests on other charges."""
        return "of" in self.entries

    @property
    def is_block(self) -> bool:
        """It prices in blocks."""
        return "limits_times" in self.entries

    @property
    def is_quantity(self) -> bool:
        """It prices a quantity that may be rounded."""
        return "rounding" in self.entries

    @property
    def entries(self) -> Mapping[str, Any]:
        """The fields of its kind."""
        return piece_of(self.kind).entries

    @property
    def extra(self) -> Cell:
        """What the form has no field for, as JSON."""
        return self.sheet.cell(f"{self.path}.{EXTRA}")

    @property
    def extra_rows(self) -> int:
        """Its lines, as far as they are shown at once."""
        return min(16, max(3, self.extra.value.count("\n") + 1))

    @property
    def extra_words(self) -> list[str]:
        """The same for a reader."""
        try:
            found = json.loads(self.extra.value or "{}")
        except ValueError:
            return []
        pairs = found.items() if isinstance(found, dict) else ()
        return [f"{plain_name(name)}: {value_words(inner)}" for name, inner in pairs if _is_value(inner)]

    @property
    def template(self) -> str:
        """What shows the fields of its kind."""
        known = self.kind if self.kind in KINDS else "unknown"
        same = {"rider": "per_unit", "tax": "percent"}
        return f"rates/editor/kinds/{same.get(known, known)}.html"

    @property
    def has_more(self) -> bool:
        """Whether something is said among what is folded away."""
        names = ["when", "show_zero", "stops_at", "prorated", "falls_with_use", "extra", "rounding"]
        names += ["limits_times", "times", "quantity", "unit"] if self.is_block else []
        return any(not is_empty(self.given.get(n)) for n in names) or any(
            path.startswith(f"{self.path}.{n}") for path in self.sheet.wrong for n in names
        )

    @property
    def unit(self) -> str:
        """The words for what is priced."""
        own = text_of(self.given.get("unit"))
        quantity = text_of(mapping_of(self.given.get("quantity")).get("one"))
        return own or (plain_name(quantity) if quantity else self.sheet.unit) or "units"

    def listed_charges(self) -> list[tuple[Cell, str, str, bool]]:
        """What it may rest on: input, id, words, whether ticked; listed ones keep their places."""
        ticked = [text_of(t) for t in listed(self.given.get("of"))]
        above = listed(self.sheet.fields.get(CHARGES))[: self.place]
        offered = [("all", "all charges above")] if above else []
        offered += [
            (text_of(mapping_of(c).get("id")), text_of(mapping_of(c).get("text")) or f"charge {n + 1}")
            for n, c in enumerate(above)
        ]
        names = {name for name, _ in offered}
        offered += [(name, plain_name(name)) for name in ticked if name and name not in names]
        found = []
        for n, (name, words) in enumerate(offered):
            place = ticked.index(name) if name in ticked else len(ticked) + n
            cell = Cell(f"{self.path}.of.{place}", name, self.sheet.wrong.get(f"{self.path}.of", ""))
            found.append((cell, name, words, name in ticked))
        return found

    def conditions(self) -> list["ConditionShown"]:
        """The lines of when it applies."""
        lines = listed(self.given.get("when"))
        return [ConditionShown(self.sheet, f"{self.path}.when.{n}") for n, _ in enumerate(lines)]


class ConditionShown:
    """One line of when a charge applies."""

    def __init__(self, sheet: SheetShown, path: str) -> None:
        self.path = path
        given = mapping_of(inside(sheet.fields, path))
        self.name = sheet.cell(f"{path}.name")
        self.words, self.absent = sheet.cell(f"{path}.words"), sheet.cell(f"{path}.absent")
        self.at_least, self.below = sheet.cell(f"{path}.at_least"), sheet.cell(f"{path}.below")
        ticked = [text_of(t) for t in listed(given.get("ticked"))]
        offered = {"month": [(str(n + 1), m) for n, m in enumerate(MONTHS)]}
        offered["season"] = [(name, name) for name in dict.fromkeys([*sheet.seasons, *ticked])]
        self.ticks = tick_cells(f"{path}.ticked", offered.get(self.name.value, []), ticked)


def filled(rows: Any) -> int:
    """How many rows there are up to the last one in which something is typed."""
    return max((n + 1 for n, row in enumerate(listed(rows)) if not is_empty(row)), default=0)


def _is_value(content: Any) -> bool:
    return isinstance(content, str) or (isinstance(content, dict) and ("op" in content or "by" in content))


def tick_cells(path: str, offered: list[tuple[str, str]], ticked: list[str]) -> list[tuple[Cell, str, bool]]:
    """Boxes for values; those that are ticked keep their places in the list."""
    found = []
    for n, (value, words) in enumerate(offered):
        place = ticked.index(value) if value in ticked else len(ticked) + n
        found.append((Cell(f"{path}.{place}", value), words, value in ticked))
    return found


def known_values(sheet: SheetShown) -> dict[str, list[str]]:
    """What may be typed for each attribute: the town's own, else what is usual."""
    usual = {name: list(values) for name, values in STANDARD.items()}
    months = {"month": [str(n) for n in range(1, 13)]}
    return {**usual, **sheet.known.attributes, "season": sheet.seasons, **months}
