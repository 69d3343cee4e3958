"""The list of work orders, one order's page, its sheet, the sheets of many, and the map of those due."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import DateField, QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe

from core import clock
from core.errors import NotFound
from core.ui.columns import Column
from core.ui.fields import DayInput
from core.ui.lists import ListPage, list_view
from core.ui.objects import Slot
from core.ui.parts import Empty, Fact, Panel, Verb
from core.ui.words import day_text
from core.web.object_pages import object_page
from core.web.requests import UtilityRequest
from core.web.views import page
from meters.models import Route, WorkOrder
from meters.order_map import Dot, ground_map, route_map
from meters.order_queries import (
    in_walking_order,
    meter_now,
    order_called,
    orders,
    readings_kept,
    registers_to_read,
    standing_of,
)
from meters.order_sheets import MOST, print_orders
from meters.queries import dial_text, having_text
from meters.web.filters import all_routes

VIEW, MAKE, COMPLETE = "meters.work_order.view", "meters.work_order.make", "meters.work_order.complete"


class OrderFilter(django_filters.FilterSet):
    """By words, state, kind, route, the day it is due by (included), and who does it."""

    find = django_filters.CharFilter(label="Number, account or address", method="by_words")
    state = django_filters.ChoiceFilter(
        label="State", choices=WorkOrder.State.choices, empty_label="All states"
    )
    kind = django_filters.ChoiceFilter(label="Kind", choices=WorkOrder.Kind.choices, empty_label="All kinds")
    route = django_filters.ModelChoiceFilter(
        label="Route", field_name="location__route", queryset=all_routes, empty_label="All routes"
    )
    due = django_filters.DateFilter(label="Due by", field_name="due_on", lookup_expr="lte", widget=DayInput)
    assigned = django_filters.CharFilter(
        label="Assigned to", field_name="assigned_to", lookup_expr="icontains"
    )

    class Meta:
        model = WorkOrder
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[WorkOrder], name: str, typed: str) -> QuerySet[WorkOrder]:
        """Each word in a number, the account or the address."""
        return having_text(
            rows,
            typed,
            "number",
            "account_number",
            "outside_ref",
            "location__code",
            "location__street_number",
            "location__street_name",
        )


def order_url(row: Any) -> str:
    """The page of an order."""
    return reverse("meters:order", args=[row.number])


def _today(request: Any) -> date:
    return clock.today(request.utility.tz)


def _rows(request: Any) -> QuerySet[WorkOrder]:
    """With ``today``, by which an open order is due."""
    return orders().annotate(today=Value(_today(request), output_field=DateField()))


def _list_verbs(request: Any) -> list[Verb]:
    query = request.GET.urlencode()
    more = f"?{query}" if query else ""
    found = [
        Verb("Map", reverse("meters:order_map"), "map-pin", "m"),
        Verb("Open ones as CSV", reverse("interchange:open_orders"), "file-export", "d"),
    ]
    if _open_ones(request).exists():
        found.insert(1, Verb("Print these", f"{reverse('meters:order_sheets')}{more}", "printer", "w"))
    if request.actor.may(MAKE):
        found.insert(0, Verb("New work order", reverse("meters:order_new"), "plus", "n", main=True))
    return found


ORDERS = ListPage(
    name="orders",
    title="Work orders",
    about="What is to be done at a place, by when and by whom. A finished one has changed what it concerns.",
    noun="work orders",
    columns=(
        Column("number", "No.", kind="code", sort="number"),
        Column("kind", "What", "get_kind_display", sort="kind"),
        Column("state", "State", lambda row: standing_of(row, row.today), kind="status", sort="state"),
        Column("due_on", "Due", kind="date", sort="due_on"),
        Column("address", "Address", "location.address", sort="location__street_name"),
        Column("route", "Route", "location.route.code", kind="code", sort="location__route__code"),
        Column("place", "Place", "location.sequence", kind="number", sort="location__sequence"),
        Column("account", "Account", "account_number", kind="code", sort="account_number"),
        Column("meter", "Meter", "meter.number", kind="code", sort="meter__number"),
        Column("assigned_to", "Assigned to", sort="assigned_to"),
        Column("what", "To do", chosen=False),
        Column("outside_ref", "Outside number", kind="code", sort="outside_ref", chosen=False),
        Column("made_by", "Made by", sort="made_by", chosen=False),
        Column("made_at", "Made", kind="moment", sort="made_at", chosen=False),
        Column("done_on", "Done on", kind="date", sort="done_on", chosen=False),
        Column("ended_by", "Ended by", sort="ended_by", chosen=False),
        Column("findings", "Findings", chosen=False),
    ),
    rows=_rows,
    filters=OrderFilter,
    opens=order_url,
    order="-number",
    verbs=_list_verbs,
    empty=Empty(
        "No work orders yet",
        "They are made on the page of an account, a location or a meter.",
        "list-check",
        Verb("New work order", "/orders/new/", "plus"),
    ),
    template="meters/list.html",
)

order_list = page(VIEW)(list_view(ORDERS))


@dataclass(slots=True)
class OrderShown:
    """An order as its page's slots get it."""

    order: WorkOrder
    number: str
    name: str
    place: str
    state: str
    today: date
    known: dict[str, Any] = field(default_factory=dict)


@page(VIEW)
def order(request: UtilityRequest, number: int) -> HttpResponseBase:
    """One work order: what is to be done, or was."""
    found, today = order_called(number), _today(request)
    subject = OrderShown(
        found,
        f"Work order {number}",
        WorkOrder.Kind(found.kind).label,
        f"{found.location.address}, {found.location.city}",
        standing_of(found, today),
        today,
    )
    return object_page(request, "order", subject, reverse("meters:order", args=[number]))


def _facts(request: Any, subject: OrderShown) -> list[Fact]:
    found = subject.order
    late = (subject.today - found.due_on).days
    note = f"{late} days ago" if late > 1 and subject.state == "past_due" else ""
    return [Fact("Due", day_text(found.due_on), note=note), Fact("Assigned to", found.assigned_to or "–")]


def _verbs(request: Any, subject: OrderShown) -> list[Verb]:
    found, may = subject.order, request.actor.may
    verbs = []
    if found.state == WorkOrder.State.OPEN:
        if may(COMPLETE):
            address = reverse("meters:order_complete", args=[found.number])
            verbs.append(Verb("Complete", address, "check", "s", main=True))
        if may(MAKE):
            verbs.append(Verb("Change", reverse("meters:order_change", args=[found.number]), "pencil", "e"))
            verbs.append(Verb("Call off…", reverse("meters:order_cancel", args=[found.number]), "ban", "x"))
    verbs.append(Verb("Print", reverse("meters:order_sheet", args=[found.number]), "printer", "w"))
    verbs.append(Verb("Location", reverse("meters:location", args=[found.location.code]), "map-pin", "l"))
    return verbs


def _panel(request: Any, subject: OrderShown) -> Panel:
    found = subject.order
    now = meter_now(found.service_point)
    reads = [(r, dial_text(r.dial)) for r in readings_kept(found)]
    is_open = found.state == WorkOrder.State.OPEN
    context = {
        "order": found,
        "meter_now": now,
        "exchanged": now is not None and found.meter_id is not None and now.id != found.meter_id,
        "to_read": registers_to_read(now) if is_open else [],
        "reads": reads,
        "is_open": is_open,
    }
    return Panel("orders/order.html", context)


def orders_card(rows: QuerySet[WorkOrder], today: date, new: str) -> Panel:
    """The tab of work orders on another page, the open ones first; ``new`` leads to the form."""
    listed = sorted(rows.order_by("-number")[:100], key=lambda o: o.state != WorkOrder.State.OPEN)
    return Panel("orders/here.html", {"rows": [(o, standing_of(o, today)) for o in listed], "new": new})


def new_order_url(**given: str) -> str:
    """The form of a new order, filled with what is known."""
    return f"{reverse('meters:order_new')}?{urlencode({k: v for k, v in given.items() if v})}"


def _at_location(request: Any, subject: Any) -> Panel:
    new = new_order_url(location=subject.location.code) if request.actor.may(MAKE) else ""
    return orders_card(orders().filter(location=subject.location), _today(request), new)


def _location_verbs(request: Any, subject: Any) -> list[Verb]:
    return [Verb("Work order", new_order_url(location=subject.location.code), "list-check", "k")]


def _on_meter(request: Any, subject: Any) -> Panel:
    verbs = _meter_verbs(request, subject) if request.actor.may(MAKE) else []
    rows = orders().filter(meter=subject.meter)
    return orders_card(rows, _today(request), verbs[0].url if verbs else "")


def _meter_verbs(request: Any, subject: Any) -> list[Verb]:
    now = subject.known.get("now")
    if now is None:
        return []
    point = now.service_point
    url = new_order_url(location=point.location.code, point=point.code)
    return [Verb("Work order", url, "list-check", "k")]


@page(VIEW)
def sheet(request: UtilityRequest, number: int) -> HttpResponseBase:
    """One order on paper."""
    return _paper([order_called(number)], request, f"work-order-{number}.pdf")


@page(VIEW)
def sheets(request: UtilityRequest) -> HttpResponseBase:
    """The open orders that the list's filter leaves, on paper, in walking order."""
    found = list(in_walking_order(_open_ones(request))[:MOST])
    if not found:
        raise NotFound("There is no open work order to print.", "Choose others in the list.")
    return _paper(found, request, "work-orders.pdf")


def _open_ones(request: Any) -> QuerySet[WorkOrder]:
    """The open orders that the list's filter leaves."""
    asked = OrderFilter(request.GET, queryset=orders().filter(state=WorkOrder.State.OPEN), request=request)
    return asked.qs if asked.form.is_valid() else orders().none()


def _paper(found: list[WorkOrder], request: UtilityRequest, name: str) -> HttpResponse:
    response = HttpResponse(
        print_orders(found, request.utility.name, _today(request)), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@page(VIEW)
def due_map(request: UtilityRequest) -> HttpResponseBase:
    """Where the orders are that are due, by route; the same in a table."""
    today = _today(request)
    until = _until(request, today)
    rows = orders().filter(state=WorkOrder.State.OPEN, due_on__lte=until)
    chosen = request.GET.get("route", "")
    if chosen.isdecimal():
        rows = rows.filter(location__route=int(chosen[:15]))
    found = list(in_walking_order(rows)[: MOST * 2])
    dots = [_dot(o, today) for o in found]
    context = {
        "rows": [(o, standing_of(o, today)) for o in found],
        "ground": mark_safe(ground_map(dots)),  # noqa: S308 - every text in it is escaped there
        "along": mark_safe(route_map(dots)),  # noqa: S308 - every text in it is escaped there
        "routes": Route.objects.order_by("code"),
        "route": chosen,
        "until": until,
        "sheets": _sheets_url(until, chosen),
    }
    return TemplateResponse(request, "orders/map.html", context)


def _sheets_url(until: date, route: str) -> str:
    return f"{reverse('meters:order_sheets')}?{urlencode({'due': until, 'route': route})}"


def _until(request: HttpRequest, today: date) -> date:
    try:
        return date.fromisoformat(request.GET.get("due", ""))
    except ValueError:
        return today


def _dot(found: WorkOrder, today: date) -> Dot:
    at = found.location
    state = "overdue" if found.due_on < today else "due"
    return Dot(
        str(found.number),
        f"{found.number} {WorkOrder.Kind(found.kind).label}, {at.address}, {state} {day_text(found.due_on)}",
        order_url(found),
        found.due_on < today,
        at.route.code,
        at.sequence,
        None if at.latitude is None else float(at.latitude),
        None if at.longitude is None else float(at.longitude),
    )


SLOTS = (
    Slot("order", "header", "facts", 10, _facts),
    Slot("order", "verb", "verbs", 10, _verbs),
    Slot("order", "tab", "order", 10, _panel, "Order", "o"),
    Slot("location", "verb", "order", 50, _location_verbs, permission=MAKE),
    Slot("location", "tab", "orders", 60, _at_location, "Work orders", "w", VIEW),
    Slot("meter", "verb", "order", 50, _meter_verbs, permission=MAKE),
    Slot("meter", "tab", "orders", 60, _on_meter, "Work orders", "w", VIEW),
)
