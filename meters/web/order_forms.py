"""The forms of work orders: a new one, what is changed on it, what was done, why it is called off."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
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
from core.ui.fields import DayField, DayInput
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import checked, fresh_key, page, perform, shown
from meters.models import Location, ServicePoint, WorkOrder
from meters.order_queries import RegisterToRead, meter_now, order_called, registers_to_read
from meters.orders import CHANGEABLE, LENGTHS, cancel_order, change_order, make_order
from meters.orders_done import ASKS, DialShown, NewMeter, complete_order
from meters.queries import find_locations
from meters.web.orders import COMPLETE, MAKE

NEW_METER = (("number", "New meter’s number", 24), ("serial", "Serial", 30), ("size", "Size, inches", 10),
             ("brand", "Make", 30), ("endpoint", "Endpoint", 20))  # fmt: skip


def _text(label: str, name: str, help_text: str = "", rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    made = forms.CharField(
        label=label, max_length=LENGTHS[name], required=False, help_text=help_text, widget=widget
    )
    # Longer than that is refused with words; a browser would cut what is pasted.
    made.widget.attrs.pop("maxlength", None)
    return made


class NewOrderForm(forms.Form):
    """A new order: what, where, by when, by whom."""

    kind = forms.ChoiceField(label="What", choices=WorkOrder.Kind.choices)
    location = forms.CharField(
        label="Location", max_length=120, help_text="Its code, or enough of its address to mean one.",
        widget=forms.TextInput(attrs={"list": "location-options", "autocomplete": "off"}),
    )  # fmt: skip
    point = forms.CharField(
        label="Service point", max_length=40, required=False, help_text="Where there are several meters."
    )
    account_number = _text("Account", "account_number", "For whom it is; empty when for nobody.")
    due_on = DayField(label="Due", widget=DayInput)
    assigned_to = _text("Assigned to", "assigned_to", "A person or a crew.")
    outside_ref = _text("Outside number", "outside_ref", "Its number in another system.")
    what = _text("To do", "what", "What the crew must know.", rows=3)

    place: Location
    point_id: int | None = None

    def clean_location(self) -> str:
        """One location; several that fit are named."""
        typed: str = self.cleaned_data["location"]
        found = find_locations(typed)
        if not found:
            raise forms.ValidationError(f"No location has “{typed}”. Type its code or part of its street.")
        if len(found) > 1:
            named = ", ".join(f"{x.code} ({x.address})" for x in found[:4])
            raise forms.ValidationError(f"{len(found)} have that: {named} … Type the code of the one meant.")
        self.place = found[0]
        return typed

    def clean(self) -> dict[str, Any]:
        """A point of that location."""
        typed = super().clean() or {}
        if typed.get("point") and "location" in typed:
            points = ServicePoint.objects.filter(location=self.place).order_by("code")
            found = {p.code: p.id for p in points}
            if typed["point"] not in found:
                known = ", ".join(found) or "none"
                self.add_error("point", f"There is no such point there. Its points: {known}.")
            self.point_id = found.get(typed["point"])
        return typed


@page(MAKE)
def new(request: UtilityRequest) -> HttpResponseBase:
    """The form of a new order, filled with what the page before knew."""
    asked = request.GET
    first = {
        "kind": asked.get("kind", "") or None,
        "location": asked.get("location", "")[:120],
        "point": asked.get("point", "")[:40],
        "account_number": asked.get("account", "")[:20],
        "due_on": clock.today(request.utility.tz),
    }
    context = {
        "form": shown(request, lambda: NewOrderForm(initial=first)),
        "key": fresh_key(request),
        "back": _came_from(request),
    }
    return TemplateResponse(request, "orders/new.html", context)


def _came_from(request: UtilityRequest) -> str:
    account = request.GET.get("account", "")
    if account and not set(account) & set("/?#"):
        return reverse("customers:account", args=[account[:20]])
    place = request.GET.get("location", "")
    if place and Location.objects.filter(code=place).exists():
        return reverse("meters:location", args=[place])
    return reverse("meters:orders")


@new.posted(MAKE)
def make(request: UtilityRequest) -> HttpResponseBase:
    """Make it and go to it."""
    with read_only():
        form = checked(request, NewOrderForm(request.POST))
    typed = form.cleaned_data
    texts = {name: typed[name] for name in ("account_number", "what", "assigned_to", "outside_ref")}
    try:
        made = perform(
            request, make_order, kind=typed["kind"], location_id=form.place.id, due_on=typed["due_on"],
            service_point_id=form.point_id, **texts,
        )  # fmt: skip
    except Refused as refused:
        renamed = {"service_point_id": "point", "location_id": "location"}
        refused.field = renamed.get(refused.field, refused.field)
        raise
    with read_only():
        number = WorkOrder.objects.values_list("number", flat=True).get(id=made)
    messages.success(request, f"Work order {number} is made.")
    return redirect("meters:order", number=number)


class ChangeForm(forms.Form):
    """What may still be changed on an open order."""

    due_on = DayField(label="Due", widget=DayInput)
    assigned_to = _text("Assigned to", "assigned_to", "A person or a crew.")
    outside_ref = _text("Outside number", "outside_ref", "Its number in another system.")
    what = _text("To do", "what", "What the crew must know.", rows=3)


def _open_one(number: int) -> WorkOrder:
    found = order_called(number)
    if found.state != WorkOrder.State.OPEN:
        raise Conflict(
            f"Work order {number} is {WorkOrder.State(found.state).label.lower()} already.",
            f"Look at it under /orders/{number}/.",
        )
    return found


def _named(found: WorkOrder) -> str:
    return f"{WorkOrder.Kind(found.kind).label} at {found.location.address}."


@page(MAKE)
def change(request: UtilityRequest, number: int) -> HttpResponseBase:
    """The form of an open order."""
    found = _open_one(number)
    values = {name: getattr(found, name) for name in CHANGEABLE}
    context = {
        "title": f"Change work order {number}",
        "about": f"{_named(found)} Another kind or place is another order.",
        "form": shown(request, lambda: ChangeForm(initial=values)),
        "seen": seen_mark(request, values),
        "key": fresh_key(request),
        "back": reverse("meters:order", args=[number]),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@change.posted(MAKE)
def put(request: UtilityRequest, number: int) -> HttpResponseBase:
    """Change it."""
    typed = checked(request, ChangeForm(request.POST)).cleaned_data
    perform(request, change_order, order_id=_id_of(number), changes=dict(typed), seen=seen_sent(request))
    messages.success(request, f"Work order {number} is changed.")
    return redirect("meters:order", number=number)


def _id_of(number: int) -> int:
    with read_only():
        return int(WorkOrder.objects.values_list("id", flat=True).get(number=number))


class WhyForm(forms.Form):
    """Why an order is called off."""

    why = _text("Why it is called off", "findings", rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = True


@page(MAKE)
def cancel(request: UtilityRequest, number: int) -> HttpResponseBase:
    """The form of calling an order off."""
    found = _open_one(number)
    context = {
        "title": f"Call off work order {number}",
        "about": f"{_named(found)} It stays in the list with the reason.",
        "form": shown(request, WhyForm),
        "key": fresh_key(request),
        "submit": "Call it off",
        "danger": True,
        "back": reverse("meters:order", args=[number]),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@cancel.posted(MAKE)
def call_off(request: UtilityRequest, number: int) -> HttpResponseBase:
    """Call it off."""
    typed = checked(request, WhyForm(request.POST)).cleaned_data
    perform(request, cancel_order, order_id=_id_of(number), why=typed["why"])
    messages.success(request, f"Work order {number} is called off.")
    return redirect("meters:order", number=number)


def _dial(label: str, help_text: str, required: bool) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=14, decimal_places=3, min_value=Decimal(0), required=required,
        help_text=help_text, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip


class CompleteForm(forms.Form):
    """What was done: the day, a dial for each register, for a meter change the new meter, the findings.

    ``sure`` keeps a reading that is out of the ordinary; it is shown once one was refused.
    """

    done_on = DayField(label="Done on", widget=DayInput)

    def __init__(self, order: WorkOrder, registers: Sequence[RegisterToRead], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.registers = registers
        self.changes_meter = order.kind == WorkOrder.Kind.METER_CHANGE
        needed = order.kind in (WorkOrder.Kind.METER_CHANGE, WorkOrder.Kind.RE_READ)
        for one in registers:
            code = one.register.code
            of = f" of register {code}" if code else ""
            old = " of the old meter" if self.changes_meter else ""
            last = f"Last: {one.last} on {day_text(one.last_on)}." if one.last_on else "Never read before."
            self.fields[one.field] = _dial(f"Reading{of}{old}", last, needed)
            self.fields[f"over_{one.field}"] = forms.BooleanField(
                label=f"The dial{of} passed zero", required=False
            )
        if self.changes_meter:
            self._new_meter(registers)
        investigates = order.kind == WorkOrder.Kind.INVESTIGATE
        self.fields["findings"] = _text("Findings", "findings", rows=3)
        self.fields["findings"].required = investigates
        self.fields["sure"] = forms.BooleanField(
            label="Keep it: the reading was looked at and is right", required=False
        )

    def _new_meter(self, registers: Sequence[RegisterToRead]) -> None:
        for name, label, most in NEW_METER:
            self.fields[f"new_{name}"] = forms.CharField(
                label=label, max_length=most, required=name == "number"
            )
        for one in registers:
            of = f", register {one.register.code}" if one.register.code else ""
            self.fields[f"first_{one.field}"] = _dial(f"First reading{of}", "Empty: 0.", False)

    @property
    def reading_fields(self) -> list[Any]:
        """The fields of what was read, in order."""
        return [self[name] for one in self.registers for name in (one.field, f"over_{one.field}")]

    @property
    def meter_fields(self) -> list[Any]:
        """The fields of the new meter, in order."""
        return [self[name] for name in self.fields if name.startswith(("new_", "first_"))]

    def readings(self) -> list[DialShown]:
        """What was typed, for the registers that were read."""
        typed = self.cleaned_data
        return [
            DialShown(typed[one.field], one.register.code, bool(typed.get(f"over_{one.field}")))
            for one in self.registers
            if typed.get(one.field) is not None
        ]

    def new_meter(self) -> NewMeter | None:
        """The meter that was put in, when the order is a change."""
        if not self.changes_meter:
            return None
        typed = self.cleaned_data
        first = tuple(
            DialShown(typed[f"first_{one.field}"], one.register.code)
            for one in self.registers
            if typed.get(f"first_{one.field}") is not None
        )
        return NewMeter(**{name: typed[f"new_{name}"] for name, _, _ in NEW_METER}, first=first)


def _complete_form(order: WorkOrder, *args: Any, **kw: Any) -> CompleteForm:
    return CompleteForm(order, registers_to_read(meter_now(order.service_point)), *args, **kw)


@page(COMPLETE)
def complete(request: UtilityRequest, number: int) -> HttpResponseBase:
    """The form of what was done."""
    found = _open_one(number)
    today: date = clock.today(request.utility.tz)
    form = shown(request, lambda: _complete_form(found, initial={"done_on": today}))
    asks = request.refused is not None and request.refused.code == ASKS
    context = {
        "order": found,
        "meter": meter_now(found.service_point),
        "form": form,
        "asks": asks or bool(request.POST.get("sure")),
        "no_right": found.kind == WorkOrder.Kind.METER_CHANGE and not request.actor.may("meters.edit"),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "orders/complete.html", context)


@complete.posted(COMPLETE)
def done(request: UtilityRequest, number: int) -> HttpResponseBase:
    """Complete it."""
    with read_only():
        found = order_called(number)
        form = checked(request, _complete_form(found, request.POST))
    typed = form.cleaned_data
    perform(
        request,
        complete_order,
        order_id=found.id,
        done_on=typed["done_on"],
        readings=form.readings(),
        new_meter=form.new_meter(),
        findings=typed["findings"],
        sure=typed["sure"],
    )
    messages.success(request, f"Work order {number} is done.")
    return redirect("meters:order", number=number)
