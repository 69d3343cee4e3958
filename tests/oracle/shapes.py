"""Which entries a table and each kind of charge may have, as schema.json lists them."""

ENTRIES = {
    "name": "text",
    "service_type": "name",
    "unit": "anything",
    "units": "units",
    "use": "use",
    "seasons": "seasons",
    "dated_by": "dated_by",
    "currency_rounding": "currency",
    "derive": "derive",
    "components": "anything",
    "source": "words",
    "effective": "words",
    "note": "words",
    "proration": "proration",
    "look_back": "look_back",
    "billed_in": "billed_in",
    "prices_include_tax": "positive",
    "splittable": "truth",
}
COMMON = {
    "kind": "name",
    "id": "name",
    "version": "count",
    "text": "text",
    "revenue_code": "text",
    "taxable": "truth",
    "when": "when",
    "show_zero": "truth",
    "stops_at": "value",
    "falls_with_use": "truth",
}
QUANTITY = {"quantity": "value", "unit": "words", "rounding": "rounding"}
RESTING = {"of": "listed", "basis": "basis", "if_missing": "missing"}
PERCENT = {**RESTING, "percent": "value", "gross_up": "truth", "at_least": "value", "at_most": "value"}
PRORATED = {"prorated": "truth"}
BY_UNIT = {**QUANTITY, "price": "value", "per": "positive", **PRORATED}
BLOCKS = {**QUANTITY, "blocks": "blocks", "limits_times": "value", "per": "positive", **PRORATED}
KINDS = {
    "fixed": {"amount": "value", "times": "value", "unit": "words", **PRORATED},
    "per_unit": BY_UNIT,
    "rider": BY_UNIT,
    "blocks": BLOCKS,
    "minimum": {**BLOCKS, "amount": "value", "includes": "value", "times": "value", "beyond": "beyond"},
    "minimum_bill": {**RESTING, "amount": "value", "times": "value", **PRORATED},
    "maximum_bill": {**RESTING, "amount": "value", "times": "value", **PRORATED},
    "containers": {
        **{"quantity": "value", "unit": "words", "first": "value", "additional": "value"},
        "first_count": "positive",
        **PRORATED,
    },
    "bands": {**QUANTITY, "bands": "bands", **PRORATED},
    "percent": PERCENT,
    "tax": {**PERCENT, "tax_code": "text"},
    "round_up": {**RESTING, "step": "positive"},
}
NEEDED: dict[str, tuple[str, ...]] = {
    "every": ("id", "kind", "text", "revenue_code"),
    "fixed": ("amount",),
    "per_unit": ("price",),
    "rider": ("price",),
    "blocks": ("blocks",),
    "minimum": ("amount", "includes", "blocks"),
    "minimum_bill": ("amount", "of"),
    "maximum_bill": ("amount", "of"),
    "containers": ("quantity", "first", "additional"),
    "bands": ("bands",),
    "percent": ("percent", "of"),
    "tax": ("percent", "tax_code"),
    "round_up": ("of",),
}
# The kinds whose quantity is the use unless they name another, and the entries in which a figure may stand.
BY_USE = ("per_unit", "rider", "blocks", "minimum", "bands")
VALUES = (
    *("value", "otherwise", "price", "amount", "times", "quantity", "up_to", "limits_times", "includes"),
    *("percent", "at_least", "at_most", "first", "additional", "stops_at", "blocks", "bands"),
    *("factor", "less", "cap"),
)
