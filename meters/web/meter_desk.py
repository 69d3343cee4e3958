"""The pages on which the meter file is written: meters added, changed, put in, taken out, exchanged; fees."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.errors import Conflict, Refused
from core.reading import read_only
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from meters.installing import exchange_meter, install_meter, remove_meter
from meters.meter_file import (
    add_meter,
    change_meter,
    put_fee,
    registers_as_they_are,
    shown_values,
)
from meters.models import ConnectionFee, Installation, Location, Meter, Register, ServicePoint
from meters.queries import dial_text, last_readings
from meters.web.meter_forms import (
    ExchangeForm,
    FeeForm,
    InstallForm,
    MeterForm,
    RemoveForm,
    meter_values,
    sections,
)


def _page(
    request: UtilityRequest, title: str, form: forms.Form, parts: Sequence[Any], back: str, **more: Any
) -> HttpResponseBase:
    context = {
        "title": title,
        "form": form,
        "sections": parts,
        "key": fresh_key(request),
        "back": back,
        "outcome_url": reverse("core:outcome"),
        **more,
    }
    return TemplateResponse(request, "meters/sections.html", context)


def _one(form: forms.Form, title: str) -> list[tuple[str, list[forms.BoundField]]]:
    """A form that needs only one heading."""
    return sections(form, [(title, list(form.fields))])


def meter_page(number: str, tab: str = "") -> str:
    """The page of a meter, perhaps one of its tabs."""
    return reverse("meters:meter", args=[number]) + (f"?tab={tab}" if tab else "")


def _meter(meter_id: int) -> Meter:
    return Meter.objects.select_related("master").get(id=meter_id)


def _codes(meter: Meter) -> list[str]:
    return list(Register.objects.filter(meter=meter).order_by("code").values_list("code", flat=True))


def _place(meter: Meter) -> Installation:
    there = (
        Installation.objects.filter(meter=meter, ends=None).select_related("service_point__location").first()
    )
    if there is None:
        raise Conflict(f"Meter {meter.number} is nowhere installed.", "Install it first.")
    return there


def _unit() -> str:
    """The unit of the newest register: what the utility's meters count in."""
    newest = Register.objects.order_by("-id").values_list("unit", flat=True).first()
    return newest or "GAL"


@page("meters.edit")
def new(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new meter; with ``?location=`` it is installed there afterwards."""
    form = shown(request, lambda: MeterForm(None, (), unit=_unit()))
    return _page(
        request, "New meter", form, form.shown_in(), reverse("meters:meters"),
        about="It is in store until it is installed; that is the next step.", submit="Add the meter",
    )  # fmt: skip


@new.posted("meters.edit")
def make(request: UtilityRequest) -> HttpResponseBase:
    """Add it, and go on to where it is put."""
    with read_only():
        form = checked(request, MeterForm(None, (), request.POST))
    texts = form.texts()
    meter_id = perform(
        request, add_meter, texts=texts, registers=form.registers(), dates=form.dates(),
        service_type=form.cleaned_data["service_type"],
    )  # fmt: skip
    messages.success(request, f"Meter {texts['number']} is in the file.")
    place = request.GET.get("location", "")
    to_install = f"?location={place}" if place else ""
    return redirect(reverse("meters:meter_install", args=[meter_id]) + to_install)


@page("meters.edit")
def change(request: UtilityRequest, meter_id: int) -> HttpResponseBase:
    """The form of a meter."""
    meter = _meter(meter_id)
    registers = registers_as_they_are(meter)
    form = shown(request, lambda: MeterForm(meter, registers, initial=meter_values(meter)))
    return _page(
        request, f"Meter {meter.number}", form, form.shown_in(), meter_page(meter.number, "file"),
        about="Readings and use stay with the meter, whatever number it gets.",
        seen=seen_mark(request, shown_values(meter)),
    )  # fmt: skip


@change.posted("meters.edit")
def put(request: UtilityRequest, meter_id: int) -> HttpResponseBase:
    """Change it."""
    with read_only():
        meter = _meter(meter_id)
        form = checked(request, MeterForm(meter, registers_as_they_are(meter), request.POST))
    texts = form.texts()
    perform(
        request, change_meter, meter_id=meter_id, texts=texts, dates=form.dates(),
        registers=form.registers(), seen=seen_sent(request),
    )  # fmt: skip
    messages.success(request, f"Meter {texts['number']} is changed.")
    return redirect(meter_page(texts["number"], "file"))


@page("meters.edit")
def install(request: UtilityRequest, meter_id: int) -> HttpResponseBase:
    """The form of where a meter from the store is put; ``?location=`` is filled in."""
    meter = _meter(meter_id)
    first = {"location": request.GET.get("location", ""), "on": clock.today(request.utility.tz)}
    form = shown(request, lambda: InstallForm(_codes(meter), initial=first))
    return _page(
        request, f"Install meter {meter.number}", form, _one(form, "Its place"), meter_page(meter.number),
        about="What it shows on that day is where its use begins.", submit="Install it",
        options_url=reverse("meters:location_options"),
    )  # fmt: skip


@install.posted("meters.edit")
def put_in(request: UtilityRequest, meter_id: int) -> HttpResponseBase:
    """Install it."""
    with read_only():
        meter = _meter(meter_id)
        form = checked(request, InstallForm(_codes(meter), request.POST))
        typed = form.cleaned_data
        place = Location.objects.filter(code=typed["location"].strip()).first()
    if place is None:
        problem = f"There is no location “{typed['location']}”."
        raise Refused(problem, "Type the address and choose one of the list.", field="location")
    perform(
        request, install_meter, meter_id=meter.id, location_id=place.id, on=typed["on"], dials=form.dials(),
        point=typed["point"],
    )  # fmt: skip
    messages.success(request, f"Meter {meter.number} is installed at {place.address}.")
    return redirect(meter_page(meter.number))


@page("meters.edit")
def remove(request: UtilityRequest, meter_id: int) -> HttpResponseBase:
    """The form of a meter that is taken out without another one."""
    meter = _meter(meter_id)
    place = _place(meter).service_point.location
    today = {"on": clock.today(request.utility.tz)}
    form = shown(request, lambda: RemoveForm(_codes(meter), initial=today))
    return _page(
        request, f"Take out meter {meter.number}", form, _one(form, "Its last reading"),
        meter_page(meter.number), submit="Take it out",
        about=f"It leaves {place.address} and goes into store. To put another one in, change it out instead.",
    )  # fmt: skip


@remove.posted("meters.edit")
def take_out(request: UtilityRequest, meter_id: int) -> HttpResponseBase:
    """Take it out."""
    with read_only():
        meter = _meter(meter_id)
        form = checked(request, RemoveForm(_codes(meter), request.POST))
    perform(
        request, remove_meter, meter_id=meter.id, on=form.cleaned_data["on"], dials=form.last(),
        passed_zero=form.passed_zero(),
    )  # fmt: skip
    messages.success(request, f"Meter {meter.number} is taken out and in store.")
    return redirect(meter_page(meter.number))


@page("meters.edit")
def exchange(request: UtilityRequest, meter_id: int) -> HttpResponseBase:
    """The form of a change-out: the old meter's last readings, and the new meter."""
    meter = _meter(meter_id)
    place = _place(meter).service_point.location
    registers = registers_as_they_are(meter)
    today = {"on": clock.today(request.utility.tz)}
    form = shown(request, lambda: ExchangeForm(meter, registers, initial=today))
    return _page(
        request, f"Change out meter {meter.number}", form, form.shown_in(), meter_page(meter.number),
        about=f"{place.address}: {_last_words(meter)}. The next bill counts the use of both meters together."
        " A new number that is in store brings its own size and registers.",
        submit="Change it out",
    )  # fmt: skip


@exchange.posted("meters.edit")
def put_other(request: UtilityRequest, meter_id: int) -> HttpResponseBase:
    """Take the old one out and put the new one in."""
    with read_only():
        meter = _meter(meter_id)
        form = checked(request, ExchangeForm(meter, registers_as_they_are(meter), request.POST))
        texts = form.texts()
        stored = Meter.objects.filter(number=texts["number"].strip()).first()
        known = set(_codes(stored)) if stored else None
    first = {code: value for code, value in form.first().items() if known is None or code in known}
    perform(
        request, exchange_meter, meter_id=meter.id, on=form.cleaned_data["on"], last=form.last(),
        passed_zero=form.passed_zero(), texts=texts, registers=form.registers(), first=first,
    )  # fmt: skip
    messages.success(request, f"Meter {meter.number} is out, meter {texts['number']} is in its place.")
    return redirect(meter_page(texts["number"]))


def _last_words(meter: Meter) -> str:
    """The last reading of each register, for who types the final one."""
    said = []
    for shown_last in last_readings(meter.id):
        side = f" on register {shown_last.register.code}" if shown_last.register.code else ""
        said.append(f"{dial_text(shown_last.dial)}{side} on {day_text(shown_last.on)}")
    return f"last read {', '.join(said)}" if said else "never read"


@page("meters.edit")
def fee(request: UtilityRequest, point_id: int) -> HttpResponseBase:
    """The form of a connection fee of a service point; ``?kind=`` brings what is kept of that one."""
    point = ServicePoint.objects.select_related("location").get(id=point_id)
    kept = ConnectionFee.objects.filter(service_point=point, kind=request.GET.get("kind", "tap")).first()
    first: dict[str, Any] = {
        "kind": request.GET.get("kind", "tap"),
        "paid_on": clock.today(request.utility.tz),
    }
    if kept:
        first |= {"paid_on": kept.paid_on, "amount": kept.amount, "receipt": kept.receipt}
    form = shown(request, lambda: FeeForm(initial=first))
    return _page(
        request, f"Connection fee, {point.location.address}", form, _one(form, f"Point {point.code}"),
        reverse("meters:location", args=[point.location.code]) + "?tab=points",
        about="What was paid when the place was connected. It is noted here; nothing is charged by it.",
    )  # fmt: skip


@fee.posted("meters.edit")
def put_paid(request: UtilityRequest, point_id: int) -> HttpResponseBase:
    """Note it."""
    typed = checked(request, FeeForm(request.POST)).cleaned_data
    perform(request, put_fee, service_point_id=point_id, **typed)
    with read_only():
        place = ServicePoint.objects.select_related("location").get(id=point_id).location.code
    messages.success(request, "The fee is noted.")
    return redirect(reverse("meters:location", args=[place]) + "?tab=points")
