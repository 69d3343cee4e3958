"""Who had a meter, on the meter's page; and a meter change from the account's page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core import clock
from core.periods import Period
from core.ui.objects import Slot
from core.ui.parts import Panel, Verb
from customers.meter_people import people_of_place
from customers.queries import AccountShown
from customers.web.account_tabs import installed_known


def people(request: HttpRequest, subject: Any) -> Panel:
    """The account that has the place of the meter, and the three before."""
    places = subject.known["places"]
    today = clock.today(request.utility.tz)  # type: ignore[attr-defined]  # a UtilityRequest
    rows = people_of_place(places[0].service_point.location_id, today) if places else []
    shown = [(one, Period(one.account.starts, one.account.ends)) for one in rows]
    return Panel("accounts/meter_people.html", {"rows": shown})


def verbs(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """Changing out the account's meter; with several, first choosing one at the location."""
    there = [one for one in installed_known(subject) if one.ends is None]
    if not there:
        return []
    if len(there) == 1:
        url = reverse("meters:meter_exchange", args=[there[0].meter_id])
    else:
        url = reverse("meters:location", args=[subject.account.location.code]) + "?tab=points"
    return [Verb("Change meter", url, "transfer", "x")]


SLOTS = (
    Slot("meter:file", "tab", "people", 10, people, permission="customers.view"),
    Slot("account", "verb", "change-meter", 70, verbs, permission="meters.edit"),
)
