"""Alarms of bills that came out otherwise when made again: the list, one alarm, clearing it."""

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from billing.alarms import KIND, clear_alarm, remake_nightly
from billing.models import BillAlarm
from core.acting import names_of
from core.models import Job, Schedule
from core.ui.columns import Column
from core.ui.fields import DayInput
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Fact, Verb
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown


class AlarmFilter(django_filters.FilterSet):
    """By bill, account, day found (both included), open or cleared."""

    bill = django_filters.NumberFilter(label="Bill number", field_name="bill__number")
    account = django_filters.CharFilter(
        label="Account", field_name="bill__account__number", lookup_expr="startswith"
    )
    cleared = django_filters.ChoiceFilter(
        label="State",
        choices=(("no", "Open"), ("yes", "Cleared")),
        empty_label="All alarms",
        method="by_state",
    )
    since = django_filters.DateFilter(
        label="Found from", field_name="found_on", lookup_expr="gte", widget=DayInput
    )
    until = django_filters.DateFilter(
        label="Found to", field_name="found_on", lookup_expr="lte", widget=DayInput
    )

    class Meta:
        model = BillAlarm
        fields: tuple[str, ...] = ()

    def by_state(self, rows: "QuerySet[BillAlarm]", name: str, value: str) -> "QuerySet[BillAlarm]":
        """Open ones, or those that were cleared."""
        return rows.filter(cleared_at__isnull=value == "no")


def alarm_url(row: BillAlarm) -> str:
    """The page of an alarm."""
    return reverse("billing:alarm", args=[row.id])


def alarms() -> "QuerySet[BillAlarm]":
    """Alarms with bill, account and customer."""
    return BillAlarm.objects.select_related("bill__account__customer")


def _verbs(request: HttpRequest) -> list[Verb]:
    """The job of last night, or having it done each night."""
    job = Job.objects.filter(kind=KIND).order_by("-id").first()
    verbs = [Verb("Last night", reverse("core:job", args=[job.id]), "history", "l")] if job else []
    may = request.actor.may("bills.remake")  # type: ignore[attr-defined]  # set by @page
    if may and not Schedule.objects.filter(kind=KIND).exists():
        verbs.append(Verb("Check every night", reverse("billing:remake_nightly"), "clock", "n", post=True))
    return verbs


ALARMS = ListPage(
    name="alarms",
    title="Bills that came out otherwise",
    about="Posted bills are made again from their facts each night. Here is every one that differed, if only"
    " by a cent. What was posted stands.",
    noun="alarms",
    columns=(
        Column("bill", "Bill", "bill.number", kind="code", sort="bill__number", href=alarm_url),
        Column("account", "Account", "bill.account.number", kind="code", sort="bill__account__number"),
        Column("customer", "Name", "bill.account.customer.name", chosen=False),
        Column("found_on", "Found", kind="date", sort="found_on"),
        Column("posted", "Posted", kind="amount", sort="posted", may_credit=True),
        Column("made", "Made again", kind="amount", sort="made", may_credit=True),
        Column("detail", "Where"),
        Column(
            "state",
            "State",
            lambda row: "differs" if row.cleared_at is None else "cleared",
            kind="status",
            sort="cleared_at",
        ),
        Column("why", "Cleared because", "cleared_why", chosen=False),
    ),
    rows=lambda request: alarms(),
    filters=AlarmFilter,
    opens=alarm_url,
    order="-found_on",
    verbs=_verbs,
    empty=Empty(
        "Every bill came out as posted",
        "A bill that is not what its facts give when it is made again appears here, with the line that"
        " differs.",
        "circle-check",
    ),
)

alarm_list = page("bills.view")(list_view(ALARMS))


class ClearForm(forms.Form):
    """What an alarm came of."""

    why = forms.CharField(label="What it came of", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


@page("bills.view")
def alarm(request: UtilityRequest, alarm_id: int) -> HttpResponseBase:
    """One alarm: the bill, what differed, and clearing it with a reason."""
    found = alarms().get(id=alarm_id)
    facts = [
        Fact("Bill", str(found.bill.number), url=reverse("billing:bill", args=[found.bill.number])),
        Fact("Posted", amount=found.posted),
    ]
    if found.made is None:
        facts.append(Fact("Made again", "no bill came of it"))
    else:
        facts.append(Fact("Made again", amount=found.made))
        facts.append(Fact("Difference", amount=found.made - found.posted, total=True))
    context = {
        "alarm": found,
        "facts": facts,
        "who": names_of([found.cleared_by]).get(found.cleared_by, ""),
        "may_clear": request.actor.may("bills.clear_alarm"),
        "form": shown(request, ClearForm),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "bills/alarm.html", context)


@alarm.posted("bills.clear_alarm")
def clear(request: UtilityRequest, alarm_id: int) -> HttpResponseBase:
    """Clear it."""
    given = checked(request, ClearForm(request.POST)).cleaned_data
    perform(request, clear_alarm, alarm_id=alarm_id, why=given["why"])
    messages.success(request, "The alarm is cleared. It comes again if the bill differs otherwise.")
    return redirect("billing:alarms")


@form("bills.remake", again=alarm_list)
def nightly(request: UtilityRequest) -> HttpResponseBase:
    """Have bills made again each night from now on."""
    perform(request, remake_nightly)
    messages.success(request, "Posted bills are made again every night at 02:30.")
    return redirect("billing:alarms")
