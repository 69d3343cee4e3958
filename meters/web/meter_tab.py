"""The meter file on the meter's page: what it is, where it sits, what was paid, its orders; and the verbs."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from core.codes import code_name
from core.quantities import UNITS
from core.ui.objects import Slot, slots_of
from core.ui.parts import Fact, Panel, Verb
from core.ui.words import day_text
from meters.models import ConnectionFee, Meter, ServiceType
from meters.queries import fees_of, orders_of, registers_of

FILE = "meter:file"
"""The frame of the file's side: each slot's ``tab`` gives a card (who had the meter)."""


def _what(meter: Meter) -> list[Fact]:
    master = meter.master
    return [
        Fact("Number", meter.number),
        Fact("Service", str(ServiceType(meter.service_type).label)),
        Fact("Size, inches", meter.size or None),
        Fact("Type", code_name("meter_type", meter.kind) or None),
        Fact("Serial", meter.serial or None),
        Fact("Brand", meter.brand or None),
        Fact("Style", meter.style or None),
        Fact("Endpoint", meter.endpoint or None),
        Fact(
            "Master meter", master.number if master else None,
            url=reverse("meters:meter", args=[master.number]) if master else "",
        ),
    ]  # fmt: skip


def _where(subject: Any) -> list[Fact]:
    meter, now = subject.meter, subject.known["now"]
    place = now.service_point.location if now else None
    return [
        Fact(
            "Address", place.address if place else "In store",
            url=reverse("meters:location", args=[place.code]) if place else "",
        ),
        Fact("Service point", now.service_point.code if now else None),
        Fact("Where it sits", meter.place_text or None),
        Fact("Installed", day_text(now.starts) if now else None),
        Fact("Cut on", day_text(meter.cut_on) if meter.cut_on else None),
        Fact("Cut off", day_text(meter.cut_off) if meter.cut_off else None),
    ]  # fmt: skip


def file_tab(request: HttpRequest, subject: Any) -> Panel:
    """Everything that the file says of a meter."""
    now = subject.known["now"]
    may = request.actor.may("meters.edit")  # type: ignore[attr-defined]  # a UtilityRequest
    fees = {fee.kind: fee for fee in fees_of([now.service_point_id])} if now else {}
    context = {
        "what": _what(subject.meter),
        "where": _where(subject),
        "registers": [(r, UNITS[r.unit].label) for r in registers_of([subject.meter.id])],
        "fees": [(label, fees.get(kind)) for kind, label in ConnectionFee.Kind.choices],
        "fee_url": reverse("meters:fee", args=[now.service_point_id]) if now and may else "",
        "orders": orders_of(subject.meter),
        "sees_orders": request.actor.may("meters.work_order.view"),  # type: ignore[attr-defined]  # a UtilityRequest
        "cards": _cards(request, subject),
    }
    return Panel("meters/file.html", context)


def _cards(request: HttpRequest, subject: Any) -> list[str]:
    made: list[str] = []
    for slot in slots_of(FILE, request):
        filled: Panel = slot.provider(request, subject)
        made.append(render_to_string(filled.template, filled.context, request=request))
    return made


def verbs(request: HttpRequest, subject: Any) -> list[Verb]:
    """Changing the file; changing the meter out, or putting it in."""
    meter_id = subject.meter.id
    change = Verb("Change", reverse("meters:meter_change", args=[meter_id]), "pencil", "e")
    if subject.known["now"] is None:
        return [
            Verb("Install", reverse("meters:meter_install", args=[meter_id]), "map-pin", "i", main=True),
            change,
        ]
    return [
        Verb("Change out", reverse("meters:meter_exchange", args=[meter_id]), "transfer", "x", main=True),
        Verb("Take out", reverse("meters:meter_remove", args=[meter_id]), "arrow-up", "o"),
        change,
    ]


def location_verbs(request: HttpRequest, subject: Any) -> list[Verb]:
    """A new meter for the place."""
    return [Verb("New meter", f"{reverse('meters:meter_new')}?location={subject.number}", "gauge", "n")]


SLOTS = (
    Slot("meter", "tab", "file", 20, file_tab, "Meter file", "f"),
    Slot("meter", "verb", "file", 20, verbs, permission="meters.edit"),
    Slot("location", "verb", "meter", 40, location_verbs, permission="meters.edit"),
)
