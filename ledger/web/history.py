"""Moves to history on screen: past ones, a count of what is completed before a day, the move itself."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.money import total
from core.policies import value_on
from core.ui.columns import Column
from core.ui.fields import DayField, DayInput
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Fact, Verb
from core.ui.words import day_text
from core.web.requests import UtilityRequest
from core.web.views import checked, form, fresh_key, page, perform, shown
from ledger import history as operations
from ledger.history import Counted, months_before, totals_of
from ledger.history_models import HistoryMove
from ledger.history_queries import moves
from ledger.models import RevenueCode
from ledger.policies import HISTORY_AFTER_MONTHS

MOVE = "ledger.history.move"
USUAL_MONTHS = 3


def _rows(request: HttpRequest) -> QuerySet[HistoryMove]:
    return moves()


def _verbs(request: HttpRequest) -> list[Verb]:
    may = request.actor.may  # type: ignore[attr-defined]  # a UtilityRequest
    if not may(MOVE):
        return [Verb("Purges", reverse("ledger:purges"), "trash", "p")]
    purges = Verb("Purges", reverse("ledger:purges"), "trash", "p")
    return [Verb("Move to history", reverse("ledger:history_new"), "stack-2", "n", main=True), purges]


def _items(row: HistoryMove) -> int:
    return sum(one.count for one in totals_of(row.moved or row.seen))


MOVES = ListPage(
    name="history",
    title="History",
    about="What is completed goes to history when somebody decides so, or after the months of the policy."
    " Nothing moves in the books: an item opened again is back at once.",
    noun="moves",
    columns=(
        Column("id", "No.", kind="code", sort="id"),
        Column("before", "Completed before", kind="date", sort="before"),
        Column("state", "State", kind="status", sort="state"),
        Column("items", "Items", _items, kind="number"),
        Column("moved_on", "Moved", kind="date", sort="moved_on"),
        Column("maker_name", "By", sort="maker_name"),
        Column("made_at", "Started", kind="moment", sort="made_at", chosen=False),
    ),
    rows=_rows,
    opens=lambda row: reverse("ledger:history_move", args=[row.pk]),
    order="-id",
    verbs=_verbs,
    empty=Empty(
        "Nothing was moved yet", "Completed transactions stay among the current ones until then.", "stack-2",
        Verb("Move to history", "/ledger/history/new/", "stack-2"),
    ),
    template="ledger/list.html",
)  # fmt: skip

move_list = page("ledger.view")(list_view(MOVES))


class BeforeForm(forms.Form):
    """The day."""

    before = DayField(
        label="Completed before",
        widget=DayInput,
        help_text="Everything that is settled and whose last day is earlier than this one.",
    )


@page(MOVE)
def new_move(request: UtilityRequest) -> HttpResponseBase:
    """The form for the day; what it would move is counted first."""
    today = clock.today(request.utility.tz)
    months = value_on(HISTORY_AFTER_MONTHS, today)
    day = months_before(today, USUAL_MONTHS if months is None else int(months))
    context = {
        "title": "Move to history",
        "about": "What is completed is counted first; then you decide whether it is moved.",
        "form": shown(request, lambda: BeforeForm(initial={"before": day})),
        "submit": "Count it",
        "back": reverse("ledger:history"),
        "outcome_url": reverse("core:outcome"),
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "form.html", context)


@new_move.posted(MOVE)
def count(request: UtilityRequest) -> HttpResponseBase:
    """Count it."""
    given = checked(request, BeforeForm(request.POST)).cleaned_data
    today = clock.today(request.utility.tz)
    made = perform(request, operations.look_before, before=given["before"], today=today)
    return redirect("ledger:history_move", move_id=made)


@page("ledger.view")
def move(request: UtilityRequest, move_id: int) -> HttpResponseBase:
    """One move: control totals by kind and revenue code, before and after."""
    found = moves().get(id=move_id)
    done = found.state == HistoryMove.State.DONE
    rows = _told(totals_of(found.moved if done else found.seen))
    context = {
        "move": found,
        "rows": rows,
        "count": sum(row["count"] for row in rows),
        "amounts": {
            kind: total(r["amount"] for r in rows if r["kind"] == kind) for kind in ("charge", "credit")
        },
        "facts": _facts(found),
        "done": done,
        "may_move": found.state == HistoryMove.State.LOOKED and bool(rows) and request.actor.may(MOVE),
        "at_work": found.state in (HistoryMove.State.LOOKING, HistoryMove.State.MOVING),
        "problem": request.refused,
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "ledger/history_move.html", context)


def _told(totals: list[Counted]) -> list[dict[str, Any]]:
    names = dict(RevenueCode.objects.values_list("code", "name"))
    return [
        {
            "kind": one.kind,
            "what": names.get(one.code, one.code) if one.kind == "charge" else "Payments and credits",
            "code": one.code,
            "count": one.count,
            "amount": one.amount if one.kind == "charge" else -one.amount,
        }
        for one in totals
    ]


def _facts(found: HistoryMove) -> list[Fact]:
    facts = [Fact("Completed before", day_text(found.before)), Fact("By", found.maker_name)]
    if found.moved_on:
        facts.append(Fact("Moved", day_text(found.moved_on)))
    if found.job_id:
        facts.append(Fact("Work", "See how far it is", url=reverse("core:job", args=[found.job_id])))
    return facts


@form(MOVE, again=move)
def move_it(request: UtilityRequest, move_id: int) -> HttpResponseBase:
    """Move it."""
    today = clock.today(request.utility.tz)
    perform(request, operations.move_to_history, move_id=move_id, today=today)
    messages.success(request, "Moved to history. An item that is opened again comes back by itself.")
    return redirect("ledger:history_move", move_id=move_id)
