"""Who answers for a location: customers, accounts, and the services on an account."""

from uuid import uuid4

from django.contrib.postgres.functions import RandomUUID
from django.db import models

from core.tenancy.fields import Ref, TenantModel
from meters.models import Location, ServicePoint, ServiceType
from rates.models import RateTable


class Customer(TenantModel):
    """A person or organisation.  ``uuid`` binds what is sealed to its row; it never changes."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, db_default=RandomUUID(), editable=False)
    name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    mail_line_1 = models.CharField(max_length=60)
    mail_line_2 = models.CharField(max_length=60, blank=True)
    mail_city = models.CharField(max_length=40)
    mail_state = models.CharField(max_length=3)
    mail_zip = models.CharField(max_length=10)
    mail_country = models.CharField(max_length=2, default="US")
    delivery_point = models.CharField(max_length=2, blank=True, help_text="for the postal bar code")
    carrier_route = models.CharField(
        max_length=4, blank=True, db_default="", help_text="of the post: C001, R012 …"
    )
    ssn = models.BinaryField(null=True, help_text="sealed by core.secrets; never plain")
    ssn_index = models.BinaryField(null=True, help_text="blind index")
    ssn_last4 = models.CharField(max_length=4, blank=True)

    def __str__(self) -> str:
        return self.name


class Account(TenantModel):
    """One customer at one location for one stretch of time, ``[starts, ends)``."""

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
    bill here starts there.  ``attributes`` are what rate tables ask for: class, season group, containers.
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
