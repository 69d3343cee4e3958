"""The file of a route for a hand-held reader, from the page of the route."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.dateparse import parse_date

from core import clock
from core.errors import Refused
from core.ui.objects import Slot
from core.ui.parts import Verb
from core.web.requests import UtilityRequest
from core.web.views import page
from interchange.route_files import route_file


@page("readings.view")
def device_file(request: UtilityRequest, route_id: int) -> HttpResponseBase:
    """What is still to read on the route as CSV (``?on=`` a day, else today)."""
    asked = request.GET.get("on", "")
    try:
        on = parse_date(asked) if asked else clock.today(request.utility.tz)
    except ValueError:
        on = None
    if on is None:
        raise Refused(f"“{asked[:20]}” is no day.", "Write it like 2026-09-01.", field="on")
    name, content = route_file(route_id, on)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _verbs(request: HttpRequest, route: Any) -> list[Verb]:
    return [Verb("Hand-held file", reverse("interchange:route_file", args=[route.id]), "device-mobile", "h")]


SLOTS = (Slot("route", "verb", "hand-held", 10, _verbs, permission="readings.view"),)
