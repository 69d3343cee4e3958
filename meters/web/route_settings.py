"""The forms of a new route and of a route's code and name."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from meters.models import Route
from meters.routes import add_route, change_route


class RouteForm(forms.Form):
    """A route."""

    code = forms.CharField(label="Code", max_length=12, help_text="As it stands on the walk sheets.")
    name = forms.CharField(label="Name", max_length=60)


@page("meters.edit")
def new(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new route."""
    context = {
        "title": "New route",
        "about": "Locations are put on it afterwards; a cycle takes it up under Settings › Cycles.",
        "form": shown(request, RouteForm),
        "submit": "Make the route",
        "key": fresh_key(request),
        "back": reverse("meters:routes"),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@new.posted("meters.edit")
def make(request: UtilityRequest) -> HttpResponseBase:
    """Make it."""
    typed = checked(request, RouteForm(request.POST)).cleaned_data
    perform(request, add_route, **typed)
    messages.success(request, f"Route {typed['code']} is there.")
    return redirect("meters:routes")


@page("meters.edit")
def change(request: UtilityRequest, route_id: int) -> HttpResponseBase:
    """The form of a route's code and name."""
    found = Route.objects.get(id=route_id)
    context = {
        "title": f"Route {found.code}",
        "about": "Code and name; the locations on it stay.",
        "form": shown(request, lambda: RouteForm(initial={"code": found.code, "name": found.name})),
        "key": fresh_key(request),
        "back": reverse("meters:routes"),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@change.posted("meters.edit")
def put(request: UtilityRequest, route_id: int) -> HttpResponseBase:
    """Change it."""
    typed = checked(request, RouteForm(request.POST)).cleaned_data
    perform(request, change_route, route_id=route_id, **typed)
    messages.success(request, f"Route {typed['code']} is changed.")
    return redirect("meters:routes")
