"""Owners of what is let, and the companies that look after it for them."""

from uuid import uuid4

from django.contrib.postgres.functions import RandomUUID
from django.db import models

from core.tenancy.fields import Ref, TenantModel
from customers.models.people import Customer
from meters.models import Location


class ManagementCompany(TenantModel):
    """A company that manages landlords' property."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, db_default=RandomUUID(), editable=False)
    number = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    line_1 = models.CharField(max_length=60)
    line_2 = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=40)
    state = models.CharField(max_length=3)
    zip_code = models.CharField(max_length=10)
    carrier_route = models.CharField(max_length=4, blank=True)
    work_phone = models.CharField(max_length=20, blank=True)
    emergency_phone = models.CharField(max_length=20, blank=True)
    fax = models.CharField(max_length=20, blank=True)
    federal_tax_id = models.BinaryField(null=True, help_text="sealed; may be a person's own number")
    federal_tax_id_last4 = models.CharField(max_length=4, blank=True)
    state_tax_id = models.CharField(max_length=20, blank=True)
    privilege_licence = models.CharField(max_length=20, blank=True)
    real_estate_licence = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="company_number_once")]

    def __str__(self) -> str:
        return self.name


class Landlord(TenantModel):
    """Who owns locations.  ``customer`` is who answers for the days between tenants."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, db_default=RandomUUID(), editable=False)
    number = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    line_1 = models.CharField(max_length=60)
    line_2 = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=40)
    state = models.CharField(max_length=3)
    zip_code = models.CharField(max_length=10)
    carrier_route = models.CharField(max_length=4, blank=True)
    employer = models.CharField(max_length=60, blank=True)
    home_phone = models.CharField(max_length=20, blank=True)
    work_phone = models.CharField(max_length=20, blank=True)
    customer_type = models.CharField(max_length=12, blank=True, help_text="code")
    ssn = models.BinaryField(null=True, help_text="sealed; never plain")
    ssn_index = models.BinaryField(null=True, help_text="blind index")
    ssn_last4 = models.CharField(max_length=4, blank=True)
    licence = models.BinaryField(null=True, help_text="driver licence, sealed; never plain")
    licence_index = models.BinaryField(null=True, help_text="blind index")
    licence_last4 = models.CharField(max_length=4, blank=True)
    company = Ref(ManagementCompany, null=True)
    customer = Ref(Customer, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="landlord_number_once")]

    def __str__(self) -> str:
        return self.name


class Holding(TenantModel):
    """A landlord has a location for ``[starts, ends)``.

    ``reverts`` is the landlord agreement: while nobody lives there, the landlord answers for it.
    """

    id = models.BigAutoField(primary_key=True)
    landlord = Ref(Landlord)
    location = Ref(Location)
    starts = models.DateField()
    ends = models.DateField(null=True)
    reverts = models.BooleanField(default=False)
    agreed_on = models.DateField(null=True, help_text="the day of the agreement")
