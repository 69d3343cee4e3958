"""Fixed-width files: positions from 1, both ends included, as the documents print them.  Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from interchange.layouts.fields import Field
from interchange.layouts.outcome import DoesNotFit, Fault, Row, Unreadable, Value
from interchange.layouts.source import SourceForm, bare, cut_off, decode, excerpt, lines_of, newline_of


@dataclass(frozen=True, slots=True)
class Span:
    """The places ``first`` to ``last`` of a line and the field they hold.  ``filler``: never looked at."""

    first: int
    last: int
    field: Field
    filler: bool = False

    @property
    def width(self) -> int:
        """Characters it takes."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class RecordType:
    """One kind of line, known by how it begins.  An empty prefix takes every line."""

    name: str
    prefix: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fixed layout.  Building one whose places overlap, leave gaps or miss the width raises ``ValueError``.

    ``trimmed``: lines may come without their trailing blanks, as some transfer programs leave them.
    """

    name: str
    width: int
    records: tuple[RecordType, ...]
    newline: str = "\r\n"
    encoding: str = "ascii"
    trimmed: bool = False

    def __post_init__(self) -> None:
        for record in self.records:
            reached = 0
            for span in record.spans:
                where = f"{self.name}, {record.name}, {span.field.name} at {span.first}-{span.last}"
                if span.first != reached + 1 or span.last < span.first:
                    raise ValueError(f"{where}: the place before it ends at {reached}.")
                if span.field.length is not None and span.field.length != span.width:
                    raise ValueError(f"{where}: {span.width} places for a length of {span.field.length}.")
                reached = span.last
            if reached != self.width:
                raise ValueError(f"{self.name}, {record.name}: ends at {reached}, the width is {self.width}.")

    def form_of(self, content: bytes) -> SourceForm:
        """The outward form of this file, for ``write_rejects``."""
        decoded = decode(content)
        return SourceForm("fixed", decoded.encoding, newline_of(self._lines(decoded.text)))

    def read(self, content: bytes) -> Iterator[Row | Fault]:
        """Rows and faults in the order of the file; ``Row.record`` names the kind of line.  Never raises."""
        decoded = decode(content)
        yield from decoded.faults
        if decoded.unusable:
            return
        lines = self._lines(decoded.text)
        while lines and not lines[-1].strip():
            lines.pop()
        for number, line in enumerate(lines, start=1):
            if bare(line).strip(" "):
                last = number == len(lines) and bare(line) == line
                yield from self._row(number, bare(line), ends_file=last)

    def write(self, rows: Iterable[tuple[str, Mapping[str, Value]]]) -> bytes:
        """The file for rows given as (kind of line, values by field name).  Raises ``DoesNotFit``."""
        kinds = {record.name: record for record in self.records}
        lines = [self._line(kinds[kind], values) for kind, values in rows]
        return self.newline.join([*lines, ""]).encode(self.encoding)

    def _line(self, record: RecordType, values: Mapping[str, Value]) -> str:
        strangers = values.keys() - {span.field.name for span in record.spans}
        if strangers:
            raise DoesNotFit(min(strangers), values[min(strangers)], f"has no place in “{record.name}”.")
        parts = []
        for span in record.spans:
            text = span.field.write_padded(values.get(span.field.name), span.width)
            try:
                text.encode(self.encoding)
            except UnicodeEncodeError:
                value = values.get(span.field.name)
                raise DoesNotFit(span.field.name, value, f"has characters outside {self.encoding}.") from None
            if "\n" in text or "\r" in text:
                raise DoesNotFit(span.field.name, values.get(span.field.name), "has a line break.")
            parts.append(text)
        line = "".join(parts)
        if self._kind(line) is not record:
            raise DoesNotFit(record.spans[0].field.name, line[:10], f"does not begin like “{record.name}”.")
        return line

    def _lines(self, text: str) -> list[str]:
        """Lines of the text; a file without any line end is taken apart by its width."""
        lines = lines_of(text)
        if len(lines) == 1 and len(text) > self.width and len(text) % self.width == 0:
            return [text[at : at + self.width] + "\n" for at in range(0, len(text), self.width)]
        return lines

    def _kind(self, line: str) -> RecordType | None:
        """The record type with the longest prefix that the line begins with."""
        fitting = [record for record in self.records if line.startswith(record.prefix)]
        return max(fitting, key=lambda record: len(record.prefix), default=None)

    def _row(self, number: int, line: str, ends_file: bool) -> Iterator[Row | Fault]:
        def fault(code: str, problem: str, remedy: str, column: str = "") -> Fault:
            return Fault(number, column, "row", code, problem, remedy, excerpt(line))

        record = self._kind(line)
        if record is None:
            begins = ", ".join(f"“{known.prefix}”" for known in self.records)
            yield fault("unknown_record", f"No line begins with “{line[:3]}”.", f"Lines begin with {begins}.")
            return
        full = line.ljust(self.width) if self._may_pad(record, len(line)) else line
        if len(full) > self.width and not full[self.width :].strip():
            full = full[: self.width]
        if len(full) < self.width and ends_file:
            yield cut_off(number, line)
            return
        if len(full) != self.width:
            code = "line_too_short" if len(full) < self.width else "line_too_long"
            yield fault(
                code,
                f"The line has {len(line)} characters and must have {self.width}.",
                "Export the file again; do not edit it in a word processor.",
            )
            return
        values: dict[str, Value] = {}
        faults = []
        for span in record.spans:
            if span.filler:
                continue
            try:
                values[span.field.name] = span.field.read_padded(full[span.first - 1 : span.last])
            except Unreadable as wrong:
                column = f"{span.field.column} ({span.first}-{span.last})"
                faults.append(fault(wrong.code, wrong.problem, wrong.remedy, column))
        yield from faults
        if not faults:
            yield Row(number, values, line, record.name)

    def _may_pad(self, record: RecordType, length: int) -> bool:
        """Whether only blanks can have stood after ``length``; a cut amount is no short line."""
        missing = [span for span in record.spans if span.last > length]
        return self.trimmed and all(
            span.field.kind == "text"
            and not span.field.never_empty
            and not (span.field.constant or "").strip()
            for span in missing
        )


def filler(first: int, last: int, text: str | None = None) -> Span:
    """Places without meaning: written as ``text`` or blanks, and not looked at when read."""
    return Span(first, last, Field(f"filler_{first}", constant=text), filler=True)
