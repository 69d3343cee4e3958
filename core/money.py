"""Money: the one currency of a utility, as ``Decimal`` with two places.

Pure: no Django, clock or settings.  Rounding happens in one function, half-up, once per charge;
a bill is the sum of its rounded charges.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

_MOST_DIGITS = 12
_TYPED = re.compile(r"^-?(\d{1,3}(,\d{3})+|\d+)?(\.\d{0,2})?$")


def round_cents(amount: Decimal) -> Decimal:
    """The amount rounded half-up (away from zero on a tie) to whole cents, with two places.

    Nothing is never less than nothing: a credit of no cents is ``0.00``, not ``-0.00``.
    """
    return amount.quantize(CENT, rounding=ROUND_HALF_UP) or ZERO


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum, ``0.00`` when there is nothing to add."""
    return sum(amounts, ZERO)


def parse_amount(text: str) -> Decimal:
    """An amount as a clerk types it: ``12``, ``12.5``, ``1,234.56``, an optional ``$`` or minus.

    Raises ``ValueError`` with a sentence for the clerk; never rounds what was typed.
    """
    plain = text.strip().replace("$", "").strip()
    if not _TYPED.match(plain) or not any(c.isdigit() for c in plain):
        raise ValueError(f"“{text.strip()}” is not an amount. Type it like 12, 12.50 or 1,234.56.")
    if len(plain.replace(",", "").partition(".")[0]) > _MOST_DIGITS:
        raise ValueError("That is more money than an amount can be. Look for a figure too many.")
    return round_cents(Decimal(plain.replace(",", "")))


def show_amount(amount: Decimal) -> str:
    """``1,234.56``; a credit carries a minus and ``CR``: ``-12.50 CR``."""
    text = f"{round_cents(amount):,.2f}"
    return f"{text} CR" if amount < 0 else text
