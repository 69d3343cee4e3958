"""The counter: drawers, their sessions, receipts, tenders and what they paid."""

from django.db import models
from django.db.models import Q

from core.tenancy.fields import Ref, TenantModel
from customers.models import Account
from ledger.models import AmountField, ChartAccount, Credit, Journal


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


class ReceiptVoid(TenantModel):
    """A receipt taken back: it keeps its number, its journals are mirrored."""

    id = models.BigAutoField(primary_key=True)
    receipt = Ref(Receipt)
    operator = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "receipt"], name="receipt_voided_once")]
