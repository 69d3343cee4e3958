"""List pages: one declaration gives a table that is filtered, sorted and paged by its address, and exported.

ACCOUNTS = ListPage(name="accounts", title="Accounts", columns=(…), rows=accounts_of, filters=AccountFilter)
view = list_view(ACCOUNTS)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import django_filters
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from core.links import may_follow
from core.ui import exports
from core.ui.columns import Column, plain, shown_rows
from core.ui.parts import Alert, Empty, Verb

# What the address of a list may say besides its filters.
_OWN = frozenset({"sort", "page", "cols", "export"})


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list, declared once.

    ``rows`` gives the rows this request may see, before any filter.  ``opens`` is where Enter on a row leads.
    ``order`` is the sort before anybody chooses (``"-due"`` is downwards) and must name a column with
    ``sort``; the primary key settles ties, so pages never overlap.  ``notices`` stand above the list,
    whatever is filtered.  ``bulk`` are verbs for ticked rows: each posts ``selected``.  ``counted`` off
    spares the count where a table has many millions of rows.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[HttpRequest], "QuerySet[Any]"]
    filters: type[django_filters.FilterSet] | None = None
    opens: Callable[[Any], str] | None = None
    order: str = ""
    about: str = ""
    noun: str = "rows"
    empty: Empty = field(
        default_factory=lambda: Empty("Nothing here yet", "Rows appear here as work is done.")
    )
    verbs: Callable[[HttpRequest], Sequence[Verb]] | None = None
    notices: Callable[[HttpRequest], Sequence[Alert]] | None = None
    bulk: tuple[Verb, ...] = ()
    page_size: int = 50
    counted: bool = True
    template: str = "list.html"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's header: where a click sorts to, and ``ascending``, ``descending`` or empty as it is now."""

    column: Column
    link: str
    sorted: str


@dataclass(frozen=True, slots=True)
class UsedFilter:
    """A filter in force: what it says and the address without it."""

    text: str
    without: str


def address(query: QueryDict, **changes: str | list[str] | None) -> str:
    """The query with changes; ``None`` or an empty value takes a name out.  Begins with ``?``."""
    changed = query.copy()
    for name, value in changes.items():
        if value:
            changed.setlist(name, [value] if isinstance(value, str) else value)
        else:
            changed.pop(name, None)
    return "?" + changed.urlencode()


def chosen_columns(page: ListPage, query: QueryDict) -> tuple[Column, ...]:
    """The columns the address names, in the page's order; without any, those shown at first."""
    names = set(query.getlist("cols"))
    chosen = tuple(c for c in page.columns if c.name in names)
    return chosen or tuple(c for c in page.columns if c.chosen)


def sorting(page: ListPage, query: QueryDict) -> str:
    """The sort in force, as ``name`` or ``-name``; one that is not declared is ignored."""
    asked = query.get("sort", "") or page.order
    sortable = {c.name for c in page.columns if c.sort}
    return asked if asked.removeprefix("-") in sortable else ""


def sorted_rows(page: ListPage, rows: "QuerySet[Any]", sort: str) -> "QuerySet[Any]":
    """The rows in the order of the sort, ties settled by primary key."""
    if not sort:
        return rows if rows.ordered else rows.order_by("pk")
    down = sort.startswith("-")
    path = next(c.sort for c in page.columns if c.name == sort.removeprefix("-"))
    return rows.order_by(f"-{path}" if down else path, "-pk" if down else "pk")


def filtered(page: ListPage, request: HttpRequest) -> tuple["QuerySet[Any]", Any]:
    """The rows the filters leave and the filter's form; a filter that cannot be read leaves none."""
    rows = page.rows(request)
    if page.filters is None:
        return rows, None
    asked = page.filters(request.GET, queryset=rows, request=request)
    return (asked.qs if asked.form.is_valid() else rows.none()), asked.form


def used_filters(query: QueryDict, form: Any) -> list[UsedFilter]:
    """The filters in force, in words."""
    used = []
    for name, box in form.fields.items() if form is not None else ():
        values = [v for v in query.getlist(name) if v]
        if not values:
            continue
        choices = {str(k): str(v) for k, v in getattr(box, "choices", ()) if not isinstance(v, list | tuple)}
        said = ", ".join(choices.get(v, v) for v in values)
        used.append(UsedFilter(f"{box.label or name}: {said}", address(query, **{name: None, "page": None})))
    return used


def _headings(columns: Sequence[Column], query: QueryDict, sort: str) -> list[Heading]:
    headings = []
    for column in columns:
        mine = sort.removeprefix("-") == column.name
        way = ("descending" if sort.startswith("-") else "ascending") if mine else ""
        turned = f"-{column.name}" if way == "ascending" else column.name
        link = address(query, sort=turned, page=None) if column.sort else ""
        headings.append(Heading(column, link, way))
    return headings


def _export(page: ListPage, rows: "QuerySet[Any]", columns: Sequence[Column], form: str) -> HttpResponseBase:
    headings = [c.label for c in columns]
    values = ([_local(plain(c, c.of(row))) for c in columns] for row in rows.iterator(chunk_size=2000))
    amounts = frozenset(i for i, c in enumerate(columns) if c.kind == "amount")
    return exports.answer(page.name, form, headings, values, amounts)


def _local(value: Any) -> Any:
    return timezone.localtime(value) if hasattr(value, "tzinfo") and value.tzinfo else value


def _for_this_operator(page: ListPage, request: HttpRequest) -> ListPage:
    """The page without a first action that this operator may not do."""
    may = getattr(getattr(request, "actor", None), "may", None)
    verb = page.empty.verb
    if verb is None or not callable(may) or may_follow(may, verb.url):
        return page
    return replace(page, empty=replace(page.empty, verb=None))


def _followable(columns: Sequence[Column], shown: Sequence[Any], request: HttpRequest) -> tuple[Column, ...]:
    """The columns, those whose cells lead where this operator may not go without their links."""
    may = getattr(getattr(request, "actor", None), "may", None)
    if not shown or not callable(may):
        return tuple(columns)
    ways = [(c, c.href(shown[0]) if c.href else "") for c in columns]
    return tuple(c if not way or may_follow(may, way) else replace(c, href=None) for c, way in ways)


def list_view(declared: ListPage) -> Callable[[HttpRequest], HttpResponseBase]:
    """The view of a list page: the page, the refreshed region for htmx, or the file asked with ``?export=``.

    The file is whole before the answer begins, so it is read within the request's own transaction and scope.
    """

    def view(request: HttpRequest) -> HttpResponseBase:
        query = request.GET
        page = _for_this_operator(declared, request)
        rows, form = filtered(page, request)
        sort = sorting(page, query)
        rows = sorted_rows(page, rows, sort)
        columns = chosen_columns(page, query)
        if query.get("export") in ("csv", "xlsx"):
            return _export(page, rows, columns, query["export"])
        context = {**_region(page, request, rows, columns), "form": form, "page": page}
        context["headings"] = _headings(columns, query, sort)
        context["used"] = used_filters(query, form)
        context["verbs"] = page.verbs(request) if page.verbs else ()
        context["notices"] = page.notices(request) if page.notices else ()
        part = request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")
        response: HttpResponse = render(request, "ui/list_region.html" if part else page.template, context)
        patch_vary_headers(response, ("HX-Request",))
        return response

    return view


def one_of(noun: str) -> str:
    """A noun of several as that of one: entries, entry."""
    return f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")


def _region(
    page: ListPage, request: HttpRequest, rows: "QuerySet[Any]", columns: Sequence[Column]
) -> dict[str, Any]:
    query = request.GET
    number = max(1, int(query["page"])) if query.get("page", "").isdecimal() else 1
    total: int | None = None
    if page.counted:
        sheet = Paginator(rows, page.page_size).get_page(number)
        number, total, more = sheet.number, sheet.paginator.count, sheet.has_next()
        shown = list(sheet.object_list)
    else:
        start = (number - 1) * page.page_size
        shown = list(rows[start : start + page.page_size + 1])
        more, shown = len(shown) > page.page_size, shown[: page.page_size]
    first = (number - 1) * page.page_size + 1 if shown else 0
    kept = [(name, v) for name in query if name not in _OWN for v in query.getlist(name) if v]
    return {
        "columns": columns,
        "rows": shown_rows(_followable(columns, shown, request), shown, page.opens),
        "total": total,
        "noun": one_of(page.noun) if total == 1 else page.noun,
        "first": first,
        "last": first + len(shown) - 1 if shown else 0,
        "previous": address(query, page=str(number - 1)) if number > 1 else "",
        "next": address(query, page=str(number + 1)) if more else "",
        "csv": address(query, export="csv", page=None),
        "xlsx": address(query, export="xlsx", page=None),
        "clear": address(QueryDict(), cols=query.getlist("cols"), sort=query.get("sort")),
        "kept": kept,
        "kept_cols": query.getlist("cols"),
        "sort": query.get("sort", ""),
    }
