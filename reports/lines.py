"""The lines of a report: its rows with headings, subtotals, totals and recaps, the same for every form."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from reports.kit import Cell, Cells, Column, Recap, Report, Sheet
from reports.parameters import day_text

LineKind = Literal["row", "heading", "picture", "subtotal", "total", "recap_title", "recap"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line.  In subtotals (``level`` 0 is the outermost) and the total only added columns have values.

    A heading stands above its group; a picture's ``label`` is SVG; a recap also has the values it is by.
    """

    kind: LineKind
    cells: Cells
    label: str = ""
    level: int = 0
    rows: int = 1


class NotSorted(ValueError):
    """Rows came back to a group that was already totalled: the report must sort by its subtotal columns."""


_UNSEEN = object()


class _Sums:
    """Running sums of the added columns; one over two units, or of no quantity at all, is ``None``."""

    __slots__ = ("rows", "sums", "units")

    def __init__(self, size: int) -> None:
        self.rows = 0
        self.sums: list[Decimal | int | None] = [0] * size
        self.units: list[object] = [_UNSEEN] * size

    def add(self, cells: Cells, places: Sequence[tuple[int, int | None]]) -> None:
        """Add a row; ``places`` are (the added column, the column of its unit)."""
        self.rows += 1
        for n, (place, unit) in enumerate(places):
            value, so_far = cells[place], self.sums[n]
            if value is None or so_far is None:
                continue
            if unit is not None:
                if self.units[n] is _UNSEEN:
                    self.units[n] = cells[unit]
                elif self.units[n] != cells[unit]:
                    self.sums[n] = None
                    continue
            self.sums[n] = so_far + value  # type: ignore[operator]  # added columns hold numbers


@dataclass(slots=True)
class _Group:
    """One level of subtotals since its key last changed."""

    sums: _Sums
    key: Cells | None = None
    closed: set[Cells] = field(default_factory=set)


class _Adding:
    """A report being added up, row by row."""

    def __init__(self, report: Report) -> None:
        self.report = report
        names = {column.name: i for i, column in enumerate(report.columns)}
        self.places = [
            (i, names[c.within] if c.within else None) for i, c in enumerate(report.columns) if c.total
        ]
        self.by = [names[name] for name in report.subtotals]
        self.groups = [_Group(self._sums()) for _ in self.by]
        self.whole = self._sums()
        self.headings = [i for i, column in enumerate(report.columns) if column.heading]
        self.drawn: list[Cells] = []
        self.recaps: list[tuple[Recap, list[int], dict[Cells, _Sums]]] = [
            (recap, [names[name] for name in recap.by], {}) for recap in report.recaps
        ]

    def _sums(self) -> _Sums:
        return _Sums(sum(column.total for column in self.report.columns))

    def lines_of(self, cells: Cells) -> Iterator[Line]:
        """What the row closes and opens, and the row."""
        changed = self._changed(cells)
        if changed < len(self.groups):
            yield from self._closed(changed)
            self._open(changed, cells)
            if changed == 0 and self.headings:
                yield Line("heading", cells, heading_text(self.report, cells))
        for group in self.groups:
            group.sums.add(cells, self.places)
        self.whole.add(cells, self.places)
        for _, by, found in self.recaps:
            key = tuple(cells[i] for i in by)
            if key not in found:
                found[key] = self._sums()
            found[key].add(cells, self.places)
        if self.report.picture is not None:
            self.drawn.append(cells)
        yield Line("row", cells)

    def _changed(self, cells: Cells) -> int:
        """The outermost level whose key changes with this row."""
        for level, place in enumerate(self.by):
            key = self.groups[level].key
            if key is None or key[-1] != cells[place]:
                return level
        return len(self.by)

    def _open(self, level: int, cells: Cells) -> None:
        for n in range(level, len(self.groups)):
            group, key = self.groups[n], tuple(cells[i] for i in self.by[: n + 1])
            if group.key is not None:
                group.closed.add(group.key)
            if key in group.closed:
                raise NotSorted(f"{key} comes again after its subtotal.")
            group.key, group.sums = key, self._sums()

    def _closed(self, level: int) -> Iterator[Line]:
        """Subtotals of the groups that end here, innermost first."""
        for n in reversed(range(level, len(self.groups))):
            group = self.groups[n]
            if group.key is not None and group.sums.rows and self.places:
                cells = self._summed(group.sums)
                yield Line("subtotal", cells, _label(group.key[-1]), n, group.sums.rows)
        if level == 0 and self.report.picture is not None and self.drawn:
            drawing, self.drawn = self.report.picture(self.drawn), []
            if drawing:
                yield Line("picture", (), drawing)

    def last(self) -> Iterator[Line]:
        """What stands below the last row."""
        if self.whole.rows:
            yield from self._closed(0)
        if not self.places:
            return
        yield Line("total", self._summed(self.whole), "Total", rows=self.whole.rows)
        for recap, by, found in self.recaps:
            if found:
                yield Line("recap_title", (), recap.label, rows=len(found))
            for key in sorted(found, key=_order):
                cells = list(self._summed(found[key]))
                for place, value in zip(by, key, strict=True):
                    cells[place] = value
                yield Line("recap", tuple(cells), rows=found[key].rows)

    def _summed(self, sums: _Sums) -> Cells:
        cells: list[Cell] = [None] * len(self.report.columns)
        for n, (place, unit) in enumerate(self.places):
            nothing = unit is not None and sums.units[n] is _UNSEEN
            cells[place] = None if nothing else sums.sums[n]
        return tuple(cells)


def lines(sheet: Sheet) -> Iterator[Line]:
    """Rows with their subtotals, and the total last (also when there are no rows), then the recaps.

    Raises ``NotSorted``, and ``ValueError`` for a row whose length is not that of the columns.
    """
    report = sheet.report
    adding, width = _Adding(report), len(report.columns)
    for cells in report.rows(sheet.parameters):
        if len(cells) != width:
            raise ValueError(f"“{report.code}” gave {len(cells)} cells for {width} columns.")
        yield from adding.lines_of(cells)
    yield from adding.last()


def heading_text(report: Report, cells: Cells) -> str:
    """The line above a group: what its heading columns hold, those without a value left out."""
    shown: Iterable[tuple[Column, Cell]] = zip(report.columns, cells, strict=True)
    return " · ".join(column.text_of(cell) for column, cell in shown if column.heading and cell)


def _label(key: Cell) -> str:
    return f"Total {day_text(key) if isinstance(key, date) else key}"


def _order(key: Cells) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in key)
