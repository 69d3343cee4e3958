"""One version of a rate: what it says, what it changes, what the lint says of it, and putting it in force."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from core import clock
from core.acting import names_of
from core.duties import SINGLE_OPERATOR
from core.periods import Period
from core.policies import flag
from core.ui.parts import Verb
from core.web.requests import UtilityRequest, is_htmx
from core.web.views import form, fresh_key, page, perform
from rates.checking import context_of
from rates.lint import Finding, ServiceKind, lint
from rates.models import RateVersion
from rates.operations import activate_version, writers_of
from rates.queries import holds_on, version_of, versions_of
from rates.web.cards import cards_of, verbs_of
from rates.web.clause_changes import SAME, ChargeChange, clause_changes
from rates.web.reading import arranged, plain_name, read_out
from rates.web.trial import trial_of, usual_trial

FRAME = "rate_version"
MOST_KINDS = 8
DRAFT = RateVersion.State.DRAFT


def why_not(request: UtilityRequest, found: RateVersion) -> str:
    """Why this operator cannot put it in force; empty when nothing stands against it."""
    if not request.actor.may("rates.activate"):
        return "Your role may not put a rate table in force."
    if request.actor.ref in writers_of(found) and not flag(SINGLE_OPERATOR, found.starts):
        return "You wrote on it; a second person puts it in force."
    return ""


def before_of(found: RateVersion) -> RateVersion | None:
    """The version in force that it follows, or that it was put in the place of."""
    active = [v for v in versions_of(found.table) if v.state == "active" and v.id != found.id]
    return next((v for v in active if v.starts <= found.starts), None)


def changes_of(found: RateVersion, before: RateVersion | None) -> list[ChargeChange]:
    """What it says otherwise, clause by clause; nothing for a first version."""
    if before is None:
        return []
    return [c for c in clause_changes(before.content, found.content) if c.how != SAME]


def kinds_of_services(kinds: tuple[ServiceKind, ...]) -> tuple[int, list[tuple[str, int]]]:
    """How many services have the rate, and the most usual kinds of them in words."""
    counted: dict[str, int] = {}
    for kind in kinds:
        said = [f"{plain_name(n)} {v}" for n, v in sorted(kind.attributes.items()) if n != "bank_draft"]
        words = ", ".join(said) or "alike"
        counted[words] = counted.get(words, 0) + kind.count
    most = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return sum(counted.values()), most[:MOST_KINDS]


def _verbs(request: UtilityRequest, found: RateVersion) -> list[Verb]:
    place = [found.table.code, found.id]
    may, draft = request.actor.may("rates.edit"), found.state == DRAFT
    made = (
        [Verb("Edit", reverse("rates:edit", args=place), "pencil", "e", main=True)] if may and draft else []
    )
    if may and not draft:
        begin = f"{reverse('rates:begin', args=[found.table.code])}?from={found.id}"
        made.append(Verb("New version from it", begin, "plus", "n", main=True))
    made.append(Verb("Take away", reverse("rates:file", args=place), "download"))
    if may and draft:
        made.append(Verb("Withdraw", reverse("rates:withdraw", args=place), "trash", post=True))
    return [*made, *verbs_of(request, found, FRAME)]


def _people(found: RateVersion) -> dict[str, Any]:
    writers = writers_of(found)
    names = names_of([*writers, found.activated_by])
    return {
        "prepared": names.get(writers[0], writers[0]),
        "changed": [names.get(ref, ref) for ref in writers[1:]],
        "activated": names.get(found.activated_by, ""),
    }


@page("rates.view")
def version(request: UtilityRequest, code: str, version_id: int) -> HttpResponseBase:
    """One version: what it says, who made it, and putting it in force."""
    found = version_of(code, version_id)
    today = clock.today(request.utility.tz)
    before = before_of(found)
    old = before.content if before is not None and found.state == DRAFT else None
    typed = request.GET.dict() or usual_trial(found.content)
    trial = trial_of(found.content, max(today, found.starts), typed, before=old)
    if is_htmx(request):
        response = TemplateResponse(request, "rates/trial_result.html", {"trial": trial})
        patch_vary_headers(response, ("HX-Request",))
        return response
    context = context_of(found.table, found.starts, found.ends, leaving_out=found.id)
    count, kinds = kinds_of_services(context.services)
    findings: tuple[Finding, ...] = lint(found.content, context) if found.state == DRAFT else ()
    shown = {
        "table": found.table,
        "version": found,
        "state": "in_force" if holds_on(found, today) else found.state,
        "period": Period(found.starts, found.ends),
        **_people(found),
        "shown": read_out(found.content),
        "content": json.dumps(arranged(found.content), indent=2, ensure_ascii=False),
        "trial": trial,
        "before": before,
        "changes": changes_of(found, before),
        "findings": findings,
        "stops": sum(f.stops for f in findings),
        "services": count,
        "kinds": kinds,
        "others": count - sum(n for _, n in kinds),
        "is_draft": found.state == DRAFT,
        "in_the_past": found.state == DRAFT and found.starts < today,
        "why_not": why_not(request, found) if found.state == DRAFT else "",
        "refused": request.refused,
        "verbs": _verbs(request, found),
        "cards": cards_of(request, found, FRAME),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "rates/version.html", shown)


@form("rates.activate", again=version)
def activate(request: UtilityRequest, code: str, version_id: int) -> HttpResponseBase:
    """Put a draft in force."""
    perform(request, activate_version, version_id=version_id)
    messages.success(request, f"Rate {code} is in force as of the version's first day.")
    return redirect("rates:table", code=code)
