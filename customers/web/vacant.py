"""Vacant locations: the list, and what a location's page says of who was and is there."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from core import clock
from core.quantities import UNITS
from core.ui.columns import Column
from core.ui.fields import DayInput
from core.ui.lists import ListPage, list_view
from core.ui.objects import Slot
from core.ui.parts import Alert, Empty, Fact, Panel, Verb
from core.ui.words import day_text
from core.web.views import page
from customers.landlord_queries import having_words, holding_on
from customers.vacant import Tenancy, tenancies, tenant_of, vacant, vacant_since, waiting_at
from customers.web.filters import all_routes
from meters.models import Location
from meters.queries import dial_text, installed_at, readings_of, registers_of


class VacantFilter(django_filters.FilterSet):
    """By words of code and address, route, since when, and whether anything was used."""

    find = django_filters.CharFilter(label="Code or address", method="by_words")
    route = django_filters.ModelChoiceFilter(label="Route", queryset=all_routes, empty_label="All routes")
    since = django_filters.DateFilter(
        label="Vacant since, at the latest", field_name="since", lookup_expr="lte", widget=DayInput
    )
    used = django_filters.ChoiceFilter(
        label="Use", choices=(("yes", "Something was used"),), empty_label="Used or not", method="by_use"
    )

    class Meta:
        model = Location
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Location], name: str, typed: str) -> QuerySet[Location]:
        """Each word in code or address."""
        return having_words(rows, typed, "code", "street_number", "street_name", "unit_label", "city")

    def by_use(self, rows: QuerySet[Any], name: str, wanted: str) -> QuerySet[Any]:
        """Where the meter went on although nobody lives there."""
        return rows.exclude(used=None)


def _today(request: Any) -> date:
    return clock.today(request.utility.tz)


def _before_url(row: Any) -> str:
    """The last account; where nobody ever was, the location."""
    if row.before:
        return reverse("customers:account", args=[row.before])
    return reverse("meters:location", args=[row.code])


VACANT = ListPage(
    name="vacant",
    title="Vacant locations",
    about="Nobody answers for these. Each keeps its history, and what is used there is watched.",
    noun="locations",
    columns=(
        Column("code", "Location", kind="code", sort="code"),
        Column("address", "Address", sort="street_name"),
        Column("route", "Route", "route.code", kind="code", sort="route__code"),
        Column("since", "Vacant since", kind="date", sort="since"),
        Column("before", "Last account", kind="code", sort="before",
               href=_before_url),
        Column("used", "Used since", sort="used"),
        Column("landlord", "Landlord", sort="landlord"),
        Column("comes", "Next moves in", kind="date", sort="comes"),
    ),
    rows=lambda request: vacant(_today(request)),
    filters=VacantFilter,
    opens=lambda row: reverse("meters:location", args=[row.code]),
    order="-since",
    empty=Empty("No location is vacant", "It is vacant by itself once its account has ended.", "home"),
    template="accounts/list.html",
)  # fmt: skip

vacant_list = page("customers.view")(list_view(VACANT))


def _tenancies(request: HttpRequest, subject: Any) -> list[Tenancy]:
    """Who was at the location, asked once for a page."""
    if "tenancies" not in subject.known:
        subject.known["tenancies"] = tenancies(subject.location.id, _today(request))
    found: list[Tenancy] = subject.known["tenancies"]
    return found


def facts(request: HttpRequest, subject: Any) -> list[Fact]:
    """Whose the location is."""
    held = holding_on(subject.location.id, _today(request))
    if held is None:
        return []
    told = "bills revert to them" if held.reverts else f"landlord {held.landlord.number}"
    return [Fact("Landlord", held.landlord.name, note=told)]


def alerts(request: HttpRequest, subject: Any) -> list[Alert]:
    """That nobody is there, and who comes."""
    found = []
    since = vacant_since(_tenancies(request, subject))
    if since is not None:
        found.append(Alert("Vacant", f"since {day_text(since)}", "home", "warn"))
    comes = waiting_at(subject.location.id)
    if comes is not None:
        told = f"{comes.account.customer.name} on {day_text(comes.account.starts)}"
        url = reverse("customers:account", args=[comes.account.number])
        found.append(Alert("Moves in:", told, "user", "info", url=url))
    return found


def verbs(request: HttpRequest, subject: Any) -> list[Verb]:
    """Somebody moves in."""
    url = f"{reverse('customers:move_in_new')}?location={subject.number}"
    return [Verb("Somebody moves in", url, "user", "i", main=True)]


def usage(request: HttpRequest, subject: Any) -> Panel:
    """What was measured at the location, whoever lived there."""
    found = _tenancies(request, subject)
    meters = {i.meter_id for i in installed_at(subject.location.id)}
    registers = registers_of(meters)
    rows = [
        {
            "shown": one,
            "dial": dial_text(one.reading.dial),
            "unit": UNITS[one.register.unit].label if one.register.unit in UNITS else one.register.unit,
            "tenancy": tenant_of(found, one.on),
        }
        for one in readings_of(registers, limit=240)
    ]
    return Panel("customers/place_usage.html", {"rows": rows, "tenancies": found})


def landlord_card(request: HttpRequest, subject: Any) -> Panel:
    """Whose the account's location is, on the account page."""
    held = holding_on(subject.account.location_id, subject.today)
    shown = []
    if held is not None:
        url = reverse("customers:landlord", args=[held.landlord_id])
        shown.append(Fact("Landlord", held.landlord.name, url=url))
        shown.append(Fact("Number", held.landlord.number))
        if held.landlord.company:
            company = reverse("customers:company", args=[held.landlord.company_id])
            shown.append(Fact("Managed by", held.landlord.company.name, url=company))
        shown.append(Fact("Between tenants", "bills revert to the landlord" if held.reverts else "nobody"))
    return Panel("accounts/landlord_card.html", {"facts": shown})


SLOTS = (
    Slot("location", "header", "landlord", 20, facts, permission="customers.view"),
    Slot("location", "alert", "vacant", 10, alerts, permission="customers.view"),
    Slot("location", "verb", "move-in", 10, verbs, permission="customers.edit"),
    Slot("location", "tab", "usage", 15, usage, "Usage", "u", "readings.view"),
    Slot("account:side", "tab", "landlord", 40, landlord_card),
)
