"""Home: what needs me today."""

from django.http import HttpResponseBase
from django.template.response import TemplateResponse

from core import clock
from core.home import home_of
from core.web.requests import UtilityRequest
from core.web.views import SIGNED_IN, page

WAITING = 12
ENTRIES = 8


@page(SIGNED_IN)
def home(request: UtilityRequest) -> HttpResponseBase:
    """The first page after sign-in."""
    now, today = clock.now(), clock.today(request.utility.tz)
    found = home_of(request.actor, today, now)
    context = {
        "today": today,
        "home": found,
        "waiting": found.waiting[:WAITING],
        "more": max(0, len(found.waiting) - WAITING),
        "entries": found.entries[:ENTRIES],
    }
    return TemplateResponse(request, "home/home.html", context)
