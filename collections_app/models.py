"""The counter: drawers, their sessions, receipts, tenders and what they paid."""

from django.db import models
from django.db.models import Q

from core.amounts import AmountField
from core.tenancy.fields import Ref, TenantModel
from customers.models import Account
from ledger.deposit_models import Deposit
from ledger.models import Charge, ChartAccount, Credit, Journal


class Drawer(TenantModel):
    """A cash drawer and the chart account its money is in."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    chart_account = Ref(ChartAccount, lookup=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="drawer_code_once")]

    def __str__(self) -> str:
        return self.name


class DrawerSession(TenantModel):
    """An operator's time with a drawer."""

    id = models.BigAutoField(primary_key=True)
    drawer = Ref(Drawer)
    operator = models.CharField(max_length=80)
    operator_name = models.CharField(max_length=80)
    opening = AmountField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "drawer"], condition=Q(closed_at=None), name="drawer_open_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "operator"], condition=Q(closed_at=None), name="operator_opens_once"
            ),
        ]


class Receipt(TenantModel):
    """Money taken at once from one person: numbered 1…N in its series without gap."""

    id = models.BigAutoField(primary_key=True)
    series = models.CharField(max_length=20, default="counter")
    number = models.BigIntegerField()
    session = Ref(DrawerSession, null=True)
    operator = models.CharField(max_length=80)
    operator_name = models.CharField(max_length=80)
    on = models.DateField()
    at = models.DateTimeField()
    source = models.CharField(max_length=30, default="counter", help_text="counter, or the partner's name")
    reference = models.CharField(max_length=80, blank=True, help_text="the payment's name at its source")
    tendered = AmountField()
    change = AmountField(default=0)
    total = AmountField(help_text="tendered − change")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "series", "number"], name="receipt_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "source", "reference"],
                condition=~Q(reference=""),
                name="outside_payment_once",
            ),
            models.CheckConstraint(
                condition=Q(total__gt=0)
                & Q(change__gte=0)
                & Q(total=models.F("tendered") - models.F("change")),
                name="receipt_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "on"], name="receipt_by_day")]


class Tender(TenantModel):
    """How a part of a receipt was paid.  Card numbers are never taken."""

    class Kind(models.TextChoices):
        """What was handed over."""

        CASH = "cash", "Cash"
        CHECK = "check", "Check"
        CARD = "card", "Card terminal"
        MONEY_ORDER = "money_order", "Money order"
        TRANSFER = "transfer", "Bank transfer"

    id = models.BigAutoField(primary_key=True)
    receipt = Ref(Receipt)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = AmountField()
    reference = models.CharField(max_length=40, blank=True, help_text="cheque or terminal slip number")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="tender_above_zero")]


class Payment(TenantModel):
    """The part of a receipt that went to one account."""

    id = models.BigAutoField(primary_key=True)
    receipt = Ref(Receipt)
    account = Ref(Account)
    journal = Ref(Journal)
    credit = Ref(Credit)
    amount = AmountField()
    balance_before = AmountField(help_text="payoff; a credit below zero")
    balance_after = AmountField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_above_zero")]


class DepositTaken(TenantModel):
    """The part of a receipt that is held as a deposit of an account; one row each."""

    id = models.BigAutoField(primary_key=True)
    receipt = Ref(Receipt)
    account = Ref(Account)
    deposit = Ref(Deposit)
    journal = Ref(Journal)
    amount = AmountField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_taken_above_zero"),
            models.UniqueConstraint(fields=["tenant", "deposit"], name="deposit_taken_once"),
        ]


class ReceiptVoid(TenantModel):
    """A receipt taken back: it keeps its number, its journals are mirrored."""

    class From(models.TextChoices):
        """Where the money that went back was."""

        DRAWER = "drawer", "The drawer it was taken into"
        SAFE = "safe", "The safe, since its drawer was closed"
        BANK = "bank", "The bank, since it came in elsewhere"

    id = models.BigAutoField(primary_key=True)
    receipt = Ref(Receipt)
    operator = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    on = models.DateField(null=True, help_text="the day it counts on")
    paid_from = models.CharField(max_length=6, choices=From.choices, default="drawer", db_default="drawer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "receipt"], name="receipt_voided_once")]


class PaymentReturn(TenantModel):
    """A payment that the bank sent back: its journal mirrored, what it paid owed again, with a fee or not."""

    id = models.BigAutoField(primary_key=True)
    payment = Ref(Payment)
    reason = models.CharField(max_length=60, help_text="not sufficient funds, account closed …")
    on = models.DateField()
    fee = Ref(Charge, null=True, lookup=False)
    operator = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "payment"], name="payment_returned_once")]
        # The database asks for it with each charge that a purge removes.
        indexes = [
            models.Index(fields=["tenant", "fee"], condition=Q(fee__isnull=False), name="return_by_fee"),
        ]


class CashMovement(TenantModel):
    """Money put into a drawer or taken out of it other than by a receipt, each with its journal.

    A session begins with its opening cash and ends with all that was counted going to the safe.
    """

    class Kind(models.TextChoices):
        """Which way it went."""

        OPENING = "opening", "Opening cash"
        ADDED = "added", "Float added"
        DROP = "drop", "Drop to the safe"
        CLOSING = "closing", "To the safe at the close"

    id = models.BigAutoField(primary_key=True)
    session = Ref(DrawerSession)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = AmountField()
    why = models.CharField(max_length=200, blank=True)
    operator = models.CharField(max_length=80)
    at = models.DateTimeField()
    journal = Ref(Journal, null=True, lookup=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="cash_movement_above_zero")]


class DrawerClose(TenantModel):
    """A session's end: what was expected and what was counted, tender by tender; the difference is posted."""

    id = models.BigAutoField(primary_key=True)
    session = Ref(DrawerSession)
    expected = AmountField(help_text="all tenders, with the opening cash")
    counted = AmountField()
    over_short = AmountField(help_text="counted − expected")
    journal = Ref(Journal, null=True, lookup=False, help_text="of over or short")
    note = models.CharField(max_length=200, blank=True)
    operator = models.CharField(max_length=80)
    operator_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "session"], name="session_closed_once"),
            models.CheckConstraint(
                condition=Q(over_short=models.F("counted") - models.F("expected")), name="close_adds_up"
            ),
        ]


class DrawerCount(TenantModel):
    """One tender at a session's close."""

    id = models.BigAutoField(primary_key=True)
    close = Ref(DrawerClose)
    kind = models.CharField(max_length=12, choices=Tender.Kind.choices)
    expected = AmountField()
    counted = AmountField()
    pieces = models.JSONField(default=dict, help_text="denomination to number, when cash was counted so")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "close", "kind"], name="tender_counted_once")
        ]
