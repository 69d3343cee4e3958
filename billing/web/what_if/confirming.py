"""Whether a version may be put in force on what a retroactive what-if shows."""

from typing import Any

from django.urls import reverse

from billing.what_if.retroactive import concerned
from core.duties import SINGLE_OPERATOR
from core.policies import flag
from core.web.requests import UtilityRequest
from core.web.views import fresh_key
from rates.models import RateVersion
from rates.operations import writers_of


def confirming(request: UtilityRequest, found: Any) -> dict[str, Any]:
    """What the page of a retroactive what-if says of putting its version in force."""
    version = found.version
    applied = version.state == "active"
    changed = not applied and (
        version.state != "draft" or concerned(version, version.table.code).mark != found.mark
    )
    return {
        "applied": applied,
        "changed_since": changed,
        "may_ask": request.actor.may("rates.what_if") and version.state == "draft",
        "why_not": _why_not(request, version),
        "bills_url": reverse("what_if:bills", args=[found.id]),
        "key": fresh_key(request),
    }


def _why_not(request: UtilityRequest, version: RateVersion) -> str:
    if not request.actor.may("rates.activate"):
        return "Your role may not put a rate table in force."
    if request.actor.ref in writers_of(version) and not flag(SINGLE_OPERATOR, version.starts):
        return "You wrote on it; a second person puts it in force."
    return ""
