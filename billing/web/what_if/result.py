"""One what-if: its progress while it is worked out, then what came out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from billing.web.what_if.confirming import confirming
from billing.what_if import telling
from billing.what_if.operations import delete_what_if, rename_what_if
from billing.what_if.queries import figures_of, most_changed, state_of, tables_of, what_if_of
from billing.what_if.sums import Figures
from core import clock
from core.acting import names_of
from core.ui.parts import Fact, Verb
from core.web.jobs import NO_WORKER
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown
from core.work.presence import workers_seen
from core.work.queries import job_progress

TOP = 6


class NameForm(forms.Form):
    """Name and note."""

    name = forms.CharField(label="Name", max_length=120)
    note_text = forms.CharField(
        label="Note", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


@page("bills.view")
def what_if(request: UtilityRequest, what_if_id: int) -> HttpResponseBase:
    """The page of a what-if."""
    found = what_if_of(what_if_id)
    figures = figures_of(found)
    context = {
        **_live(request, found),
        "state": state_of(found),
        "tables": [{"row": row, "words": telling.table_words(row)} for row in tables_of(found)],
        "who": names_of([found.made_by]).get(found.made_by, ""),
        "verbs": _verbs(request, found, figures),
        "refused": request.refused,
        **(_told(found, figures) if figures else {}),
    }
    if found.version_id is not None and figures:
        context["confirm"] = confirming(request, found)
    return TemplateResponse(request, "what_if/what_if.html", context)


@page("bills.view")
def live(request: UtilityRequest, what_if_id: int) -> HttpResponseBase:
    """What changes while it is worked out."""
    context = {**_live(request, what_if_of(what_if_id)), "was_running": True}
    return TemplateResponse(request, "what_if/live.html", context)


def _live(request: UtilityRequest, found: Any) -> dict[str, Any]:
    progress = None
    if not found.figures and found.job_id is not None:
        progress = job_progress(found.job_id, clock.now())
    running = progress is not None and not progress.ended
    return {
        "what_if": found,
        "progress": progress if running else None,
        "stopped": progress if progress is not None and progress.ended else None,
        "no_worker": NO_WORKER if running and not workers_seen() else (),
        "may_cancel_job": request.actor.may("core.job.cancel"),
    }


def _told(found: Any, figures: Figures) -> dict[str, Any]:
    whole = telling.Told("All bills", figures.whole)
    bands = telling.by_use(figures)
    up, down = most_changed(found.id, TOP)
    size = (560, 190)
    return {
        "figures": figures,
        "stats": _stats(found, figures, whole),
        "groups": [
            ("Service", "droplet", telling.by_service(figures)),
            ("Class", "users", telling.by_class(figures)),
            (telling.use_heading(figures), "gauge", [told for _, told in bands]),
            ("Rate", "receipt-tax", telling.by_rate(figures) if len(figures.rates) > 1 else []),
        ],
        "whole": whole,
        "chart": telling.change_picture(figures, telling.SCREEN, size),
        "use_chart": telling.use_picture(figures, telling.SCREEN, (560, 180)),
        "unpriced": [
            {"reason": reason.replace("_", " "), "sum": one, "where": f"reason={reason}"}
            for reason, one in sorted(figures.unpriced.items())
        ],
        "up": [{"row": row, "change": telling.signed(row.change)} for row in up],
        "down": [{"row": row, "change": telling.signed(row.change)} for row in down],
        "bills_url": reverse("what_if:bills", args=[found.id]),
    }


def _stats(found: Any, figures: Figures, whole: telling.Told) -> list[Fact]:
    bills = reverse("what_if:bills", args=[found.id])
    one = figures.whole
    return [
        Fact("Billed", amount=one.old, note=f"{one.bills:,} bills"),
        Fact("Would be", amount=one.new),
        Fact("Difference", whole.change, note=whole.percent),
        Fact("Pay more", f"{one.higher:,}", url=f"{bills}?way=up&sort=-change"),
        Fact("Pay less", f"{one.lower:,}", url=f"{bills}?way=down&sort=change"),
        Fact("Stay the same", f"{one.same:,}", url=f"{bills}?way=same",
             note=f"{figures.untouched:,} have no such rate" if figures.untouched else ""),
    ]  # fmt: skip


def _verbs(request: UtilityRequest, found: Any, figures: Figures | None) -> list[Verb]:
    number = found.id
    verbs = []
    if figures is not None:
        verbs.append(Verb("All bills", reverse("what_if:bills", args=[number]), "list-check", "b", main=True))
        verbs.append(Verb("Packet", reverse("what_if:packet", args=[number]), "printer", "v"))
        verbs.append(Verb("Compare", f"{reverse('what_if:compare')}?one={number}", "scale", "c"))
    if request.actor.may("rates.what_if"):
        verbs.append(Verb("Rename", reverse("what_if:rename", args=[number]), "pencil", "m"))
        verbs.append(Verb("Delete…", reverse("what_if:delete", args=[number]), "trash", danger=True))
    return verbs


@page("rates.what_if")
def rename(request: UtilityRequest, what_if_id: int) -> HttpResponseBase:
    """The form of name and note."""
    found = what_if_of(what_if_id)
    first = {"name": found.name, "note_text": found.note}
    context = {
        "title": "Rename",
        "about": found.basis_text,
        "form": shown(request, lambda: NameForm(initial=first)),
        "submit": "Keep",
        "key": fresh_key(request),
        "back": reverse("what_if:what_if", args=[what_if_id]),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@rename.posted("rates.what_if")
def name_it(request: UtilityRequest, what_if_id: int) -> HttpResponseBase:
    """Keep them."""
    given = checked(request, NameForm(request.POST)).cleaned_data
    perform(request, rename_what_if, what_if_id=what_if_id, **given)
    return redirect("what_if:what_if", what_if_id=what_if_id)


@page("rates.what_if")
def delete(request: UtilityRequest, what_if_id: int) -> HttpResponseBase:
    """What deleting will do."""
    found = what_if_of(what_if_id)
    context = {
        "title": f"Delete “{found.name}”",
        "about": found.basis_text,
        "form": shown(request, forms.Form),
        "warning": "All that was worked out goes with it. Bills and rate tables stay as they are.",
        "danger": True,
        "submit": "Delete",
        "key": fresh_key(request),
        "back": reverse("what_if:what_if", args=[what_if_id]),
        "outcome_url": reverse("core:outcome"),
    }
    return TemplateResponse(request, "form.html", context)


@delete.posted("rates.what_if")
def throw_away(request: UtilityRequest, what_if_id: int) -> HttpResponseBase:
    """Delete it."""
    checked(request, forms.Form(request.POST))
    perform(request, delete_what_if, what_if_id=what_if_id)
    messages.success(request, "The what-if is deleted.")
    return redirect("what_if:what_ifs")
