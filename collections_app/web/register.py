"""The transaction register of an operator's day on the screen, and as a file."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.template.response import TemplateResponse

from collections_app import sessions
from collections_app.register import RegisterRow, register_rows, register_totals
from core import clock
from core.ui import exports
from core.ui.fields import DayField, DayInput
from core.web.requests import UtilityRequest
from core.web.views import page

ORDERS = (("entry", "As entered"), ("account", "By account"))
HEADINGS = (
    *("Receipt", "Day", "Taken by", "Account", "Name", "Amount", "Handed over", "Change"),
    *("By", "Kind", "Why"),
)


class RegisterForm(forms.Form):
    """Whose, of which day, in which order."""

    on = DayField(label="Day", widget=DayInput)
    operator = forms.ChoiceField(label="Operator", required=False)
    order = forms.ChoiceField(label="Order", choices=ORDERS, required=False)

    def __init__(self, sent: Any, day: date) -> None:
        super().__init__({**dict(sent.items()), "on": sent.get("on") or day.isoformat()})
        field = self.fields["operator"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Everybody"), *sessions.operators_of()]


@page("payments.view")
def register(request: UtilityRequest) -> HttpResponseBase:
    """What was taken and taken back on a day, by operator, in entry or account order."""
    form = RegisterForm(request.GET, clock.today(request.utility.tz))
    rows: list[RegisterRow] = []
    if form.is_valid():
        given = form.cleaned_data
        rows = register_rows(
            operator=given["operator"] or None, on=given["on"], order=given["order"] or "entry"
        )
    if (kind := request.GET.get("export", "")) in ("csv", "xlsx"):
        return exports.answer("register", kind, HEADINGS, [_exported(row) for row in rows])
    context = {"form": form, "rows": rows, "totals": register_totals(rows), "query": request.GET.urlencode()}
    return TemplateResponse(request, "drawers/register.html", context)


def _exported(row: RegisterRow) -> list[Any]:
    return [
        row.number,
        row.on,
        row.operator_name,
        row.account,
        row.name,
        row.amount,
        row.tendered,
        row.change,
        row.by,
        row.kind,
        row.why,
    ]
