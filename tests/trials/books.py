"""What an office owes and holds, kept by hand: sums in plain Python that know nothing of the product."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

CASH = "cash"
NOTHING = Decimal(0)


@dataclass
class Paid:
    """A payment as the office remembers it; ``session`` is none for money that came by mail."""

    payment: int
    receipt: int
    account: int
    amount: Decimal
    kind: str
    session: int | None
    cashier: str
    stands: bool = True


@dataclass
class Till:
    """A drawer session: what lies in it, by tender."""

    session: int
    cashier: str
    holds: dict[str, Decimal] = field(default_factory=dict)

    def put(self, kind: str, amount: Decimal) -> None:
        """Money in, or out below zero."""
        self.holds[kind] = self.holds.get(kind, NOTHING) + amount

    @property
    def total(self) -> Decimal:
        """All of it."""
        return sum(self.holds.values(), NOTHING)


@dataclass
class Proposal:
    """An adjustment that waits or stands; ``effect`` above zero raises what is owed."""

    id: int
    account: int
    effect: Decimal
    maker: str
    state: str = "waiting"
    reverses: int | None = None


@dataclass
class Billed:
    """A bill that stands; ``deposit`` is what of deposits paid a final one."""

    id: int
    account: int
    total: Decimal
    deposit: Decimal


@dataclass
class Books:
    """One utility's books: what each account owes (below zero: is owed), deposits, tills.

    ``tenders`` are a receipt's by kind, less the change.
    """

    today: date
    owed: dict[int, Decimal] = field(default_factory=dict)
    deposits: dict[int, Decimal] = field(default_factory=dict)
    held: dict[int, tuple[int, Decimal]] = field(default_factory=dict)
    paid: list[Paid] = field(default_factory=list)
    tenders: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    tills: dict[str, Till] = field(default_factory=dict)
    proposals: dict[int, Proposal] = field(default_factory=dict)
    bills: dict[int, list[Billed]] = field(default_factory=dict)
    over_short: Decimal = NOTHING

    def owe(self, account: int, amount: Decimal) -> None:
        """More is owed, or less below zero."""
        self.owed[account] = self.owed.get(account, NOTHING) + amount

    def keep_deposit(self, account: int, amount: Decimal) -> None:
        """More is held for an account, or less below zero."""
        self.deposits[account] = self.deposits.get(account, NOTHING) + amount

    @property
    def in_tills(self) -> Decimal:
        """What all open drawers hold."""
        return sum((till.total for till in self.tills.values()), NOTHING)
