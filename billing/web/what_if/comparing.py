"""The tables of a what-if clause by clause, and two what-ifs side by side."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from billing.what_if import telling
from billing.what_if.clauses import clauses_of
from billing.what_if.queries import figures_of, what_if_of
from billing.what_if.sums import Figures, Sum, Sums
from billing.what_if_models import WhatIf
from core.errors import NotFound
from core.ui.parts import Verb
from core.web.requests import UtilityRequest
from core.web.views import page

OFFERED = 100


@page("bills.view")
def clauses(request: UtilityRequest, what_if_id: int, code: str) -> HttpResponseBase:
    """What one table of the question says otherwise."""
    found = what_if_of(what_if_id)
    table = next((one for one in clauses_of(found) if one.code == code), None)
    if table is None:
        raise NotFound(f"It asks nothing about {code}.", "Choose one of its tables.")
    url = reverse("rates:table", args=[code])
    context = {"what_if": found, "table": table, "verbs": [Verb("The rate", url, "receipt-tax", "z")]}
    return TemplateResponse(request, "what_if/clauses.html", context)


class CompareForm(forms.Form):
    """Two what-ifs that are done."""

    def __init__(self, listed: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("one", "First"), ("other", "Second")):
            self.fields[name] = forms.ChoiceField(
                label=label, choices=[("", "Choose…"), *listed], required=False
            )


@page("bills.view")
def compare(request: UtilityRequest) -> HttpResponseBase:
    """Two what-ifs: totals, services, classes and rates beside each other."""
    done = list(WhatIf.objects.exclude(figures={}).order_by("-id")[:OFFERED])
    listed = [(str(w.id), f"{w.id}: {w.name}") for w in done]
    form = CompareForm(listed, request.GET or None)
    pair = _pair(request.GET.get("one", ""), request.GET.get("other", ""))
    context: dict[str, Any] = {"form": form, "pair": pair, "many": len(done)}
    if pair is not None:
        one, other = (figures_of(what_if) for what_if in pair)
        assert one is not None
        assert other is not None
        context["groups"] = _groups(one, other)
        context["same_bills"] = pair[0].runs == pair[1].runs
    return TemplateResponse(request, "what_if/compare.html", context)


def _pair(one: str, other: str) -> tuple[WhatIf, WhatIf] | None:
    ids = [int(text) for text in (one, other) if text.isdecimal()]
    if len(ids) != 2:
        return None
    found = {w.id: w for w in WhatIf.objects.filter(id__in=ids).exclude(figures={})}
    if any(i not in found for i in ids):
        raise NotFound("There is no such what-if that is done.", "Choose two from the list.")
    return found[ids[0]], found[ids[1]]


def _groups(one: Figures, other: Figures) -> list[tuple[str, list[dict[str, Any]]]]:
    whole = [_line("All bills", one.whole, other.whole)]
    return [
        ("In total", whole),
        ("By service", _lines(one.services, other.services, telling.service_name)),
        ("By class", _lines(one.classes, other.classes, telling.class_name)),
    ]


def _lines(one: Sums, other: Sums, named: Any) -> list[dict[str, Any]]:
    return [_line(named(key), one.get(key), other.get(key)) for key in sorted({*one, *other})]


def _line(name: str, one: Sum | None, other: Sum | None) -> dict[str, Any]:
    between: Decimal | None = None
    if one is not None and other is not None and one.old == other.old:
        between = other.new - one.new
    either = one or other
    return {
        "name": name,
        "old": either.old if either else None,
        "one": one,
        "other": other,
        "one_change": "" if one is None else telling.signed(one.change),
        "other_change": "" if other is None else telling.signed(other.change),
        "between": "" if between is None else telling.signed(between),
    }
