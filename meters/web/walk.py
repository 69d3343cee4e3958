"""The walking order of a route on screen: by hand, by keys and by number."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.errors import Refused
from core.reading import read_only
from core.ui.objects import slots_of
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform
from meters.models import Route
from meters.walking import Place, mark_of, move_locations, places_of, resequence, walk_of


class OrderForm(forms.Form):
    """The order as the page puts it together: ``id:number`` of each location, with commas."""

    places = forms.CharField(max_length=1_000_000)
    seen = forms.CharField(max_length=16)
    by_tens = forms.BooleanField(required=False)


class MoveForm(forms.Form):
    """Where the ticked locations go."""

    to_route = forms.ModelChoiceField(label="To route", queryset=Route.objects.none())

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # as Form takes them
        self.fields["to_route"].queryset = Route.objects.order_by("code")  # type: ignore[attr-defined]  # a ModelChoiceField


@page("meters.view")
def order(request: UtilityRequest, route_id: int) -> HttpResponseBase:
    """The locations of a route in the order in which they are walked."""
    route, walk = Route.objects.get(id=route_id), walk_of(route_id)
    context = {
        "route": route,
        "walk": walk,
        "others": Route.objects.exclude(id=route_id).order_by("code"),
        "seen": mark_of(places_of(walk)),
        "may_edit": request.actor.may("meters.edit"),
        "may_enter": request.actor.may("readings.enter"),
        "may_see_readings": request.actor.may("readings.view"),
        "today": clock.today(request.utility.tz),
        "refused": request.refused,
        "out": [
            v for s in slots_of("route", request) if s.kind == "verb" for v in s.provider(request, route)
        ],
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "meters/walk.html", context)


@order.posted("meters.edit")
def put(request: UtilityRequest, route_id: int) -> HttpResponseBase:
    """Keep the new order."""
    typed = checked(request, OrderForm(request.POST)).cleaned_data
    changed = perform(
        request,
        resequence,
        route_id=route_id,
        places=_places(typed["places"]),
        seen=typed["seen"],
        by_tens=typed["by_tens"],
    )
    said = f"{changed} place{'' if changed == 1 else 's'} changed." if changed else "The order is as it was."
    messages.success(request, said)
    return redirect("meters:route_order", route_id=route_id)


def _places(text: str) -> list[Place]:
    found = []
    for one in text.split(","):
        location, _, number = one.partition(":")
        if not (_whole(location) and _whole(number)):
            raise Refused(f"“{number[:20]}” is no place on a route.", "Type a whole number.", field="places")
        found.append(Place(int(location), int(number)))
    return found


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


@form("meters.edit", again=order)
def move(request: UtilityRequest, route_id: int) -> HttpResponseBase:
    """Move the ticked locations to the end of another route."""
    with read_only():
        Route.objects.get(id=route_id)
        target = checked(request, MoveForm(request.POST)).cleaned_data["to_route"]
    ticked = [int(one) for one in request.POST.getlist("selected") if _whole(one)]
    moved = perform(request, move_locations, location_ids=ticked, from_route=route_id, to_route=target.id)
    said = f"{moved} location{'' if moved == 1 else 's'} moved to the end of route {target.code}."
    messages.success(request, said)
    return redirect(reverse("meters:route_order", args=[target.id]))
