"""Receipts on paper: an 80 mm roll at the counter, or a letter sheet.

A receipt says what was taken and what is left.  Amounts are dollars with two places.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.safestring import mark_safe

from billing.documents.statement import Brand, StatementLine
from billing.documents.wording import colour_sheet, day, dollars
from core.barcodes import code128_svg, receipt_code
from core.money import ZERO, show_amount, total
from core.ui import paper

_CSS_PIXELS_A_MILLIMETRE = 96 / 25.4
_FOOT_MILLIMETRES = 6.0
_ROLL_AT_MOST = 4000  # millimetres laid out at first; the page is then cut to what was used


class ReceiptDoesNotAdd(ValueError):
    """Tenders less change are not the amount paid: such a receipt must not be handed out."""


@dataclass(frozen=True, slots=True)
class Tender:
    """What was handed over: “Cash”, “Check 1042”, and how much."""

    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ReceiptDocument:
    """All that a receipt carries.

    ``taken_at`` is the utility's local time.  ``distribution`` is how the payment was spread over charges;
    what it leaves of ``amount_paid``, less ``deposits``, is printed as held on the account.
    ``balance_after`` is negative for a credit.  ``voided`` is the reason of a void (its number is kept);
    empty for a good receipt.  Raises ``ReceiptDoesNotAdd`` when tenders less change are not the amount paid.
    """

    number: str
    taken_at: datetime
    operator: str
    account_number: str
    customer_name: str
    service_address: str
    tenders: tuple[Tender, ...]
    amount_due: Decimal
    amount_paid: Decimal
    balance_after: Decimal
    change: Decimal = ZERO
    distribution: tuple[StatementLine, ...] = ()
    drawer: str = ""
    voided: str = ""
    reprint: bool = False
    deposits: tuple[StatementLine, ...] = ()

    def __post_init__(self) -> None:
        if total(t.amount for t in self.tenders) - self.change != self.amount_paid:
            raise ReceiptDoesNotAdd(
                f"Receipt {self.number} takes {show_amount(total(t.amount for t in self.tenders))} and gives "
                f"{show_amount(self.change)} back, which is not {show_amount(self.amount_paid)} paid."
            )


def print_receipt(receipt: ReceiptDocument, brand: Brand, form: Literal["roll", "letter"] = "roll") -> bytes:
    """The receipt as PDF: on the roll one page just as long as its text, else a letter sheet.

    The same receipt gives the same bytes.
    """
    html = paper.fill("receipt.html", form=form, **_face(receipt, brand))
    css = (paper.stylesheet("receipt.css"), colour_sheet(brand))
    assets = {"logo": brand.logo} if brand.logo else {}
    if form == "letter":
        return paper.render(html, (*css, paper.stylesheet("receipt-letter.css")), assets=assets)
    return print_roll(html, (*css, paper.stylesheet("receipt-roll.css")), assets)


def print_roll(html: str, css: Sequence[Any], assets: Mapping[str, bytes]) -> bytes:
    """A page of 80 mm paper just as long as its text, which ends at the element ``end``."""
    uncut = paper.lay_out(html, (*css, _cut_at(_ROLL_AT_MOST)), assets=assets)
    used = uncut.pages[0].anchors["end"][1] / _CSS_PIXELS_A_MILLIMETRE
    return paper.render(html, (*css, _cut_at(used + _FOOT_MILLIMETRES)), assets=assets)


def _cut_at(millimetres: float) -> str:
    return f"@page {{ size: 80mm {millimetres:.1f}mm }}"


def _face(receipt: ReceiptDocument, brand: Brand) -> dict[str, object]:
    """The texts of a receipt, ready to print."""
    code = receipt_code(re.sub(r"\s", "", receipt.number))
    secured = total(d.amount for d in receipt.deposits)
    held = receipt.amount_paid - secured - total(d.amount for d in receipt.distribution)
    spread = [(d.text, dollars(d.amount)) for d in receipt.distribution]
    if receipt.distribution and held > 0:
        spread.append(("Held on your account", dollars(held)))
    hour = receipt.taken_at.hour % 12 or 12
    clock = f"{hour}:{receipt.taken_at:%M} {'am' if receipt.taken_at.hour < 12 else 'pm'}"
    return {
        "brand": brand,
        "receipt": receipt,
        "facts": [
            ("Receipt", receipt.number),
            ("Date", f"{day(receipt.taken_at.date())}, {clock}"),
            ("Taken by", f"{receipt.operator}{f', drawer {receipt.drawer}' if receipt.drawer else ''}"),
            ("Account", receipt.account_number),
            ("Name", receipt.customer_name),
            ("Service at", receipt.service_address),
        ],
        "due": dollars(receipt.amount_due),
        "paid": dollars(receipt.amount_paid),
        "tenders": [(t.kind, dollars(t.amount)) for t in receipt.tenders],
        "change": dollars(receipt.change) if receipt.change else "",
        "balance": dollars(receipt.balance_after),
        "spread": spread,
        "deposits": [(d.text, dollars(d.amount)) for d in receipt.deposits],
        "deposit_alone": secured == receipt.amount_paid,
        "code": mark_safe(code128_svg(code, module=0.85, height=26)),  # noqa: S308 - our own drawing, escaped
    }
