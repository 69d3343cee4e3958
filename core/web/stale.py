"""Edit forms for two clerks at once: the later one loses nothing of what they typed.

In the view of the page put ``"seen": seen_mark(request, values)`` in the context (``form.html`` and
``{% once %}`` beside it carry it); in the posted view hand ``seen=seen_sent(request)`` to the operation,
which calls ``core.seen.check`` with the same values.  The rest happens by itself: a stale form comes
back with what was typed; a field that only the other clerk touched shows their value, one that both did
keeps what was typed, and each says who changed it, when, and what it is now.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.forms import BaseForm, BooleanField, ChoiceField
from django.http import QueryDict
from django.utils import timezone

from core.seen import MARK_LENGTH, Changed, Stale, differing, mark_of
from core.ui.sealed_field import SealedField
from core.ui.words import clock_text, day_text
from core.web.requests import UtilityRequest

SEEN_FIELD = "seen"


def seen_sent(request: UtilityRequest) -> str:
    """The mark that the form was opened with; empty when it has none."""
    return request.POST.get(SEEN_FIELD, "")[:MARK_LENGTH]


def seen_mark(request: UtilityRequest, values: Mapping[str, Any]) -> str:
    """The mark for a form that is being shown: of the values now, by field.

    A form that comes back for another reason keeps the mark it had: its clerk has not been told yet.
    """
    if isinstance(request.refused, Stale):
        return request.refused.mark
    return seen_sent(request) or mark_of(values)


def show_changes(form: BaseForm, stale: Stale) -> None:
    """Bring what others changed into a form that was sent, and say so at each field."""
    typed = form.cleaned_data
    mine = set(differing(stale.seen, {c.field: typed.get(c.field) for c in stale.changes}))
    for change in stale.changes:
        if change.field not in form.fields:
            form.add_error(None, _told(form, change, kept=False))
            continue
        if isinstance(form.fields[change.field], SealedField):
            form.add_error(change.field, f"{_now(form, change)} Empty leaves it; what you type replaces it.")
            continue
        kept = change.field in mine
        if not kept:
            _put(form, change)
        form.add_error(change.field, _told(form, change, kept=kept))


def _put(form: BaseForm, change: Changed) -> None:
    data = form.data.copy() if isinstance(form.data, QueryDict) else QueryDict(mutable=True)
    name = form.add_prefix(change.field)
    if isinstance(form.fields[change.field], BooleanField):
        data.pop(name, None)
        if change.now:
            data[name] = "on"
    elif isinstance(change.now, list):
        data.setlist(name, [_plain(one) for one in change.now])
    else:
        data[name] = _plain(change.now)
    form.data = data


def _now(form: BaseForm, change: Changed) -> str:
    at = f" on {_moment(change)}" if change.at else ""
    return f"{change.who or 'Somebody'} changed this{at}: it is now {_shown(form, change)}."


def _told(form: BaseForm, change: Changed, *, kept: bool) -> str:
    now = _now(form, change)
    if kept:
        return f"{now} What you typed is kept; send it again to have it so."
    return f"{now} You had not changed it, so it is taken over here."


def _moment(change: Changed) -> str:
    if change.at is None:
        return ""
    local = timezone.localtime(change.at)
    return f"{day_text(local.date())} at {clock_text(local)}"


def _shown(form: BaseForm, change: Changed) -> str:
    field = form.fields.get(change.field)
    if isinstance(field, BooleanField):
        return "ticked" if change.now else "not ticked"
    if isinstance(field, ChoiceField):
        choices: Any = field.choices
        listed = {str(k): str(v) for k, v in choices if not isinstance(v, list | tuple)}
        if isinstance(change.now, list):
            return ", ".join(f"“{listed.get(_plain(n), _plain(n))}”" for n in change.now) or "empty"
        return f"“{listed.get(_plain(change.now), _plain(change.now))}”"
    if isinstance(change.now, date):
        return day_text(change.now)
    text = _plain(change.now)
    return f"“{text}”" if text else "empty"


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value.isoformat() if isinstance(value, date) else getattr(value, "pk", value))
