"""The policies of the utility: the list, and one with its history and form."""

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from core import clock
from core.errors import Refused
from core.policies import Policy, all_policies, set_policy
from core.policy_history import PolicyShown, policies_on, policy_on
from core.ui.fields import DayInput
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown

_EXAMPLES = {"amount": "Type it like 25.00.", "count": "Type a whole number.", "percent": "Type it like 1.5."}


class PolicyForm(forms.Form):
    """A value from a day on.  It is read by the policy itself, which knows its type."""

    value = forms.CharField(label="Value", max_length=200, required=False)
    starts = forms.DateField(
        label="From", widget=DayInput, help_text="Work for days before keeps the value that held then."
    )
    unset = forms.BooleanField(
        label="Not set from this day on",
        required=False,
        help_text="Not set is not zero: work that needs it stops.",
    )

    def __init__(self, policy: Policy, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        yes_no = (("yes", "Yes"), ("no", "No"))
        choices = yes_no if policy.kind == "flag" else policy.choices
        if choices:
            self.fields["value"] = forms.ChoiceField(
                label="Value", choices=[("", "Choose…"), *choices], required=False
            )
        if policy.unit:
            self.fields["value"].label = f"Value, in {policy.unit}"
        self.fields["value"].help_text = _EXAMPLES.get(policy.kind, "")

    def clean(self) -> dict[str, Any]:
        """A value or the wish to have none, not both and not neither."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("value")) == bool(cleaned.get("unset")):
            self.add_error("value", "Type a value, or tick that it is not set from this day on.")
        return cleaned


@page("core.policy.view")
def policies(request: UtilityRequest) -> HttpResponseBase:
    """All policies by group, as they stand today."""
    today = clock.today(request.utility.tz)
    listed = sorted(policies_on(today), key=lambda p: p.group)
    groups = [(name, list(rows)) for name, rows in groupby(listed, key=lambda p: p.group)]
    return TemplateResponse(request, "policies.html", {"groups": groups, "on": today})


@page("core.policy.view")
def policy(request: UtilityRequest, code: str) -> HttpResponseBase:
    """One policy: what holds, what held, and the form."""
    today = clock.today(request.utility.tz)
    found = policy_on(code, today)
    form = shown(request, lambda: PolicyForm(all_policies()[code], initial=_opened(found, today)))
    context = {"policy": found, "history": found.history, "form": form, "key": fresh_key(request)}
    return TemplateResponse(request, "policy.html", context)


@policy.posted("core.policy.set")
def set_from_form(request: UtilityRequest, code: str) -> HttpResponseBase:
    """Set it from a day on."""
    kept = all_policies().get(code)
    if kept is None:
        return redirect("core:policies")
    form = checked(request, PolicyForm(kept, request.POST))
    value = None if form.cleaned_data["unset"] else form.cleaned_data["value"]
    try:
        perform(request, set_policy, code=code, value=value, starts=form.cleaned_data["starts"])
    except Refused as refused:
        if refused.field == code:  # the policy names itself; on this page its field is the value
            refused.field = "value"
        raise
    messages.success(request, f"{kept.label} is set from {form.cleaned_data['starts']:%b %-d, %Y}.")
    return redirect("core:policy", code=code)


def _opened(found: PolicyShown, today: Any) -> dict[str, Any]:
    value = found.raw
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return {"value": value, "starts": today}
