"""The form of a location's file."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.errors import Refused
from core.reading import read_only
from core.ui.objects import Slot
from core.ui.parts import Verb
from core.ui.text_fields import fields_of
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from meters.location_file import MOST_SEQUENCE, Position, change_location, shown_values
from meters.models import Location, Route
from meters.queries import location_called
from meters.texts import LOCATION_TEXTS


class LocationForm(forms.Form):
    """Address, route and place on it, zone, parcel, limits and position."""

    def __init__(self, place: Location, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_of(LOCATION_TEXTS, place))
        routes = [(r.id, str(r)) for r in Route.objects.order_by("code")]
        self.fields["route"] = forms.TypedChoiceField(label="Route", coerce=int, choices=routes)
        self.fields["sequence"] = forms.IntegerField(
            label="Place on the route", min_value=0, max_value=MOST_SEQUENCE
        )
        for name, most in (("latitude", 90), ("longitude", 180)):
            self.fields[name] = forms.DecimalField(
                label=name.capitalize(), max_digits=9, decimal_places=6, min_value=-most, max_value=most,
                required=False, help_text="In degrees; south and west below zero.",
            )  # fmt: skip
        self.fields["in_limits"] = forms.BooleanField(label="Inside the corporate limits", required=False)

    def texts(self) -> dict[str, str]:
        """What is text."""
        return {one.name: self.cleaned_data[one.name] for one in LOCATION_TEXTS}


@page("meters.edit")
def change(request: UtilityRequest, code: str) -> HttpResponseBase:
    """The form of a location's file."""
    place = location_called(code)
    values = shown_values(place)
    context = {
        "title": f"Change {place.code} {place.address}",
        "about": "Bills that are posted stay as they are.",
        "form": shown(request, lambda: LocationForm(place, initial=values)),
        "key": fresh_key(request),
        "seen": seen_mark(request, values),
        "back": reverse("meters:location", args=[code]),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@change.posted("meters.edit")
def put(request: UtilityRequest, code: str) -> HttpResponseBase:
    """Change it."""
    with read_only():
        place = location_called(code)
        made = checked(request, LocationForm(place, request.POST))
    typed = made.cleaned_data
    try:
        perform(
            request,
            change_location,
            location_id=place.id,
            fields=made.texts(),
            route_id=typed["route"],
            sequence=typed["sequence"],
            in_limits=typed["in_limits"],
            position=Position(typed["latitude"], typed["longitude"]),
            seen=seen_sent(request),
        )
    except Refused as refused:
        refused.field = {"route_id": "route"}.get(refused.field, refused.field)
        raise
    messages.success(request, f"Location {code} is changed.")
    return redirect("meters:location", code=code)


def verbs(request: HttpRequest, subject: Any) -> list[Verb]:
    """Changing a location, for those who may."""
    if not request.actor.may("meters.edit"):  # type: ignore[attr-defined]  # a UtilityRequest
        return []
    return [Verb("Change", reverse("meters:location_change", args=[subject.number]), "pencil", "e")]


SLOTS = (Slot("location", "verb", "change", 20, verbs),)
