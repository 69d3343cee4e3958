"""The form of the till: the accounts and tenders of one receipt.

While a receipt is being made it stands in the address: ``account``, ``amount``, ``account_2``, ``amount_2`` …
and ``kind``, ``tender``, ``reference``, ``kind_2`` … so that another account, another tender or another
operator finds what was typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.urls import reverse

from collections_app import queries
from collections_app.models import Tender
from collections_app.operations import OVERRIDE_CASH_ONLY, Tendered, ToAccount
from collections_app.queries import CounterAccount, OwedCharge
from core.actors import Actor
from core.money import ZERO, parse_amount, total
from core.ui.fields import AmountField, AmountInput
from core.ui.parts import Alert
from customers.models import Account

CASH_LIKE = (Tender.Kind.CASH, Tender.Kind.MONEY_ORDER)
TAKEN = (Tender.Kind.CASH, Tender.Kind.CHECK, Tender.Kind.CARD, Tender.Kind.MONEY_ORDER)
CHOICES = [(str(k.value), "Card" if k == Tender.Kind.CARD else str(k.label)) for k in TAKEN]
CENT = Decimal("0.01")
MOST = 20


def nth(name: str, n: int) -> str:
    """The name of a field for the nth account or tender: ``amount``, ``amount_2`` …"""
    return name if n == 1 else f"{name}_{n}"


def amount_typed(text: str | None) -> Decimal | None:
    """An amount while it is being typed; ``None`` as long as it is none."""
    try:
        return parse_amount(text or "")
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Line:
    """An account on the receipt: what is owed, how much is paid, whether the operator lays it by hand."""

    n: int
    found: CounterAccount
    amount: str
    by_hand: bool

    @property
    def number(self) -> str:
        """The account's number."""
        return str(self.found.account.number)

    def split_name(self, charge: OwedCharge) -> str:
        """The field of the part that goes on a charge."""
        return f"split_{self.n}_{charge.charge_id}"


@dataclass(frozen=True, slots=True)
class Handed:
    """A tender as typed."""

    kind: str
    amount: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Till:
    """What is on the receipt that is being made."""

    lines: tuple[Line, ...]
    tenders: tuple[Handed, ...]

    @property
    def several(self) -> bool:
        """Whether more than one account is paid."""
        return len(self.lines) > 1

    @property
    def wanted(self) -> Decimal:
        """The accounts' amounts as far as they can be read."""
        return total(amount_typed(line.amount) or ZERO for line in self.lines)


def read_till(sent: QueryDict, today: date) -> Till:
    """What an address or a form says, each account once; an amount that is not said is all that is owed.

    Raises ``NotFound`` for an account that is none.
    """
    lines: dict[str, Line] = {}
    for n in range(1, MOST + 1):
        number = sent.get(nth("account", n), "")
        if not number or number in lines:
            continue
        typed = sent.get(nth("amount", n))
        found = queries.counter_account(number, amount_typed(typed), today)
        amount = typed or f"{max(found.payoff, ZERO):,.2f}"
        lines[number] = Line(len(lines) + 1, found, amount, bool(sent.get(nth("hand", n))))
    return Till(tuple(lines.values()), tuple(_handed(sent, tuple(lines.values()))))


def _handed(sent: QueryDict, lines: Sequence[Line]) -> list[Handed]:
    found = [
        Handed(
            sent.get(nth("kind", n), "cash"), str(sent[nth("tender", n)]), sent.get(nth("reference", n), "")
        )
        for n in range(1, MOST + 1)
        if nth("tender", n) in sent
    ]
    wanted = total(amount_typed(line.amount) or ZERO for line in lines)
    if not found:
        return [Handed(sent.get("kind", "cash"), f"{wanted:,.2f}" if wanted else "")]
    if sent.get("more") == "tender" and len(found) < MOST:
        missing = wanted - total(amount_typed(h.amount) or ZERO for h in found)
        kind = "cash" if all(h.kind != "cash" for h in found) else "check"
        found.append(Handed(kind, f"{missing:,.2f}" if missing > 0 else ""))
    return found


class TillForm(forms.Form):
    """Accounts with their amounts, tenders, and what has to be said of them."""

    keep = forms.BooleanField(required=False, label="Keep what is too much as credit")
    cash_only_reason = forms.CharField(
        required=False, max_length=200, label="Why another tender (CASH ONLY)", help_text="It is audited."
    )

    def __init__(self, data: QueryDict | None, till: Till, sent: QueryDict) -> None:
        self.till = till
        super().__init__(data)
        for line in till.lines:
            self._add_line(line, sent)
        for n, handed in enumerate(till.tenders, start=1):
            self._add_tender(n, handed)

    def _add_line(self, line: Line, sent: QueryDict) -> None:
        label = f"Amount for {line.number}" if self.till.several else "Amount paid"
        self._put("account", line.n, forms.CharField(widget=forms.HiddenInput), line.number)
        asked = urlencode({"account": line.number, "n": line.n})
        asks = {
            "hx-get": f"{reverse('collections:counter_owed')}?{asked}",
            "hx-trigger": "input changed delay:150ms",
            "hx-target": f"#owed-{line.n}",
            "hx-swap": "outerHTML",
        }
        widget = AmountInput({} if line.by_hand else asks)
        field = AmountField(label=label, least=CENT, widget=widget)
        self._put("amount", line.n, field, amount_typed(line.amount) or line.amount)
        hand = forms.CharField(required=False, widget=forms.HiddenInput)
        self._put("hand", line.n, hand, "1" if line.by_hand else "")
        for charge in line.found.charges if line.by_hand else ():
            name = line.split_name(charge)
            attributes = {"form": "till", "data-split": line.n, "aria-label": _said(charge)}
            part = AmountInput({**attributes, "class": "form-control amount-input"})
            self.fields[name] = AmountField(
                required=False, least=ZERO, most=charge.open, label=_said(charge), widget=part
            )
            self.initial[name] = amount_typed(sent.get(name)) if name in sent else charge.pays

    def _add_tender(self, n: int, handed: Handed) -> None:
        several = len(self.till.tenders) > 1
        widget = forms.Select if several else forms.RadioSelect
        kind = forms.ChoiceField(label=f"Tender {n} by" if several else "By", choices=CHOICES, widget=widget)
        self._put("kind", n, kind, handed.kind)
        label = f"Tender {n}" if several else "Handed over"
        widget_of_amount = AmountInput({"aria-label": label} if several else {})
        tender = AmountField(label=label, least=CENT, widget=widget_of_amount)
        self._put("tender", n, tender, amount_typed(handed.amount) or handed.amount)
        reference = forms.CharField(label="Check or slip number", max_length=40, required=False)
        self._put("reference", n, reference, handed.reference)

    def _put(self, name: str, n: int, field: forms.Field, first: Any) -> None:
        self.fields[nth(name, n)] = field
        self.initial[nth(name, n)] = first

    @property
    def tenders(self) -> list[Tendered]:
        """What was handed over, of a form that is valid."""
        given = self.cleaned_data
        return [
            Tendered(given[nth("kind", n)], given[nth("tender", n)], given[nth("reference", n)])
            for n in range(1, len(self.till.tenders) + 1)
        ]

    @property
    def accounts(self) -> list[ToAccount]:
        """So much for each account, of a form that is valid; by hand where it was laid by hand."""
        return [
            ToAccount(line.found.account.id, self.cleaned_data[nth("amount", line.n)], self._split(line))
            for line in self.till.lines
        ]

    def _split(self, line: Line) -> dict[int, Decimal] | None:
        if not line.by_hand:
            return None
        parts = {c.charge_id: self.cleaned_data[line.split_name(c)] or ZERO for c in line.found.charges}
        return {charge: part for charge, part in parts.items() if part}


def _said(charge: OwedCharge) -> str:
    service = f"{charge.service}: " if charge.service else ""
    return f"{service}{charge.text}"


def alerts_of(account: Account, actor: Actor) -> list[Alert]:
    """What must be known before money is taken."""
    found = []
    if account.cash_only:
        may = actor.may(OVERRIDE_CASH_ONLY)
        text = "You may take another tender, with a reason." if may else "Take cash or a money order."
        found.append(Alert("CASH ONLY", text, "cash", "bad", pulse=True))
    if account.on_hold:
        found.append(Alert("On hold", "Its next bill waits for a look.", "flag", "hold"))
    if account.ends is not None:
        found.append(
            Alert("Closed", f"Since {account.ends:%b} {account.ends.day}, {account.ends.year}.", "lock")
        )
    return found
