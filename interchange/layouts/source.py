"""A file as it arrived: its text, its lines, and the outward form in which rejected rows go back.  Pure."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from interchange.layouts.outcome import Fault

REASON_COLUMN = "Reject_Reason"
"""The column added to rejected rows; a file that is sent again with it is read as if it were not there."""

LONGEST_LINE = 65_536
LONGEST_RECORD = 100
"""Most lines that one quoted record may span; beyond that a quotation mark was left open."""

_KEPT_RAW = 2_000

_NOT_TEXT = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive", "Open it and save the sheet as CSV (UTF-8)."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "Open it and save the sheet as CSV (UTF-8)."),
    (b"%PDF", "a PDF document", "Ask the sender for the data file instead of the print."),
    (b"\x1f\x8b", "a compressed file", "Unpack it and send what is inside."),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class SourceForm:
    """The outward form of a file: what must stand round its rows.  Plain texts, to be kept beside them."""

    kind: Literal["delimited", "fixed", "tagged"]
    encoding: str = "utf-8"
    newline: str = "\n"
    delimiter: str = ""
    header: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, how it was encoded and what was wrong with that."""

    text: str
    encoding: str
    faults: tuple[Fault, ...] = ()

    @property
    def unusable(self) -> bool:
        """Whether nothing of it can be read."""
        return any(fault.level == "file" for fault in self.faults)


def decode(content: bytes) -> Decoded:
    """UTF-8 with or without mark, UTF-16 with mark, else Western (cp1252) with a warning; never raises."""
    if not content.strip():
        return Decoded("", "utf-8", (_file_fault("empty", "The file is empty.", "Export it again."),))
    for mark, what, remedy in _NOT_TEXT:
        if content.startswith(mark):
            return Decoded(
                "", "utf-8", (_file_fault("not_text", f"This is {what}, not a text file.", remedy),)
            )
    preferred = "utf-16" if content.startswith(_UTF16) else "utf-8-sig"
    try:
        return Decoded(content.decode(preferred), "utf-16" if preferred == "utf-16" else "utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    if preferred == "utf-16":
        cut = _file_fault("encoding", "The file breaks off within a character.", "Send it again.")
        return Decoded("", "utf-16", (cut,))
    warning = Fault(
        line,
        "",
        "warning",
        "encoding",
        "The file is not UTF-8; it was read as Western European (Windows-1252).",
        "Look at names with accents, or save the file as UTF-8.",
    )
    # The five bytes that cp1252 leaves open become U+FFFD, which every field refuses.
    return Decoded(content.decode("cp1252", errors="replace"), "cp1252", (warning,))


def _file_fault(code: str, problem: str, remedy: str) -> Fault:
    return Fault(0, "", "file", code, problem, remedy)


def lines_of(text: str) -> list[str]:
    """Lines with their own ends (LF, CR LF or CR); other characters never end a line."""
    return list(io.StringIO(text, newline=""))


def bare(line: str) -> str:
    """The line without its end."""
    return line.rstrip("\r\n")


def newline_of(lines: list[str]) -> str:
    """The end of the first line, LF when it has none."""
    return lines[0][len(bare(lines[0])) :] or "\n" if lines else "\n"


def excerpt(raw: str) -> str:
    """As much of a line that is no line of this file as is worth keeping."""
    return raw if len(raw) <= LONGEST_LINE else raw[:_KEPT_RAW]


def cut_off(line_number: int, raw: str) -> Fault:
    """The fault of a file that stops in the middle of its last line."""
    return Fault(
        line_number,
        "",
        "file",
        "cut_off",
        "The file stops in the middle of this line, so later lines may be missing as well.",
        "Have the whole file sent again; nothing of this one is used.",
        excerpt(raw),
    )


def write_rejects(form: SourceForm, rejected: Iterable[tuple[str, str]]) -> bytes:
    """Rejected rows as a file in their own layout: each given as its raw text and the reason.

    Delimited files get a last column with the reason, tagged ones a comment; fixed lines have no room for it.
    """
    parts = {"delimited": _delimited_lines, "fixed": _fixed_lines, "tagged": _tagged_lines}[form.kind]
    body = form.newline.join([*parts(form, rejected), ""])
    encoding = "utf-8-sig" if form.kind == "delimited" and form.encoding == "utf-8" else form.encoding
    return body.encode(encoding, errors="replace")


def _delimited_lines(form: SourceForm, rejected: Iterable[tuple[str, str]]) -> Iterator[str]:
    header = split_record(form.header, form.delimiter) or []
    sent_again = bool(header) and header[-1].strip() == REASON_COLUMN
    columns = len(header) - sent_again
    if header:
        yield form.header if sent_again else form.header + form.delimiter + REASON_COLUMN
    for raw, reason in rejected:
        cells = split_record(raw, form.delimiter)
        if not header or cells is None:
            yield raw  # without a header, or with a broken quotation, a further column would not be one
        elif sent_again and len(cells) == len(header):
            yield join_record([*cells[:columns], reason], form.delimiter)
        else:
            missing = form.delimiter * (columns - len(cells))
            yield raw + missing + form.delimiter + join_record([reason], form.delimiter)


def _fixed_lines(form: SourceForm, rejected: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (raw for raw, _ in rejected)


def _tagged_lines(form: SourceForm, rejected: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield form.header
    for raw, reason in rejected:
        yield f"<!-- {reason.replace('--', '–')} -->"
        yield raw
    yield form.footer


def split_record(raw: str, delimiter: str) -> list[str] | None:
    """The cells of one record, ``None`` when its quotation marks do not pair."""
    try:
        return next(csv.reader(lines_of(raw), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def join_record(cells: Iterable[str], delimiter: str, quote_all: bool = False) -> str:
    """One record, quoted where needed, without a line end."""
    buffer = io.StringIO()
    if quote_all:
        writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    else:
        writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(cells)
    return buffer.getvalue().removesuffix("\r\n")
