"""From the content of a file to staged rows: parse, look up, keep; nothing else is touched."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db import connection

from core.bulk import insert_columns
from core.operations import note
from core.vault import keep
from interchange.faults import as_kept, said
from interchange.feeds.feed import Feed, Ground, Parsed, Staged
from interchange.layouts import Fault, SourceForm, write_rejects
from interchange.layouts.kinds import fold
from interchange.layouts.source import split_record
from interchange.models import ImportFile, ImportRow

# Remarks about the file that a layout places on the line where it noticed them.
_OF_THE_FILE = frozenset({"encoding", "unknown_column", "no_rows", "header_again"})
_STATES = ("ready", "warning", "error", "skipped")


@dataclass(frozen=True, slots=True)
class Content:
    """A file as its layout understands it."""

    form: SourceForm
    reads: Sequence[Parsed]
    of_rows: Mapping[int, Sequence[Fault]]
    remarks: Sequence[Fault]

    @property
    def refused(self) -> bool:
        """Whether nothing of it may be used."""
        return any(fault.level == "file" for fault in self.remarks)


def understand(feed: Feed, content: bytes) -> Content:
    """Read to the end; a file that holds no row at all is refused.  Needs no database."""
    reads: list[Parsed] = []
    of_rows: dict[int, list[Fault]] = defaultdict(list)
    remarks: list[Fault] = []
    for item in feed.parse(content):
        if not isinstance(item, Fault):
            reads.append(item)
        elif item.level == "file" or item.code in _OF_THE_FILE:
            remarks.append(item)
        else:
            of_rows[item.line_number].append(item)
    if not reads and not of_rows and not any(r.level == "file" for r in remarks):
        problem = "There is no row in the file, only the names of columns."
        remarks.append(Fault(0, "", "file", "no_rows", problem, "Export it again."))
    return Content(feed.layout.form_of(content), reads, of_rows, remarks)


def scan_into(
    found: ImportFile, feed: Feed, content: Content, today: date, zone: ZoneInfo, at: datetime
) -> None:
    """Stage the rows of an import anew, in the transaction at work, or refuse the file as a whole."""
    ImportRow.objects.filter(import_file=found).delete()
    found.scanned_at = at
    places = columns_of(feed, content.form)
    staging = (
        None
        if content.refused
        else feed.stage(content.reads, Ground(today, zone, _names(feed, places, content.form)))
    )
    remarks = [*content.remarks, *(staging.remarks if staging else ())]
    refused = staging is None or any(fault.level == "file" for fault in staging.remarks)
    rows = [] if refused or staging is None else _with_layout_faults(feed, content, places, staging.rows)
    counts = dict.fromkeys(_STATES, 0)
    for row in rows:
        counts[row.state] += 1
    found.ready, found.warnings = counts["ready"], counts["warning"]
    found.errors, found.skipped = counts["error"], counts["skipped"]
    found.faults = [as_kept(fault) for fault in sorted(remarks, key=lambda f: f.level != "file")]
    found.state = ImportFile.State.REFUSED if refused else ImportFile.State.SCANNED
    _store(found, rows)
    found.fingerprint = "" if refused else fingerprint(found.id)
    found.rejects_id = keep_rejects(found, content.form)
    found.save()
    note(state=str(found.state), **counts)


def columns_of(feed: Feed, form: SourceForm) -> dict[str, int]:
    """Where each field of the layout stands in this file."""
    names = split_record(form.header, form.delimiter) or []
    return {
        field.name: place
        for place, name in enumerate(names)
        for field in feed.layout.fields
        if fold(name) in field.folded_names
    }


def _names(feed: Feed, places: Mapping[str, int], form: SourceForm) -> dict[str, str]:
    names = split_record(form.header, form.delimiter) or []
    return {
        f.name: names[places[f.name]].strip() if f.name in places else f.column for f in feed.layout.fields
    }


def _with_layout_faults(
    feed: Feed, content: Content, places: Mapping[str, int], rows: Iterable[Staged]
) -> list[Staged]:
    """The staged rows together with the lines that could not be read, in the order of the file."""
    by_line = {row.line: row for row in rows}
    for line, faults in content.of_rows.items():
        if line in by_line:
            by_line[line].faults[:0] = faults
        else:
            raw = faults[0].raw
            values = _known_by(feed, split_record(raw, content.form.delimiter) or [], places)
            by_line[line] = Staged(line, raw, values, list(faults))
    return [by_line[line] for line in sorted(by_line)]


def _known_by(feed: Feed, cells: Sequence[str], places: Mapping[str, int]) -> dict[str, Any]:
    """What a line that cannot be read is known by, so that people and ``missing_reads`` can name it."""
    return {
        key: cells[places[field]].strip()[:40] if places.get(field, len(cells)) < len(cells) else ""
        for field, key in feed.known_by
    }


def _store(found: ImportFile, rows: Sequence[Staged]) -> None:
    insert_columns(
        ImportRow,
        {
            "import_file_id": [found.id] * len(rows),
            "line": [row.line for row in rows],
            "state": [row.state for row in rows],
            "values": [_json(row.values) for row in rows],
            "faults": [_json([as_kept(fault) for fault in row.faults]) for row in rows],
            "raw": [row.raw.replace("\0", "�") for row in rows],
        },
    )


def _json(value: Any) -> str:
    # PostgreSQL's text and jsonb hold no zero character.
    return json.dumps(value, ensure_ascii=False).replace("\\u0000", "�")


def fingerprint(import_id: int) -> str:
    """One hash of all staged rows: what is looked at and what is approved are the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT encode(sha256(convert_to(coalesce(string_agg(
                 line || ' ' || state || ' ' || "values"::text, E'\\n' ORDER BY line), ''), 'UTF8')), 'hex')
               FROM interchange_importrow WHERE import_file_id = %s""",
            [import_id],
        )
        return cast(str, cursor.fetchone()[0])


def keep_rejects(found: ImportFile, form: SourceForm) -> int | None:
    """The rejected rows in the file's own layout, kept in the vault; ``None`` when there are none."""
    rows = ImportRow.objects.filter(import_file=found, state="error").order_by("line")
    rejected = [(raw, said(faults, "row")) for raw, faults in rows.values_list("raw", "faults")]
    if not rejected:
        return None
    stem, dot, ending = found.file.name.rpartition(".")
    name = f"{stem or ending}-rejects{dot}{ending if dot else ''}"
    return keep(name, write_rejects(form, rejected), "text/csv", "import rejects")
