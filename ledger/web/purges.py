"""Purges on screen: what would go and what stays, deciding, what was done and its archive."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.duties import SINGLE_OPERATOR
from core.policies import flag
from core.reading import read_only
from core.ui.columns import Column
from core.ui.fields import DayField, DayInput
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Fact, Verb
from core.ui.words import day_text
from core.vault import stored
from core.vault.web import download
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown
from core.work.jobs import OPEN_STATES
from core.work.queries import job_progress
from ledger import purging as operations
from ledger.history_queries import STAYS, purges
from ledger.purge_jobs import last_purge_job, look_at_work
from ledger.purge_models import Purge

PROPOSE, APPROVE = "ledger.purge", "ledger.purge.approve"


def _rows(request: HttpRequest) -> QuerySet[Purge]:
    return purges()


def _verbs(request: HttpRequest) -> list[Verb]:
    may = request.actor.may  # type: ignore[attr-defined]  # a UtilityRequest
    verbs = [Verb("Moves to history", reverse("ledger:history"), "stack-2", "m")]
    looks = look_at_work()
    if looks is not None and may("core.job.view"):
        verbs.insert(0, Verb("One is being looked at", reverse("core:job", args=[looks.id]), "progress", "n"))
    elif may(PROPOSE):
        verbs.insert(0, Verb("Propose a purge", reverse("ledger:purge_new"), "trash", "n", main=True))
    return verbs


PURGES = ListPage(
    name="purges",
    title="Purges",
    about="Settled transactions of closed periods, older than history is kept: archived to a file and"
    " replaced by what they come to. Two persons; nothing open ever goes, no balance changes.",
    noun="purges",
    columns=(
        Column("id", "No.", kind="code", sort="id"),
        Column("before", "Before", kind="date", sort="before"),
        Column("state", "State", kind="status", sort="state"),
        Column("journals", "Journals", lambda row: row.seen["journals"], kind="number"),
        Column("groups", "Settled groups", lambda row: row.seen["groups"], kind="number"),
        Column("maker_name", "Proposed by", sort="maker_name"),
        Column("checker_name", "Decided by", sort="checker_name"),
        Column("done_at", "Done", kind="moment", sort="done_at"),
        Column("archive_sha256", "SHA-256 of the archive", kind="code", chosen=False),
    ),
    rows=_rows,
    opens=lambda row: reverse("ledger:purge", args=[row.pk]),
    order="-id",
    verbs=_verbs,
    empty=Empty(
        "Nothing was purged", "History is kept for good, or for the months of a policy.", "stack-2",
        Verb("Propose a purge", "/ledger/purges/new/", "trash"),
    ),
    template="ledger/list.html",
)  # fmt: skip

purge_list = page("ledger.view")(list_view(PURGES))


class PurgeForm(forms.Form):
    """The day."""

    before = DayField(
        label="Purge before",
        widget=DayInput,
        help_text="What is settled in closed periods earlier than this day.",
    )


@page(PROPOSE)
def new_purge(request: UtilityRequest) -> HttpResponseBase:
    """The form for the day."""
    last = operations.may_be_purged_before(clock.today(request.utility.tz))
    kept = (
        f"History is kept from {day_text(last)} on." if last else "No policy says how long history is kept."
    )
    context = {
        "title": "Propose a purge",
        "about": f"{kept} You see what would go and what stays; nothing goes until somebody else approves.",
        "form": shown(request, lambda: PurgeForm(initial={"before": last})),
        "submit": "Look what would go",
        "back": reverse("ledger:purges"),
        "outcome_url": reverse("core:outcome"),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "form.html", context)


@new_purge.posted(PROPOSE)
def propose(request: UtilityRequest) -> HttpResponseBase:
    """Propose it."""
    given = checked(request, PurgeForm(request.POST)).cleaned_data
    today = clock.today(request.utility.tz)
    made = perform(request, operations.begin_purge, before=given["before"], today=today)
    if made["purge"] is not None:
        return redirect("ledger:purge", purge_id=made["purge"])
    messages.success(request, "It is being looked what would go. The purge is among those listed when done.")
    if not request.actor.may("core.job.view"):
        return redirect("ledger:purges")
    return redirect("core:job", job_id=made["job"])


class WhyForm(forms.Form):
    """Why it is refused."""

    why = forms.CharField(
        label="Why it is refused",
        max_length=operations.LONGEST_WHY,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@page("ledger.view")
def purge(request: UtilityRequest, purge_id: int) -> HttpResponseBase:
    """One purge: what goes, what stays and why, control totals before and after, deciding, the archive."""
    found = purges().get(id=purge_id)
    may, mine = request.actor.may, found.maker == request.actor.ref
    own = mine and not flag(SINGLE_OPERATOR, clock.today(request.utility.tz))
    work, refused_form = _work(request, found), request.form
    waiting = found.state == Purge.State.WAITING and not work["progress"]
    why_not = "You proposed it, so a second person approves it." if own else ""
    context = {
        "purge": found,
        **work,
        "goes": _goes(found),
        "chart": _chart(found),
        "totals": _totals(found),
        "stays": [
            (STAYS[why], groups, journals)
            for why, (groups, journals) in found.seen["stays"].items()
            if why in STAYS
        ],
        "facts": _facts(found),
        "waiting": waiting,
        "done": found.state == Purge.State.DONE,
        "may_decide": waiting and may(APPROVE),
        "why_not": why_not or ("" if found.seen["journals"] else "There is nothing to purge."),
        "may_withdraw": waiting and mine and may(PROPOSE),
        "may_take": found.state == Purge.State.DONE and may(PROPOSE),
        "form": refused_form if isinstance(refused_form, WhyForm) else WhyForm(),
        "problem": request.refused if request.refused and refused_form is None else None,
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "ledger/purge.html", context)


def _work(request: UtilityRequest, found: Purge) -> dict[str, Any]:
    """The job that does it, while it does, or what kept the last one from it; empty for a small purge."""
    job = last_purge_job(found.id)
    told = {"may_see_job": request.actor.may("core.job.view"), "progress": None, "broken": None}
    if job is None:
        return told
    if job.state in OPEN_STATES:
        return {**told, "progress": job_progress(job.id, clock.now())}
    return {**told, "broken": job if found.state == Purge.State.WAITING else None}


def _goes(found: Purge) -> list[Fact]:
    words = (
        ("groups", "Settled groups"),
        ("journals", "Journals"),
        ("lines", "Lines of journals"),
        ("charges", "Charges"),
        ("credits", "Payments and credits"),
        ("applications", "Credits laid on charges"),
        ("accounts", "Customer accounts"),
    )
    return [Fact(label, f"{found.seen[name]:,}") for name, label in words]


def _chart(found: Purge) -> list[dict[str, Any]]:
    """What goes, or went, by account of the chart."""
    return [
        {"code": code, "name": name, "debit": Decimal(debit), "credit": Decimal(credit)}
        for code, name, debit, credit in found.seen["chart"]
    ]


def _totals(found: Purge) -> list[dict[str, Any]]:
    """Control totals of the books before the day: as they were before and after the purge."""
    if not found.totals_before or not found.totals_after:
        return []
    sides = [
        {(code, name): Decimal(debit) - Decimal(credit) for code, name, debit, credit in kept["chart"]}
        for kept in (found.totals_before, found.totals_after)
    ]
    rows = [
        {
            "code": code,
            "name": name,
            "before": sides[0].get((code, name)),
            "after": sides[1].get((code, name)),
        }
        for code, name in sorted(sides[0] | sides[1])
    ]
    kept = (("open", "Open charges"), ("left", "Customer credit"), ("held", "Deposits held"))
    rows += [
        {"code": "", "name": label, "before": Decimal(found.totals_before[key]),
         "after": Decimal(found.totals_after[key])}
        for key, label in kept
    ]  # fmt: skip
    return rows


def _facts(found: Purge) -> list[Fact]:
    facts = [
        Fact("Before", day_text(found.before)),
        Fact("Proposed by", found.maker_name, note=day_text(found.on)),
    ]
    if found.checker_name:
        facts.append(Fact("Decided by", found.checker_name, note=found.checked_why))
    if found.totals_before:
        facts.append(
            Fact("Customers compared", f"{found.totals_before['accounts']:,}", note="each month, each equal")
        )
    return facts


@form(APPROVE, again=purge)
def approve(request: UtilityRequest, purge_id: int) -> HttpResponseBase:
    """Approve and do it, or have a job do it."""
    today = clock.today(request.utility.tz)
    perform(request, operations.approve_purge, purge_id=purge_id, today=today)
    with read_only():
        done = purges().get(id=purge_id).state == Purge.State.DONE
    messages.success(
        request,
        "Archived and purged. Every balance is as it was." if done else "Approved. A job purges it now.",
    )
    return redirect("ledger:purge", purge_id=purge_id)


@form(APPROVE, again=purge)
def refuse(request: UtilityRequest, purge_id: int) -> HttpResponseBase:
    """Refuse it."""
    given = checked(request, WhyForm(request.POST)).cleaned_data
    perform(request, operations.refuse_purge, purge_id=purge_id, why=given["why"])
    messages.success(request, "Refused. Nothing was removed.")
    return redirect("ledger:purge", purge_id=purge_id)


@form(PROPOSE, again=purge)
def withdraw(request: UtilityRequest, purge_id: int) -> HttpResponseBase:
    """Withdraw one's own proposal."""
    perform(request, operations.withdraw_purge, purge_id=purge_id)
    messages.success(request, "Withdrawn. Nothing was removed.")
    return redirect("ledger:purge", purge_id=purge_id)


@form(PROPOSE, again=purge)
def archive(request: UtilityRequest, purge_id: int) -> HttpResponseBase:
    """The archive; that somebody took it is in the audit."""
    file_id = perform(request, operations.open_archive, purge_id=purge_id)
    with read_only():
        return download(stored(file_id))
