"""XML files with one element a record: one declaration reads and writes.  Pure.

Read without entities, without document types and without network: what a file may expand to or fetch is
decided here, not by its sender.  Names are case-sensitive, as in XML; other spellings are aliases.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from interchange.layouts.fields import Field
from interchange.layouts.outcome import DoesNotFit, Fault, Row, Unreadable, Value
from interchange.layouts.source import SourceForm

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True, slots=True)
class Tagged:
    """``root`` holds ``record`` elements, at any depth; their children are the fields, by element name."""

    name: str
    root: str
    record: str
    fields: tuple[Field, ...]

    def form_of(self, content: bytes) -> SourceForm:
        """The outward form of this file, for ``write_rejects``."""
        return SourceForm(
            "tagged", "utf-8", "\n", header=f"{_DECLARATION}\n<{self.root}>", footer=f"</{self.root}>"
        )

    def read(self, content: bytes) -> Iterator[Row | Fault]:
        """Rows and faults in the order of the file; never raises for what the file holds.

        Broken XML is a file fault that comes after the rows before it, so gather everything first.
        """
        if not content.strip():
            yield _file_fault(0, "empty", "The file is empty.", "Export it again.")
            return
        parsing = etree.iterparse(
            io.BytesIO(content),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        try:
            yield from self._walk(parsing)
        except etree.XMLSyntaxError as error:
            line = error.lineno or 0
            problem = f"The XML is broken here: {error.msg}."
            yield _file_fault(
                line, "broken_xml", problem, "Have the whole file sent again; nothing of this one is used."
            )

    def _walk(self, parsing: "Iterable[tuple[str, etree._Element]]") -> Iterator[Row | Fault]:
        unknown: set[str] = set()
        root: etree._Element | None = None
        found = False
        for event, element in parsing:
            if event == "start":
                if root is None:
                    root = element
                    refused = self._refuse(element)
                    if refused:
                        yield refused
                        return
            elif _local(element) == self.record:
                found = True
                yield from self._record(element, unknown)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]  # it has a sibling, so it has a parent
        if not found:
            problem, remedy = f"The file holds no <{self.record}>.", "Check that it is the right file."
            yield Fault(0, "", "warning", "no_rows", problem, remedy)

    def _refuse(self, root: "etree._Element") -> Fault | None:
        """The fault of a document that is not ours or that declares a document type."""
        line = root.sourceline or 0
        if root.getroottree().docinfo.doctype:
            problem = "The file declares a document type, which may hide other content."
            return _file_fault(line, "document_type", problem, "Have it sent without <!DOCTYPE …>.")
        if _local(root) != self.root:
            problem = f"The file begins with <{_local(root)}>, not <{self.root}>."
            return _file_fault(line, "other_root", problem, "Check that it is the right file.")
        return None

    def _record(self, element: "etree._Element", unknown: set[str]) -> Iterator[Row | Fault]:
        line = element.sourceline or 0
        raw = etree.tostring(element, encoding="unicode", with_tail=False)
        texts, faults = self._texts(element, line, raw)
        for name in texts.keys() - {n for field in self.fields for n in _names(field)} - unknown:
            unknown.add(name)
            problem = f"The element <{name}> is unknown and is not read."
            yield Fault(
                line, name, "warning", "unknown_column", problem, "Nothing to do unless it was meant."
            )
        values: dict[str, Value] = {}
        for field in self.fields:
            under = [name for name in _names(field) if name in texts]
            if not under and field.required:
                problem = f"The element <{field.column}> is missing."
                faults.append(_row_fault(line, field.column, "missing_element", problem, "Add it.", raw))
                continue
            if len(under) > 1:
                problem = f"Both <{under[0]}> and <{under[1]}> are there."
                faults.append(_row_fault(line, under[1], "doubled", problem, "Leave one of them out.", raw))
                continue
            try:
                values[field.name] = field.read(texts[under[0]] if under else "")
            except Unreadable as wrong:
                column = under[0] if under else field.column
                faults.append(_row_fault(line, column, wrong.code, wrong.problem, wrong.remedy, raw))
        yield from faults
        if not faults:
            yield Row(line, values, raw)

    def _texts(self, element: "etree._Element", line: int, raw: str) -> tuple[dict[str, str], list[Fault]]:
        """The texts of the record's children by name, and a fault for a name that comes twice."""
        texts: dict[str, str] = {}
        faults = []
        for child in element.iterchildren(tag=etree.Element):
            name = _local(child)
            if name in texts:
                problem = f"<{name}> comes twice in one record."
                faults.append(_row_fault(line, name, "doubled", problem, "Leave one of them out.", raw))
            texts[name] = child.text or ""
        return texts, faults

    def write(self, rows: Iterable[Mapping[str, Value]]) -> bytes:
        """The file as UTF-8; an empty value leaves out its element unless required; raises ``DoesNotFit``."""
        parts = [_DECLARATION, f"<{self.root}>"]
        for row in rows:
            strangers = row.keys() - {field.name for field in self.fields}
            if strangers:
                raise DoesNotFit(min(strangers), row[min(strangers)], f"has no field in “{self.name}”.")
            record = etree.Element(self.record)
            for field in self.fields:
                text = field.write(row.get(field.name))
                if text or field.required:
                    etree.SubElement(record, field.column).text = _xml_text(field, text)
            parts.append(etree.tostring(record, encoding="unicode"))
        return "\n".join([*parts, f"</{self.root}>", ""]).encode()


def _xml_text(field: Field, text: str) -> str:
    if "\r" in text:
        raise DoesNotFit(field.name, text, "holds a carriage return, which XML reads as a line feed.")
    return text


def _local(element: "etree._Element") -> str:
    return str(etree.QName(element).localname)


def _names(field: Field) -> tuple[str, ...]:
    return field.aliases or (field.name,)


def _file_fault(line: int, code: str, problem: str, remedy: str) -> Fault:
    return Fault(line, "", "file", code, problem, remedy)


def _row_fault(line: int, column: str, code: str, problem: str, remedy: str, raw: str) -> Fault:
    return Fault(line, column, "row", code, problem, remedy, raw)
