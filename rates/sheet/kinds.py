"""What each kind of charge has fields for."""

from collections.abc import Mapping

from rates.sheet.choices import Choice, Limits
from rates.sheet.conditions import When
from rates.sheet.pieces import Count, Flag, Names, Number, Piece, Record, Switch, Words

ROUNDING = Record({"mode": Words(), "step": Number()})
NUMBER = Choice(Number())
CAP = Choice(Number(), blank=True)

HEAD: Mapping[str, Piece] = {
    "id": Words(), "kind": Words(), "version": Count(), "text": Words(), "revenue_code": Words(),
    "taxable": Flag(), "when": When(), "show_zero": Switch(), "stops_at": NUMBER, "prorated": Switch(),
    "falls_with_use": Flag(),
}  # fmt: skip
_QUANTITY: Mapping[str, Piece] = {"quantity": NUMBER, "unit": Words(), "rounding": ROUNDING}
_BLOCKS: Mapping[str, Piece] = {"blocks": Choice(Limits("price")), "limits_times": NUMBER, "per": Number()}
_BASIS: Mapping[str, Piece] = {"of": Names(), "basis": Words(), "if_missing": Words()}
_SHARE: Mapping[str, Piece] = {
    **_BASIS, "percent": NUMBER, "gross_up": Flag(), "at_least": NUMBER, "at_most": NUMBER
}  # fmt: skip
_PER_UNIT: Mapping[str, Piece] = {**_QUANTITY, "price": NUMBER, "per": Number()}

OWN: Mapping[str, Mapping[str, Piece]] = {
    "fixed": {"amount": NUMBER, "times": NUMBER, "unit": Words()},
    "per_unit": _PER_UNIT,
    "rider": _PER_UNIT,
    "blocks": {**_QUANTITY, **_BLOCKS},
    "minimum": {
        **_QUANTITY, **_BLOCKS, "amount": NUMBER, "includes": NUMBER, "times": NUMBER, "beyond": Words(),
    },
    "minimum_bill": {**_BASIS, "amount": NUMBER, "times": NUMBER},
    "maximum_bill": {**_BASIS, "amount": NUMBER, "times": NUMBER},
    "containers": {
        "quantity": NUMBER, "unit": Words(), "first": NUMBER, "additional": NUMBER, "first_count": Number(),
    },
    "bands": {**_QUANTITY, "bands": Choice(Limits("amount"))},
    "percent": _SHARE,
    "tax": {**_SHARE, "tax_code": Words()},
    "round_up": {**_BASIS, "step": NUMBER},
}  # fmt: skip
"""The fields of a kind beside those of every charge."""

PIECES: Mapping[str, Record] = {kind: Record({**HEAD, **own}) for kind, own in OWN.items()}
UNKNOWN = Record(HEAD)
"""A charge of a kind that the form does not know: all but its head is kept as JSON."""


def piece_of(kind: object) -> Record:
    """The fields of that kind of charge."""
    return PIECES.get(kind, UNKNOWN) if isinstance(kind, str) else UNKNOWN
