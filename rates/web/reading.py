"""A rate table's content written out for a reader: what is charged, when, and at which prices.

Reads the JSON that ``rates.engine`` has accepted; it explains, the engine computes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.ui.words import day_text
from rates.sheet.order import in_order
from rates.web.table_notes import notes_of, unit_words
from rates.web.value_words import (
    figure_words,
    money_words,
    plain_name,
    rounding_words,
    value_words,
    when_words,
)

__all__ = [
    "KINDS",
    "ChargeShown",
    "Prices",
    "TableShown",
    "arranged",
    "choices_in",
    "in_order",
    "plain_name",
    "read_out",
    "value_words",
]

KINDS = {
    "fixed": "Fixed charge",
    "per_unit": "Price per unit",
    "rider": "Rider per unit",
    "blocks": "Price by block",
    "minimum": "Minimum with use included",
    "minimum_bill": "Minimum bill",
    "maximum_bill": "Maximum bill",
    "containers": "Price per container",
    "bands": "Amount by band",
    "percent": "Per cent of other charges",
    "tax": "Tax",
    "round_up": "Rounding up",
}


_TEXTS = " texts"
"""What the charges of the table are called, by id, beside the entries of each; no entry has such a name."""


@dataclass(frozen=True, slots=True)
class Prices:
    """A small table of prices: its headings and rows; the last column holds figures."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ChargeShown:
    """One component: its words on the bill, what kind it is, when it applies, and its prices."""

    id: str
    text: str
    kind: str
    revenue_code: str
    when: str
    says: tuple[str, ...]
    prices: tuple[Prices, ...] = ()
    taxable: bool = False


@dataclass(frozen=True, slots=True)
class TableShown:
    """A rate table as it reads."""

    unit: str
    notes: tuple[tuple[str, str], ...]
    charges: tuple[ChargeShown, ...] = field(default=())


def read_out(content: Mapping[str, Any]) -> TableShown:
    """The content for a reader."""
    unit = unit_words(content)
    texts = {c["id"]: c["text"] for c in content["components"]}
    charges = tuple(_charge({**c, _TEXTS: texts}, unit) for c in content["components"])
    return TableShown(unit, tuple(notes_of(content)), charges)


def choices_in(content: Any) -> dict[str, list[str]]:
    """The values that the table knows of each attribute it asks for, in the order in which they stand."""
    found: dict[str, list[str]] = {}
    _gather_choices(content, found)
    return found


_FIRST = (
    "id", "kind", "version", "name", "service_type", "text", "revenue_code", "taxable", "when", "show_zero",
    "unit", "units", "use", "seasons", "dated_by", "currency_rounding", "derive", "components", "quantity",
    "by", "rows", "op", "of", "from", "up_to", "price", "first", "first_count", "additional", "percent",
    "amount", "value",
)  # fmt: skip


def arranged(content: Any) -> Any:
    """The content with its entries in the order in which people write them."""
    if isinstance(content, Mapping):
        places = {name: place for place, name in enumerate(_FIRST)}
        names = in_order(content) if "rows" not in content else list(content)
        return {n: arranged(content[n]) for n in sorted(names, key=lambda n: places.get(n, len(places)))}
    return [arranged(piece) for piece in content] if isinstance(content, list) else content


def _gather_choices(piece: Any, found: dict[str, list[str]]) -> None:
    if isinstance(piece, Mapping):
        if "by" in piece and "rows" in piece:
            names = [piece["by"]] if isinstance(piece["by"], str) else list(piece["by"])
            _gather_rows(piece["rows"], names, found)
        for name, words in piece.get("when", {}).items() if isinstance(piece.get("when"), Mapping) else ():
            if isinstance(words, list) and name not in ("month", "season"):
                known = found.setdefault(name, [])
                known += [str(w) for w in words if w is not None and str(w) not in known]
        for inner in piece.values():
            _gather_choices(inner, found)
    elif isinstance(piece, Sequence) and not isinstance(piece, str):
        for inner in piece:
            _gather_choices(inner, found)


def _gather_rows(rows: Mapping[str, Any], names: list[str], found: dict[str, list[str]]) -> None:
    known = found.setdefault(names[0], [])
    known += [key for key in in_order(rows) if key not in known]
    if names[1:]:
        for inner in rows.values():
            _gather_rows(inner, names[1:], found)


def _charge(c: Mapping[str, Any], unit: str) -> ChargeShown:
    says, prices = _SAYS.get(c["kind"], _entries)(c, c.get("unit") or _quantity_words(c) or unit)
    return ChargeShown(
        id=c["id"],
        text=c["text"],
        kind=KINDS.get(c["kind"], plain_name(c["kind"]).capitalize()),
        revenue_code=c["revenue_code"],
        when=when_words(c.get("when", {})),
        says=(*says, *_also(c)),
        prices=tuple(p for p in prices if p is not None),
        taxable=bool(c.get("taxable")),
    )


def _also(c: Mapping[str, Any]) -> Iterator[str]:
    """What any charge may say beside its prices."""
    if "stops_at" in c:
        stop = c["stops_at"]
        words = "an amount" if isinstance(stop, Mapping) and "op" not in stop else money_words(stop)
        yield f"Stops by itself when {words} is charged"
    if c.get("prorated") is True:
        yield "By the days of a short or long period"
    if c.get("prorated") is False:
        yield "In full for a short or long period"
    if c.get("falls_with_use"):
        yield "May fall when use rises"
    if rounding := c.get("rounding"):
        yield f"The quantity is rounded {rounding_words(rounding)}"


def _quantity_words(c: Mapping[str, Any]) -> str:
    return value_words(c["quantity"]) if "quantity" in c else ""


Said = tuple[list[str], list[Prices | None]]


def _per(c: Mapping[str, Any], unit: str) -> str:
    what = unit or "unit"
    return f"per {figure_words(str(c['per']))} {what}" if "per" in c else f"per {what}"


def _lookup(value: Any, heading: str) -> Prices | None:
    """A choice as a table; ``None`` when the value is one figure."""
    if not isinstance(value, Mapping) or "op" in value:
        return None
    heads, rows = _flat(value)
    return Prices((heads, heading), tuple((label, money_words(leaf)) for label, leaf in rows))


def _flat(value: Any, label: str = "") -> tuple[str, list[tuple[str, Any]]]:
    """The rows of a choice, a choice inside a choice flattened: heading, and (for whom, leaf)."""
    if isinstance(value, Mapping) and "by" in value:
        names = [value["by"]] if isinstance(value["by"], str) else list(value["by"])
        rows = list(_flat_rows(value["rows"], names, label))
        if "otherwise" in value:
            rows += _flat(value["otherwise"], f"{label} · otherwise".strip(" ·"))[1]
        return " and ".join(plain_name(n) for n in names).capitalize(), rows
    if isinstance(value, Mapping) and "dated" in value:
        rows = []
        for row in value["dated"]:
            since = f"from {day_text(date.fromisoformat(row['from']))}"
            rows += _flat(row["value"], f"{label} · {since}".strip(" ·"))[1]
        return "From", rows
    return "", [(label, value)]


def _flat_rows(rows: Mapping[str, Any], names: list[str], label: str) -> Iterator[tuple[str, Any]]:
    for key in in_order(rows):
        row = rows[key]
        here = f"{label} · {key}".strip(" ·")
        if names[1:]:
            yield from _flat_rows(row, names[1:], here)
        else:
            yield from _flat(row, here)[1]


def _block_table(value: Any, unit: str, key: str, heading: str) -> Prices:
    heads, rows = _flat(value)
    written: list[tuple[str, ...]] = []
    for label, blocks in rows:
        before: str | None = None
        for block in blocks:
            limit = block.get("up_to")
            words = _block_words(before, limit)
            written.append(
                (label, words, money_words(block[key])) if heads else (words, money_words(block[key]))
            )
            before = None if limit is None else value_words(limit)
    first = unit.capitalize() or "Quantity"
    return Prices((heads, first, heading) if heads else (first, heading), tuple(written))


def _block_words(before: str | None, limit: Any) -> str:
    if limit is None:
        return f"over {before}" if before else "all"
    return f"over {before} to {value_words(limit)}" if before else f"the first {value_words(limit)}"


def _fixed(c: Mapping[str, Any], unit: str) -> Said:
    says = (
        []
        if isinstance(c["amount"], Mapping) and "op" not in c["amount"]
        else [f"{money_words(c['amount'])} each bill"]
    )
    if "times" in c:
        says.append(f"times {value_words(c['times'])}")
    return says, [_lookup(c["amount"], "Amount")]


def _per_unit(c: Mapping[str, Any], unit: str) -> Said:
    table = _lookup(c["price"], f"Price {_per(c, unit)}")
    return ([] if table else [f"{money_words(c['price'])} {_per(c, unit)}"]), [table]


def _blocks(c: Mapping[str, Any], unit: str) -> Said:
    says = [f"limits times {value_words(c['limits_times'])}"] if "limits_times" in c else []
    return says, [_block_table(c["blocks"], unit, "price", f"Price {_per(c, unit)}")]


def _minimum(c: Mapping[str, Any], unit: str) -> Said:
    says = [f"Minimum {money_words(c['amount'])}, includes {value_words(c['includes'])} {unit}".rstrip()]
    if "times" in c:
        says.append(f"times {value_words(c['times'])}")
    says.append(
        "beyond that all use is priced by block"
        if c.get("beyond") == "all"
        else "use beyond that is priced by block"
    )
    tables = [_lookup(c["amount"], "Minimum"), _lookup(c["includes"], "Includes")]
    return says, [*tables, _block_table(c["blocks"], unit, "price", f"Price {_per(c, unit)}")]


def _basis(c: Mapping[str, Any]) -> str:
    if "of" not in c:
        return "the taxable charges"
    texts = c.get(_TEXTS, {})
    named = [
        "all charges above" if n == "all" else f"“{texts[n]}”" if n in texts else plain_name(n)
        for n in c["of"]
    ]
    return " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))


def _minimum_bill(c: Mapping[str, Any], unit: str) -> Said:
    table = _lookup(c["amount"], "At least")
    least = "the amount below" if table else money_words(c["amount"])
    return [f"What {_basis(c)} {'lacks' if _one(c) else 'lack'} to reach {least}"], [table]


def _maximum_bill(c: Mapping[str, Any], unit: str) -> Said:
    table = _lookup(c["amount"], "At most")
    most = "the amount below" if table else money_words(c["amount"])
    return [f"What {_basis(c)} {'comes' if _one(c) else 'come'} to above {most} is taken off"], [table]


def _one(c: Mapping[str, Any]) -> bool:
    """Whether it rests on a single charge."""
    return len(c["of"]) == 1 and c["of"] != ["all"]


def _containers(c: Mapping[str, Any], unit: str) -> Said:
    count = str(c.get("first_count", "1"))
    first = "The first" if count == "1" else f"Each of the first {count}"
    return [
        f"{first}: {money_words(c['first'])}",
        f"Each additional: {money_words(c['additional'])}",
        f"Counted: {unit}",
    ], [
        _lookup(c["first"], "First"),
        _lookup(c["additional"], "Additional"),
    ]


def _bands(c: Mapping[str, Any], unit: str) -> Said:
    return [], [_block_table(c["bands"], unit, "amount", "Amount")]


def _percent(c: Mapping[str, Any], unit: str) -> Said:
    table = _lookup(c["percent"], "Per cent")
    share = "The per cent below" if table else f"{value_words(c['percent'])} %"
    says = [f"{share} of {_basis(c)}"]
    says += [
        f"{w} {money_words(c[k])}" for k, w in (("at_least", "at least"), ("at_most", "at most")) if k in c
    ]
    if c.get("gross_up"):
        says.append("grossed up, so that it is that share of the sum with itself")
    return says, [table]


_HEAD = ("id", "kind", "version", "text", "revenue_code", "taxable", "when", "show_zero", "unit")


def _entries(c: Mapping[str, Any], unit: str) -> Said:
    """A kind without a sentence of its own yet: its entries one by one."""
    return [f"{plain_name(n)} {value_words(v) if not isinstance(v, list) else ', '.join(map(str, v))}"
            for n, v in c.items() if n not in (*_HEAD, _TEXTS)], []  # fmt: skip


def _round_up(c: Mapping[str, Any], unit: str) -> Said:
    return [f"What {_basis(c)} lack to the next full {money_words(c.get('step', '1'))}"], []


_SAYS = {
    "fixed": _fixed, "per_unit": _per_unit, "rider": _per_unit, "blocks": _blocks, "minimum": _minimum,
    "minimum_bill": _minimum_bill, "maximum_bill": _maximum_bill, "containers": _containers,
    "bands": _bands, "percent": _percent, "tax": _percent, "round_up": _round_up,
}  # fmt: skip
