"""Security deposits: what was taken, what is still held, what was done with it, refunds that wait."""

from django.db import models
from django.db.models import Q

from core.amounts import AmountField
from core.tenancy.fields import Ref, TenantModel


class DepositService(models.TextChoices):
    """What a deposit secures."""

    ALL = "all", "All services"
    WATER = "water", "Water and sewer"
    ELECTRIC = "electric", "Electric"
    GAS = "gas", "Gas"
    REFUSE = "refuse", "Refuse"
    OTHER = "other", "Other"


class Deposit(TenantModel):
    """A security deposit taken: a transaction of its own, and a liability until applied or refunded."""

    class Payer(models.TextChoices):
        """Who gave it."""

        CUSTOMER = "customer", "Customer"
        LANDLORD = "landlord", "Landlord"

    id = models.BigAutoField(primary_key=True)
    journal = Ref("ledger.Journal")
    account = Ref("customers.Account")
    amount = AmountField()
    on = models.DateField()
    reference = models.CharField(max_length=40, blank=True)
    for_service = models.CharField(
        max_length=10, choices=DepositService.choices, default="all", db_default="all"
    )
    payer = models.CharField(
        max_length=10, choices=Payer.choices, default=Payer.CUSTOMER, db_default=Payer.CUSTOMER
    )
    landlord = Ref("customers.Landlord", null=True)
    operator = models.CharField(max_length=80, blank=True, db_default="")
    operator_name = models.CharField(max_length=80, blank=True, db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_above_zero"),
            models.CheckConstraint(
                condition=Q(payer="landlord", landlord__isnull=False) | Q(payer="customer", landlord=None),
                name="deposit_of_somebody",
            ),
        ]


class DepositLeft(TenantModel):
    """What of a deposit is still held."""

    id = models.BigAutoField(primary_key=True)
    deposit = Ref(Deposit, unique=False)
    amount = AmountField()
    open = AmountField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "deposit"], name="deposit_left_once"),
            models.CheckConstraint(
                condition=Q(open__gte=0) & Q(open__lte=models.F("amount")), name="deposit_left_within"
            ),
        ]


class DepositMovement(TenantModel):
    """A deposit applied to charges, refunded, or given back with its receipt: its own transaction each time.

    ``amount`` lowers what is held.  What undoes a movement is a row of the same kind below zero.
    """

    class Kind(models.TextChoices):
        """What was done with it."""

        APPLIED = "applied", "Applied"
        REFUNDED = "refunded", "Refunded"
        TAKEN_BACK = "taken_back", "Receipt voided"

    id = models.BigAutoField(primary_key=True)
    deposit = Ref(Deposit)
    journal = Ref("ledger.Journal", lookup=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = AmountField()
    on = models.DateField()
    reference = models.CharField(max_length=40, blank=True, db_default="")
    operator = models.CharField(max_length=80, blank=True, db_default="")
    operator_name = models.CharField(max_length=80, blank=True, db_default="")
    why = models.CharField(max_length=200, blank=True, db_default="", help_text="why it was undone")
    undoes = Ref("self", null=True, lookup=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "undoes"], name="deposit_movement_undone_once")
        ]


class DepositRefund(TenantModel):
    """A refund that one person proposes and a second one approves; only then it is in the ledger.

    ``cheque`` and ``cheque_on`` are of the cheque it was paid with, known at the approval or told later.
    """

    class State(models.TextChoices):
        """Its life; only a waiting one is decided, and an approved one may be taken back."""

        WAITING = "waiting", "Waiting"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REVERSED = "reversed", "Taken back"

    id = models.BigAutoField(primary_key=True)
    deposit = Ref(Deposit)
    amount = AmountField()
    payee = models.CharField(max_length=80, help_text="whom it goes to")
    reason = models.CharField(max_length=120)
    reference = models.CharField(max_length=40, blank=True)
    on = models.DateField(help_text="proposed")
    maker = models.CharField(max_length=80)
    maker_name = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    checker = models.CharField(max_length=80, blank=True)
    checker_name = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_why = models.CharField(max_length=200, blank=True, help_text="why it was refused")
    movement = Ref(DepositMovement, null=True, lookup=False)
    cheque = models.CharField(max_length=20, blank=True, help_text="cheque number")
    cheque_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_above_zero"),
            models.CheckConstraint(
                condition=Q(
                    state__in=("approved", "reversed"), movement__isnull=False, checked_at__isnull=False
                )
                | Q(state="waiting", movement=None, checked_at=None)
                | Q(state__in=("refused", "withdrawn"), movement=None, checked_at__isnull=False),
                name="refund_posted_once_checked",
            ),
            models.CheckConstraint(
                condition=Q(cheque="", cheque_on=None)
                | Q(cheque__gt="", cheque_on__isnull=False, movement__isnull=False),
                name="refund_cheque_whole",
            ),
            models.UniqueConstraint(
                fields=["tenant", "deposit"], condition=Q(state="waiting"), name="refund_waits_once"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "made_at"], condition=Q(state="waiting"), name="refund_waits"),
        ]
