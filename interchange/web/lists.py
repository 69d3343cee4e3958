"""Lists of imports, of the rows of one, and of registers that got no read."""

from dataclasses import replace
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from core.ui.columns import Column
from core.ui.lists import ListPage
from core.ui.parts import Empty, Verb
from interchange.faults import WORDS, said
from interchange.feeds import FEEDS
from interchange.models import ImportFile, ImportRow
from interchange.queries import exceptions, imports

_UPLOAD = "Bring in a file"


class ImportFilter(django_filters.FilterSet):
    """By feed and state."""

    feed = django_filters.ChoiceFilter(
        label="Kind of file", empty_label="Any", choices=[(f.code, f.title) for f in FEEDS]
    )
    state = django_filters.ChoiceFilter(label="State", empty_label="Any", choices=ImportFile.State.choices)

    class Meta:
        model = ImportFile
        fields: tuple[str, ...] = ()


class RowFilter(django_filters.FilterSet):
    """By what happens to a row, and by what is wrong with it."""

    level = django_filters.ChoiceFilter(
        label="Level",
        empty_label="Any",
        method="of_level",
        choices=[("error", "Errors"), ("warning", "Warnings"), ("skipped", "Already there")],
    )
    what = django_filters.ChoiceFilter(
        label="What", empty_label="Anything", method="of_kind", choices=sorted(WORDS.items())
    )

    class Meta:
        model = ImportRow
        fields: tuple[str, ...] = ()

    def of_level(self, rows: QuerySet[ImportRow], name: str, level: str) -> QuerySet[ImportRow]:
        """Warnings are rows that are applied, or were, although there is something to look at."""
        return rows.filter(state__in=("warning", "applied") if level == "warning" else (level,))

    def of_kind(self, rows: QuerySet[ImportRow], name: str, code: str) -> QuerySet[ImportRow]:
        """Rows with a fault of this code."""
        return rows.filter(faults__contains=[{"code": code}])


def _opens(row: Any) -> str:
    return reverse("interchange:import", args=[row.id])


def _verbs(request: HttpRequest) -> list[Verb]:
    return [Verb(_UPLOAD, reverse("interchange:upload"), "upload", key="n", main=True)]


def _feed_title(row: ImportFile) -> str:
    return next((feed.title for feed in FEEDS if feed.code == row.feed), row.feed)


IMPORTS = ListPage(
    name="imports",
    title="Imports",
    about="Files that came in. A file is scanned first and changes nothing until somebody else approves it.",
    noun="imports",
    columns=(
        Column("id", "No.", kind="number", sort="id"),
        Column("state", "State", kind="status", sort="state"),
        Column("file", "File", "file.name", sort="file__name"),
        Column("feed", "Kind", _feed_title, sort="feed"),
        Column("ready", "Ready", lambda row: row.ready + row.warnings, kind="number"),
        Column("warnings", "Warnings", kind="number", sort="warnings"),
        Column("errors", "Errors", kind="number", sort="errors"),
        Column("applied", "Applied", kind="number", sort="applied"),
        Column("received_at", "Received", kind="moment", sort="received_at"),
        Column("received_by_name", "By", sort="received_by_name"),
        Column("approved_by_name", "Approved by", chosen=False, sort="approved_by_name"),
        Column("sha256", "Hash", kind="code", chosen=False),
    ),
    rows=lambda request: imports(),
    filters=ImportFilter,
    opens=_opens,
    order="-id",
    verbs=_verbs,
    empty=Empty(
        "No file came in yet",
        "Bring in the file of meter reads: it is checked line by line before anything is recorded.",
        "file-import",
        Verb(_UPLOAD, "/imports/new/", "upload", key="n"),
    ),
)


def _words(row: ImportRow) -> str:
    """What is wrong, in the words that the state of the row calls for."""
    return said(row.faults, "row") or said(row.faults)


def _value(key: str) -> Any:
    return lambda row: row.values.get(key)


_ROWS = ListPage(
    name="import-exceptions",
    title="Exceptions",
    noun="rows",
    columns=(
        Column("line", "Line", kind="number", sort="line"),
        Column("state", "State", kind="status", sort="state"),
        Column("account", "Account", _value("account"), kind="code"),
        Column("meter", "Meter", _value("meter"), kind="code"),
        Column("register", "Register", _value("register"), chosen=False),
        Column("on", "Read on", _value("on"), kind="code"),
        Column("dial", "Read", _value("dial"), kind="number"),
        Column("use", "Use", _value("use"), kind="number"),
        Column("unit", "Unit", _value("unit"), chosen=False),
        Column("words", "What and what to do", _words),
        Column("raw", "Line as it stood", chosen=False),
    ),
    rows=lambda request: ImportRow.objects.none(),
    filters=RowFilter,
    order="line",
    empty=Empty("Nothing stands out", "Every row of this file can be applied as it is.", "circle-check"),
)


def rows_page(found: ImportFile) -> ListPage:
    """The list of an import's rows that stand out."""
    back = Verb("Import", reverse("interchange:import", args=[found.id]), "chevron-left", key="u")
    return replace(
        _ROWS,
        name=f"import-{found.id}-exceptions",
        title=f"Exceptions of import {found.id}",
        about=f"{found.file.name}: errors are left out, warnings are applied, what is there is skipped.",
        rows=lambda request: exceptions(found.id),
        verbs=lambda request: [back],
    )


MISSING_COLUMNS = (
    Column("route", "Route", kind="code"),
    Column("sequence", "Place", kind="number"),
    Column("address", "Address"),
    Column("location", "Location", kind="code"),
    Column("account", "Account", kind="code"),
    Column("meter", "Meter", kind="code"),
    Column("register", "Register", kind="code"),
    Column("why", "Why"),
    Column("last_on", "Last read on", kind="date"),
    Column("last_dial", "Last read", kind="quantity"),
)
