"""The forms of a drawer: opening it, moving cash, counting it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from collections_app.drawers import Counted
from collections_app.models import CashMovement, Drawer, Tender
from collections_app.sessions import TenderLine
from core.money import ZERO, total
from core.ui.fields import AmountField

PIECES = ("100.00", "50.00", "20.00", "10.00", "5.00", "2.00", "1.00", "0.50", "0.25", "0.10", "0.05", "0.01")
KEYPAD = {"inputmode": "numeric", "autocomplete": "off", "class": "form-control piece-input"}
CASH = str(Tender.Kind.CASH.value)


def piece_name(piece: str) -> str:
    """The field of a denomination: ``piece_2000`` for 20.00."""
    return f"piece_{int(Decimal(piece) * 100)}"


class OpenForm(forms.Form):
    """Which drawer, and its opening cash."""

    drawer = forms.ChoiceField(label="Drawer")
    opening = AmountField(
        label="Opening cash", least=ZERO, help_text="Count it. It comes out of the safe; 0 for none."
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, drawers: Sequence[Drawer], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["drawer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(d.id), f"{d.code} · {d.name}") for d in drawers]


class MoveForm(forms.Form):
    """Cash between the drawer and the safe."""

    kind = forms.ChoiceField(
        label="What",
        choices=[
            (CashMovement.Kind.DROP.value, CashMovement.Kind.DROP.label),
            (CashMovement.Kind.ADDED.value, CashMovement.Kind.ADDED.label),
        ],
    )
    amount = AmountField(label="Amount", least=Decimal("0.01"))
    why = forms.CharField(label="Why", max_length=200, required=False)


class CloseForm(forms.Form):
    """What was counted, tender by tender; of cash by its pieces or as one amount."""

    remark = forms.CharField(label="Remark", max_length=200, required=False)
    sure = forms.BooleanField(required=False, label="Close it with this difference")

    def __init__(self, tenders: Sequence[TenderLine], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(tenders)
        for piece in PIECES:
            self.fields[piece_name(piece)] = forms.IntegerField(
                required=False,
                min_value=0,
                max_value=99999,
                label=piece,
                widget=forms.TextInput({**KEYPAD, "data-piece": piece}),
            )
        for line in tenders:
            self.fields[f"counted_{line.kind}"] = AmountField(label=f"{line.label} counted", least=ZERO)

    @property
    def pieces(self) -> Iterator[BoundField]:
        """The fields of the denominations."""
        return (self[piece_name(piece)] for piece in PIECES)

    @property
    def amounts(self) -> list[tuple[TenderLine, BoundField]]:
        """Each tender with the field of its count, cash first."""
        return [(line, self[f"counted_{line.kind}"]) for line in self.lines]

    def clean(self) -> dict[str, Any]:
        """Cash that was counted by its pieces needs no amount beside them."""
        given = super().clean() or {}
        cash = f"counted_{CASH}"
        if self._pieces() and not self.data.get(cash):
            self.errors.pop(cash, None)
            given[cash] = total(Decimal(p) * n for p, n in self._pieces().items())
        return given

    def _pieces(self) -> dict[str, int]:
        counted = {piece: self.cleaned_data.get(piece_name(piece)) for piece in PIECES}
        return {piece: int(n) for piece, n in counted.items() if n}

    @property
    def counted(self) -> list[Counted]:
        """The counts, of a form that is valid."""
        return [
            Counted(
                line.kind,
                self.cleaned_data[f"counted_{line.kind}"],
                self._pieces() if line.kind == CASH else {},
            )
            for line in self.lines
        ]
