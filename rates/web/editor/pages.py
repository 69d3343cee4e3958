"""The editor of a draft: its page, the clauses shaped anew, and the trial beside them as one types."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core import clock
from core.errors import Conflict, Refused
from core.periods import Period
from core.reading import read_only
from core.seen import Stale
from core.ui.fields import DayField, DayInput
from core.web.requests import UtilityRequest
from core.web.stale import seen_mark, seen_sent
from core.web.views import NotValid, checked, form, fresh_key, page, perform
from rates.drafts import change_draft, values_of_draft
from rates.models import RateVersion
from rates.queries import version_of
from rates.sheet import content_of, fields_of, flattened, nested
from rates.sheet.moves import moved
from rates.sheet.pieces import Problem, Written, listed, text_of
from rates.web.editor.merging import Merged, merged
from rates.web.editor.preview import (
    TRIAL,
    Preview,
    compared_with,
    context_for,
    field_problems,
    known_of,
    preview_of,
)
from rates.web.editor.sheet_shown import PREFIX, Known, SheetShown, known_values
from rates.web.editor.whole_sheet import sheet_context
from rates.web.trial import usual_trial

_NAMED = re.compile(r'name="(s\.[a-z0-9_.]+)"')


class DraftForm(forms.Form):
    """The days of a draft, and where it comes from."""

    starts = DayField(label="In force from", widget=DayInput, help_text="The first day it prices.")
    ends = DayField(
        label="Until", widget=DayInput, required=False, help_text="The first day after it. Empty: on and on."
    )
    source = forms.CharField(
        label="Source", max_length=300, required=False, help_text="The ordinance or page it is taken from."
    )


def typed_fields(request: HttpRequest) -> dict[str, Any]:
    """The fields of the table that were sent."""
    sent = {name[len(PREFIX) :]: text for name, text in request.POST.items() if name.startswith(PREFIX)}
    return nested({name: str(text) for name, text in sent.items()})


def typed_trial(request: HttpRequest) -> dict[str, str]:
    """What was typed for the trial bill."""
    before = f"{TRIAL}-"
    return {k[len(before) :]: str(v) for k, v in request.POST.items() if k.startswith(before)}


def sheet_html(request: UtilityRequest, sheet: SheetShown) -> SafeString:
    """The clauses; what no input of theirs shows goes along hidden, so that nothing typed is ever lost."""
    context = sheet_context(sheet)
    known = sorted(known_values(sheet).items())
    html = render_to_string("rates/editor/sheet.html", {**context, "known": known}, request=request)
    shown = set(_NAMED.findall(html))
    left = {f"{PREFIX}{k}": v for k, v in flattened(sheet.fields).items() if f"{PREFIX}{k}" not in shown}
    hidden = format_html_join("", '<input type="hidden" name="{}" value="{}">', left.items())
    return SafeString(html.replace("</datalist>\n</div>", f"</datalist>{hidden}\n</div>", 1))


def draft_called(code: str, version_id: int) -> RateVersion:
    """The draft; raises ``Conflict`` for another version, ``RateVersion.DoesNotExist`` for none."""
    found = version_of(code, version_id)
    if found.state != "draft":
        raise Conflict(
            "This version is no draft, so it stays as it is.", "Make a new version that begins with it."
        )
    return found


class _Refusal:
    """What a refused save says: at which fields, and at the top."""

    def __init__(self, request: UtilityRequest, written: Written, preview: Preview) -> None:
        self.problems: list[Problem] = list(written.problems)
        self.merged: Merged | None = getattr(request, "merged", None)
        refused = request.refused
        place = refused.field if refused is not None else ""
        if refused is not None and place and place not in DraftForm.base_fields and not self.merged:
            self.problems = field_problems(written, preview) or [Problem("", str(refused))]

    def told(self, bound: forms.Form, refused: Refused | None) -> list[dict[str, str]]:
        """All of it, with links to the fields."""
        found = [{"text": text, "href": ""} for text in (self.merged.told if self.merged else ())]
        found += [{"text": p.text, "href": f"#{PREFIX}{p.field}" if p.field else ""} for p in self.problems]
        for name, errors in bound.errors.items():
            label = bound.fields[name].label if name in bound.fields else ""
            found += [{"text": f"{label}: {e}" if label else str(e), "href": f"#id_{name}"} for e in errors]
        if refused is not None and not found:
            found.append({"text": str(refused), "href": ""})
        return found


def _bound(request: UtilityRequest, found: RateVersion) -> DraftForm:
    if request.form is not None:
        return request.form  # type: ignore[return-value]  # the one that was refused here
    if request.refused is not None:
        return DraftForm(request.POST)
    return DraftForm(initial={"starts": found.starts, "ends": found.ends, "source": found.source})


@page("rates.edit")
def editor(request: UtilityRequest, code: str, version_id: int) -> HttpResponseBase:
    """A draft as numbered clauses, with the trial bill beside them."""
    found = draft_called(code, version_id)
    sent = request.refused is not None
    fields = typed_fields(request) if sent else fields_of(found.content)
    taken_over: Merged | None = getattr(request, "merged", None)
    if taken_over is not None:
        fields = fields_of(taken_over.content)
    written = content_of(fields)
    context = context_for(request.utility.id, found.table, found.starts, found.ends, found.id)
    before = compared_with(found.table, found, found.starts)
    trial = typed_trial(request) if sent else usual_trial(found.content)
    preview = preview_of(written, _trial_day(request, found.starts), trial, context=context, before=before)
    refusal = _Refusal(request, written, preview)
    problems = refusal.problems if sent else field_problems(written, preview)
    bound = _bound(request, found)
    shown = {
        "table": found.table,
        "version": found,
        "form": bound,
        "sheet": sheet_html(request, SheetShown(fields, known_of(context), problems)),
        "preview": preview,
        "trial_names": trial_names(preview.trial.form if preview.trial else None),
        "before_period": Period(before.starts, before.ends) if before else None,
        "told": refusal.told(bound, request.refused) if sent else [],
        "key": fresh_key(request),
        "seen": seen_mark(request, values_of_draft(found)),
    }
    return TemplateResponse(request, "rates/editor/edit.html", shown)


def _trial_day(request: UtilityRequest, starts: date) -> date:
    return max(clock.today(request.utility.tz), starts)


def trial_names(bound: forms.Form | None) -> str:
    """What the trial asks for, to know when it asks for something else."""
    return " ".join(bound.fields) if bound is not None else ""


@editor.posted("rates.edit")
def keep(request: UtilityRequest, code: str, version_id: int) -> HttpResponseBase:
    """Keep the draft as typed."""
    with read_only():
        found = draft_called(code, version_id)
    written = content_of(typed_fields(request))
    days = checked(request, DraftForm(request.POST)).cleaned_data
    if written.problems:
        count = len(written.problems)
        request.form = None
        raise Refused(f"{count} entries cannot be read." if count > 1 else "An entry cannot be read.")
    try:
        perform(
            request,
            change_draft,
            version_id=version_id,
            content=written.content,
            seen=seen_sent(request),
            **days,
        )
    except Stale as stale:
        with read_only():
            now = draft_called(code, version_id).content
        request.form = None
        request.merged = merged(stale, written.content, now)  # type: ignore[attr-defined]  # read by the page above
        raise
    except NotValid:
        raise
    except Refused as refused:
        if refused.field not in DraftForm.base_fields:
            request.form = None
        raise
    messages.success(request, f"The draft of {found.table.code} is kept.")
    if request.POST.get("then") == "edit":
        return redirect("rates:edit", code=code, version_id=version_id)
    return redirect("rates:version", code=code, version_id=version_id)


def _on_screen(request: UtilityRequest, code: str, version_id: int) -> tuple[RateVersion, date, Known, Any]:
    """The draft, the first day as typed, what is known, and the context of the lint."""
    found = draft_called(code, version_id)
    typed = DraftForm(request.POST)
    typed.is_valid()
    starts = typed.cleaned_data.get("starts") or found.starts
    ends = typed.cleaned_data.get("ends")
    context = context_for(request.utility.id, found.table, starts, ends, found.id)
    return found, starts, known_of(context), context


@form("rates.edit")
def reshape(request: UtilityRequest, code: str, version_id: int) -> HttpResponseBase:
    """The clauses after a move: a charge added, removed, moved, a figure made to depend on something.

    Nothing is kept by it.
    """
    with read_only():
        _, _, known, _ = _on_screen(request, code, version_id)
        fields = typed_fields(request)
        now = moved(fields, request.POST.get("act", "")[:200], known.attributes)
        problems = content_of(now.fields).problems
        shown = {p.field: p for p in problems if text_of_at(fields, p.field)}
        html = sheet_html(request, SheetShown(now.fields, known, shown.values(), now.focus))
    response = TemplateResponse(request, "rates/editor/only.html", {"html": html})
    response["HX-Trigger-After-Swap"] = "sheet-shaped"
    return response.render()


def text_of_at(fields: Mapping[str, Any], path: str) -> str:
    """What is typed in a field; an empty one of a sheet just shaped is not complained of."""
    from rates.sheet.moves import inside

    found = inside(fields, path)
    return text_of(found) or "".join(text_of(one) for one in listed(found))


@form("rates.edit")
def tried(request: UtilityRequest, code: str, version_id: int) -> HttpResponseBase:
    """What is wrong, and what a bill comes to, for what is typed.  Nothing is kept by it."""
    with read_only():
        found, starts, _, context = _on_screen(request, code, version_id)
        written = content_of(typed_fields(request))
        before = compared_with(found.table, found, starts)
        day = _trial_day(request, starts)
        preview = preview_of(written, day, typed_trial(request), context=context, before=before)
        names = trial_names(preview.trial.form if preview.trial else None)
        shown = {
            "preview": preview,
            "trial_names": names,
            "asks_anew": bool(names) and names != request.POST.get("trial-names", ""),
            "before_period": Period(before.starts, before.ends) if before else None,
            "again": True,
        }
        return TemplateResponse(request, "rates/editor/beside.html", shown).render()
