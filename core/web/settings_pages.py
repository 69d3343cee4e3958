"""Operators, roles and partner keys."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import operators as people
from core import partner_keys
from core.models import Membership, Operator, PartnerKey, Role
from core.permissions import all_permissions
from core.reading import read_only
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown


def _role_choices() -> list[tuple[str, str]]:
    return [(r.code, r.name) for r in Role.objects.order_by("id")]


class OperatorForm(forms.Form):
    """Somebody who shall work for the utility."""

    login = forms.CharField(label="Sign-in name", max_length=64, help_text="Small letters, such as m.jones.")
    name = forms.CharField(
        label="Name", max_length=80, help_text="As it stands on receipts and in the audit."
    )
    email = forms.EmailField(label="E-mail", required=False)
    role_code = forms.ChoiceField(label="Role")

    def __init__(self, roles: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role_code"] = forms.ChoiceField(label="Role", choices=[("", "Choose…"), *roles])


class RoleForm(forms.Form):
    """Another role for an operator."""

    role_code = forms.ChoiceField(label="Role")

    def __init__(self, roles: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role_code"] = forms.ChoiceField(label="Role", choices=roles)


class KeyForm(forms.Form):
    """A key for a partner system."""

    name = forms.CharField(label="Partner system", max_length=80, help_text="Such as Meter platform.")
    permissions = forms.MultipleChoiceField(label="It may", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(p.code, f"{p.group}: {p.label}") for p in all_permissions().values()]
        self.fields["permissions"] = forms.MultipleChoiceField(
            label="It may", choices=listed, widget=forms.CheckboxSelectMultiple
        )


@page(people.MANAGE)
def operators(request: UtilityRequest) -> HttpResponseBase:
    """Who works here, and the form to add somebody."""
    names = dict(_role_choices())
    listed = [{"member": m, "role": names.get(m.role_code, "")} for m in people.members(request.utility.id)]
    context = {
        "people": listed,
        "form": shown(request, lambda: OperatorForm(_role_choices())),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "settings/operators.html", context)


@operators.posted(people.MANAGE)
def add_operator(request: UtilityRequest) -> HttpResponseBase:
    """Add somebody, then show the link to set a password."""
    with read_only():
        roles = _role_choices()
    given = checked(request, OperatorForm(roles, request.POST)).cleaned_data
    operator_id = perform(request, people.add_operator, **given)
    messages.success(request, f"{given['name']} works here now.")
    return redirect("core:operator", operator_id=operator_id)


def _member(request: UtilityRequest, operator_id: int) -> Membership:
    return Membership.objects.select_related("operator").get(
        operator_id=operator_id, utility_id=request.utility.id
    )


@page(people.MANAGE)
def operator(request: UtilityRequest, operator_id: int) -> HttpResponseBase:
    """One operator: role, link to set a password, leaving."""
    member = _member(request, operator_id)
    context = {
        "member": member,
        "role": dict(_role_choices()).get(member.role_code, ""),
        "is_me": request.actor.ref == f"operator:{operator_id}",
        "form": shown(request, lambda: RoleForm(_role_choices(), initial={"role_code": member.role_code})),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "settings/operator.html", context)


@operator.posted(people.MANAGE)
def set_role(request: UtilityRequest, operator_id: int) -> HttpResponseBase:
    """Give another role."""
    with read_only():
        roles = _role_choices()
    given = checked(request, RoleForm(roles, request.POST)).cleaned_data
    perform(request, people.set_role, operator_id=operator_id, **given)
    messages.success(request, f"The role is now {dict(roles)[given['role_code']]}.")
    return redirect("core:operator", operator_id=operator_id)


@form(people.MANAGE, again=operator)
def deactivate(request: UtilityRequest, operator_id: int) -> HttpResponseBase:
    """End somebody's work here."""
    perform(request, people.deactivate_operator, operator_id=operator_id)
    messages.success(request, "They can no longer sign in here.")
    return redirect("core:operators")


@form(people.MANAGE, again=operator)
def invite(request: UtilityRequest, operator_id: int) -> HttpResponseBase:
    """Make a link to set a password and show it; it is kept nowhere."""
    people.invite_operator(request.actor, operator_id=operator_id)
    uid, token = people.invitation(operator_id)
    address = request.build_absolute_uri(reverse("welcome", args=[uid, token]))
    context = {"operator": Operator.objects.get(id=operator_id), "address": address}
    response = TemplateResponse(request, "settings/invitation.html", context)
    response["Cache-Control"] = "no-store"
    return response


@page("core.role.view")
def roles(request: UtilityRequest) -> HttpResponseBase:
    """What each role may do."""
    listed = people.roles_shown(request.utility.id)
    rows = [
        {"permission": p, "held": [p.code in one.rights for one in listed]}
        for p in all_permissions().values()
    ]
    return TemplateResponse(request, "settings/roles.html", {"roles": listed, "rows": rows})


@page(partner_keys.MANAGE)
def keys(request: UtilityRequest) -> HttpResponseBase:
    """The partner keys, and the form for another."""
    revoked = partner_keys.revoked_prefixes(request.utility.id)
    listed = [{"key": k, "revoked": k.prefix in revoked} for k in PartnerKey.objects.order_by("-id")]
    context = {"keys": listed, "form": shown(request, KeyForm), "key": fresh_key(request)}
    return TemplateResponse(request, "settings/keys.html", context)


@keys.posted(partner_keys.MANAGE)
def add_key(request: UtilityRequest) -> HttpResponseBase:
    """Make a key and show it, this once."""
    given = checked(request, KeyForm(request.POST)).cleaned_data
    made = partner_keys.make_key()
    partner_keys.add_key(
        request.actor,
        name=given["name"],
        permissions=given["permissions"],
        prefix=made.prefix,
        digest=made.digest,
    )
    context = {"name": given["name"], "text": made.text}
    response = TemplateResponse(request, "settings/new_key.html", context)
    response["Cache-Control"] = "no-store"
    return response


@form(partner_keys.MANAGE, again=keys)
def revoke_key(request: UtilityRequest, key_id: int) -> HttpResponseBase:
    """Make a key useless."""
    perform(request, partner_keys.revoke_key, key_id=key_id)
    messages.success(request, "The key no longer opens anything.")
    return redirect("core:keys")
