"""A journal before it is posted.  Pure."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from core.money import ZERO


class Leg(NamedTuple):
    """One line: a chart account, a customer account where one is concerned, and one of the two sides."""

    chart_account_id: int
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class JournalDraft:
    """A balanced entry to be posted under a key that names its source event."""

    key: str
    on: date
    why: str
    legs: tuple[Leg, ...]
    reverses: int | None = None

    @property
    def total(self) -> Decimal:
        """Σ of the debits, dollars."""
        return sum((leg.debit for leg in self.legs), ZERO)

    def content_hash(self) -> str:
        """SHA-256 of what the journal says; the same key with another hash is refused."""
        legs = [[leg.chart_account_id, str(leg.debit), str(leg.credit), leg.account_id] for leg in self.legs]
        text = json.dumps([str(self.on), self.why, self.reverses, legs], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def problem(self) -> str:
        """Why this cannot be posted, or nothing.  The database refuses the same things."""
        if len(self.legs) < 2:
            return "it has fewer than two lines"
        if any((leg.debit > 0) == (leg.credit > 0) or min(leg.debit, leg.credit) < 0 for leg in self.legs):
            return "each line needs exactly one of debit and credit above zero"
        credits = sum((leg.credit for leg in self.legs), ZERO)
        return "" if credits == self.total else f"debits {self.total} differ from credits {credits}"
