"""The money: chart, journals, charges, credits, applications, deposits, periods.

Journals and everything they explain are append-only; the application's role has no right to change
them.  ``OpenItem``, ``CreditLeft`` and ``DepositLeft`` are projections that it may lower and raise,
only as ``SET open = open - x WHERE open >= x``, and that ``manage.py prove`` rebuilds and compares.
"""

from django.db import models
from django.db.models import Q

from core.amounts import AmountField
from core.tenancy.fields import Ref, TenantModel
from customers.models import Account, Service
from ledger import (  # noqa: F401 - tables of this app
    deposit_models,
    history_models,
    purge_models,
    write_off_models,
)


class ChartAccount(TenantModel):
    """An account of the general ledger.  ``role`` is how the program finds it; one role, one account."""

    class Kind(models.TextChoices):
        """Which side grows it."""

        ASSET = "asset", "Asset"
        LIABILITY = "liability", "Liability"
        REVENUE = "revenue", "Revenue"
        EXPENSE = "expense", "Expense"

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    role = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="chart_code_once"),
            models.UniqueConstraint(fields=["tenant", "role"], condition=~Q(role=""), name="chart_role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RevenueCode(TenantModel):
    """What a rate component names, the chart account it maps to, and its place in paying."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    chart_account = Ref(ChartAccount)
    priority = models.SmallIntegerField(default=50, help_text="lower is paid first")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="revenue_code_once")]


class FiscalPeriod(TenantModel):
    """Days ``[starts, ends)``; once closed no journal may be dated in it."""

    id = models.BigAutoField(primary_key=True)
    starts = models.DateField()
    ends = models.DateField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "starts"], name="period_once")]


class Journal(TenantModel):
    """The header of one balanced entry.  ``key`` names its source event and is unique.

    ``purge`` removed its lines, and all that hung on it, into an archive; or brought it forward, being a sum.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=100)
    on = models.DateField()
    why = models.CharField(max_length=40)
    lines = models.SmallIntegerField()
    total = AmountField()
    content_hash = models.CharField(max_length=64)
    operation_id = models.UUIDField()
    reverses = Ref("self", null=True, lookup=False)
    posted_at = models.DateTimeField()
    purge = Ref("ledger.Purge", null=True, lookup=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key"], name="journal_key_once"),
            models.UniqueConstraint(fields=["tenant", "reverses"], name="journal_reversed_once"),
            models.CheckConstraint(condition=Q(lines__gte=2) & Q(total__gt=0), name="journal_has_lines"),
        ]
        indexes = [models.Index(fields=["tenant", "on"], name="journal_by_day")]


class Posting(TenantModel):
    """Line ``n`` of 1…lines of a journal: exactly one of debit and credit is above zero."""

    pk = models.CompositePrimaryKey("tenant_id", "journal_id", "n")
    journal = Ref(Journal, lookup=False)
    n = models.SmallIntegerField()
    chart_account = Ref(ChartAccount, lookup=False)
    account = Ref(Account, null=True, lookup=False)
    debit = AmountField(default=0)
    credit = AmountField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(debit__gt=0) & Q(credit=0)) | (Q(debit=0) & Q(credit__gt=0)),
                name="posting_one_side",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "account", "chart_account"], name="posting_by_account")]


class Charge(TenantModel):
    """A rounded amount owed.  Charges of one bill share the bill's journal."""

    id = models.BigAutoField(primary_key=True)
    journal = Ref(Journal)
    account = Ref(Account, lookup=False)
    service = Ref(Service, null=True, lookup=False)
    revenue_code = models.CharField(max_length=30)
    component = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=120)
    quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    unit = models.CharField(max_length=12, blank=True)
    amount = AmountField(help_text="a credit on a bill is below zero")
    on = models.DateField()
    due_on = models.DateField()
    priority = models.SmallIntegerField(default=50)

    class Meta:
        indexes = [models.Index(fields=["tenant", "account", "on"], name="charge_by_account")]


class OpenItem(TenantModel):
    """What is still owed of a charge; 0 ≤ open ≤ amount.  ``to_history`` is a date, nothing moves."""

    id = models.BigAutoField(primary_key=True)
    charge = Ref(Charge, unique=False)
    account = Ref(Account, lookup=False)
    amount = AmountField()
    open = AmountField()
    to_history = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "charge"], name="open_item_once"),
            models.CheckConstraint(
                condition=Q(open__gte=0) & Q(open__lte=models.F("amount")), name="open_item_within"
            ),
            models.CheckConstraint(condition=Q(to_history=None) | Q(open=0), name="open_item_not_in_history"),
        ]
        indexes = [
            models.Index(fields=["tenant", "account"], condition=Q(open__gt=0), name="open_by_account"),
        ]


class Credit(TenantModel):
    """Money an account has given or been given: a payment, an adjustment, a credit line of a bill."""

    id = models.BigAutoField(primary_key=True)
    journal = Ref(Journal)
    account = Ref(Account, lookup=False)
    text = models.CharField(max_length=120)
    amount = AmountField()
    on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="credit_above_zero")]
        indexes = [models.Index(fields=["tenant", "account", "on"], name="credit_by_account")]


class CreditLeft(TenantModel):
    """What of a credit is not applied yet: the utility's liability; 0 ≤ open ≤ amount."""

    id = models.BigAutoField(primary_key=True)
    credit = Ref(Credit, unique=False)
    account = Ref(Account, lookup=False)
    amount = AmountField()
    open = AmountField()
    to_history = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "credit"], name="credit_left_once"),
            models.CheckConstraint(
                condition=Q(open__gte=0) & Q(open__lte=models.F("amount")), name="credit_left_within"
            ),
            models.CheckConstraint(
                condition=Q(to_history=None) | Q(open=0), name="credit_left_not_in_history"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "account"], condition=Q(open__gt=0), name="credit_left_by_account"
            ),
        ]


class Application(TenantModel):
    """An amount of a credit laid on a charge.  Taking it back is a row with the amount below zero."""

    id = models.BigAutoField(primary_key=True)
    journal = Ref(Journal)
    charge = Ref(Charge)
    credit = Ref(Credit)
    amount = AmountField()
    on = models.DateField()
    undoes = Ref("self", null=True, lookup=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "undoes"], name="application_undone_once")]


class Adjustment(TenantModel):
    """A correction that one person proposes and a second one approves; only then it is in the ledger.

    ``kind`` says which way: a debit raises what the account owes, a credit lowers it.  ``charge`` is the one
    it corrects, if it is about one.  A reversal is an adjustment of its own that names what it ``reverses``.
    """

    class Kind(models.TextChoices):
        """Which way."""

        DEBIT = "debit", "Debit: more is owed"
        CREDIT = "credit", "Credit: less is owed"

    class State(models.TextChoices):
        """Its life; only a waiting one changes, and a posted one when its reversal is approved."""

        WAITING = "waiting", "Waiting"
        POSTED = "posted", "Posted"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REVERSED = "reversed", "Reversed"

    id = models.BigAutoField(primary_key=True)
    account = Ref(Account)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = AmountField()
    revenue_code = models.CharField(max_length=30)
    reason = models.CharField(max_length=60, help_text="of the list in force on its day")
    text = models.CharField(max_length=120, help_text="what the customer reads")
    charge = Ref(Charge, null=True, lookup=False)
    reverses = Ref("self", null=True)
    on = models.DateField(help_text="proposed")
    maker = models.CharField(max_length=80)
    maker_name = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    checker = models.CharField(max_length=80, blank=True)
    checker_name = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_why = models.CharField(max_length=200, blank=True, help_text="why it was refused")
    journal = Ref(Journal, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="adjustment_above_zero"),
            models.CheckConstraint(
                condition=Q(state__in=("posted", "reversed"), journal__isnull=False, checked_at__isnull=False)
                | Q(state="waiting", journal=None, checked_at=None)
                | Q(state__in=("refused", "withdrawn"), journal=None, checked_at__isnull=False),
                name="adjustment_posted_once_checked",
            ),
            models.UniqueConstraint(
                fields=["tenant", "reverses"],
                condition=Q(state__in=("waiting", "posted")),
                name="adjustment_reversed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "made_at"], condition=Q(state="waiting"), name="adjustment_waits"),
        ]
