"""The kit of the screens: ``{% load ui %}``.

Values: ``amount calc day moment period quantity status badge icon key``.  Pieces: ``button verbs field``
``errors empty stat steps gauge tabs alerts facts table pages timeline once``.  A box: ``card``.
Each tag's own words say what it takes.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, RadioSelect
from django.template.context import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from core.periods import Period
from core.ui import words
from core.ui.columns import Column, shown_rows, written
from core.ui.context import PLACES
from core.ui.fields import AmountInput
from core.ui.statuses import Look, Tone, look_of

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon; give a label only when no word stands beside it."""
    return words.icon(name, label, size)


@register.simple_tag
def amount(value: Decimal | None, strong: bool = False) -> SafeString:
    """Money: tabular, two decimals, a credit with minus and CR."""
    return words.amount(value, strong)


@register.simple_tag
def calc(url: str, value: Decimal | None, strong: bool = False) -> SafeString:
    """Money that opens how it was computed."""
    shown = words.amount(value, strong)
    return format_html('<a class="calc" href="{}" title="How this was computed">{}</a>', url, shown)


@register.simple_tag
def day(value: date | None) -> SafeString:
    """``Nov 22, 2026``."""
    return words.day(value)


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None) -> SafeString:
    """A moment, relative to the time of the request, exact on hover."""
    shell = context.get("shell") or {}
    return words.moment(value, shell.get("now"))


@register.simple_tag
def period(value: Period | None) -> SafeString:
    """A half-open period by its first and last day, both included, as customers read it."""
    if value is None:
        return words.NOTHING
    if value.end is None:
        return format_html('<span class="nowrap">{} on</span>', f"from {words.day_text(value.start)}")
    last = value.end - timedelta(days=1)
    return format_html(
        '<span class="nowrap">{} – {}</span>', words.day_text(value.start), words.day_text(last)
    )


@register.simple_tag
def quantity(value: Decimal | None, unit: str = "") -> SafeString:
    """A quantity with its unit."""
    return words.quantity(value, unit)


@register.simple_tag
def status(state: object) -> SafeString:
    """A state's badge: word, icon, colour."""
    return words.status(state)


@register.simple_tag
def badge(word: str, icon: str = "circle", tone: Tone = "quiet") -> SafeString:
    """A badge that is not a state."""
    return words.status_of(Look(word, icon, tone))


@register.simple_tag
def key(*names: str) -> SafeString:
    """Keys as they stand on the keyboard: ``{% key "Ctrl" "K" %}``."""
    return format_html_join(" ", "<kbd>{}</kbd>", ((name,) for name in names))


@register.inclusion_tag("ui/button.html")
def button(
    label: str,
    *,
    url: str = "",
    icon: str = "",
    key: str = "",
    kind: str = "",
    type: str = "submit",
    name: str = "",
    value: str = "",
    why_not: str = "",
    small: bool = False,
    back: bool = False,
) -> dict[str, Any]:
    """A button, or a link that looks like one.  ``kind``: main, danger, plain.  The key is shown and works.

    ``back`` makes it what Esc does.  ``why_not`` keeps it unusable and says why.
    """
    return {
        "label": label, "url": url, "icon": icon, "key": key, "kind": kind, "type": type, "name": name,
        "value": value, "why_not": why_not, "small": small, "back": back,
    }  # fmt: skip


@register.inclusion_tag("ui/verbs.html", takes_context=True)
def verbs(context: Context, items: Iterable[Any]) -> dict[str, Any]:
    """The verbs of a page, from ``core.ui.parts.Verb``."""
    return {"items": items, "csrf_token": context.get("csrf_token")}


def _widget_attributes(bound: BoundField, described: Sequence[str], optional: bool) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if not optional:
        attributes["required"] = True
    return attributes


def remedies(bound: BoundField) -> list[str]:
    """What is wrong with a field, as what to do about it."""
    found = []
    for problem in bound.errors.as_data():
        found += ["Fill this in."] if problem.code == "required" else [str(m) for m in problem.messages]
    return found


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, help: str = "", label: str = "", autofocus: bool = False) -> dict[str, Any]:
    """A form field: label above, help, what is wrong and what to do about it."""
    widget = bound.field.widget
    optional = not bound.field.required
    advice = help or bound.help_text
    described = [f"{bound.id_for_label}-help"] if advice else []
    if bound.errors:
        described.append(f"{bound.id_for_label}-wrong")
    attributes = _widget_attributes(bound, described, optional or isinstance(widget, RadioSelect))
    if autofocus:
        attributes["autofocus"] = True
    return {
        "bound": bound,
        "wrong": remedies(bound),
        "label": label or bound.label,
        "help": advice,
        "optional": optional,
        "is_check": isinstance(widget, CheckboxInput),
        "is_money": isinstance(widget, AmountInput),
        "is_group": bound.use_fieldset,
        "control": bound.as_widget(attrs=attributes),
    }


@register.inclusion_tag("ui/errors.html")
def errors(form: BaseForm | None, others: Iterable[str] = ()) -> dict[str, Any]:
    """What is wrong with a form, at its top, each with a link to its field; nothing when all is well."""
    found: list[dict[str, str]] = [{"text": text, "href": ""} for text in others]
    if form is not None and form.is_bound:
        found += [{"text": str(e), "href": ""} for e in form.non_field_errors()]
        for bound in form:
            place = f"#{bound.id_for_label}"
            found += [{"text": f"{bound.label}: {told}", "href": place} for told in remedies(bound)]
    return {"found": found}


@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    icon: str = "",
    flush: bool = False,
    verb: str = "",
    url: str = "",
    key: str = "",
) -> SafeString:
    """A box with a title.  ``flush`` lets a table reach its edges; ``verb`` and ``url`` link in its head.

    ``key`` is pressed to follow that link.
    """
    head = ""
    if title:
        mark = words.icon(icon) if icon else ""
        pressed = format_html(' data-key="{}" data-key-label="{}"', key, verb) if key else ""
        shown = format_html(' <kbd aria-hidden="true">{}</kbd>', key) if key else ""
        link = ""
        if verb:
            link = format_html('<a class="push small" href="{}"{}>{}{}</a>', url, pressed, verb, shown)
        head = format_html('<div class="card-head"><h2>{}{}</h2>{}</div>', mark, title, link)
    inner = (
        SafeString(content) if flush else format_html('<div class="card-in">{}</div>', SafeString(content))
    )
    return format_html('<section class="card{}">{}{}</section>', " card-flush" if flush else "", head, inner)


@register.inclusion_tag("ui/stat.html")
def stat(
    label: str,
    value: Any = "",
    *,
    amount: Decimal | None = None,
    note: str = "",
    url: str = "",
    icon: str = "",
    tone: str = "",
) -> dict[str, Any]:
    """A figure of a row of figures (put them in ``<div class="stats">``)."""
    return {
        "label": label,
        "value": value,
        "amount": amount,
        "note": note,
        "url": url,
        "icon": icon,
        "tone": tone,
    }


@register.inclusion_tag("ui/empty.html")
def empty(what: Any) -> dict[str, Any]:
    """What the page is for and the first thing to do, from ``core.ui.parts.Empty``."""
    return {"what": what}


@register.inclusion_tag("ui/steps.html", takes_context=True)
def steps(context: Context, items: Iterable[Any]) -> dict[str, Any]:
    """A checklist, from ``core.ui.parts.Step``."""
    return {"items": items, "shell": context.get("shell"), "csrf_token": context.get("csrf_token")}


def duration_text(seconds: float) -> str:
    """A length of time as it is said: ``40 s``, ``3 min``, ``1 h 5 min``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


@register.inclusion_tag("ui/gauge.html")
def gauge(
    done: int, total: int, *, noun: str = "", seconds: float = 0, step: str = "", tone: str = ""
) -> dict[str, Any]:
    """How far long work is: n of N, rate and time left, from the ``seconds`` it has run."""
    rate = done / seconds if seconds > 0 else 0
    left = (total - done) / rate if rate and done < total else 0
    return {
        "done": done,
        "total": total,
        "percent": min(100, done * 100 // total) if total else 0,
        "noun": noun,
        "rate": f"{rate:,.0f} a second" if rate >= 1 else (f"{rate * 60:,.0f} a minute" if rate else ""),
        "left": duration_text(left) if left else "",
        "step": step,
        "tone": tone,
    }


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Iterable[Any], current: str, label: str = "Sections") -> dict[str, Any]:
    """Tabs, from ``core.ui.parts.Tab``; each is a page of its own address."""
    return {"items": items, "current": current, "label": label}


@register.inclusion_tag("ui/alerts.html")
def alerts(items: Iterable[Any], row: bool = False) -> dict[str, Any]:
    """What must be known first, from ``core.ui.parts.Alert``."""
    return {"items": items, "row": row}


@register.inclusion_tag("ui/facts.html", takes_context=True)
def facts(context: Context, items: Iterable[Any], right: bool = False) -> dict[str, Any]:
    """Labels and values, from ``core.ui.parts.Fact`` or a mapping of label to value."""
    listed = [{"label": k, "value": v} for k, v in items.items()] if isinstance(items, Mapping) else items
    actor = getattr(context.get("request"), "actor", None)
    return {"items": listed, "right": right, "reveals": actor is not None and actor.may("core.secret.reveal")}


@register.inclusion_tag("ui/table.html")
def table(
    columns: Sequence[Column],
    rows: Iterable[Any],
    caption: str = "",
    foot: Sequence[Any] = (),
    opens: Any = None,
) -> dict[str, Any]:
    """A table of declared columns (``core.ui.columns``); ``foot`` has one value, or ``None``, for each."""
    shown = [(c, written(c, v) if v not in (None, "") and c.kind != "text" else conditional_escape(v or ""))
             for c, v in zip(columns, foot, strict=False)]  # fmt: skip
    return {"columns": columns, "rows": shown_rows(columns, rows, opens), "caption": caption, "foot": shown}


@register.inclusion_tag("ui/pages.html", takes_context=True)
def pages(context: Context) -> dict[str, Any]:
    """Previous and next of a list, from the context ``core.ui.lists`` makes."""
    return {name: context.get(name) for name in ("first", "last", "total", "previous", "next", "page")}


@register.inclusion_tag("ui/timeline.html", takes_context=True)
def timeline(context: Context, entries: Iterable[Any]) -> dict[str, Any]:
    """What happened, newest first, from ``core.ui.parts.Entry``."""
    return {"entries": entries, "shell": context.get("shell")}


@register.simple_tag
def place(name: str) -> str:
    """Where an entry of the navigation leads: ``{% place "Runs" %}``."""
    return next(p.path for p in PLACES if p.name == name)


@register.simple_tag
def once(idempotency_key: str = "") -> SafeString:
    """The hidden idempotency key, made as the form opens; put ``data-once`` on the form.

    A form shown again after an error keeps its key when the view gives the one it received.
    """
    kept = idempotency_key or uuid.uuid4()
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', kept)


@register.filter
def grouped(value: Any) -> str:
    """A number with its thousands apart: ``12,345``; ten is ``10`` however it is kept."""
    return words.figures(value)


@register.filter
def rounded(value: Any) -> str:
    """A quantity with its thousands apart and at most three places, as one reads it: ``11,220.779``."""
    short = value.quantize(Decimal("0.001")) if isinstance(value, Decimal) else value
    return words.figures(short.normalize() if isinstance(short, Decimal) else short)


@register.simple_tag
def step_mark(state: object) -> SafeString:
    """The round mark of a step of a checklist."""
    look = look_of(state)
    return format_html('<span class="step-mark tone-{}">{}</span>', look.tone, words.icon(look.icon))


@register.filter
def initials(name: str) -> str:
    """At most two first letters of a name."""
    parts = str(name).split()
    return "".join(p[0] for p in (parts[:1] + parts[1:][-1:])).upper()
