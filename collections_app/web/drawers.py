"""Drawers: who has which open, what is in one, moving cash, counting and closing it, its sheet."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from billing.statements import brand_of
from collections_app import queries, sessions
from collections_app.close_sheet import FORMS, close_sheet, print_close_sheet
from collections_app.drawers import close_drawer, move_cash, open_drawer
from collections_app.models import DrawerSession
from collections_app.sessions import CLOSE_OTHERS, SessionShown, session_shown
from collections_app.web.drawer_forms import CloseForm, MoveForm, OpenForm
from core import clock
from core.money import ZERO, total
from core.reading import read_only
from core.ui.columns import Column
from core.ui.fields import DayInput, EitherSelect
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.requests import UtilityRequest
from core.web.views import NotValid, checked, form, fresh_key, page, perform, shown


class SessionFilter(django_filters.FilterSet):
    """By drawer, operator, day of opening, and whether it is open or did not come out even."""

    drawer = django_filters.CharFilter(label="Drawer", field_name="drawer__name", lookup_expr="icontains")
    operator_name = django_filters.CharFilter(label="Operator", lookup_expr="icontains")
    since = django_filters.DateFilter(
        label="From", field_name="opened_at", lookup_expr="date__gte", widget=DayInput
    )
    until = django_filters.DateFilter(
        label="To", field_name="opened_at", lookup_expr="date__lte", widget=DayInput
    )
    open = django_filters.BooleanFilter(
        label="State",
        field_name="closed_at",
        lookup_expr="isnull",
        widget=EitherSelect("Open and closed", "Open", "Closed"),
    )
    uneven = django_filters.BooleanFilter(
        label="Count", method="by_difference", widget=EitherSelect("Any", "Over or short", "Even")
    )

    class Meta:
        model = DrawerSession
        fields: tuple[str, ...] = ()

    def by_difference(self, rows: Any, name: str, uneven: bool) -> QuerySet[DrawerSession]:
        """Those that were over or short, or those that came out even; ``rows`` have their sums."""
        closed = rows.filter(closed_at__isnull=False)
        even = Q(over_short=ZERO)
        found: QuerySet[DrawerSession] = closed.filter(~even if uneven else even)
        return found


def _verbs(request: Any) -> list[Verb]:
    register = Verb("Register", reverse("collections:register"), "list-check", "r")
    if not request.actor.may("payments.post"):
        return [register]
    address = reverse("collections:drawer_open")
    return [Verb("Open a drawer", address, "cash-register", "n", main=True), register]


def _signed(row: Any) -> str | None:
    """Over or short with its sign; it is no credit."""
    return None if row.over_short is None else f"{row.over_short:,.2f}"


DRAWERS = ListPage(
    name="drawers",
    title="Drawers",
    about="Who had which drawer, what was taken and what was counted. A closed one never changes.",
    noun="drawer sessions",
    columns=(
        Column("id", "No.", kind="code", sort="id"),
        Column("drawer", "Drawer", "drawer.name", sort="drawer__name"),
        Column("operator_name", "Operator", sort="operator_name"),
        Column("opened_at", "Opened", kind="moment", sort="opened_at"),
        Column("opening", "Opening cash", kind="amount", sort="opening", chosen=False),
        Column("taken", "Taken", lambda r: (r.taken or ZERO) - (r.voided or ZERO), kind="amount"),
        Column("closed_at", "Closed", kind="moment", sort="closed_at"),
        Column("counted", "Counted", kind="amount", sort="counted"),
        Column("over_short", "Over / short", _signed, kind="number", sort="over_short"),
        Column("state", "State", lambda r: "closed" if r.closed_at else "open", kind="status"),
    ),
    rows=lambda request: sessions.with_sums(),
    filters=SessionFilter,
    opens=lambda row: reverse("collections:drawer", args=[row.id]),
    order="-opened_at",
    verbs=_verbs,
    empty=Empty(
        "No drawer was opened yet",
        "Money taken at the counter goes into an operator's open drawer.",
        "cash-register",
        Verb("Open a drawer", "/drawers/open/", "cash-register", "n"),
    ),
)

drawer_list = page("payments.view")(list_view(DRAWERS))


@page("payments.post")
def opening(request: UtilityRequest) -> HttpResponseBase:
    """Which drawer, with how much cash."""
    drawers = sessions.free_drawers()
    first = {"next": request.GET.get("next", ""), "drawer": str(drawers[0].id) if drawers else ""}
    context = {
        "form": shown(request, lambda: OpenForm(drawers, initial=first)),
        "drawers": drawers,
        "mine": queries.open_session(request.actor.ref),
        "others": sessions.with_sums().filter(closed_at=None).exclude(operator=request.actor.ref),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "drawers/open.html", context)


@opening.posted("payments.post")
def open_it(request: UtilityRequest) -> HttpResponseBase:
    """Open it, and go on where the operator came from."""
    with read_only():
        drawers = sessions.free_drawers()
    given = checked(request, OpenForm(drawers, request.POST)).cleaned_data
    perform(
        request,
        open_drawer,
        drawer_id=int(given["drawer"]),
        opening=given["opening"],
        on=clock.today(request.utility.tz),
    )
    back = given["next"]
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if safe else reverse("collections:counter"))


@page("payments.view")
def drawer(request: UtilityRequest, session_id: int) -> HttpResponseBase:
    """One session: what was taken, moved and taken back, and its register."""
    order = request.GET.get("order", "entry")
    found = session_shown(session_id, request.actor, clock.today(request.utility.tz), order)
    context = {
        "shown": found,
        "session": found.session,
        "order": order,
        "form": shown(request, MoveForm),
        "is_mine": found.session.operator == request.actor.ref,
        "may_close": found.close is None and _why_not_close(request, found) == "",
        "why_not": _why_not_close(request, found),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "drawers/drawer.html", context)


def _why_not_close(request: UtilityRequest, found: SessionShown) -> str:
    if not request.actor.may("payments.post"):
        return "It takes the right to take payments."
    if found.session.operator == request.actor.ref or request.actor.may(CLOSE_OTHERS):
        return ""
    return f"{found.session.operator_name} counts and closes it, or somebody who may close others’ drawers."


@form("payments.post", again=drawer)
def move(request: UtilityRequest, session_id: int) -> HttpResponseBase:
    """Move cash between the drawer and the safe."""
    given = checked(request, MoveForm(request.POST)).cleaned_data
    day = clock.today(request.utility.tz)
    perform(request, move_cash, session_id=session_id, on=day, **given)
    word = "dropped to the safe" if given["kind"] == "drop" else "added to the drawer"
    messages.success(request, f"{given['amount']:,.2f} {word}.")
    return redirect("collections:drawer", session_id=session_id)


@page("payments.post")
def count(request: UtilityRequest, session_id: int) -> HttpResponseBase:
    """The count that closes the drawer."""
    found = session_shown(session_id, request.actor, clock.today(request.utility.tz))
    if found.close is not None:
        return redirect("collections:drawer", session_id=session_id)
    made = shown(request, lambda: CloseForm(found.tenders))
    context = {
        "shown": found,
        "session": found.session,
        "form": made,
        "asks": bool(made.errors.get("sure")),
        "why_not": _why_not_close(request, found),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "drawers/close.html", context)


@count.posted("payments.post")
def close(request: UtilityRequest, session_id: int) -> HttpResponseBase:
    """Close it for good; a difference is said first, unless the drawer is counted blind."""
    today = clock.today(request.utility.tz)
    with read_only():
        found = session_shown(session_id, request.actor, today)
    made = checked(request, CloseForm(found.tenders, request.POST))
    difference = total(c.amount for c in made.counted) - found.expected
    if difference and not found.blind and found.close is None and not made.cleaned_data["sure"]:
        word = "over" if difference > 0 else "short"
        problem = (
            f"The count is {abs(difference):,.2f} {word} of the expected {found.expected:,.2f}. Count again,"
            " or tick to close it so: the difference is posted."
        )
        made.add_error("sure", problem)
        raise NotValid(made)
    remark = made.cleaned_data["remark"]
    perform(request, close_drawer, session_id=session_id, counted=made.counted, remark=remark, on=today)
    return redirect("collections:drawer", session_id=session_id)


@page("payments.view")
def sheet(request: UtilityRequest, session_id: int, form: Any) -> HttpResponseBase:
    """The close-out sheet on paper: ``roll`` of 80 mm, or a ``letter`` sheet."""
    if form not in FORMS:
        raise Http404(f"A close-out sheet has no form “{form}”.")
    today = clock.today(request.utility.tz)
    found = session_shown(session_id, request.actor, today)
    if found.blind:
        raise Http404("The drawer is counted before its sheet is printed.")
    content = print_close_sheet(close_sheet(found), brand_of(request.utility, today), form)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="drawer-{session_id}.pdf"'
    return response
