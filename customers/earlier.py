"""Who somebody was here before, and what they still owe from then (CUS-07).

What is owed the ledger knows: an app that does lists a function in its own ``earlier.py`` as ``OWING``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.app_lists import gather
from core.errors import Refused
from customers.models import Account, Customer, Landlord
from customers.sealed import LANDLORD_LICENCE, LANDLORD_SSN, LICENCE, SSN

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A bill that is not paid: what is open of it in dollars, the day it was made, its words.

    Of one that was ``written_off`` on a day, ``owed`` is what has not come in since.
    """

    owed: Decimal
    on: date
    text: str
    written_off: date | None = None


Owing = Callable[[Sequence[int]], Mapping[int, Sequence[Unpaid]]]
"""What is unpaid on each of these accounts (ids), the oldest first; one that owes nothing is absent."""

OWING: tuple[Owing, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierBill:
    """An unpaid earlier bill: account number, name, service address, amount owed in dollars.

    ``closed`` is whether that account has ended; ``bad_debt`` whether it is marked so; ``written_off`` the
    day this bill was given up.
    """

    account: str
    name: str
    address: str
    owed: Decimal
    on: date
    text: str
    closed: bool
    bad_debt: bool
    written_off: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A customer or landlord who has the same number: ``kind`` is “customer” or “landlord”."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """Who has the number already, and every earlier bill of theirs that is unpaid."""

    people: tuple[Person, ...] = ()
    bills: tuple[EarlierBill, ...] = ()

    @property
    def owed(self) -> Decimal:
        """All of it in dollars."""
        return sum((bill.owed for bill in self.bills), Decimal("0.00"))


def earlier_of(
    *, ssn: str = "", licence: str = "", customer_id: int | None = None, others_than: int | None = None
) -> Earlier:
    """Everybody with that social security number or driver licence, and what they owe from before.

    Present and former customers are looked up, and landlords.  ``customer_id`` is somebody known: what they
    owe themselves counts, and who has the numbers on their file.  ``others_than`` is left out, being the
    one whose file is changed.  The numbers are found by their blind indexes and never compared in plain.
    """
    customers: set[int] = set()
    people: dict[tuple[str, int], Person] = {}
    numbers = [(SSN, LANDLORD_SSN, ssn), (LICENCE, LANDLORD_LICENCE, licence)]
    if customer_id:
        customers.add(customer_id)
        known = Customer.objects.filter(id=customer_id).first()
        numbers += [
            (SSN, LANDLORD_SSN, SSN.take(known) if known else ""),
            (LICENCE, LANDLORD_LICENCE, LICENCE.take(known) if known else ""),
        ]
    for customers_own, landlords_own, plain in numbers:
        if not customers_own.normal(plain):
            continue
        for row in customers_own.matching(plain):
            if row.id not in (customer_id, others_than):
                people["customer", row.id] = Person("customer", row.id, row.name)
        for landlord in landlords_own.matching(plain):
            people["landlord", landlord.id] = Person("landlord", landlord.id, landlord.name)
    customers |= {ref for kind, ref in people if kind == "customer"}
    owned = Landlord.objects.filter(id__in=[ref for kind, ref in people if kind == "landlord"])
    customers |= set(owned.exclude(customer=None).values_list("customer_id", flat=True))
    return Earlier(tuple(people.values()), _bills({one for one in customers if one != others_than}))


def accepted(earlier: Earlier, reason: str) -> str:
    """Why somebody is taken although earlier bills are unpaid; the reason without blanks around it.

    Raises ``Refused`` at ``owed_reason``, naming what is owed, while nobody says why.
    """
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Refused(
            f"The reason has {len(reason)} characters.", f"Type {LONGEST_REASON} characters at most.",
            field="owed_reason",
        )  # fmt: skip
    if earlier.bills and not reason:
        first = earlier.bills[0]
        more = f", and {len(earlier.bills) - 1} more." if len(earlier.bills) > 1 else "."
        raise Refused(
            f"{earlier.owed:,.2f} of earlier bills is unpaid: account {first.account}, {first.name},"
            f" {first.address}, {first.owed:,.2f}{more}",
            "Have it paid first, or say why the customer is taken all the same.",
            field="owed_reason",
        )
    return reason


def told(earlier: Earlier, reason: str) -> str:
    """The bills and the reason, in the words of a note on the account."""
    bills = "; ".join(f"{b.account} {b.name}, {b.address}: {b.owed:,.2f}" for b in earlier.bills[:8])
    more = f"; and {len(earlier.bills) - 8} more" if len(earlier.bills) > 8 else ""
    return f"Earlier bills unpaid, {earlier.owed:,.2f}: {bills}{more}. Taken all the same: {reason}"


def _bills(customers: set[int]) -> tuple[EarlierBill, ...]:
    if not customers:
        return ()
    rows = Account.objects.filter(customer__in=customers).select_related("customer", "location")
    accounts = {account.id: account for account in rows.order_by("starts", "id")}
    unpaid: dict[int, list[Unpaid]] = {}
    for ask in gather("earlier", "OWING"):
        for account_id, bills in ask(list(accounts)).items():
            unpaid.setdefault(account_id, []).extend(bills)
    return tuple(
        EarlierBill(
            account=account.number,
            name=account.customer.name,
            address=f"{account.location.address}, {account.location.city}",
            owed=bill.owed,
            on=bill.on,
            text=bill.text,
            closed=account.ends is not None,
            bad_debt=account.bad_debt,
            written_off=bill.written_off,
        )
        for account in accounts.values()
        for bill in unpaid.get(account.id, ())
    )
