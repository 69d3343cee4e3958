"""What the counter and its receipts ask."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from billing.documents.statement import StatementLine
from collections_app.documents import ReceiptDocument
from collections_app.documents import Tender as ShownTender
from collections_app.models import DepositTaken, DrawerSession, Payment, Receipt, ReceiptVoid, Tender
from collections_app.policies import OVERPAYMENT
from collections_app.register import RegisterRow, register_rows, register_totals
from core import policies
from core.errors import NotFound
from core.money import ZERO, total
from customers.models import Account
from ledger.models import Application, CreditLeft, OpenItem
from ledger.policy import OpenCharge, distribute
from meters.models import ServiceType

__all__ = ["RegisterRow", "register_rows", "register_totals"]


@dataclass(frozen=True, slots=True)
class OwedCharge:
    """What is open of one charge, and what of a payment is laid on it; dollars."""

    charge_id: int
    service: str
    text: str
    due_on: date
    late: bool
    open: Decimal
    pays: Decimal

    @property
    def left(self) -> Decimal:
        """What stays owed after the payment."""
        return self.open - self.pays


@dataclass(frozen=True, slots=True)
class OwedLine:
    """What is open of one service under one due date, and what of a payment is laid on it; dollars."""

    text: str
    due_on: date
    late: bool
    open: Decimal
    pays: Decimal

    @property
    def left(self) -> Decimal:
        """What stays owed after the payment."""
        return self.open - self.pays


@dataclass(frozen=True, slots=True)
class CounterAccount:
    """An account as the counter sees it; dollars.  ``over`` is what a payment leaves when nothing is owed."""

    account: Account
    charges: tuple[OwedCharge, ...]
    credit: Decimal
    over: Decimal

    @property
    def lines(self) -> tuple[OwedLine, ...]:
        """The charges of one service and due date together."""
        sums: dict[tuple[date, str], OwedLine] = {}
        for one in self.charges:
            text = one.service or one.text
            found = sums.get((one.due_on, text)) or OwedLine(text, one.due_on, one.late, ZERO, ZERO)
            sums[(one.due_on, text)] = replace(found, open=found.open + one.open, pays=found.pays + one.pays)
        return tuple(sums.values())

    @property
    def open(self) -> Decimal:
        """All that is open."""
        return total(one.open for one in self.charges)

    @property
    def payoff(self) -> Decimal:
        """What settles the account today: Σ open − Σ unapplied credit; a credit is below zero."""
        return self.open - self.credit

    @property
    def pays(self) -> Decimal:
        """What of the payment is laid on charges."""
        return total(one.pays for one in self.charges)

    @property
    def left(self) -> Decimal:
        """What stays open after it."""
        return self.open - self.pays


def counter_account(number: str, paying: Decimal | None, today: date) -> CounterAccount:
    """The account of a number with what is owed, oldest first, and how ``paying`` would be laid on it.

    ``None`` pays all that settles it.  Raises ``NotFound``.
    """
    account = Account.objects.select_related("customer", "location").filter(number=number).first()
    if account is None:
        raise NotFound(f"There is no account {number}.", "Scan the bill again, or find the account by name.")
    items = list(
        OpenItem.objects.filter(account=account, open__gt=0)
        .select_related("charge__service")
        .order_by("charge__due_on", "charge_id")
    )
    credit = total(CreditLeft.objects.filter(account=account, open__gt=0).values_list("open", flat=True))
    if paying is None:
        paying = max(total(i.open for i in items) - credit, ZERO)
    charges = [OpenCharge(i.charge_id, i.open, i.charge.priority, i.charge.due_on) for i in items]
    laid, over = distribute(paying, charges)
    pays = {part.charge_id: part.amount for part in laid}
    rows = tuple(_owed(i, pays.get(i.charge_id, ZERO), today) for i in items)
    return CounterAccount(account, rows, credit, over)


def _owed(item: OpenItem, pays: Decimal, today: date) -> OwedCharge:
    charge = item.charge
    service = str(ServiceType(charge.service.service_type).label) if charge.service else ""
    return OwedCharge(
        item.charge_id, service, charge.text, charge.due_on, charge.due_on < today, item.open, pays
    )


def must_be_confirmed(over: Decimal, on: date) -> bool:
    """Whether so much more than is owed is kept only when somebody says so; an unset policy never asks."""
    limit = policies.value_on(OVERPAYMENT, on)
    return limit is not None and over > Decimal(limit)


def open_session(operator_ref: str) -> DrawerSession | None:
    """The operator's open drawer."""
    return (
        DrawerSession.objects.filter(operator=operator_ref, closed_at=None).select_related("drawer").first()
    )


# Asked by every page that who takes money looks at.
_OPEN_DRAWER = """
SELECT s.id, d.name
FROM collections_app_drawersession s
JOIN collections_app_drawer d ON d.tenant_id = s.tenant_id AND d.id = s.drawer_id
WHERE s.operator = %s AND s.closed_at IS NULL ORDER BY s.id LIMIT 1
"""


def open_drawer_name(operator_ref: str) -> tuple[int, str] | None:
    """The operator's open session and its drawer's name, for the bar of every page."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_DRAWER, [operator_ref])
        found: tuple[int, str] | None = cursor.fetchone()
    return found


def receipts() -> QuerySet[Receipt]:
    """Receipts, each with ``voided``."""
    return Receipt.objects.annotate(voided=Exists(ReceiptVoid.objects.filter(receipt=OuterRef("pk"))))


def receipts_of_day(operator_ref: str, on: date) -> list[Receipt]:
    """What an operator took on a day, the last first; a page of a till roll."""
    return list(receipts().filter(operator=operator_ref, on=on).order_by("-number")[:8])


@dataclass(frozen=True, slots=True)
class LaidLine:
    """A part of a payment and the charge it was laid on."""

    account_number: str
    text: str
    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ReceiptShown:
    """A receipt with everything that hangs on it."""

    receipt: Receipt
    tenders: tuple[Tender, ...]
    payments: tuple[Payment, ...]
    laid: tuple[LaidLine, ...]
    void: ReceiptVoid | None
    deposits: tuple[DepositTaken, ...] = ()

    @property
    def kept(self) -> Decimal:
        """What was more than was owed, kept as the accounts' credit at that time."""
        laid = total(part.amount for part in self.laid)
        return total(p.amount for p in self.payments) - laid

    @property
    def parts(self) -> tuple[Payment | DepositTaken, ...]:
        """Everything the receipt was taken for."""
        return (*self.payments, *self.deposits)


def receipt_shown(number: int, series: str = "counter") -> ReceiptShown:
    """A receipt by its number; raises ``NotFound``."""
    receipt = Receipt.objects.filter(number=number, series=series).select_related("session__drawer").first()
    if receipt is None:
        raise NotFound(f"There is no receipt {number}.", "Find it in the list of receipts.")
    payments = tuple(
        Payment.objects.filter(receipt=receipt)
        .select_related("account__customer", "account__location")
        .order_by("id")
    )
    journals = [p.journal_id for p in payments]
    applied = Application.objects.filter(journal__in=journals, undoes=None).select_related(
        "charge__account", "charge__service"
    )
    laid = tuple(
        LaidLine(a.charge.account.number, _named(a), a.charge.due_on, a.amount)
        for a in applied.order_by("charge__due_on", "charge_id")
    )
    tenders = tuple(Tender.objects.filter(receipt=receipt).order_by("id"))
    held = DepositTaken.objects.filter(receipt=receipt).select_related(
        "account__customer", "account__location", "deposit__landlord"
    )
    void = ReceiptVoid.objects.filter(receipt=receipt).first()
    return ReceiptShown(receipt, tenders, payments, laid, void, tuple(held.order_by("id")))


def _named(applied: Application) -> str:
    service = applied.charge.service
    label = f"{ServiceType(service.service_type).label}: " if service else ""
    return f"{label}{applied.charge.text}"


def receipt_document(shown: ReceiptShown) -> ReceiptDocument:
    """The receipt as it is printed; the utility's zone must be in force."""
    receipt, first = shown.receipt, shown.parts[0]
    numbers = list(dict.fromkeys(part.account.number for part in shown.parts))
    more = len(numbers) - 1
    others = f" and {more} more" if more else ""
    return ReceiptDocument(
        number=str(receipt.number),
        taken_at=timezone.localtime(receipt.at),
        operator=receipt.operator_name,
        account_number=", ".join(numbers),
        customer_name=f"{first.account.customer.name}{others}",
        service_address=first.account.location.address,
        tenders=tuple(ShownTender(_tendered(t), t.amount) for t in shown.tenders),
        amount_due=total(p.balance_before for p in shown.payments),
        amount_paid=receipt.total,
        balance_after=total(p.balance_after for p in shown.payments),
        change=receipt.change,
        distribution=tuple(
            StatementLine(f"{part.account_number} {part.text}" if more else part.text, part.amount)
            for part in shown.laid
        ),
        deposits=tuple(StatementLine(_secures(one), one.amount) for one in shown.deposits),
        drawer=receipt.session.drawer.name if receipt.session else "",
        voided=shown.void.reason if shown.void else "",
    )


def _secures(taken: DepositTaken) -> str:
    """For which service, and from whom unless it was the customer."""
    deposit = taken.deposit
    giver = f", from {deposit.landlord.name}" if deposit.landlord else ""
    code = f" ({deposit.reference})" if deposit.reference else ""
    return f"{deposit.get_for_service_display()}{giver}{code}"


def _tendered(tender: Tender) -> str:
    label = str(Tender.Kind(tender.kind).label)
    return f"{label} {tender.reference}" if tender.reference else label
