"""Delimited files (comma, tab, semicolon, bar): one declaration reads and writes.  Pure.

Columns are found by name, in any order, under any of their names, whatever their case; the delimiter is the
one that makes most sense of the first line.  A file without names is read by position.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from interchange.layouts.fields import Field
from interchange.layouts.kinds import fold
from interchange.layouts.outcome import DoesNotFit, Fault, Level, Row, Unreadable, Value
from interchange.layouts.source import (
    LONGEST_LINE,
    LONGEST_RECORD,
    REASON_COLUMN,
    SourceForm,
    bare,
    cut_off,
    decode,
    excerpt,
    join_record,
    lines_of,
    newline_of,
    split_record,
)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the file; ``cells`` is ``None`` when its quotation marks do not pair."""

    line_number: int
    cells: list[str] | None
    raw: str
    ends_file: bool
    """Whether the file stops with it, without a line end."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which field stands in which column, and under which name."""

    names: tuple[str, ...]
    fields: tuple[Field | None, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Delimited:
    """A delimited layout.  ``named``: the first line holds the column names; without it, order counts.

    ``delimiters`` are tried when reading; the first of them is written.
    """

    name: str
    fields: tuple[Field, ...]
    named: bool = True
    delimiters: tuple[str, ...] = (",", "\t", ";", "|")
    newline: str = "\r\n"
    quote_all: bool = False

    def __post_init__(self) -> None:
        seen: dict[str, str] = {}
        for field in self.fields:
            for folded in field.folded_names:
                if folded in seen:
                    raise ValueError(f"“{folded}” names both “{seen[folded]}” and “{field.name}”.")
                seen[folded] = field.name

    def corrected(self, name: str, **changes: Any) -> "Delimited":
        """The layout with one field changed, for a site whose files name or write it differently."""
        if name not in {field.name for field in self.fields}:
            raise ValueError(f"The layout “{self.name}” has no field “{name}”.")
        fields = tuple(replace(f, **changes) if f.name == name else f for f in self.fields)
        return replace(self, fields=fields)

    def form_of(self, content: bytes) -> SourceForm:
        """The outward form of this file, for ``write_rejects``."""
        decoded = decode(content)
        lines = lines_of(decoded.text)
        delimiter = self._sniff(lines)
        first = next(_records(lines, delimiter), None)
        header = first.raw if first and self.named else ""
        return SourceForm("delimited", decoded.encoding, newline_of(lines), delimiter, header)

    def read(self, content: bytes) -> Iterator[Row | Fault]:
        """Rows and faults in the order of the file; never raises for what the file holds.

        A file fault may come last (a cut file), so gather everything before applying anything.
        """
        decoded = decode(content)
        yield from decoded.faults
        if decoded.unusable:
            return
        lines = lines_of(decoded.text)
        records = _records(lines, self._sniff(lines))
        header = Header(tuple(f.column for f in self.fields), self.fields)
        if self.named:
            first = next(records, None)
            header = self._match(first)
            yield from header.faults
            if any(fault.level == "file" for fault in header.faults):
                return
        found = False
        for record in records:
            for item in self._row(record, header):
                found = True
                yield item
        if not found:
            yield Fault(
                0,
                "",
                "warning",
                "no_rows",
                "The file has column names and no rows.",
                "Nothing to do if nothing was expected; otherwise export it again.",
            )

    def write(
        self,
        rows: Iterable[Mapping[str, Value]],
        *,
        spelled: Mapping[str, str] | None = None,
        delimiter: str | None = None,
    ) -> bytes:
        """The file as UTF-8; ``spelled`` gives other column names by field name.  Raises ``DoesNotFit``."""
        with_delimiter = delimiter or self.delimiters[0]
        names = {**{f.name: f.column for f in self.fields}, **(spelled or {})}
        lines = []
        if self.named:
            lines.append(join_record([names[f.name] for f in self.fields], with_delimiter, self.quote_all))
        for row in rows:
            lines.append(self._line(row, with_delimiter))
        return self.newline.join([*lines, ""]).encode()

    def _line(self, row: Mapping[str, Value], delimiter: str) -> str:
        strangers = row.keys() - {f.name for f in self.fields}
        if strangers:
            raise DoesNotFit(min(strangers), row[min(strangers)], f"has no field in “{self.name}”.")
        cells = [field.write(row.get(field.name)) for field in self.fields]
        line = join_record(cells, delimiter, self.quote_all)
        if not any(cells):
            raise DoesNotFit(self.fields[0].name, None, "stands in a row without any value.")
        if len(line) > LONGEST_LINE or len(lines_of(line)) > LONGEST_RECORD:
            raise DoesNotFit(
                max(self.fields, key=lambda f: len(cells[self.fields.index(f)])).name, "…", "is too long."
            )
        return line

    def _sniff(self, lines: list[str]) -> str:
        """The delimiter under which most columns are recognised, or else found, in the first line."""
        first = next((line for line in lines if line.strip()), "")[:LONGEST_LINE]

        def sense(delimiter: str) -> tuple[int, int, int]:
            cells = split_record(bare(first), delimiter) or bare(first).split(delimiter)
            known = sum(self._field(cell) is not None for cell in cells) if self.named else 0
            return known, -abs(len(cells) - len(self.fields)), len(cells)

        return max(self.delimiters, key=sense)

    def _field(self, name: str) -> Field | None:
        folded = fold(name)
        return next((field for field in self.fields if folded in field.folded_names), None)

    def _match(self, first: Record | None) -> Header:
        """The columns of the first line, with a fault for each name missing, doubled or unknown."""
        names = tuple(cell.strip() for cell in first.cells) if first and first.cells else ()
        fields = tuple(self._field(name) for name in names)
        line = first.line_number if first else 0

        def fault(column: str, level: Level, code: str, problem: str, remedy: str) -> Fault:
            return Fault(line, column, level, code, problem, remedy, excerpt(first.raw) if first else "")

        if not any(fields):
            wanted = ", ".join(field.column for field in self.fields if field.required)
            remedy = f"Check that it is the right file; its first line must name {wanted}."
            problem = f"The first line names no column of “{self.name}”."
            return Header(names, fields, (fault("", "file", "no_header", problem, remedy),))
        faults = []
        for field in self.fields:
            under = [name for name, found in zip(names, fields, strict=True) if found is field]
            if len(under) > 1:
                problem = f"{' and '.join(f'“{name}”' for name in under)} both give {field.column}."
                faults.append(fault(under[-1], "file", "doubled_column", problem, "Leave one of them out."))
            if not under and field.required:
                others = f" (or {', '.join(field.aliases[1:])})" if field.aliases[1:] else ""
                problem = f"The column {field.column} is missing."
                remedy = f"Export again with a column named {field.column}{others}."
                faults.append(fault(field.column, "file", "missing_column", problem, remedy))
        for name, found in zip(names, fields, strict=True):
            if found is None and name and name != REASON_COLUMN:
                problem = f"The column “{name}” is unknown and is not read."
                remedy = "Nothing to do unless it was meant to be one of the known columns."
                faults.append(fault(name, "warning", "unknown_column", problem, remedy))
        return Header(names, fields, tuple(faults))

    def _row(self, record: Record, header: Header) -> Iterator[Row | Fault]:
        """The row, or its faults; nothing for lines that only separate, repeat the header or are blank."""
        cells = record.cells
        if record.ends_file and (cells is None or len(cells) < len(header.fields)):
            yield cut_off(record.line_number, record.raw)
            return
        shape = _shape_fault(record, len(header.fields))
        if shape:
            yield shape
        if shape or cells is None or not any(cell.strip() for cell in cells):
            return
        if self.named and tuple(cell.strip() for cell in cells) == header.names:
            problem, remedy = "The column names stand here again.", "Nothing to do; the line was left out."
            yield Fault(record.line_number, "", "warning", "header_again", problem, remedy, record.raw)
            return
        values: dict[str, Value] = {field.name: field.blank for field in self.fields}
        usable = True
        for name, field, cell in zip(header.names, header.fields, cells, strict=False):
            if field is None:
                continue
            try:
                values[field.name] = field.read(cell)
            except Unreadable as wrong:
                usable = False
                yield Fault(
                    record.line_number, name, "row", wrong.code, wrong.problem, wrong.remedy, record.raw
                )
                continue
            if field.looks_like_formula(cell):
                problem = f"“{cell[:40]}” looks like a spreadsheet formula; it was taken as text."
                remedy = "Check that this is what was meant."
                yield Fault(record.line_number, name, "warning", "formula", problem, remedy, record.raw)
        if usable:
            yield Row(record.line_number, values, record.raw)


def _shape_fault(record: Record, columns: int) -> Fault | None:
    """What is wrong with a record before its cells are looked at."""

    def fault(code: str, problem: str, remedy: str) -> Fault:
        return Fault(record.line_number, "", "row", code, problem, remedy, excerpt(record.raw))

    cells = record.cells
    if len(record.raw) > LONGEST_LINE:
        return fault("line_too_long", f"The line has {len(record.raw)} characters.", "Export the file again.")
    if "\0" in record.raw:
        return fault("control_character", "The line holds zero bytes.", "Export the file again.")
    if cells is None:
        return fault(
            "quotation",
            "A quotation mark is left open or stands inside a quoted value.",
            'Double each quotation mark inside a value, as in "5/8"" meter".',
        )
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) < columns:
        return fault(
            "too_few_columns",
            f"The line has {len(cells)} columns; the first line names {columns}.",
            "Complete the line; leave unknown values empty but keep their separators.",
        )
    if any(cell.strip() for cell in cells[columns:]):
        return fault(
            "too_many_columns",
            f"The line has {len(cells)} columns; the first line names {columns}.",
            "Put values that hold the separator in quotation marks.",
        )
    return None


def _records(lines: list[str], delimiter: str) -> Iterator[Record]:
    """Records with the line they begin on.  After a broken one reading goes on at the very next line."""
    at = 0
    while at < len(lines):
        line = lines[at]
        taken = 1
        cells: list[str] | None = None
        if bare(line).strip(" ") or delimiter == " ":
            window = lines[at : at + LONGEST_RECORD]
            reader = csv.reader(window, delimiter=delimiter, strict=True)
            try:
                cells = next(reader)
                taken = reader.line_num
            except csv.Error:
                cells = None
            raw = bare("".join(window[:taken]))
            ends = at + taken == len(lines) and not lines[-1].endswith(("\n", "\r"))
            yield Record(at + 1, cells, raw, ends)
        at += taken
