"""The counter: scan, Enter, Enter takes a payment."""

from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from collections_app import queries
from collections_app.operations import OVERRIDE_CASH_ONLY, OVERRIDE_SPLIT, post_payment
from collections_app.web.till import CASH_LIKE, Line, TillForm, alerts_of, amount_typed, nth, read_till
from core import clock
from core.money import ZERO
from core.reading import read_only
from core.web.requests import UtilityRequest
from core.web.views import NotValid, checked, fresh_key, page, perform, shown

QUICK_CASH = (20, 50, 100)


@page("payments.post")
def counter(request: UtilityRequest) -> HttpResponseBase:
    """The scan box; with an account, who it is, what is owed and the tender; after a payment, the change."""
    today = clock.today(request.utility.tz)
    sent = request.POST or request.GET
    context: dict[str, Any] = {
        "session": queries.open_session(request.actor.ref),
        "mine": queries.receipts_of_day(request.actor.ref, today),
        "key": fresh_key(request),
    }
    if any(sent.get(nth("account", n)) for n in range(1, 10)):
        context.update(_till(request, today))
    elif request.GET.get("receipt", "").isdecimal():
        context["taken"] = queries.receipt_shown(int(request.GET["receipt"]))
    return TemplateResponse(request, "counter/counter.html", context)


def _till(request: UtilityRequest, today: date) -> dict[str, Any]:
    sent = request.POST or request.GET
    till = read_till(sent, today)
    form = shown(request, lambda: TillForm(None, till, sent))
    flagged = any(line.found.account.cash_only for line in till.lines)
    may = request.actor.may(OVERRIDE_CASH_ONLY)
    focus = request.GET.get("focus", "")
    first = next((name for name in form.fields if focus and name.startswith(focus)), "amount")
    form.fields[first].widget.attrs["autofocus"] = True
    return {
        "till": till,
        "accounts": [_shown(request, form, line) for line in till.lines],
        "tenders": [_tender(form, n) for n in range(1, len(till.tenders) + 1)],
        "form": form,
        "asks_to_keep": bool(form.errors.get("keep")),
        "cash_only": flagged and not may,
        "asks_why": flagged and may,
        "may_split": request.actor.may(OVERRIDE_SPLIT),
        "cash_like": [str(k.value) for k in CASH_LIKE],
        "quick_cash": QUICK_CASH,
    }


def _shown(request: UtilityRequest, form: TillForm, line: Line) -> dict[str, Any]:
    return {
        "line": line,
        "found": line.found,
        "alerts": alerts_of(line.found.account, request.actor),
        "account": form[nth("account", line.n)],
        "amount": form[nth("amount", line.n)],
        "hand": form[nth("hand", line.n)],
        "splits": _splits(form, line) if line.by_hand else [],
    }


def _splits(form: TillForm, line: Line) -> list[dict[str, Any]]:
    return [{"charge": c, "field": form[line.split_name(c)], "due_on": c.due_on} for c in line.found.charges]


def _tender(form: TillForm, n: int) -> dict[str, Any]:
    return {
        "n": n,
        "kind": form[nth("kind", n)],
        "amount": form[nth("tender", n)],
        "reference": form[nth("reference", n)],
    }


@counter.posted("payments.post")
def take(request: UtilityRequest) -> HttpResponseBase:
    """Post the payment, once."""
    today = clock.today(request.utility.tz)
    with read_only():
        till = read_till(request.POST, today)
        form = checked(request, TillForm(request.POST, till, request.POST))
        given = form.cleaned_data
        asks = [
            line
            for line in till.lines
            if queries.must_be_confirmed(line.found.over, today) and not given["keep"] and not line.by_hand
        ]
        session = queries.open_session(request.actor.ref)
    if asks:
        over = ", ".join(f"{line.found.over:,.2f} of account {line.number}" for line in asks)
        problem = f"{over} is more than is owed. Tick this to keep it as credit, or change the amount."
        form.add_error("keep", problem)
        raise NotValid(form)
    receipt_id = perform(
        request,
        post_payment,
        tenders=form.tenders,
        accounts=form.accounts,
        on=today,
        session_id=session.id if session else None,
        cash_only_reason=given["cash_only_reason"],
    )
    with read_only():
        number = queries.receipts().get(id=receipt_id).number
    return redirect(f"{reverse('collections:counter')}?receipt={number}")


@page("payments.post")
def owed(request: UtilityRequest) -> HttpResponseBase:
    """What is owed, and how the amount being typed would be laid on it."""
    today = clock.today(request.utility.tz)
    asked = request.GET.get("n", "1")
    n = int(asked) if asked.isdecimal() else 1
    paying = amount_typed(request.GET.get(nth("amount", n), "")) or ZERO
    found = queries.counter_account(request.GET.get("account", ""), paying, today)
    may_split = request.actor.may(OVERRIDE_SPLIT)
    return TemplateResponse(request, "counter/owed.html", {"found": found, "n": n, "may_split": may_split})
