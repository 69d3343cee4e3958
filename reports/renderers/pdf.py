"""A report on letter paper: head and foot on every page, the column labels repeated, no row cut in two."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

from core.ui import paper
from reports.kit import Cell, Column, Sheet
from reports.lines import Line, lines

_STYLE = Path(__file__).resolve().parents[2] / "templates" / "reports" / "paper.css"
_ROOM = '<span class="room"> CR</span>'
_UPRIGHT_WIDTH = 110
"""Characters that stand beside each other on an upright page; wider reports lie across."""

MOST_LINES = 10_000
"""Some 300 pages.  A line of eleven columns takes about 7 ms, so this is a good minute of a worker."""


class TooLongForPaper(ValueError):
    """The report has more lines than paper is good for; the message says what to do."""


def render(sheet: Sheet) -> bytes:
    """The report as PDF; the same sheet gives the same bytes.  Raises ``TooLongForPaper``."""
    return paper.render(_document(sheet), (_style(), _widths(_shown(sheet))))


def _shown(sheet: Sheet) -> tuple[Column, ...]:
    return tuple(sheet.report.columns[i] for i in sheet.report.shown)


@lru_cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")


def _widths(columns: tuple[Column, ...]) -> str:
    """Columns share the page by their widths; the table is laid out by these alone, not by its content."""
    whole = sum(column.width for column in columns)
    return "".join(f".c{i} {{ width: {column.width / whole:.4%} }}" for i, column in enumerate(columns))


def _document(sheet: Sheet) -> str:
    columns = _shown(sheet)
    wide = sum(column.width for column in columns) > _UPRIGHT_WIDTH
    body = "".join(_rows(sheet))
    shown = body or f'<tr><td class="empty" colspan="{len(columns)}">Nothing to list.</td></tr>'
    cols = "".join(f'<col class="c{i}">' for i in range(len(columns)))
    labels = "".join(f'<th class="{_side(column)}">{_label(column)}</th>' for column in columns)
    notes = "".join(f"<p>{escape(note)}</p>" for note in sheet.report.notes)
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(sheet.report.title)}</title></head>'
        f'<body class="{"wide" if wide else ""}">{_head(sheet)}{_foot(sheet)}'
        f'<table class="lines"><colgroup>{cols}</colgroup><thead><tr>{labels}</tr></thead>'
        f'<tbody>{shown}</tbody></table><div class="notes">{notes}</div></body></html>'
    )


def _head(sheet: Sheet) -> str:
    asked = " ".join(
        f"<b><span>{escape(label)}</span> {escape(text)}</b>" for label, text in sheet.parameters.shown
    )
    return (
        f'<div id="head"><table><tr><td><p class="whose">{escape(sheet.utility)}</p>'
        f'<h1>{escape(sheet.report.title)}</h1></td><td class="asked">{asked}</td></tr></table></div>'
    )


def _foot(sheet: Sheet) -> str:
    by = f" by {sheet.printed_by}" if sheet.printed_by else ""
    return f'<div id="foot">Printed {escape(sheet.printed_text + by)}</div>'


def _rows(sheet: Sheet) -> Iterator[str]:
    columns, places = _shown(sheet), sheet.report.shown
    groups = 0
    for count, line in enumerate(lines(sheet), start=1):
        if count > MOST_LINES:
            raise TooLongForPaper(
                f"“{sheet.report.title}” has more than {MOST_LINES:,} lines. "
                "Narrow it down, or take it as XLSX or CSV."
            )
        if line.kind == "total" and not line.rows:
            return
        if line.kind in ("heading", "recap_title", "picture"):
            text = line.label if line.kind == "picture" else escape(line.label)
            groups += line.kind == "heading"
            new_page = " new-page" if line.kind == "heading" and sheet.report.page_each and groups > 1 else ""
            yield f'<tr class="{line.kind}{new_page}"><td colspan="{len(columns)}">{text}</td></tr>'
            continue
        cells = [line.cells[i] for i in places]
        if line.kind in ("row", "recap"):
            shown = "".join(map(_cell, columns, cells))
        else:
            shown = _summed(columns, line, cells)
        yield f'<tr class="{line.kind}">{shown}</tr>'


def _summed(columns: tuple[Column, ...], line: Line, cells: Sequence[Cell]) -> str:
    """The label over the columns before the first added one, then the sums."""
    before = next(i for i, column in enumerate(columns) if column.total)
    label = f"{escape(line.label)} · {line.rows:,} {'row' if line.rows == 1 else 'rows'}"
    first = f'<td colspan="{before}">{label}</td>' if before else ""
    return first + "".join(map(_cell, columns[before:], cells[before:]))


def _label(column: Column) -> str:
    return escape(column.label) + (_ROOM if column.may_credit else "")


def _side(column: Column) -> str:
    return "amount" if column.is_figure else "text"


def _cell(column: Column, value: Cell) -> str:
    text = escape(column.text_of(value))
    if column.may_credit and text and not text.endswith(" CR"):
        text += _ROOM
    side = _side(column) if value or not column.is_figure else "amount zero"
    return f'<td class="{side}">{text}</td>'
