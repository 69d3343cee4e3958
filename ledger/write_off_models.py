"""The write-off file: what was given up of an account, charge by charge, and what came in since."""

from django.db import models
from django.db.models import Q

from core.amounts import AmountField
from core.tenancy.fields import Ref, TenantModel


class WriteOff(TenantModel):
    """What an ended account owes, given up: proposed by one person, approved by another.

    ``journal`` is that of the approval: Dr bad debt, Cr receivable.
    """

    class State(models.TextChoices):
        """Its life; only a waiting one is decided, and a posted one may be taken back."""

        WAITING = "waiting", "Waiting"
        POSTED = "posted", "Written off"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REVERSED = "reversed", "Taken back"

    id = models.BigAutoField(primary_key=True)
    account = Ref("customers.Account")
    amount = AmountField()
    reason = models.CharField(max_length=120)
    on = models.DateField(help_text="proposed")
    maker = models.CharField(max_length=80)
    maker_name = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    checker = models.CharField(max_length=80, blank=True)
    checker_name = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_why = models.CharField(max_length=200, blank=True, help_text="why it was refused or taken back")
    journal = Ref("ledger.Journal", null=True)
    posted_on = models.DateField(null=True, help_text="the day it counts on")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="write_off_above_zero"),
            models.CheckConstraint(
                condition=Q(
                    state__in=("posted", "reversed"),
                    journal__isnull=False,
                    posted_on__isnull=False,
                    checked_at__isnull=False,
                )
                | Q(state="waiting", journal=None, posted_on=None, checked_at=None)
                | Q(
                    state__in=("refused", "withdrawn"), journal=None, posted_on=None, checked_at__isnull=False
                ),
                name="write_off_posted_once_checked",
            ),
            models.UniqueConstraint(
                fields=["tenant", "account"], condition=Q(state="waiting"), name="write_off_waits_once"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "made_at"], condition=Q(state="waiting"), name="write_off_waits"),
        ]


class WriteOffLine(TenantModel):
    """What of one charge is given up."""

    id = models.BigAutoField(primary_key=True)
    write_off = Ref(WriteOff)
    charge = Ref("ledger.Charge")
    amount = AmountField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "write_off", "charge"], name="write_off_charge_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="write_off_line_above_zero"),
        ]


class Recovery(TenantModel):
    """What came in for one given-up charge: Dr bank, Cr bad debt.  Taking it back is a row below zero."""

    id = models.BigAutoField(primary_key=True)
    line = Ref(WriteOffLine)
    journal = Ref("ledger.Journal")
    amount = AmountField()
    on = models.DateField()
    text = models.CharField(max_length=120, help_text="from whom, or the number of the cheque")
    undoes = Ref("self", null=True, lookup=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "undoes"], name="recovery_undone_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, undoes=None) | Q(amount__lt=0, undoes__isnull=False),
                name="recovery_or_its_undoing",
            ),
        ]
