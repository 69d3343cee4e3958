"""The bank that an account's bills are to be drawn from."""

from uuid import uuid4

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q

from core.tenancy.fields import Ref, TenantModel
from customers.models.accounts import Account


class BankDraft(TenantModel):
    """An account's enrolment for bank draft, ``[starts, ends)``; an account has one at a time.

    ``uuid`` binds the sealed number to its row; it never changes.  One that ends on the day it starts never
    was in force.
    """

    class Kind(models.TextChoices):
        """What kind of bank account it is."""

        CHECKING = "checking", "Checking"
        SAVINGS = "savings", "Savings"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, db_default=RandomUUID(), editable=False)
    account = Ref(Account)
    bank = models.CharField(max_length=12, help_text="code")
    holder = models.CharField(max_length=80, help_text="whose bank account it is")
    routing = models.CharField(max_length=9)
    number = models.BinaryField(null=True, help_text="of the bank account, sealed; never plain")
    number_index = models.BinaryField(null=True, help_text="blind index")
    number_last4 = models.CharField(max_length=4, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CHECKING)
    signed_on = models.DateField(help_text="the day on which the holder agreed")
    starts = models.DateField()
    ends = models.DateField(null=True)
    paused = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="draft_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bank} •••••{self.number_last4}"
