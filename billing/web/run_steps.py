"""The steps of a run as forms: prepare, review, approve, post, print, cancel."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from billing import runs as operations
from billing.models import Run
from billing.web.checklist import RunSeen, fingerprint_text
from billing.web.runs import run, run_of, seen_by
from core.ui.parts import Fact
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown


class ReasonForm(forms.Form):
    """Why something is done."""

    why = forms.CharField(label="Why", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class NothingForm(forms.Form):
    """A step that asks for nothing but a look at its numbers."""


@form("billing.run.prepare", again=run)
def prepare(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """Begin preparing, or begin again."""
    perform(request, operations.prepare_run, run_id=run_id)
    return redirect("billing:run", run_id=run_id)


@form("billing.run.review", again=run)
def review(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """Declare the charges reviewed."""
    perform(request, operations.review_run, run_id=run_id, seen=request.GET.get("seen", ""))
    messages.success(request, "Reviewed. A second person approves exactly these charges.")
    return redirect("billing:run", run_id=run_id)


def _bills(n: int) -> str:
    return f"{n:,} bill{'' if n == 1 else 's'}"


def _confirm(request: UtilityRequest, seen: RunSeen, **words: Any) -> TemplateResponse:
    """A step said in numbers before it is taken."""
    found, figures = seen.run, seen.figures
    facts = [
        Fact("Bills", f"{figures.bills('ready', 'posted'):,}"),
        Fact("Charges", amount=figures.dollars("ready", "posted")),
        Fact("Held, left out", f"{figures.bills('held'):,}"),
        Fact("Not billed", f"{figures.bills('excepted'):,}"),
        Fact("Bills dated", day_text(found.bill_on)),
        Fact("Due", day_text(found.due_on)),
        Fact("Opened by", seen.names.get(found.opened_by, "–")),
        Fact("Reviewed by", seen.names.get(found.reviewed_by, "–")),
    ]
    context = {
        "run": found,
        "form": shown(request, NothingForm),
        "facts": facts,
        "key": fresh_key(request),
        "back": reverse("billing:run", args=[found.id]),
        **words,
    }
    return TemplateResponse(request, "runs/confirm.html", context)


def _not_next(found: Run, *states: str) -> str:
    """Why the step cannot be taken now, empty when it is the next one."""
    return (
        "" if found.state in states else f"The run is {found.get_state_display().lower()}: see its next step."
    )


@page("billing.run.approve")
def approve(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """What will be approved, in numbers, with its fingerprint."""
    seen = seen_by(request, run_of(run_id))
    mark = operations.run_hash(seen.run.seen)
    return _confirm(
        request,
        seen,
        title=f"Approve cycle {seen.run.cycle.code}, {seen.run.starts:%B %Y}",
        lead=f"You approve {_bills(seen.figures.bills('ready'))} with the charges beside, and nothing else: "
        "should one of them change, the approval is refused and the run is reviewed again.",
        submit="Approve the charges",
        icon="square-check",
        sent=mark,
        fingerprint=fingerprint_text(mark),
        why_not=_not_next(seen.run, "reviewed") or seen.why_not_approve,
    )


@approve.posted("billing.run.approve")
def approve_now(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """Approve what was seen."""
    checked(request, NothingForm(request.POST))
    perform(request, operations.approve_run, run_id=run_id, seen=request.POST.get("seen", ""))
    messages.success(request, "Approved. Nothing is posted yet.")
    return redirect("billing:run", run_id=run_id)


@page("billing.run.post")
def post(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """What posting will do, in numbers."""
    seen = seen_by(request, run_of(run_id))
    n, dollars = seen.figures.bills("ready"), seen.figures.dollars("ready")
    return _confirm(
        request,
        seen,
        title=f"Post cycle {seen.run.cycle.code}, {seen.run.starts:%B %Y}",
        lead="",
        warning=f"{_bills(n)} with charges of ${dollars:,.2f} go onto the accounts, "
        f"due {day_text(seen.run.due_on)}. "
        "A posted bill is never changed or deleted; a mistake in one is undone by reversing it.",
        submit=f"Post {_bills(n)}",
        icon="coins",
        danger=True,
        facts_more=[Fact("Approved by", seen.names.get(seen.run.approved_by, "–"))],
        why_not=_not_next(seen.run, "approved"),
    )


@post.posted("billing.run.post")
def post_now(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """Begin posting."""
    checked(request, NothingForm(request.POST))
    perform(request, operations.post_run, run_id=run_id)
    return redirect("billing:run", run_id=run_id)


@page("billing.run.open")
def cancel(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """What cancelling does."""
    seen = seen_by(request, run_of(run_id))
    n = sum(r["n"] for r in seen.figures.by_reason)
    return _confirm(
        request,
        seen,
        title=f"Cancel cycle {seen.run.cycle.code}, {seen.run.starts:%B %Y}",
        lead="",
        warning=f"{_bills(n)} worked out for this run {'is' if n == 1 else 'are'} thrown away. "
        "Nothing was posted, "
        "and the same period can be opened again.",
        form=shown(request, ReasonForm),
        submit="Cancel the run",
        icon="ban",
        danger=True,
        why_not=_not_next(seen.run, "open", "prepared", "reviewed", "approved"),
    )


@cancel.posted("billing.run.open")
def cancel_now(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """Cancel it."""
    given = checked(request, ReasonForm(request.POST)).cleaned_data
    perform(request, operations.cancel_run, run_id=run_id, why=given["why"])
    messages.success(request, "The run is cancelled.")
    return redirect("billing:run", run_id=run_id)


@page("billing.run.print")
def no_print(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """What leaving a run unprinted means."""
    seen = seen_by(request, run_of(run_id))
    return _confirm(
        request,
        seen,
        title=f"Leave cycle {seen.run.cycle.code}, {seen.run.starts:%B %Y} unprinted",
        lead=f"No paper is made of {_bills(seen.figures.bills('posted'))}; it can still be printed later.",
        form=shown(request, ReasonForm),
        submit="Leave unprinted",
        icon="check",
        why_not=_not_next(seen.run, "posted"),
    )


@no_print.posted("billing.run.print")
def no_print_now(request: UtilityRequest, run_id: int) -> HttpResponseBase:
    """Leave it."""
    given = checked(request, ReasonForm(request.POST)).cleaned_data
    perform(request, operations.leave_unprinted, run_id=run_id, why=given["why"])
    return redirect("billing:run", run_id=run_id)
