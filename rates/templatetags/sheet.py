"""The inputs of the rate editor: ``{% load sheet %}``.

``cell`` an input with its label, ``pick`` one of a few words, ``tick`` a box, ``choice`` a figure that may
depend on something, ``bare`` an input inside a grid (its column is its label).
"""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.quantities import UNITS
from core.ui import words
from rates.sheet.kinds import OWN
from rates.web.editor.sheet_shown import MONTHS, Cell, SheetShown, tick_cells
from rates.web.reading import KINDS
from rates.web.value_words import OPERATIONS

register = template.Library()

OPTIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "kinds": tuple((kind, KINDS.get(kind, kind)) for kind in OWN),
    "units": (("", "no use (flat)"), *((u.code, f"{u.code}  {u.label}") for u in UNITS.values())),
    "rounding": (
        ("", "exact"), ("up", "up to whole steps of"), ("nearest", "to the nearest"), ("down", "down to"),
        ("exact", "exact (said)"),
    ),
    "basis": (("", "as usual"), ("exact", "before rounding"), ("billed", "as billed, in cents")),
    "missing": (("", "stop the bill"), ("refuse", "stop the bill (said)"), ("nothing", "take nothing")),
    "beyond": (("", "the rest"), ("rest", "the rest (said)"), ("all", "all of the use, without the minimum")),
    "switch": (("", "as usual"), ("yes", "yes"), ("no", "no")),
    "dated_by": (
        ("", "those of the last day"), ("end", "those of the last day (said)"),
        ("start", "those of the first day"), ("days", "each its days’ share"),
    ),
    "currency": (("", "each charge"), ("charge", "each charge (said)"), ("total", "the total")),
    "what": (("", "use"), ("use", "use (said)"), ("demand", "demand"), ("days", "days")),
    "ops": (("", "the value"), *((code, said) for code, said in OPERATIONS.items())),
    "sources": (
        ("", "its own meter"), ("water", "the water meter"), ("irrigation", "the irrigation meter"),
        ("electric", "the electric meter"), ("gas", "the gas meter"),
    ),
}  # fmt: skip
"""The words of each list of choices.  “(said)”: the table names what would hold anyway."""


def _wrong(cell: Cell) -> SafeString:
    if not cell.wrong:
        return SafeString("")
    return format_html(' aria-invalid="true" aria-describedby="{}-wrong"', cell.name)


def _wrong_words(cell: Cell) -> SafeString:
    if not cell.wrong:
        return SafeString("")
    mark = words.icon("alert-circle", size="s")
    return format_html(
        '<span class="field-error" id="{}-wrong">{}<span>{}</span></span>', cell.name, mark, cell.wrong
    )


def _focus(context: Context, cell: Cell) -> SafeString:
    sheet = context.get("sheet")
    return (
        SafeString(" data-focus-here") if sheet is not None and sheet.focus == cell.name else SafeString("")
    )


@register.simple_tag(takes_context=True)
def bare(
    context: Context, cell: Cell, label: str, kind: str = "figure", list: str = "", sample: str = ""
) -> SafeString:
    """An input of a grid: ``kind`` is figure, words or day.  What is wrong stands under it."""
    moded = {"figure": ' inputmode="decimal"', "day": ' type="date"'}.get(kind, "")
    return format_html(
        '<input class="in-{}" name="{}" id="{}" value="{}" aria-label="{}" autocomplete="off"'
        ' spellcheck="false"{}{}{}{}{}>{}',
        kind, cell.name, cell.name, cell.value, label, SafeString(moded),
        format_html(' list="{}"', list) if list else "",
        format_html(' placeholder="{}"', sample) if sample else "",
        _wrong(cell), _focus(context, cell), _wrong_words(cell),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def cell(
    context: Context, path: str, label: str, kind: str = "figure", list: str = "", after: str = "",
    sample: str = "", width: str = "",
) -> SafeString:  # fmt: skip
    """An input with its label above; ``after`` are words that follow it (“gallons”)."""
    one = context["sheet"].cell(path)
    made = bare(context, one, label, kind, list, sample)
    tail = format_html('<span class="ask-after">{}</span>', after) if after else ""
    return format_html(
        '<div class="ask{}"><label for="{}">{}</label><span class="ask-in">{}{}</span></div>',
        f" ask-{width}" if width else "", one.name, label, made, tail,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def value(
    context: Context, path: str, label: str, after: str = "", sample: str = "", width: str = "m"
) -> SafeString:
    """A figure or the name of one in a single input; where it depends on something, all of that."""
    sheet: SheetShown = context["sheet"]
    if sheet.cell(f"{path}.how").value:
        shown = choice(context, path, label, after=after)
        return render_to_string("rates/editor/choice.html", shown)
    return cell(context, f"{path}.one", label, "words", "figures", after, sample, width)


def _options(name: str, value: str) -> SafeString:
    """The options of a list; what is chosen and not among them is one of its own."""
    offered = [*OPTIONS[name]]
    # What only says the usual is offered to tables that say it.
    offered = [o for o in offered if not o[1].endswith("(said)") or o[0] == value]
    if value not in [code for code, _ in offered]:
        offered.append((value, value.replace("_", " ")))
    marked = [(code, SafeString(" selected") if code == value else "", said) for code, said in offered]
    return format_html_join("", '<option value="{}"{}>{}</option>', marked)


@register.simple_tag(takes_context=True)
def pick(context: Context, path: str, label: str, options: str, act: str = "", width: str = "") -> SafeString:
    """One of a few; with ``act`` the sheet is shaped anew when another is chosen."""
    one = context["sheet"].cell(path)
    live = format_html(' data-act="{}"', act) if act else ""
    return format_html(
        '<div class="ask{}"><label for="{}">{}</label><select name="{}" id="{}"{}{}{}>{}</select>{}</div>',
        f" ask-{width}" if width else "", one.name, label, one.name, one.name, live, _wrong(one),
        _focus(context, one), _options(options, one.value), _wrong_words(one),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def tick(context: Context, path: str, label: str) -> SafeString:
    """A box."""
    one = context["sheet"].cell(path)
    return format_html(
        '<label class="check"><input type="checkbox" name="{}" id="{}" value="yes"{}>{}</label>{}',
        one.name, one.name, SafeString(" checked") if one.value else "", label, _wrong_words(one),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def boxes(context: Context, cells: Any) -> SafeString:
    """Boxes for several values: (input, words, ticked)."""
    rows = [
        (one.name, one.name, one.value, SafeString(" checked") if ticked else "", _focus(context, one), said)
        for one, said, ticked in cells
    ]
    box = '<label class="box"><input type="checkbox" name="{}" id="{}" value="{}"{}{}>{}</label>'
    return format_html_join("", box, rows)


@register.simple_tag(takes_context=True)
def months(context: Context, path: str) -> SafeString:
    """Boxes for the months."""
    from rates.sheet.moves import inside

    sheet: SheetShown = context["sheet"]
    found = inside(sheet.fields, path)
    ticked = [str(v) for v in found] if isinstance(found, list) else []
    offered = [(str(n + 1), month) for n, month in enumerate(MONTHS)]
    return SafeString(boxes(context, tick_cells(path, offered, ticked)))


@register.inclusion_tag("rates/editor/choice.html", takes_context=True)
def choice(
    context: Context, path: str, label: str, limits: str = "", unit: str = "", after: str = ""
) -> dict[str, Any]:
    """A figure that may depend on something; with ``limits`` a list of limits with that price or amount."""
    sheet: SheetShown = context["sheet"]
    return {
        "choice": sheet.choice(path, label, limits=limits),
        "sheet": sheet,
        "limits_of": limits,
        "unit": unit,
        "after": after,
        "per": sheet.cell(f"{path.rpartition('.')[0]}.per") if limits == "price" else None,
    }
