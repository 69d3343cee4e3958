"""The pages of imports: list, upload, the import itself, its exceptions and its files."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.errors import NotFound
from core.ui.exports import csv_file, guard
from core.ui.lists import list_view
from core.vault.web import download
from core.web.requests import UtilityRequest
from core.web.streams import streamed
from core.web.views import checked, form, fresh_key, page, perform, shown
from interchange import pipeline
from interchange.faults import as_fault, code_words
from interchange.feeds import FEEDS
from interchange.queries import exceptions, fault_kinds, import_file, missing_reads
from interchange.web.lists import IMPORTS, MISSING_COLUMNS, rows_page
from interchange.web.shown import show

SEE, BRING_IN, APPROVE = "interchange.view", "interchange.import", "interchange.approve"

_FIRST = 10
_BRIEF = frozenset({"line", "state", "account", "meter", "dial", "words"})


class UploadForm(forms.Form):
    """A file and what kind it is."""

    feed = forms.ChoiceField(label="Kind of file", widget=forms.RadioSelect)
    file = forms.FileField(label="File", allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = forms.ChoiceField(
            label="Kind of file", choices=[(f.code, f.title) for f in FEEDS], widget=forms.RadioSelect
        )
        self.fields["feed"] = kinds

    def clean_file(self) -> Any:
        """Not more than can be taken in one piece; said before it is read into memory."""
        file = self.cleaned_data["file"]
        if file.size > pipeline.MOST_BYTES:
            most = pipeline.MOST_BYTES // 2**20
            raise forms.ValidationError(f"The file is larger than {most} MiB. Export it in parts.")
        return file


imports = page(SEE)(list_view(IMPORTS))


@page(BRING_IN)
def upload(request: UtilityRequest) -> HttpResponseBase:
    """The form to bring in a file."""
    form = shown(request, lambda: UploadForm(initial={"feed": FEEDS[0].code}))
    context = {"form": form, "feeds": FEEDS, "key": fresh_key(request)}
    return TemplateResponse(request, "interchange/upload.html", context)


@upload.posted(BRING_IN)
def take_upload(request: UtilityRequest) -> HttpResponseBase:
    """Receive the file and show what the scan found."""
    given = checked(request, UploadForm(request.POST, request.FILES)).cleaned_data
    import_id = perform(
        request,
        pipeline.receive_file,
        feed=given["feed"],
        name=given["file"].name,
        content=given["file"].read(),
        today=clock.today(request.utility.tz),
    )
    return redirect("interchange:import", import_id=import_id)


def _shown(request: UtilityRequest, import_id: int) -> dict[str, Any]:
    """The page's context; what is counted from the rows waits until the job at work has ended."""
    row = import_file(import_id)
    found = show(row, request.actor, clock.now())
    faults = [as_fault(kept) for kept in row.faults]
    over = bool(row.fingerprint) and not found.working
    return {
        "found": found,
        "row": row,
        "live_url": reverse("interchange:live", args=[import_id]),
        "refused": request.refused,
        "faults": [f for f in faults if f.level == "file"],
        "remarks": [f for f in faults if f.level != "file" and f.code != "unknown_column"],
        "unread": [f.column for f in faults if f.code == "unknown_column"],
        "kinds": fault_kinds(import_id) if over else (),
        "columns": [c for c in rows_page(row).columns if c.name in _BRIEF],
        "rows": _first_rows(import_id) if over else (),
        "more": max(0, row.errors + row.warnings + row.skipped - _FIRST),
        "missing": len(missing_reads(import_id)) if over else 0,
    }


@page(SEE)
def one_import(request: UtilityRequest, import_id: int) -> HttpResponseBase:
    """An import: its steps, what stands out, what to do."""
    return TemplateResponse(request, "interchange/import.html", _shown(request, import_id))


def _first_rows(import_id: int) -> list[Any]:
    """The errors first: they are what somebody must see to."""
    rows = exceptions(import_id)
    found = list(rows.filter(state="error").order_by("line")[:_FIRST])
    return found + list(rows.exclude(state="error").order_by("line")[: _FIRST - len(found)])


@page(SEE)
def live(request: UtilityRequest, import_id: int) -> HttpResponseBase:
    """The part of the page that changes while a job is at work."""
    return TemplateResponse(request, "interchange/live.html", _shown(request, import_id))


@form(BRING_IN, again=one_import)
def scan(request: UtilityRequest, import_id: int) -> HttpResponseBase:
    """Scan the file again."""
    perform(request, pipeline.scan, import_id=import_id, today=clock.today(request.utility.tz))
    messages.success(request, "The file was scanned again.")
    return redirect("interchange:import", import_id=import_id)


@form(APPROVE, again=one_import)
def approve(request: UtilityRequest, import_id: int) -> HttpResponseBase:
    """Approve the rows that were seen."""
    today = clock.today(request.utility.tz)
    seen = request.GET.get("seen", "")
    perform(request, pipeline.approve_import, import_id=import_id, seen=seen, today=today)
    messages.success(request, "Approved. The rows are being recorded.")
    return redirect("interchange:import", import_id=import_id)


@form(BRING_IN, again=one_import)
def cancel(request: UtilityRequest, import_id: int) -> HttpResponseBase:
    """Cancel the import."""
    perform(request, pipeline.cancel_import, import_id=import_id)
    messages.success(request, "Cancelled. The same file may come in again.")
    return redirect("interchange:import", import_id=import_id)


@page(SEE)
def rows(request: UtilityRequest, import_id: int) -> HttpResponseBase:
    """The rows that stand out, filtered and exported."""
    return list_view(rows_page(import_file(import_id)))(request)


@page(SEE)
def missing(request: UtilityRequest, import_id: int) -> HttpResponseBase:
    """Registers on the routes of the file that got no read; ``?export=csv`` as a file."""
    found = import_file(import_id)
    reads = missing_reads(import_id)
    if request.GET.get("export") == "csv":
        return streamed(
            request.utility.id,
            lambda: _missing_csv(import_id),
            name=f"import-{import_id}-missing.csv",
            media_type="text/csv; charset=utf-8",
        )
    context = {"row": found, "columns": MISSING_COLUMNS, "reads": reads}
    return TemplateResponse(request, "interchange/missing.html", context)


def _missing_csv(import_id: int) -> Iterator[bytes]:
    cells = ([column.of(read) for column in MISSING_COLUMNS] for read in missing_reads(import_id))
    file, _ = csv_file([column.label for column in MISSING_COLUMNS], cells)
    with file:
        yield from iter(lambda: file.read(65_536), b"")


@page(SEE)
def source(request: UtilityRequest, import_id: int) -> HttpResponseBase:
    """The file as it came."""
    return download(import_file(import_id).file)


@page(SEE)
def rejects(request: UtilityRequest, import_id: int) -> HttpResponseBase:
    """The rejected lines in the file's own layout."""
    found = import_file(import_id)
    if found.rejects is None:
        raise NotFound("No line of this file was rejected.")
    return download(found.rejects)


@page(SEE)
def report(request: UtilityRequest, import_id: int) -> HttpResponseBase:
    """Every fault as a line of a CSV file."""
    found = import_file(import_id)
    stem = found.file.name.rpartition(".")[0] or found.file.name
    return streamed(
        request.utility.id,
        lambda: _report(import_id),
        name=f"{stem}-report.csv",
        media_type="text/csv; charset=utf-8",
    )


def _report(import_id: int) -> Iterator[bytes]:
    found = import_file(import_id)
    yield "\ufeff".encode() + _line(
        "Line", "Level", "Column", "What", "Problem", "Remedy", "Line as it stood"
    )
    for kept in found.faults:
        yield _fault_line(kept, "")
    for row in exceptions(import_id).order_by("line").iterator(chunk_size=2000):
        for kept in row.faults:
            yield _fault_line(kept, row.raw)


def _fault_line(kept: dict[str, Any], raw: str) -> bytes:
    level = {"file": "file", "row": "error"}.get(kept["level"], "warning")
    what = code_words(kept["code"])
    return _line(str(kept["line"] or ""), level, kept["column"], what, kept["problem"], kept["remedy"], raw)


def _line(*cells: str) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([guard(cell) for cell in cells])
    return buffer.getvalue().encode()
