"""A version that starts before posted bills: shown what they would have been, and put in force on that."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from billing.web.what_if.result import what_if as shown_page
from billing.what_if.operations import ask_retroactive
from billing.what_if.queries import what_if_of
from billing.what_if.retroactive import concerned
from billing.what_if_models import WhatIf
from core.errors import NotFound
from core.reading import read_only
from core.web.requests import UtilityRequest
from core.web.views import form, fresh_key, page, perform
from rates.models import RateVersion
from rates.operations import activate_version


def _version(version_id: int) -> RateVersion:
    found = RateVersion.objects.select_related("table").filter(id=version_id).first()
    if found is None:
        raise NotFound("There is no such version.", "Look at the table again.")
    return found


@page("bills.view")
def retroactive(request: UtilityRequest, version_id: int) -> HttpResponseBase:
    """How many posted bills lie in a version's days, what was worked out, and having it worked out."""
    version = _version(version_id)
    found = concerned(version, version.table.code)
    last = WhatIf.objects.filter(version=version, mark=found.mark).order_by("-id").first()
    context = {
        "version": version,
        "table": version.table,
        "found": found,
        "worked": last,
        "is_draft": version.state == "draft",
        "may": request.actor.may("rates.what_if"),
        "key": fresh_key(request),
        "refused": request.refused,
    }
    return TemplateResponse(request, "what_if/retroactive.html", context)


@retroactive.posted("rates.what_if")
def work_out(request: UtilityRequest, version_id: int) -> HttpResponseBase:
    """Have it worked out; what was worked out for exactly this is shown again."""
    what_if_id = perform(request, ask_retroactive, version_id=version_id)
    return redirect("what_if:what_if", what_if_id=what_if_id)


@form("rates.activate", again=shown_page)
def confirm(request: UtilityRequest, what_if_id: int) -> HttpResponseBase:
    """Put the version in force on what was seen."""
    with read_only():
        found = what_if_of(what_if_id)
        version = None if found.version_id is None else _version(found.version_id)
    if version is None:
        raise NotFound("It asks about no version.", "Put the version in force from its own page.")
    perform(request, activate_version, version_id=version.id, seen=request.POST.get("seen", ""))
    messages.success(
        request, f"Rate {version.table.code} is in force from the version's first day. No bill was changed."
    )
    return redirect("what_if:what_if", what_if_id=what_if_id)
