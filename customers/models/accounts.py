"""Accounts, the services on them, and what belongs to one account: address, notes, its day of moving in."""

from django.db import models

from core.tenancy.fields import Ref, TenantModel
from customers.models.people import Customer
from meters.models import Location, ServicePoint, ServiceType
from rates.models import RateTable


class Account(TenantModel):
    """One customer at one location for one stretch of time, ``[starts, ends)``."""

    class BillsTo(models.TextChoices):
        """Which address bills go to."""

        MAIN = "main", "Customer’s address"
        ALTERNATE = "alternate", "Alternate address"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=20)
    customer = Ref(Customer)
    location = Ref(Location)
    starts = models.DateField()
    ends = models.DateField(null=True)
    category = models.CharField(max_length=20, default="residential")
    units = models.IntegerField(default=1)
    late_fee_exempt = models.BooleanField(default=False)
    cash_only = models.BooleanField(default=False)
    no_bill = models.BooleanField(default=False)
    on_hold = models.BooleanField(default=False)
    bad_debt = models.BooleanField(default=False, db_default=False)
    equal_payment = models.BooleanField(default=False, db_default=False, help_text="pays a budget plan")
    no_cutoff = models.BooleanField(
        default=False, db_default=False, help_text="never cut off: life support, a court's order"
    )
    no_cutoff_until = models.DateField(null=True, help_text="the first day it counts no more")
    no_cutoff_note = models.CharField(max_length=200, blank=True, db_default="")
    demographics = models.CharField(max_length=12, blank=True, db_default="", help_text="code")
    bills_to = models.CharField(
        max_length=10, choices=BillsTo.choices, default=BillsTo.MAIN, db_default=BillsTo.MAIN
    )
    pending = models.BooleanField(
        default=False, db_default=False, help_text="waits for its day; nothing is delivered on it yet"
    )
    tax_exempt_codes = models.JSONField(default=list)
    message = models.CharField(max_length=200, blank=True, help_text="printed on this account's bills")
    alternate_payer = models.CharField(
        max_length=80, blank=True, db_default="", help_text="who else pays: a bank, a parent"
    )
    pays_by_draft = models.BooleanField(
        default=False, db_default=False, help_text="its bills are printed apart"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="account_number_once")]

    def __str__(self) -> str:
        return self.number


class Service(TenantModel):
    """What an account has at a service point (metered) or at its location (flat), ``[starts, ends)``.

    ``billed_to`` is the end of its last live billed period; a run moves it by compare-and-set, so one
    period is billed once.  ``came_billed_to`` is where the system it came from had billed it to: its first
    bill here starts there; of a flat service whose first bill was held, where that one would have started.
    ``attributes`` are what rate tables ask for: class, season group, containers.
    """

    id = models.BigAutoField(primary_key=True)
    account = Ref(Account)
    service_type = models.CharField(max_length=20, choices=ServiceType.choices)
    service_point = Ref(ServicePoint, null=True)
    rate = Ref(RateTable)
    starts = models.DateField()
    ends = models.DateField(null=True)
    billed_to = models.DateField(null=True)
    came_billed_to = models.DateField(null=True)
    units = models.DecimalField(max_digits=10, decimal_places=3, default=1)
    attributes = models.JSONField(default=dict)


class AlternateAddress(TenantModel):
    """Where else an account's bills may go; ``Account.bills_to`` says whether they do."""

    id = models.BigAutoField(primary_key=True)
    account = Ref(Account, lookup=False)
    name = models.CharField(max_length=80, blank=True, help_text="empty: the customer's")
    line_1 = models.CharField(max_length=60)
    line_2 = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=40)
    state = models.CharField(max_length=3, blank=True)
    zip_code = models.CharField(max_length=10, blank=True)
    country = models.CharField(max_length=2, default="US")
    postal_code = models.CharField(max_length=16, blank=True, help_text="abroad")
    carrier_route = models.CharField(max_length=4, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "account"], name="one_alternate_address")]


class Note(TenantModel):
    """A dated comment on an account.  ``pinned`` shows it as an alert until somebody takes it off."""

    id = models.BigAutoField(primary_key=True)
    account = Ref(Account)
    text = models.CharField(max_length=2000)
    pinned = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80, help_text="operator:3 …")
    unpinned_at = models.DateTimeField(null=True)
    unpinned_by = models.CharField(max_length=80, blank=True)


class MoveIn(TenantModel):
    """Who waits for a location: the account that is pending, and what it is to have.

    On ``account.starts`` it takes over: the account that is there ends, its services go on under the new
    one.  ``services`` names rates and points wished; empty means those of the account before.
    """

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", "Waiting"
        DONE = "done", "Taken over"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.BigAutoField(primary_key=True)
    account = Ref(Account)
    after = Ref(Account, null=True, help_text="the account that was there")
    services = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    problem = models.CharField(max_length=300, blank=True, help_text="why it did not take over on its day")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "account"], name="one_move_in_an_account")]


class Standing(TenantModel):
    """How often something went wrong on an account since its last clean time, and when last."""

    class Kind(models.TextChoices):
        """What is counted."""

        RETURNED = "returned", "Returned payments"
        LATE_FEE = "late_fee", "Late fees"
        CUT_OFF = "cut_off", "Times on the cut-off list"

    id = models.BigAutoField(primary_key=True)
    account = Ref(Account)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    count = models.IntegerField(default=0)
    last_on = models.DateField(null=True)
    cleared_on = models.DateField(null=True, help_text="when it last went back to none")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "account", "kind"], name="standing_once")]
